//! Secret keys on disk: PKCS#8 in PEM, readable by `openssl pkey` and other tools.
//!
//! The file is not encrypted; it is protected by its mode, which lets the owner alone read it. Files of other
//! tools are read too, when they hold a plain Ed25519 key. Spec: RFC 8410 §7, RFC 5958, RFC 7468.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use ed25519_dalek::pkcs8::{
    ALGORITHM_OID, EncodePrivateKey, KeypairBytes, PrivateKeyInfoRef, SecretDocument,
    spki::der::pem::{self, LineEnding},
};
use zeroize::Zeroizing;

use super::SecretKey;

/// Longest key file read, in bytes. One of ours has 119.
const MAX_FILE: u64 = 16 * 1024;

/// Why a key file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// No PEM block could be found, or its text is damaged.
    #[error("no readable PEM block: {reason}")]
    NotPem {
        /// What the reader stumbled over.
        reason: String,
    },
    /// Bytes that are no text, such as the DER form of a key.
    #[error("the file is binary, expected text that begins with `-----BEGIN PRIVATE KEY-----`")]
    Binary,
    /// A PEM block, but of something else.
    #[error("PEM block is labelled `{label}`, expected `PRIVATE KEY`")]
    WrongLabel {
        /// The label found.
        label: String,
    },
    /// The key is under a passphrase.
    #[error("private key is encrypted")]
    Encrypted,
    /// A private key of another algorithm.
    #[error("private key is for algorithm `{oid}`, expected Ed25519 (`1.3.101.112`)")]
    WrongAlgorithm {
        /// Object identifier of the algorithm found.
        oid: String,
    },
    /// The block is whole, its contents are not.
    #[error("private key is damaged: {reason}")]
    Damaged {
        /// What the reader stumbled over.
        reason: String,
    },
    /// The public key in the file belongs to another secret key.
    #[error("public key in the file does not belong to the private key beside it")]
    PublicKeyMismatch,
    /// A file of that name is there already; it is never overwritten.
    #[error("`{}` exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file is longer than any key.
    #[error("`{}` is longer than {MAX_FILE} bytes, too long for a key", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl KeyFileError {
    /// Says what to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NotPem { .. } | Self::Damaged { .. } => {
                "the file was cut or changed: restore it from your copy of the key".into()
            }
            Self::WrongLabel { label } if label == "OPENSSH PRIVATE KEY" => {
                "an SSH key is of another format: make a key with `lodemark key new`".into()
            }
            Self::WrongLabel { label } if label.contains("PUBLIC KEY") => {
                "this is the public half: give the file of the private key".into()
            }
            Self::WrongLabel { .. } | Self::WrongAlgorithm { .. } => {
                "make a key with `lodemark key new`, or with `openssl genpkey -algorithm ed25519`".into()
            }
            Self::Binary => {
                "if it is a key in DER form, turn it into PEM with `openssl pkey -inform DER -in FILE -out NEW`".into()
            }
            Self::Encrypted => {
                "write an unencrypted copy with `openssl pkey -in FILE -out NEW`, readable by you alone"
                    .into()
            }
            Self::PublicKeyMismatch => {
                "two keys were mixed up in this file: restore it from your copy".into()
            }
            Self::Exists { .. } => {
                "choose another name, or move the old key away; never delete a key in use".into()
            }
            Self::TooLong { .. } => "give the file of the private key alone".into(),
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::NotFound => "check the path; its directory has to exist".into(),
                io::ErrorKind::PermissionDenied => "check who owns the file and its directory".into(),
                _ => return None,
            },
        })
    }
}

/// Returns the PEM text of `key`, with LF line ends. The text is wiped when dropped.
///
/// The public key is left out (PKCS#8 version 1), because older tools cannot read a file that has it.
pub fn to_pem(key: &SecretKey) -> Zeroizing<String> {
    KeypairBytes { secret_key: *key.seed(), public_key: None }
        .to_pkcs8_pem(LineEnding::LF)
        .expect("a seed of 32 bytes fits every length in PKCS#8")
}

/// Reads a key from PEM text.
///
/// # Errors
/// `NotPem`, `Encrypted`, `WrongLabel`, `WrongAlgorithm`, `Damaged`, `PublicKeyMismatch`.
pub fn from_pem(text: &str) -> Result<SecretKey, KeyFileError> {
    let not_pem = |reason: String| KeyFileError::NotPem { reason: reason.to_lowercase() };
    // The label first: files of other kinds need not be well formed by the rules for this kind.
    match pem::decode_label(text.as_bytes()).map_err(|error| not_pem(error.to_string()))? {
        "PRIVATE KEY" => {}
        "ENCRYPTED PRIVATE KEY" => return Err(KeyFileError::Encrypted),
        other => return Err(KeyFileError::WrongLabel { label: other.to_owned() }),
    }
    let (_, document) = SecretDocument::from_pem(text).map_err(|error| not_pem(error.to_string()))?;
    let damaged = |reason: String| KeyFileError::Damaged { reason };
    let info = PrivateKeyInfoRef::try_from(document.as_bytes())
        .map_err(|error| damaged(error.to_string().to_lowercase()))?;
    if info.algorithm.oid != ALGORITHM_OID {
        return Err(KeyFileError::WrongAlgorithm { oid: info.algorithm.oid.to_string() });
    }
    let pair = KeypairBytes::try_from(info).map_err(|_| damaged("not a key of 32 bytes".to_owned()))?;
    let key = SecretKey::from_seed(&pair.secret_key);
    match &pair.public_key {
        Some(public) if public.0 != key.public().to_bytes() => Err(KeyFileError::PublicKeyMismatch),
        _ => Ok(key),
    }
}

/// Writes `key` to a new file at `path`, which only its owner may read (mode 0600), and syncs it to disk.
///
/// An existing file is never touched. When writing fails, no file is left behind.
///
/// # Errors
/// `Exists`, or `Io` with what was tried.
pub fn save(path: &Path, key: &SecretKey) -> Result<(), KeyFileError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => KeyFileError::Exists { path: path.to_owned() },
        _ => io_error("create", path)(source),
    })?;
    let written = file.write_all(to_pem(key).as_bytes()).and_then(|()| file.sync_all());
    written.and_then(|()| sync_directory(path)).map_err(|source| {
        // The first failure is the one to report; a half-written key must not look like a key.
        let _ = std::fs::remove_file(path);
        io_error("write", path)(source)
    })
}

/// Reads the key in the file at `path`.
///
/// # Errors
/// `Io`, `TooLong`, `Binary`, and those of [`from_pem`].
pub fn load(path: &Path) -> Result<SecretKey, KeyFileError> {
    let file = File::open(path).map_err(io_error("open", path))?;
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(io_error("read", path))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(KeyFileError::TooLong { path: path.to_owned() });
    }
    if bytes.contains(&0) {
        return Err(KeyFileError::Binary);
    }
    from_pem(std::str::from_utf8(&bytes).map_err(|_| KeyFileError::Binary)?)
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> KeyFileError {
    let path = path.to_owned();
    move |source| KeyFileError::Io { action, path, source }
}

/// Makes the new name itself last; without this a crash can lose it.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SecretKey {
        SecretKey::from_seed(&[5; 32])
    }

    /// The DER of a key, with `edit` applied, as a PEM file.
    fn edited(edit: impl FnOnce(&mut Vec<u8>)) -> String {
        let (_, document) = SecretDocument::from_pem(&to_pem(&key())).unwrap();
        let mut der = document.as_bytes().to_vec();
        edit(&mut der);
        let text = data_encoding::BASE64.encode(&der);
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
    }

    #[test]
    fn key_reads_back_from_its_text() {
        let text = to_pem(&key());
        assert_eq!(text.len(), 119);
        assert_eq!(from_pem(&text).unwrap().public(), key().public());
        assert_eq!(from_pem(&edited(|_| ())).unwrap().public(), key().public());
    }

    #[test]
    fn windows_line_ends_are_read() {
        assert!(from_pem(&to_pem(&key()).replace('\n', "\r\n")).is_ok());
    }

    #[test]
    fn cut_text_is_never_a_key() {
        let text = to_pem(&key());
        // Without its last line end the block is still whole.
        for length in 0..text.len() - 1 {
            assert!(matches!(from_pem(&text[..length]), Err(KeyFileError::NotPem { .. })), "cut at {length}");
        }
    }

    #[test]
    fn other_labels_are_named() {
        for label in ["PUBLIC KEY", "OPENSSH PRIVATE KEY", "RSA PRIVATE KEY"] {
            let text = to_pem(&key()).replace("PRIVATE KEY", label);
            match from_pem(&text) {
                Err(error @ KeyFileError::WrongLabel { .. }) => {
                    assert!(error.to_string().contains(label) && error.hint().is_some());
                }
                other => panic!("{label}: {other:?}"),
            }
        }
        let text = to_pem(&key()).replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        assert!(matches!(from_pem(&text), Err(KeyFileError::Encrypted)));
    }

    #[test]
    fn another_algorithm_is_named() {
        // The last byte of the object identifier: 110 is X25519, 113 is Ed448.
        for last in [110, 113] {
            match from_pem(&edited(|der| der[11] = last)) {
                Err(KeyFileError::WrongAlgorithm { oid }) => assert_eq!(oid, format!("1.3.101.{last}")),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn damaged_contents_are_refused() {
        let der_cut = edited(|der| der.truncate(47));
        let der_longer = edited(|der| der.push(0));
        let inner_length = edited(|der| der[15] = 0x1f);
        for text in [der_cut, der_longer, inner_length] {
            let error = from_pem(&text).unwrap_err();
            assert!(matches!(error, KeyFileError::Damaged { .. } | KeyFileError::NotPem { .. }), "{error:?}");
        }
    }

    #[test]
    fn public_key_of_another_secret_is_refused() {
        let other = SecretKey::from_seed(&[6; 32]).public().to_bytes();
        for (public, fits) in [(other, false), (key().public().to_bytes(), true)] {
            let pair = KeypairBytes {
                secret_key: *key().seed(),
                public_key: Some(ed25519_dalek::pkcs8::PublicKeyBytes(public)),
            };
            let read = from_pem(&pair.to_pkcs8_pem(LineEnding::LF).unwrap());
            assert_eq!(read.is_ok(), fits);
            assert!(fits || matches!(read, Err(KeyFileError::PublicKeyMismatch)));
        }
    }

    #[test]
    fn saved_file_loads_and_is_never_overwritten() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("mine.pem");
        save(&path, &key()).unwrap();
        assert_eq!(load(&path).unwrap().public(), key().public());
        let second = save(&path, &SecretKey::from_seed(&[6; 32])).unwrap_err();
        assert!(matches!(second, KeyFileError::Exists { .. }));
        assert_eq!(load(&path).unwrap().public(), key().public());
    }

    #[cfg(unix)]
    #[test]
    fn saved_file_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("mine.pem");
        save(&path, &key()).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn missing_and_oversized_files_are_named() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("none.pem");
        let error = load(&path).unwrap_err();
        assert!(error.to_string().contains("none.pem") && error.hint().is_some());
        std::fs::write(&path, vec![b'a'; MAX_FILE as usize + 1]).unwrap();
        assert!(matches!(load(&path), Err(KeyFileError::TooLong { .. })));
        std::fs::write(&path, vec![b'a'; MAX_FILE as usize]).unwrap();
        assert!(matches!(load(&path), Err(KeyFileError::NotPem { .. })));
    }

    #[test]
    fn binary_form_of_a_key_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.der");
        let (_, document) = SecretDocument::from_pem(&to_pem(&key())).unwrap();
        std::fs::write(&path, document.as_bytes()).unwrap();
        assert!(matches!(load(&path), Err(KeyFileError::Binary)));
        std::fs::write(&path, [0x80, 0x81]).unwrap();
        assert!(matches!(load(&path), Err(KeyFileError::Binary)));
    }
}
