use proptest::prelude::*;

use super::super::cosignature::cosign;
use super::super::tree::leaf_hash;
use super::*;
use crate::sign::SecretKey;

const RECOVERY: Hash = Hash([3; 32]);

fn secret() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

fn log(epoch: u16) -> LogId {
    LogId { party: party_id(ALG_ED25519, secret().public().as_bytes(), &RECOVERY), epoch }
}

/// A history of so many records, of which those from `turn` on are others.
fn tree(size: u64, turn: u64) -> Tree {
    Tree::new((0..size).map(|at| leaf_hash(&[u8::from(at >= turn), at as u8])).collect())
}

fn honest(size: u64) -> Tree {
    tree(size, u64::MAX)
}

fn leaf(turn: u64, at: u64) -> Hash {
    leaf_hash(&[u8::from(at >= turn), at as u8])
}

fn note_of(epoch: u16, tree: &Tree) -> Note {
    Checkpoint::of(log(epoch), tree.size(), tree.root()).unwrap().sign(&secret()).unwrap()
}

fn note(tree: &Tree) -> Note {
    note_of(0, tree)
}

fn inclusion(tree: &Tree, index: u64) -> LogProof {
    LogProof::new(index, tree.path(index).unwrap(), note(tree), b"private".to_vec()).unwrap()
}

fn roots(notes: [&Note; 2]) -> Result<LogFork, ForkObjection> {
    LogFork::of_roots(secret().public(), RECOVERY, notes)
}

fn prefix(notes: [&Note; 2], larger: &Tree) -> Result<LogFork, ForkObjection> {
    LogFork::of_prefix(secret().public(), RECOVERY, notes, larger)
}

fn leaves(leaves: [Hash; 2], proofs: [&LogProof; 2]) -> Result<LogFork, ForkObjection> {
    LogFork::of_leaves(secret().public(), RECOVERY, leaves, proofs)
}

/// One proof of each kind.
fn forks() -> [LogFork; 3] {
    let (first, second) = (honest(9), tree(12, 6));
    [
        roots([&note(&first), &note(&tree(9, 6))]).unwrap(),
        leaves([leaf(99, 7), leaf(6, 7)], [&inclusion(&first, 7), &inclusion(&second, 7)]).unwrap(),
        prefix([&note(&first), &note(&second)], &second).unwrap(),
    ]
}

#[test]
fn each_kind_holds_and_says_what_is_so() {
    let says = forks().map(|fork| fork.judge().unwrap());
    assert!(says.iter().all(|statement| statement.log == log(0)));
    assert_eq!(says[0].says, "the log has two roots at 9 leaves");
    assert_eq!(
        says[1].says,
        "the log has one record at index 7 by its checkpoint of 9 leaves, and another by that of 12"
    );
    assert_eq!(
        says[2].says,
        "the first 9 leaves under the checkpoint of 12 are not those of the checkpoint of 9"
    );
    assert_eq!((says[1].index, says[2].checkpoints[1].size()), (Some(7), 12));
}

#[test]
fn every_turn_between_any_two_sizes_is_shown_by_leaves_and_by_prefix() {
    for larger in 2..14 {
        for smaller in 1..=larger {
            for turn in 0..smaller {
                let (first, second) = (honest(smaller), tree(larger, turn));
                let shown = prefix([&note(&first), &note(&second)], &second);
                assert!(shown.is_ok(), "{smaller} {larger} {turn}: {shown:?}");
                let pair = [leaf(99, turn), leaf(turn, turn)];
                let shown = leaves(pair, [&inclusion(&first, turn), &inclusion(&second, turn)]);
                assert!(shown.is_ok(), "{smaller} {larger} {turn}: {shown:?}");
            }
        }
    }
}

#[test]
fn an_honest_log_cannot_be_shown_to_fork() {
    for larger in 1..14 {
        for smaller in 1..=larger {
            let (first, second) = (honest(smaller), honest(larger));
            let joined = ForkObjection::NoContradiction("the larger log goes on from the smaller one");
            assert_eq!(prefix([&note(&first), &note(&second)], &second), Err(joined), "{smaller} {larger}");
            let one = ForkObjection::NoContradiction("both checkpoints have one leaf there");
            let pair = [inclusion(&first, 0), inclusion(&second, 0)];
            assert_eq!(leaves([leaf(99, 0); 2], [&pair[0], &pair[1]]), Err(one));
            let lie = leaves([leaf(99, 0), leaf(0, 0)], [&pair[0], &pair[1]]);
            assert!(matches!(lie, Err(ForkObjection::Path(_))), "{lie:?}");
            assert!(matches!(roots([&note(&first), &note(&second)]), Err(ForkObjection::NoContradiction(_))));
        }
    }
}

#[test]
fn a_prefix_path_of_another_tree_shows_nothing() {
    let (first, second) = (honest(5), honest(8));
    let other = prefix([&note(&first), &note(&second)], &tree(8, 3));
    assert_eq!(other, Err(ForkObjection::OtherRoot));
    let evidence = ForkEvidence::Prefix { notes: [note(&first), note(&second)], path: vec![] };
    let empty = LogFork { key: secret().public().to_bytes(), recovery: RECOVERY, evidence };
    assert!(matches!(empty.judge(), Err(ForkObjection::Prefix(_))));
    // The larger one first: nothing says what its first leaves are.
    let turned = prefix([&note(&second), &note(&first)], &first);
    assert!(matches!(turned, Err(ForkObjection::NoContradiction(_))));
}

#[test]
fn leaves_at_two_places_show_nothing() {
    let tree = honest(5);
    let pair = [inclusion(&tree, 1), inclusion(&tree, 2)];
    let two = ForkObjection::NoContradiction("the leaves stand at two places");
    assert_eq!(leaves([leaf(99, 1), leaf(99, 2)], [&pair[0], &pair[1]]), Err(two));
}

#[test]
fn another_epoch_is_another_log_and_no_fork() {
    let notes = [note_of(0, &honest(5)), note_of(1, &tree(5, 2))];
    assert_eq!(roots([&notes[0], &notes[1]]), Err(ForkObjection::TwoLogs));
    let notes = [note_of(1, &honest(5)), note_of(1, &tree(5, 2))];
    assert!(roots([&notes[0], &notes[1]]).is_ok());
}

#[test]
fn nobody_else_can_make_a_party_fork() {
    let thief = SecretKey::from_seed(&[2; 32]);
    let forged = Checkpoint::of(log(0), 5, Hash([9; 32])).unwrap().sign(&thief).unwrap();
    let own = note(&honest(5));
    let unsigned = ForkObjection::Signature(NoteSignatureError::NoKnownKey);
    assert_eq!(roots([&own, &forged]), Err(unsigned));
    // Under the key of the thief the party is another.
    let other = LogFork::of_roots(thief.public(), RECOVERY, [&own, &forged]);
    assert!(matches!(other, Err(ForkObjection::OtherParty { .. })), "{other:?}");
    let other = LogFork::of_roots(secret().public(), Hash::ZERO, [&own, &note(&tree(5, 2))]);
    assert!(matches!(other, Err(ForkObjection::OtherParty { .. })), "{other:?}");
}

#[test]
fn what_others_signed_is_no_part_of_the_proof() {
    let checkpoint = Checkpoint::parse(note(&honest(5)).text()).unwrap();
    let line = cosign(&checkpoint, 7, "witness.example", &SecretKey::from_seed(&[9; 32])).unwrap();
    let cosigned = note(&honest(5)).with(line).unwrap();
    let fork = roots([&cosigned, &note(&tree(5, 2))]).unwrap();
    assert!(!fork.to_string().contains("witness"));
    assert!(!forks()[1].to_string().contains("extra"));
}

#[test]
fn a_proof_reads_back_from_its_file() {
    for fork in forks() {
        let text = fork.to_string();
        assert_eq!(LogFork::parse(text.as_bytes()).as_ref(), Ok(&fork), "{text}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told() {
    let [roots, leaves, prefix] = forks().map(|fork| fork.to_string());
    let fault = |text: &str| LogFork::parse(text.as_bytes()).unwrap_err();
    assert_eq!(fault(""), ForkFileError::Head);
    assert_eq!(fault(&roots.replace("@1", "@2")), ForkFileError::Head);
    assert_eq!(fault(&roots.replace("\nroots\n", "\nboots\n")), ForkFileError::UnknownKind);
    assert_eq!(fault(&roots.replace("\nroots\n", "\nleaves\n")), ForkFileError::Line("leaf"));
    assert_eq!(fault(&roots.replace("\nkey ", "\nkeys ")), ForkFileError::Line("key"));
    assert_eq!(fault(&roots.replace("\nrecovery 0", "\nrecovery G")), ForkFileError::Line("recovery"));
    assert_eq!(fault(&leaves.replacen("\nleaf ", "\nleaf  ", 1)), ForkFileError::Line("leaf"));
    assert_eq!(fault(&leaves.replacen("\n\n", "\nleaf 7\n\n", 1)), ForkFileError::More);
    assert_eq!(fault(&roots.replacen("\n\n", "\nnode 7\n\n", 1)), ForkFileError::More);
    assert_eq!(fault(&prefix.replacen("\nnode ", "\nnode 0", 1)), ForkFileError::Line("node"));
    let node = format!("node {}\n", Hash::ZERO);
    let path = |count: usize| prefix.replacen("\nnode ", &format!("\n{}node ", node.repeat(count)), 1);
    let held = prefix.matches("node ").count();
    assert!(LogFork::parse(path(PATH_NODES - held).as_bytes()).is_ok());
    assert_eq!(fault(&path(PATH_NODES + 1 - held)), ForkFileError::Line("node"));
    let end = roots.rfind("\n\n").unwrap();
    assert_eq!(fault(&roots[..end]), ForkFileError::Note(super::super::note::NoteError::NoSignatures));
    assert_eq!(fault(roots.split_once("\n\n").unwrap().0), ForkFileError::CutShort);
    assert_eq!(fault(&" ".repeat(FORK_MAX + 1)), ForkFileError::TooLong(FORK_MAX + 1));
    assert!(ForkFileError::TooLong(0).to_string().contains(&FORK_MAX.to_string()));
}

/// The node that a prefix path begins with, and its siblings in the greatest log.
const PATH_NODES: usize = 64;

proptest! {
    #[test]
    fn no_path_makes_an_honest_log_fork(larger in 1u64..40, smaller in 1u64..40, at in any::<prop::sample::Index>(), bit in 0usize..256, cut in 0usize..3) {
        let smaller = smaller.min(larger);
        let (first, second) = (honest(smaller), honest(larger));
        let mut path = second.prefix(smaller).unwrap();
        match cut {
            0 => { let at = at.index(path.len()); path[at].0[bit / 8] ^= 1 << (bit % 8); }
            1 => { path.remove(at.index(path.len())); }
            _ => path.insert(at.index(path.len() + 1), second.root()),
        }
        let evidence = ForkEvidence::Prefix { notes: [note(&first), note(&second)], path };
        let fork = LogFork { key: secret().public().to_bytes(), recovery: RECOVERY, evidence };
        prop_assert!(fork.judge().is_err());
    }

    #[test]
    fn a_proof_with_one_byte_changed_does_not_hold(kind in 0usize..3, at in any::<prop::sample::Index>(), with in 1u8..) {
        let mut bytes = forks()[kind].to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= with;
        if let Ok(read) = LogFork::parse(&bytes) {
            prop_assert_eq!(read.to_string().into_bytes(), bytes);
            prop_assert!(read.judge().is_err());
        }
    }

    #[test]
    fn a_proof_cut_anywhere_does_not_hold(kind in 0usize..3, at in any::<prop::sample::Index>()) {
        let bytes = forks()[kind].to_string().into_bytes();
        let cut = LogFork::parse(&bytes[..at.index(bytes.len())]);
        prop_assert!(cut.is_err() || cut.unwrap().judge().is_err());
    }
}
