//! What a trust file may say, and how it is refused.

use super::super::file::AuthorityEntry;
use super::*;

fn read(body: &str) -> Result<Trust, TrustError> {
    Trust::from_toml(&format!("format = \"lodemark/trust@1\"\n{body}"))
}

fn pinned() -> String {
    format!("[pinned]\nmines-office = \"{}\"\n", "ab".repeat(32))
}

#[test]
fn an_authority_is_named_by_a_pinned_name_or_by_its_id() {
    let text = format!(
        "{}[[authority]]\nparty = \"mines-office\"\nroles = [\"miner\"]\n[[authority]]\nparty = \"{}\"\n",
        pinned(),
        "cd".repeat(32)
    );
    let trust = read(&text).unwrap();
    assert_eq!(trust.authorities[0].party, PartyId::from_bytes([0xab; 32]));
    assert_eq!(trust.authorities[1].party, PartyId::from_bytes([0xcd; 32]));
    assert_eq!(trust.max_status_age_days, 400);
}

#[test]
fn a_name_that_is_not_pinned_is_refused_with_the_nearest_one() {
    let error = read(&format!("{}[[authority]]\nparty = \"mines-ofice\"\n", pinned())).unwrap_err();
    assert!(error.to_string().contains("authority[0].party"), "{error}");
    assert_eq!(error.hint().as_deref(), Some("did you mean `mines-office`?"));
}

#[test]
fn unknown_fields_and_words_are_refused_with_a_hint() {
    let error = read("[[authority]]\nparty = \"a\"\nrole = [\"miner\"]\n").unwrap_err();
    assert_eq!(error.hint().as_deref(), Some("did you mean `roles`?"));
    let error = read("[[authority]]\nparty = \"a\"\nroles = [\"minr\"]\n").unwrap_err();
    assert_eq!(error.hint().as_deref(), Some("did you mean `miner`?"));
}

#[test]
fn another_format_is_refused() {
    let error = Trust::from_toml("format = \"lodemark/case@1\"\n").unwrap_err();
    assert_eq!(error.to_string(), "`format` is `lodemark/case@1`, expected `lodemark/trust@1`");
}

fn document(fields: &str) -> Result<Trust, TrustError> {
    read(&format!(
        "{}[[accepted_document]]\nkind = \"mining_licence\"\nissuer = \"Mines Office\"\n\
         checked_on = \"2026-11-01\"\nchecked_by = \"J. Field\"\n{fields}",
        pinned()
    ))
}

#[test]
fn an_accepted_document_must_be_found_again_be_about_someone_and_allow_something() {
    let (number, party, role) = ("number = \"ML 1\"\n", "party = \"mines-office\"\n", "role = \"miner\"\n");
    assert!(document(&[number, party, role].concat()).is_ok());
    let refused = |text: String| document(&text).unwrap_err();
    assert!(matches!(refused([party, role].concat()), TrustError::Unidentified { .. }));
    assert!(matches!(refused([number, role].concat()), TrustError::AboutNobody { .. }));
    assert!(matches!(refused([number, party].concat()), TrustError::AllowsNothing { .. }));
    // What lets a rule go is for items instead, and says nothing about who may do what where.
    let (rules, items) = ("rules = [\"EX-NONAVAIL\"]\n", "items = [\"PN-1\"]\n");
    assert!(matches!(refused([number, rules].concat()), TrustError::AboutNobody { .. }));
    let waiver = document(&[number, rules, items].concat()).unwrap();
    assert!(!waiver.accepted_documents[0].is_about(&RecordId::from_bytes([7; 32]), None));
}

#[test]
fn a_document_about_a_facility_and_its_operator_needs_both() {
    let facility = RecordId::from_bytes([7; 32]);
    let text = format!(
        "number = \"ML 1\"\nrole = \"miner\"\nparty = \"mines-office\"\nfacility = \"{}\"\n",
        facility.to_hex()
    );
    let trust = document(&text).unwrap();
    let paper = &trust.accepted_documents[0];
    let (operator, other) = (PartyId::from_bytes([0xab; 32]), PartyId::from_bytes([1; 32]));
    assert!(paper.is_about(&facility, Some(&operator)));
    assert!(!paper.is_about(&facility, Some(&other)));
    assert!(!paper.is_about(&RecordId::from_bytes([8; 32]), Some(&operator)));
    assert!(!paper.is_about(&facility, None));
}

#[test]
fn a_file_that_is_written_reads_back_and_every_byte_is_in_the_hash() {
    let file = TrustFile {
        pinned: BTreeMap::from([("mill".to_owned(), PartyId::from_bytes([3; 32]))]),
        authorities: vec![AuthorityEntry {
            party: "mill".into(),
            roles: vec![Role::Separator],
            ..AuthorityEntry::default()
        }],
        ..TrustFile::default()
    };
    let text = text::to_toml(&file);
    let trust = Trust::from_toml(&text).unwrap();
    assert_eq!(trust.authorities[0].roles, [Role::Separator]);
    let spaced = Trust::from_toml(&format!("{text}\n")).unwrap();
    assert_ne!(trust.hash, spaced.hash);
}

#[test]
fn the_examples_on_the_page_read() {
    let page = include_str!("../../../docs/formats/trust.md");
    let examples: Vec<&str> =
        page.split("```toml\n").skip(1).map(|part| part.split("```").next().unwrap()).collect();
    assert_eq!(Trust::from_toml(examples[0]).unwrap().accepted_documents.len(), 1);
    assert!(crate::trust::Case::from_toml(examples[1]).unwrap().file.delivery.is_some());
}
