//! The `lodemark` program: parse, run, exit code. Everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    lodemark::cli::run(std::env::args_os())
}
