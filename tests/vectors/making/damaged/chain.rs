//! Records that do not stand in their chain: step `chain`.

use lodemark::hash::RecordId;

use super::super::chains::Chain;
use super::super::file::Vector;
use super::super::parts::Parts;
use super::super::samples;
use super::{Damages, key};

impl Damages {
    pub(super) fn chain(&mut self) {
        const STEP: &str = "chain";
        let mut chain = Chain::new("broken chain");
        chain.append(samples::plain_dispose());
        chain.append(samples::plain_withdraw());
        let next = Parts::of(&chain.seal(samples::plain_measure(), &|_| false));
        let before = |parts: &Parts, records| Vector::of(&parts.stored(), &[], Some(key())).after(records);
        let ids: Vec<RecordId> = chain.records.iter().map(|record| record.id()).collect();
        let changes = [
            ("prev-names-an-older-record", "prev skips the record before", 64, *ids[1].as_bytes()),
            ("prev-names-no-record", "prev is no id of the chain", 64, [7; 32]),
            (
                "control-names-an-older-one",
                "control passes over the withdraw at seq 2",
                176,
                *ids[0].as_bytes(),
            ),
            (
                "control-names-no-control-record",
                "control names the dispose at seq 1",
                176,
                *ids[1].as_bytes(),
            ),
            ("party-of-another-chain", "the record is of another party", 24, [7; 32]),
        ];
        for (name, about, at, bytes) in changes {
            let mut parts = next.clone();
            parts.set(at, &bytes);
            parts.sign();
            self.files.push(before(&parts, &chain.records).damaged(name, about, STEP, false));
        }
        let gap = before(&next, &chain.records[..2]).damaged(
            "chain-gap",
            "the record at seq 2 is missing",
            STEP,
            false,
        );
        self.files.push(gap);
        let mut parts = next.clone();
        parts.set(22, &[0, 1]);
        parts.sign();
        let about = "epoch 1, which no record opened";
        self.files.push(before(&parts, &chain.records).damaged("epoch-of-another-chain", about, STEP, false));
    }
}
