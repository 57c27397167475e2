//! Labels that could be taken for another: blanks at the ends or in a row, letters of two scripts in one.
//!
//! A label is what people type and read on a drum. Two labels that look alike name two lots nobody can tell apart.

use super::words::TextError;

/// Why a label is not one.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LabelError {
    /// It is no text at all.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A blank stands where nobody sees it.
    #[error("`{given}` has a blank {place}")]
    Blank {
        /// What was given.
        given: String,
        /// Where the blank is.
        place: &'static str,
    },
    /// Letters of two scripts stand in one label.
    #[error("`{given}` holds the {script} letter `{letter}` (U+{:04X}) among {others} ones", u32::from(*.letter))]
    Mixed {
        /// What was given.
        given: String,
        /// The letter.
        letter: char,
        /// Its script.
        script: &'static str,
        /// The script of those before it.
        others: &'static str,
    },
    /// A character that is not seen, or looks like a letter or digit of another kind.
    #[error("`{given}` holds the character U+{:04X}, which looks like another or like nothing", u32::from(*.character))]
    LookAlike {
        /// What was given.
        given: String,
        /// The character.
        character: char,
    },
}

impl LabelError {
    /// Returns what to write instead.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Text(_) => return None,
            Self::Blank { given, .. } => {
                format!("write `{}`", given.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            Self::Mixed { letter, .. } => match latin(*letter) {
                Some(latin) => format!("type the Latin letter `{latin}`: the two look alike on a drum"),
                None => "write the label in letters of one script".to_owned(),
            },
            Self::LookAlike { .. } => "write plain letters and digits".to_owned(),
        })
    }
}

/// Returns a label in normal form C, of at most 64 bytes.
///
/// # Errors
/// [`LabelError`] for one that could be taken for another.
pub fn clean(given: &str) -> Result<String, LabelError> {
    let label = super::words::clean(given, 64)?;
    let blank = |place| Err(LabelError::Blank { given: label.clone(), place });
    if label.starts_with(char::is_whitespace) {
        return blank("in front");
    }
    if label.ends_with(char::is_whitespace) {
        return blank("at its end");
    }
    if label.contains("  ") {
        return blank("after a blank");
    }
    if let Some(character) = label.chars().find(|c| is_look_alike(*c)) {
        return Err(LabelError::LookAlike { given: label, character });
    }
    let mut others: Option<&'static str> = None;
    for letter in label.chars() {
        let Some(script) = script(letter) else { continue };
        match others {
            Some(others) if others != script => {
                return Err(LabelError::Mixed { given: label.clone(), letter, script, others });
            }
            _ => others = Some(script),
        }
    }
    Ok(label)
}

/// Scripts whose letters look like each other's.
fn script(letter: char) -> Option<&'static str> {
    match u32::from(letter) {
        0x41..=0x5a | 0x61..=0x7a | 0xc0..=0xd6 | 0xd8..=0xf6 | 0xf8..=0x24f | 0x1e00..=0x1eff => {
            Some("Latin")
        }
        0x370..=0x3ff | 0x1f00..=0x1fff => Some("Greek"),
        0x400..=0x52f => Some("Cyrillic"),
        0x531..=0x58f => Some("Armenian"),
        0x13a0..=0x13ff => Some("Cherokee"),
        _ => None,
    }
}

/// Unseen characters, blanks that are not the blank, letters and digits in other dress, hyphens that are none.
fn is_look_alike(c: char) -> bool {
    matches!(
        u32::from(c),
        0xa0 | 0xad | 0x34f | 0x180e | 0x2000..=0x200d | 0x2010..=0x2015 | 0x202f | 0x205f..=0x2064 | 0x2212 | 0x3000
            | 0xfe00..=0xfe0f | 0xff01..=0xff5e | 0x1d400..=0x1d7ff
    )
}

/// Returns the Latin letter that a Greek or Cyrillic one looks like.
fn latin(letter: char) -> Option<char> {
    const PAIRS: &str = "АAВBЕEКKМMНHОOРPСCТTХXУYаaеeоoрpсcхxуyіiјjѕsІIЈJЅSΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoνv";
    let pairs: Vec<char> = PAIRS.chars().collect();
    pairs.chunks(2).find(|pair| pair[0] == letter).map(|pair| pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_that_nobody_sees_are_refused_and_the_label_without_them_is_named() {
        for given in ["ORE-1 ", " ORE-1", "ORE  1"] {
            let error = clean(given).unwrap_err();
            assert!(error.hint().unwrap().starts_with("write `ORE"), "{error}");
        }
        assert_eq!(clean("ORE 1").unwrap(), "ORE 1");
    }

    #[test]
    fn letters_of_two_scripts_in_one_label_are_refused() {
        let error = clean("ORЕ-1").unwrap_err();
        assert!(matches!(error, LabelError::Mixed { letter: 'Е', script: "Cyrillic", others: "Latin", .. }));
        assert!(error.hint().unwrap().contains("`E`"));
        assert!(clean("NDPR-Ω").is_err());
        for good in ["РУДА-1", "ЖДМ-7", "稀土-1", "NdPr Ø3", "Größe 2"] {
            assert_eq!(clean(good).unwrap(), good);
        }
        for odd in ["ORE\u{2010}1", "ORE\u{200b}1", "ＯＲＥ-1", "ORE\u{a0}1"] {
            assert!(matches!(clean(odd), Err(LabelError::LookAlike { .. })), "{odd}");
        }
    }
}
