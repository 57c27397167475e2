//! What the lists of parts of an assembly say of its inputs and outputs.

use crate::model::event::{Assemble, Disassemble};

/// Checks an assembly, as far as its parts are shown.
pub(super) fn assemble(assemble: &Assemble) -> Result<(), &'static str> {
    let (inputs, outputs) = (assemble.inputs.count(), assemble.outputs.len() as u64);
    if assemble.steps.is_empty() || inputs == 0 || outputs == 0 {
        return Err("an assembly names a step, an input and an output");
    }
    for part in assemble.parts.shown().unwrap_or_default() {
        if u64::from(part.input) >= inputs || u64::from(part.output) >= outputs {
            return Err("a part names an input or output that is not there");
        }
        if part.mass.mg() == 0 {
            return Err("a part has no mass");
        }
    }
    Ok(())
}

/// Checks a disassembly, as far as the parts recovered are shown.
pub(super) fn disassemble(disassemble: &Disassemble) -> Result<(), &'static str> {
    let outputs = disassemble.outputs.len() as u64;
    if disassemble.steps.is_empty() || disassemble.inputs.count() == 0 || outputs == 0 {
        return Err("a disassembly names a step, an input and an output");
    }
    let recovered = disassemble.recovered.shown().unwrap_or_default();
    match recovered.iter().any(|part| u64::from(part.output) >= outputs) {
        true => Err("a part recovered names an output that is not there"),
        false => Ok(()),
    }
}
