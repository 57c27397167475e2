//! Words about dealings between parties: what one lets another do, what passes, why something is taken back.
//!
//! Spec: docs/formats/registry.md.

use super::coded::coded;

coded! {
    /// What somebody is let in for.
    HostPurpose, "purpose of a host" {
        /// Working the guest's material for it.
        Tolling = 1 "tolling",
        /// The guest works there itself.
        Tenancy = 2 "tenancy",
        /// Keeping the guest's material.
        Warehouse = 3 "warehouse",
        /// Another purpose.
        Other = 4 "other",
    }
}

coded! {
    /// What another party is to the author.
    Tie, "tie between parties" {
        /// Writes a chain of its own for the same plant.
        Desk = 1 "desk",
        /// Owns or controls the author.
        Parent = 2 "parent",
        /// Is owned or controlled by the author.
        Subsidiary = 3 "subsidiary",
        /// May act for the author.
        Agent = 4 "agent",
        /// Has an owner in common.
        Affiliate = 5 "affiliate",
    }
}

coded! {
    /// In which span of time a limit counts.
    Span, "span of time" {
        /// Calendar month.
        Month = 1 "month",
        /// Quarter of a calendar year.
        Quarter = 2 "quarter",
        /// Calendar year.
        Year = 3 "year",
    }
}

coded! {
    /// How shares of a circuit's outputs are stated.
    CircuitMethod, "method of a circuit" {
        /// Average of the period.
        Average = 1 "average",
        /// Credits kept apart from the physical flow.
        Credit = 2 "credit",
        /// Bounds from all that was charged within the window.
        Window = 3 "window",
        /// One feed after the other: the new one drives out a measured rest of the old.
        Campaign = 4 "campaign",
    }
}

coded! {
    /// What an inspection found.
    InspectOutcome, "outcome of an inspection" {
        /// All as stated.
        Confirmed = 1 "confirmed",
        /// As stated in part.
        Partly = 2 "partly",
        /// Not as stated.
        Contradicted = 3 "contradicted",
        /// There was no access.
        NoAccess = 4 "no_access",
    }
}

coded! {
    /// Side of a border.
    BorderSide, "side of a border" {
        /// Leaving.
        Export = 1 "export",
        /// Entering.
        Import = 2 "import",
        /// Passing through.
        Transit = 3 "transit",
    }
}

coded! {
    /// What happens at a stop.
    StopKind, "kind of stop" {
        /// Passed without unloading.
        Transit = 1 "transit",
        /// Moved from one carrier to another.
        Transshipment = 2 "transshipment",
        /// Stored.
        Storage = 3 "storage",
        /// In a free zone.
        FreeZone = 4 "free_zone",
        /// Opened by an authority.
        Inspection = 5 "inspection",
    }
}

coded! {
    /// What passes apart from custody.
    Title, "kind of title" {
        /// Ownership.
        Sale = 1 "sale",
        /// A pledge.
        Pledge = 2 "pledge",
        /// The end of a pledge, or of the receipt that `target` names.
        Release = 3 "release",
        /// A warehouse receipt.
        Receipt = 4 "receipt",
        /// A warehouse receipt passed on.
        Endorse = 5 "endorse",
    }
}

coded! {
    /// Why lots in transit are given back.
    ReleaseReason, "reason of a release" {
        /// They never came.
        NeverCame = 1 "never_came",
        /// Nobody claimed them.
        NotClaimed = 2 "not_claimed",
        /// Another reason.
        Other = 3 "other",
    }
}

coded! {
    /// Why a record is corrected.
    CorrectReason, "reason of a correction" {
        /// Entered wrongly.
        EntryError = 1 "entry_error",
        /// Weighed or analysed again.
        Remeasured = 2 "remeasured",
        /// A paper came later.
        LatePaper = 3 "late_paper",
        /// What was stated was found not to be so.
        Untrue = 4 "untrue",
        /// Another reason.
        Other = 5 "other",
    }
}

coded! {
    /// What is disputed.
    DisputeReason, "reason of a dispute" {
        /// How much it is.
        Quantity = 1 "quantity",
        /// What it holds.
        Quality = 2 "quality",
        /// Where it comes from.
        Origin = 3 "origin",
        /// Whether it is the same goods.
        Identity = 4 "identity",
        /// Whose it is.
        Title = 5 "title",
        /// Whether the author named made the statement or paper.
        Authorship = 6 "authorship",
        /// Something else.
        Other = 7 "other",
    }
}

coded! {
    /// How a dispute ended.
    Outcome, "outcome of a dispute" {
        /// The dispute was right.
        Upheld = 1 "upheld",
        /// The dispute was wrong.
        Rejected = 2 "rejected",
        /// The parties agreed.
        Settled = 3 "settled",
        /// Its author takes it back.
        Withdrawn = 4 "withdrawn",
    }
}
