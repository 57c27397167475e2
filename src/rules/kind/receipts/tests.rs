use crate::custody::testing::{World, named, out};
use crate::model::dealings::Title;
use crate::model::verdict::Verdict;
use crate::rules::pack::Pack;
use crate::rules::testing::{codes, judged};
use crate::rules::verdict::ReasonCode;
use crate::trust::Trust;

#[test]
fn without_a_setting_the_order_is_nobodys_choice() {
    let text = crate::rules::pack::embedded_text("coc-base").unwrap();
    assert!(Pack::from_toml(text).is_ok());
    let without = text.replace("setting = \"competing_receipts\"\n", "");
    let error = Pack::from_toml(&without).unwrap_err().to_string();
    assert!(error.contains("the rule names no `setting`"), "{error}");
    let other = text.replace("first_registered = \"first_registered\"", "first_registered = \"last\"");
    assert!(Pack::from_toml(&other).unwrap_err().to_string().contains("`last`"));
}

#[test]
fn a_reader_who_chooses_nothing_is_told_what_the_choice_would_give() {
    let mut world = World::new();
    let made = world.intake("plant", vec![named("HEAP", "oxide.Nd", 100)], vec![]);
    let heap = out(made, 0);
    let ask = |world: &World| {
        judged(world, heap, "COC-02-RECEIPT", "2026-06-01", &Trust::default(), &Default::default())
    };
    assert_eq!(ask(&world).verdict, Verdict::NotApplicable);
    world.title("plant", Title::Receipt, (heap, 100), "mine");
    assert_eq!(ask(&world).verdict, Verdict::Pass);
    world.title("plant", Title::Receipt, (heap, 1), "buyer");
    let verdict = ask(&world);
    assert_eq!((verdict.verdict, codes(&verdict)), (Verdict::Unknown, vec![ReasonCode::ReceiptOpen]));
    assert!(verdict.notes.iter().any(|note| note == "under `first_registered` it would be `fail`"));
}
