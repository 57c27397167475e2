//! Where a share counts: a list of the pack, or the country that is declared at a border as the lot's origin.

use super::{Asked, Share, Where};
use crate::custody::border::Borders;
use crate::model::place::Place;

impl Share {
    /// Returns where it counts. Each declared country is held against the records by itself; none where none is declared.
    pub(super) fn wheres(&self, asked: &Asked<'_, '_>) -> Vec<Where> {
        if let Some(list) = &self.countries {
            let places = asked.pack.places(list).to_vec();
            return vec![Where { name: list.clone(), places, said_by: Vec::new() }];
        }
        if !self.declared {
            return Vec::new();
        }
        let graph = asked.facts.graph;
        let declared = Borders::new(graph).origins(graph, &asked.facts.lot).into_iter();
        let of_country = |(country, said_by)| Where {
            name: format!("{country}, which is declared as its origin"),
            places: vec![Place { country, subdivision: None }],
            said_by,
        };
        declared.map(of_country).collect()
    }
}
