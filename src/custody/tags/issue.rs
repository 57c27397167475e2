//! Tags that nobody held here handed out.
//!
//! Never a contradiction: who hands out the tags of a scheme is in no record, so that its chain may be missing.

use super::{Register, named};
use crate::custody::graph::Graph;
use crate::custody::names::{self, found};
use crate::model::finding::{Finding, FindingCode, Weight};

pub(super) fn findings(graph: &Graph, register: &Register<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for put in &register.uses {
        let scheme = put.said.scheme.as_str();
        let lot = names::lot(graph, &put.said.lot);
        let by = names::record(graph, put.record);
        let (weight, message, resolve) = match put.said.tags.shown() {
            None => (
                Weight::Withheld,
                format!("{by} withholds the tags of `{scheme}` that it put on lot {lot}"),
                "ask for the numbers of the tags",
            ),
            Some(tags) => {
                let is_unknown = |tag: &&str| !register.issued.contains_key(&(scheme, *tag));
                let unknown: Vec<&str> = tags.iter().map(|one| one.tag.as_str()).filter(is_unknown).collect();
                if unknown.is_empty() {
                    continue;
                }
                let what = format!("{} of `{scheme}` on lot {lot}, put on by {by}", named(&unknown));
                match register.hidden.contains(scheme) {
                    true => (
                        Weight::Withheld,
                        format!("{what}, may be among those whose numbers their issuer withholds"),
                        "ask the issuer to show the numbers it handed out",
                    ),
                    false => (
                        Weight::Unknown,
                        format!("{what}, were issued by no record held here"),
                        "import the chain of whoever hands out the tags of this scheme",
                    ),
                }
            }
        };
        let lots = [put.said.lot];
        findings.push(found(FindingCode::TagNotIssued, weight, &[put.record], &lots, message, resolve));
    }
    findings
}
