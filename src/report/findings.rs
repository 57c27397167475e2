//! Findings, heaviest first, each with what would resolve it.

use super::page::Page;
use crate::model::finding::{Finding, Weight};

/// Writes findings; equal ones once.
pub fn write(page: &mut Page, findings: &[Finding]) {
    for finding in findings {
        let code = finding.code.to_string().replace('_', " ");
        page.hanging(
            &format!("  {:<9}", mark(finding.weight)),
            &" ".repeat(11),
            &format!("{code}: {}", finding.message),
        );
        if !finding.resolve.is_empty() {
            page.hanging("           to resolve: ", &" ".repeat(13), &finding.resolve);
        }
        if page.style().ids {
            for record in &finding.records {
                page.line(11, &format!("record {record}"));
            }
        }
    }
}

/// Returns what a finding means for the verdict, in a word.
fn mark(weight: Weight) -> &'static str {
    match weight {
        Weight::Fail => "fail",
        Weight::Withheld => "withheld",
        Weight::Unknown => "unknown",
        Weight::Warning => "warning",
        Weight::Note => "note",
    }
}
