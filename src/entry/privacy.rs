//! Which private items an event makes, where it differs from its ledger's profile.

use super::error::EntryError;
use crate::model::nearest::nearest;
use crate::model::profile::Profile;

/// Paths that an event keeps private, or shows, whatever the profile says. A part `*` stands for any index.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Privacy {
    /// Kept private.
    pub private: Vec<String>,
    /// Shown to every reader.
    pub show: Vec<String>,
}

impl Privacy {
    /// Whether the slot at `path` becomes a private item in a ledger with this profile.
    pub fn is_private(&self, profile: Profile, path: &str) -> bool {
        let listed = |patterns: &[String]| patterns.iter().any(|pattern| path_matches(pattern, path));
        if listed(&self.private) {
            true
        } else if listed(&self.show) {
            false
        } else {
            profile.is_private(path)
        }
    }

    /// Checks that each path is a slot of the event, which has `slots`.
    ///
    /// # Errors
    /// [`EntryError`] for one that is none, with the nearest.
    pub(super) fn check(&self, slots: &[String]) -> Result<(), EntryError> {
        for (field, patterns) in [("private", &self.private), ("show", &self.show)] {
            for pattern in patterns {
                if slots.iter().any(|slot| path_matches(pattern, slot)) {
                    continue;
                }
                let problem = format!("`{pattern}` is nothing that this event can keep private or show");
                let hint = match nearest(pattern, slots.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it has {}", slots.join(", ")),
                };
                return Err(EntryError::new(field, problem, Some(hint)));
            }
        }
        Ok(())
    }
}

/// Whether a path is one that a pattern stands for; `*` stands for any index.
pub fn path_matches(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut parts) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), parts.next()) {
            (None, None) => return true,
            (Some("*"), Some(part)) if part.bytes().all(|byte| byte.is_ascii_digit()) => {}
            (Some(pattern), Some(part)) if pattern == part => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_may_hide_or_show_what_its_profile_does_not() {
        let privacy =
            Privacy { private: vec!["out/*/mass".into()], show: vec!["receiver".into(), "in".into()] };
        assert!(privacy.is_private(Profile::Public, "out/12/mass"));
        assert!(!privacy.is_private(Profile::Public, "out/12/marks"));
        assert!(!privacy.is_private(Profile::Commercial, "receiver"));
        assert!(privacy.is_private(Profile::Commercial, "carrier"));
    }

    #[test]
    fn a_path_that_is_no_slot_gets_the_nearest_one() {
        let privacy = Privacy { private: vec!["out/0/mas".into()], show: vec![] };
        let error = privacy.check(&["in".into(), "out/0/mass".into()]).unwrap_err();
        assert_eq!(error.hint().as_deref(), Some("did you mean `out/0/mass`?"));
    }
}
