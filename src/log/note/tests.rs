use proptest::prelude::*;

use super::*;

const TEXT: &str = "ore of the east pit\n\n947 t\n";

fn secret(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

fn key(name: &str, seed: u8) -> VerifierKey {
    VerifierKey::new(name, KeyUse::Note, secret(seed).public().clone()).unwrap()
}

fn line(name: &str, seed: u8) -> NoteSignature {
    NoteSignature::sign(TEXT, &key(name, seed), &secret(seed)).unwrap()
}

fn note() -> Note {
    Note::new(TEXT.into(), line("mine", 1)).unwrap().with(line("laboratory", 2)).unwrap()
}

/// Names of the keys that signed.
fn signers(note: &Note, keys: &[VerifierKey]) -> Result<Vec<String>, NoteSignatureError> {
    Ok(note.verify(keys)?.iter().map(|signed| signed.key.name().to_owned()).collect())
}

#[test]
fn a_note_reads_back_as_it_was_written() {
    let bytes = note().to_string();
    assert_eq!(Note::parse(bytes.as_bytes()), Ok(note()));
    assert_eq!(note().text(), TEXT);
    assert_eq!(signers(&note(), &[key("laboratory", 2), key("mine", 1)]).unwrap(), ["mine", "laboratory"]);
}

#[test]
fn lines_by_others_are_left_alone_and_one_known_key_is_enough() {
    assert_eq!(signers(&note(), &[key("laboratory", 2)]).unwrap(), ["laboratory"]);
    assert_eq!(signers(&note(), &[]), Err(NoteSignatureError::NoKnownKey));
    // The same name with another key, and the same key under another name.
    assert_eq!(signers(&note(), &[key("mine", 3), key("mime", 1)]), Err(NoteSignatureError::NoKnownKey));
}

#[test]
fn a_known_key_that_did_not_sign_this_text_refuses_the_note_whoever_else_signed_it() {
    let mut wrong = line("mine", 1);
    wrong.bytes = line("mine", 2).bytes;
    let note = Note::new(TEXT.into(), line("laboratory", 2)).unwrap().with(wrong).unwrap();
    let why = SignatureFault::Signature(SignatureError::Mismatch);
    let refused = NoteSignatureError::Wrong { name: "mine".into(), why };
    assert_eq!(signers(&note, &[key("mine", 1), key("laboratory", 2)]), Err(refused));
    assert_eq!(signers(&note, &[key("laboratory", 2)]).unwrap(), ["laboratory"]);
}

#[test]
fn each_line_of_a_known_key_has_to_hold_and_the_key_counts_once() {
    let mut wrong = line("mine", 1);
    wrong.bytes[63] ^= 1;
    let mut note = note();
    note.signatures.push(line("mine", 1));
    assert_eq!(signers(&note, &[key("mine", 1)]).unwrap(), ["mine"]);
    note.signatures.push(wrong);
    assert!(signers(&note, &[key("mine", 1)]).is_err());
}

#[test]
fn two_known_keys_that_a_line_cannot_tell_apart_are_refused_where_it_matters() {
    let twice = [key("mine", 1), key("mine", 1)];
    assert!(matches!(signers(&note(), &twice), Err(NoteSignatureError::Ambiguous { .. })));
    let other = Note::new(TEXT.into(), line("laboratory", 2)).unwrap();
    assert_eq!(signers(&other, &[&twice[..], &[key("laboratory", 2)]].concat()).unwrap(), ["laboratory"]);
}

#[test]
fn sixty_four_signatures_are_read_and_one_more_is_not() {
    let mut note = Note::new(TEXT.into(), line("signer-0", 1)).unwrap();
    for number in 1..64 {
        note = note.with(line(&format!("signer-{number}"), 1)).unwrap();
    }
    let text = note.to_string();
    assert_eq!(Note::parse(text.as_bytes()).as_ref(), Ok(&note));
    // A line that is there already takes no room.
    assert_eq!(note.clone().with(line("signer-7", 1)), Ok(note.clone()));
    assert_eq!(note.with(line("signer-64", 1)), Err(NoteError::TooManySignatures));
    let longer = format!("{text}{}\n", line("signer-64", 1));
    assert_eq!(Note::parse(longer.as_bytes()), Err(NoteError::TooManySignatures));
}

#[test]
fn the_longest_note_is_read_and_a_byte_more_is_not() {
    let signatures = note().to_string()[TEXT.len()..].to_owned();
    let of = |length: usize| format!("{}\n{signatures}", "a".repeat(length - signatures.len() - 1));
    assert!(Note::parse(of(NOTE_MAX).as_bytes()).is_ok());
    assert_eq!(Note::parse(of(NOTE_MAX + 1).as_bytes()), Err(NoteError::TooLong(NOTE_MAX + 1)));
}

#[test]
fn what_is_wrong_is_told() {
    let good = note().to_string();
    let fault = |text: &str| Note::parse(text.as_bytes()).unwrap_err();
    assert_eq!(fault(""), NoteError::NoSignatures);
    assert_eq!(fault("a\n"), NoteError::NoSignatures);
    assert_eq!(fault("a\n\n"), NoteError::NoSignatures);
    assert_eq!(fault(&good[..good.len() - 1]), NoteError::BadLine(2));
    assert_eq!(fault(&good.replace('\n', "\r\n")), NoteError::ControlCharacter);
    assert_eq!(fault(&format!("{good}more\n")), NoteError::BadLine(3));
    assert_eq!(fault(&good.replace("\u{2014} mine", "- mine")), NoteError::BadLine(1));
    assert_eq!(fault(&good.replace("\u{2014} mine", "\u{2014} mi+ne")), NoteError::BadLine(1));
    assert_eq!(fault(&good.replace("\u{2014} mine ", "\u{2014} mine  ")), NoteError::BadLine(1));
    assert_eq!(fault(&good.replace("=\n", "\n")), NoteError::BadLine(1));
    // Four bytes are an id with nothing behind it.
    assert_eq!(fault("a\n\n\u{2014} mine AAAAAA==\n"), NoteError::BadLine(1));
    assert!(Note::parse("a\n\n\u{2014} mine AAAAAAA=\n".as_bytes()).is_ok());
    assert_eq!(Note::parse(b"\xff\n\n"), Err(NoteError::NotUtf8));
    assert_eq!(Note::new("no end".into(), line("mine", 1)), Err(NoteError::NoLineEnd));
    assert_eq!(Note::new("tab\t\n".into(), line("mine", 1)), Err(NoteError::ControlCharacter));
}

#[test]
fn a_text_that_begins_like_another_message_is_neither_signed_nor_accepted() {
    let text = "lodemark-sign-1\n";
    let (key, secret) = (key("mine", 1), secret(1));
    assert_eq!(NoteSignature::sign(text, &key, &secret), Err(NoteError::AnotherMessage(AnotherMessage)));
    let signed = NoteSignature::of(&key, secret.sign(text.as_bytes()).0.to_vec());
    let note = Note::new(text.into(), signed).unwrap();
    let why = SignatureFault::AnotherMessage(AnotherMessage);
    assert_eq!(note.verify([&key]), Err(NoteSignatureError::Wrong { name: "mine".into(), why }));
}

proptest! {
    #[test]
    fn a_note_with_one_byte_changed_is_not_signed_any_more(at in any::<prop::sample::Index>(), with in 1u8..) {
        let one = Note::new(TEXT.into(), line("mine", 1)).unwrap();
        let mut bytes = one.to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= with;
        let verified = Note::parse(&bytes).map(|note| note.verify([&key("mine", 1)]).is_ok());
        prop_assert!(verified != Ok(true));
    }

    #[test]
    fn whatever_is_read_writes_itself_back(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0usize..260) {
        let good = note().to_string().into_bytes();
        for bytes in [bytes.clone(), [&good[..cut.min(good.len())], &bytes].concat(), [bytes, good].concat()] {
            if let Ok(note) = Note::parse(&bytes) {
                prop_assert_eq!(note.to_string().into_bytes(), bytes);
            }
        }
    }
}
