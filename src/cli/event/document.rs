//! `document`: a paper, by its hash.

use super::{Flags, file, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Register a paper by its hash: a licence, an invoice, a certificate",
    after_help = "Example:\n  lodemark document licence.pdf --as mining_licence --number ML-88 --valid 2024-01-01..2029-12-31 --about \"facility:Quartz Hill\""
)]
pub struct Args {
    /// The file; its bytes stay where they are, only the hash is recorded
    #[arg(value_name = "FILE")]
    file: Option<std::path::PathBuf>,
    /// What it is, such as mining_licence, invoice or accreditation
    #[arg(long = "as", value_name = "KIND")]
    document: Option<String>,
    /// Its media type; told by the name of the file unless given
    #[arg(long, value_name = "TYPE")]
    media_type: Option<String>,
    /// Its number
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// Who issued it: name and, after a comma, the country
    #[arg(long, value_name = "NAME, PLACE")]
    issuer: Option<String>,
    /// First and last day it holds
    #[arg(long, value_name = "PERIOD")]
    valid: Option<String>,
    /// What it is about: a party, facility or lot, by name
    #[arg(long, value_name = "NAME")]
    about: Vec<String>,
    /// Stage it covers, such as P10
    #[arg(long, value_name = "STAGE")]
    stage: Vec<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::RegisterDocument;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        if let Some(path) = &self.file {
            let (hash, size) = file::hash(path)?;
            draft.sha256 = Some(hash.to_hex());
            draft.size = Some(size);
            draft.media_type = Some(file::media_type(path).to_owned());
        }
        draft.media_type = self.media_type.clone().or(draft.media_type.take());
        draft.document.clone_from(&self.document);
        draft.number.clone_from(&self.number);
        draft.issuer = self.issuer.as_deref().map(parts::outsider);
        draft.valid.clone_from(&self.valid);
        draft.about.clone_from(&self.about);
        draft.stages.clone_from(&self.stage);
        Ok(())
    }
}
