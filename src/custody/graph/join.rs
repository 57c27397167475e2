//! Joining records into a graph: their order, their uses, and what is looked up later.

use std::collections::HashMap;

use super::*;

impl Graph {
    /// Joins records that state what `choice` says.
    pub(super) fn join(records: Vec<Record>, amended: Amended, choice: &HashMap<RecordId, usize>) -> Self {
        let (records, loops, rings) = sources_first(records);
        let accounts = Accounts::gather(&records, &loops);
        let mut graph = Self { accounts, amended, rings, ..Self::default() };
        let mut outputs_before = 0;
        for (position, record) in records.iter().enumerate() {
            graph.positions.insert(record.id, position);
            graph.first_output.push(outputs_before);
            outputs_before += record.event.body.outputs().len();
        }
        graph.first_output.push(outputs_before);
        for (position, record) in records.iter().enumerate() {
            graph.index(&records, position, record);
            graph.index_parts(&records, position, record);
        }
        graph.index_uses(&records);
        graph.hand_results_over(&records);
        graph.records = records;
        graph.index_replaced(choice);
        graph
    }

    /// Returns the lot that a lot was before the handover that created it.
    fn handed_over_from(&self, records: &[Record], lot: &LotRef) -> Option<LotRef> {
        let record = &records[*self.positions.get(&lot.record)?];
        let input = inputs(record).get(lot.index as usize).filter(|_| record.event.body.is_pairwise())?;
        // Sources stand first; what does not is part of a ring, which hashes rule out.
        let is_before = self.positions.get(&input.lot.record)? < self.positions.get(&lot.record)?;
        is_before.then_some(input.lot)
    }

    /// A result about a lot is one about the same goods after a handover, not about what they were before.
    fn hand_results_over(&mut self, records: &[Record]) {
        if self.results.is_empty() {
            return;
        }
        let mut analysed: Vec<LotRef> = self.results.keys().copied().collect();
        analysed.sort_unstable();
        for lot in analysed {
            let mut before = self.handed_over_from(records, &lot);
            while let Some(here) = before {
                self.analysed_later.entry(here).or_default().push(lot);
                before = self.handed_over_from(records, &here);
            }
        }
        for record in records.iter().filter(|record| record.event.body.is_pairwise()) {
            for (input, (lot, _)) in inputs(record).iter().zip(outputs(record)) {
                if let Some(before) = self.results.get(&input.lot).cloned() {
                    self.results.entry(lot).or_default().extend(before);
                }
            }
        }
    }

    /// Notes the stretches of statements that are not the one chosen, and which of them stay used.
    fn index_replaced(&mut self, choice: &HashMap<RecordId, usize>) {
        let mut corrected: Vec<RecordId> = self.amended.statements.keys().copied().collect();
        corrected.sort_unstable();
        for id in &corrected {
            let statements = &self.amended.statements[id];
            let chosen = choice.get(id).copied().unwrap_or(statements.count() - 1);
            for number in (0..statements.count()).filter(|number| *number != chosen) {
                for (lot, one) in stretches(*id, statements.signed(number)) {
                    self.replaced.entry(lot).or_default().push(one);
                }
            }
        }
        let mut kept: Vec<(LotRef, Use)> = Vec::new();
        for id in &corrected {
            let statements = &self.amended.statements[id];
            let chosen = choice.get(id).copied().unwrap_or(statements.count() - 1);
            let Some(from) = left::first_left(self, id) else { continue };
            for number in from..chosen {
                kept.extend(stretches(*id, statements.signed(number)));
            }
        }
        for (lot, one) in kept {
            self.kept.entry(lot).or_default().push(one);
        }
    }

    fn index_uses(&mut self, records: &[Record]) {
        let mut of_lots: Vec<(usize, Use)> = Vec::with_capacity(self.creators.len());
        let mut creators = self.creators.iter();
        for record in records {
            for (input, stretch) in inputs(record).iter().enumerate() {
                let (from, mass, empties) = (stretch.from, stretch.mass, stretch.empties);
                let one = Use { record: record.id, input, from, mass, empties };
                let creator = creators.next().copied().flatten();
                match creator.and_then(|at| self.lot_number(&records[at], at, stretch.lot.index)) {
                    Some(number) => of_lots.push((number, one)),
                    None => self.dangling.entry(stretch.lot).or_default().push(one),
                }
            }
        }
        let order = |one: &Use| (one.from, one.mass, one.record, one.input);
        of_lots.sort_unstable_by_key(|(number, one)| (*number, order(one)));
        for uses in self.dangling.values_mut() {
            uses.sort_unstable_by_key(order);
        }
        let lots = self.first_output.last().copied().unwrap_or(0);
        for number in 0..=lots {
            let before = self.first_use.last().copied().unwrap_or(0);
            let more = of_lots[before..].iter().take_while(|(of, _)| *of < number).count();
            self.first_use.push(before + more);
        }
        self.uses = of_lots.into_iter().map(|(_, one)| one).collect();
    }

    fn index_parts(&mut self, records: &[Record], position: usize, record: &Record) {
        let mut parts = std::mem::take(&mut self.parts);
        parts.note(position, record);
        parts.note_lots(position, record, |parts, lot| {
            let at = self.positions.get(&lot.record).copied();
            let number = at.and_then(|at| self.lot_number(&records[at], at, lot.index));
            number.is_some_and(|number| parts.holds_parts(number))
        });
        self.parts = parts;
    }

    fn index(&mut self, records: &[Record], position: usize, record: &Record) {
        self.first_input.push(self.creators.len());
        for stretch in inputs(record) {
            self.creators.push(self.positions.get(&stretch.lot.record).copied());
        }
        for (lot, output) in outputs(record) {
            if let Some(label) = output.label() {
                self.labels.entry(label.to_owned()).or_default().push(lot);
            } else if record.event.body.is_pairwise() {
                let labelled = self.nearest_label(records, record, lot.index);
                self.labelled_as.extend(labelled.map(|labelled| (lot, labelled)));
            }
        }
        match &record.event.body {
            Body::Establish(_) if record.seq == 0 => {
                self.parties.entry(record.author).or_insert(position);
            }
            // Only the author takes a record back; a withdrawal of another's record has no effect.
            Body::Withdraw(withdraw) => {
                let target = self.positions.get(&withdraw.target).map(|at| &records[*at]);
                if target.is_some_and(|target| target.author == record.author) {
                    self.withdrawals.entry(withdraw.target).or_insert(position);
                }
            }
            Body::EndHost(end) => self.ends.entry(end.target).or_default().push(position),
            Body::Assign(assign) => {
                for lot in &assign.lots {
                    self.assigned.entry(*lot).or_default().push(position);
                }
            }
            Body::Appoint(_) => self.appointments.push(position),
            Body::Assay(assay) => self.results.entry(assay.lot).or_default().push(position),
            Body::Measure(measure) if measure.composition.shown().is_none_or(|lines| !lines.is_empty()) => {
                self.results.entry(measure.lot).or_default().push(position);
            }
            Body::Acknowledge(acknowledge) => {
                self.acknowledgements.entry(acknowledge.target).or_default().push(position);
            }
            _ => {}
        }
        for seen in &record.event.seen {
            if seen.party != record.author {
                let one = Seen { by: position, size: seen.size };
                self.seen.entry((seen.party, seen.epoch)).or_default().push(one);
            }
        }
    }

    /// Returns the labelled lot that output `index` of a handover was made of, looking at the one before only.
    fn nearest_label(&self, records: &[Record], record: &Record, index: u32) -> Option<LotRef> {
        let source = inputs(record).get(index as usize)?.lot;
        let creator = &records[*self.positions.get(&source.record)?];
        let is_labelled = creator.event.body.outputs().get(source.index as usize)?.label().is_some();
        if is_labelled { Some(source) } else { self.labelled_as.get(&source).copied() }
    }
}

/// Returns the stretches that a statement of the record `id` names, as far as they are shown.
fn stretches(id: RecordId, statement: &Body) -> impl Iterator<Item = (LotRef, Use)> {
    let inputs = statement.inputs().and_then(MaybeList::shown).unwrap_or_default();
    inputs.iter().enumerate().map(move |(input, one)| {
        let Input { lot, from, mass, empties } = *one;
        (lot, Use { record: id, input, from, mass, empties })
    })
}

/// Orders records so that each stands after those it consumes from, else by party, epoch, seq and id.
///
/// A draw stands after the charges that can be in it, but for those that are made of it, which are returned.
/// Records that consume from each other in a ring, which only a correction can make, stand together; they are
/// returned besides.
fn sources_first(mut records: Vec<Record>) -> (Vec<Record>, Vec<Ring>, Vec<Vec<RecordId>>) {
    records.sort_by_key(|record| (record.author, record.epoch, record.seq, record.id));
    records.dedup_by_key(|record| record.id);
    let positions: QuickMap<RecordId, usize> =
        records.iter().enumerate().map(|(position, record)| (record.id, position)).collect();
    let order_with = |accounts: &Accounts| {
        let mut order = Order::new(records.len() + accounts.nodes());
        for (position, record) in records.iter().enumerate() {
            let lots = inputs(record).iter().map(|input| input.lot).chain(recovered_parts(record));
            for lot in lots {
                if let Some(source) = positions.get(&lot.record) {
                    order.add(*source, position);
                }
            }
        }
        accounts.order(&mut order, records.len());
        order
    };
    let accounts = Accounts::gather(&records, &[]);
    let order = order_with(&accounts);
    let mut sorted = order.sorted();
    let mut rings = Vec::new();
    if sorted.len() < records.len() + accounts.nodes() && !accounts.is_empty() {
        rings = accounts.find_rings(&records, &order);
        sorted = order_with(&Accounts::gather(&records, &rings)).sorted();
    }
    // Nodes behind the records stand for ranges of charges.
    let mut order: Vec<usize> = sorted.into_iter().filter(|node| *node < records.len()).collect();
    let mut is_placed = vec![false; records.len()];
    order.iter().for_each(|at| is_placed[*at] = true);
    let left: Vec<usize> = (0..records.len()).filter(|at| !is_placed[*at]).collect();
    let mut made_of_each_other = Vec::new();
    if !left.is_empty() {
        let mut consumers: Vec<Vec<usize>> = vec![Vec::new(); records.len()];
        for at in &left {
            let lots =
                inputs(&records[*at]).iter().map(|input| input.lot).chain(recovered_parts(&records[*at]));
            for source in lots.filter_map(|lot| positions.get(&lot.record)) {
                consumers[*source].push(*at);
            }
        }
        for group in rings::groups(&consumers, &left) {
            if group.len() > 1 || consumers[group[0]].contains(&group[0]) {
                made_of_each_other.push(group.iter().map(|at| records[*at].id).collect());
            }
            order.extend(group);
        }
    }
    let mut taken: Vec<Option<Record>> = records.into_iter().map(Some).collect();
    let records = order.into_iter().filter_map(|position| taken[position].take()).collect();
    (records, rings, made_of_each_other)
}
