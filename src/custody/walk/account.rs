//! Walking through circuits: what can be in a draw, and what its account leaves open.

use super::reach::{Key, fed_by, key_of};
use super::{Edge, From, Node, Source, Walk};
use crate::custody::accounts::Feed;
use crate::custody::accounts::state::{Counted, Past};
use crate::custody::graph::Graph;
use crate::custody::touch::GapWhy;
use crate::hash::quick::QuickMap;
use crate::model::lotref::LotRef;

impl Walk {
    /// Adds the node of a range of charges.
    pub(super) fn add_range(&mut self, graph: &Graph, index: &QuickMap<Key, usize>, key: Key, range: Feed) {
        let sources = self.fed(graph, index, key);
        let (touch, first) = (self.touches.len(), self.sources.len());
        self.nodes.push(Node {
            key: Some(key),
            empty: sources.is_empty(),
            sources: first..first + sources.len(),
            touches: touch..touch,
            origin: None,
            attested: false,
            pool: matches!(range, Feed::Pool(_)),
            needed: false,
        });
        self.sources.extend(sources);
    }

    /// Returns what charges can have brought into a draw or a range of charges.
    pub(super) fn fed(&self, graph: &Graph, index: &QuickMap<Key, usize>, key: Key) -> Vec<Source> {
        let source = |one: &crate::custody::accounts::Fed| {
            let node = *index.get(&key_of(graph, one.feed))?;
            let from = self.nodes.get(node).filter(|from| !from.empty)?;
            // The pool surely took the element if one of its charges surely brought it.
            let brings = self.sources[from.sources.clone()].iter().any(|source| source.sure);
            Some(Source { from: From::Node(node), sure: one.is_sure && brings, edge: Edge::Feed(one.feed) })
        };
        fed_by(graph, key).iter().filter_map(source).collect()
    }

    /// Adds what the account of a draw leaves open.
    pub(super) fn add_account(
        &mut self,
        graph: &Graph,
        draw: usize,
        through: LotRef,
        sources: &mut Vec<Source>,
    ) {
        let record = &graph.records()[draw];
        let mut gaps = Vec::new();
        match graph.accounts().of(draw) {
            None => gaps.push((GapWhy::InputsWithheld { by: record.author }, record.id)),
            Some(account) => {
                match account.counted(graph, record) {
                    Counted::By(close) => {
                        let hidden = account.hidden_by(graph, record, close);
                        gaps.extend(hidden.map(|by| (GapWhy::HiddenCharges { by }, close.id)));
                    }
                    Counted::Withheld(close) => {
                        gaps.push((GapWhy::InputsWithheld { by: close.author }, close.id));
                    }
                    Counted::LeftOut(_) | Counted::Open => gaps.push((GapWhy::OpenPeriod, record.id)),
                }
                match account.unknown_past(graph, record) {
                    Some(Past::Unknown(at)) => {
                        gaps.push((GapWhy::StockInProcess { record: at.id }, at.id));
                    }
                    Some(Past::Withheld(at)) => gaps.push((GapWhy::InputsWithheld { by: at.author }, at.id)),
                    None => {}
                }
                for charge in graph.accounts().rings(draw) {
                    let charge = graph.records()[*charge].id;
                    gaps.push((GapWhy::Ring { charge }, charge));
                }
            }
        }
        for (why, record) in gaps {
            let gap = self.open(why, through, Some(record));
            sources.push(Source { from: From::Open(gap), sure: false, edge: Edge::Untold });
        }
    }
}
