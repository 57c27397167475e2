//! Published vectors of transparency logs, each with a stated verdict.

mod shared;

use data_encoding::BASE64;
use lodemark::hash::Hash;
use lodemark::log::consistency::check_consistency;
use lodemark::log::tree::check_inclusion;
use serde_json::Value;
use shared::shared_data;

/// Base64 of 32 bytes; anything else is no hash.
fn hash(text: &Value) -> Option<Hash> {
    Some(Hash(BASE64.decode(text.as_str()?.as_bytes()).ok()?.try_into().ok()?))
}

/// Every hash of a list that may be absent, or nothing where one is no hash.
fn hashes(list: &Value) -> Option<Vec<Hash>> {
    list.as_array().map_or(Some(vec![]), |list| list.iter().map(hash).collect())
}

/// All cases of one kind, from the three folders: path and contents.
fn merkle_cases(kind: &str) -> Option<Vec<(String, Value)>> {
    let folder = shared_data("crypto/rfc6962-merkle-proofs")?.join(kind);
    let mut cases = Vec::new();
    for place in ["0", "1", "2"] {
        for entry in std::fs::read_dir(folder.join(place)).unwrap() {
            let path = entry.unwrap().path();
            let case = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            cases.push((path.display().to_string(), case));
        }
    }
    Some(cases)
}

#[test]
fn published_inclusion_proofs_have_the_published_verdicts() {
    let Some(cases) = merkle_cases("inclusion") else { return };
    let mut passed = 0;
    for (path, case) in &cases {
        let number = |name: &str| case[name].as_u64().unwrap();
        let holds = match (hash(&case["leafHash"]), hash(&case["root"]), hashes(&case["proof"])) {
            (Some(leaf), Some(root), Some(proof)) => {
                check_inclusion(number("leafIdx"), number("treeSize"), &leaf, &proof, &root).is_ok()
            }
            _ => false,
        };
        assert_eq!(holds, !case["wantErr"].as_bool().unwrap(), "{path}");
        passed += usize::from(holds);
    }
    assert_eq!((cases.len(), passed), (49, 3));
}

#[test]
fn published_consistency_proofs_have_the_published_verdicts() {
    let Some(cases) = merkle_cases("consistency") else { return };
    let mut passed = 0;
    for (path, case) in &cases {
        let number = |name: &str| case[name].as_u64().unwrap();
        let holds = match (hash(&case["root1"]), hash(&case["root2"]), hashes(&case["proof"])) {
            (Some(first), Some(second), Some(proof)) => {
                check_consistency(number("size1"), number("size2"), &first, &second, &proof).is_ok()
            }
            _ => false,
        };
        assert_eq!(holds, !case["wantErr"].as_bool().unwrap(), "{path}");
        passed += usize::from(holds);
    }
    assert_eq!((cases.len(), passed), (43, 3));
}
