//! Words about evidence: who says so, how well it was checked, how things were measured and mixed.
//!
//! Source of the assessor and assessment codes: UN/CEFACT UNTP. Spec: docs/formats/registry.md.

use super::coded::coded;

coded! {
    /// Who assessed a statement (UNTP code).
    Assessor, "assessor" {
        /// The party itself.
        SelfAssessed = 1 "self",
        /// A commercial partner.
        Commercial = 2 "commercial",
        /// The buyer.
        Buyer = 3 "buyer",
        /// A membership body.
        Membership = 4 "membership",
        /// Not said.
        Unspecified = 5 "unspecified",
        /// An independent third party.
        ThirdParty = 6 "thirdParty",
    }
}

coded! {
    /// How a statement was assessed (UNTP code).
    Assessment, "assessment" {
        /// Approved by a government.
        GovernmentApproval = 1 "governmentApproval",
        /// Under a global mutual recognition arrangement.
        GlobalMRA = 2 "globalMRA",
        /// By an accredited body.
        Accredited = 3 "accredited",
        /// Verified.
        Verified = 4 "verified",
        /// Validated.
        Validated = 5 "validated",
        /// Not said.
        Unspecified = 6 "unspecified",
    }
}

coded! {
    /// How good the evidence for a touch is, best first.
    Grade, "evidence grade" {
        /// Signed by the party that did it, at its own facility.
        Signed = 1 "signed",
        /// Copied from a document whose hash is given.
        Transcribed = 2 "transcribed",
        /// Said, without a document.
        Stated = 3 "stated",
        /// Who did it where is not established.
        Unknown = 4 "unknown",
    }
}

coded! {
    /// How surely a touch or gap belongs to a lot.
    Presence, "presence" {
        /// Some way the lot can be made up passes it.
        Possible = 1 "possible",
        /// Every way the lot can be made up passes it, or a pool took a positive mass of it.
        Certain = 2 "certain",
    }
}

coded! {
    /// What a paper is.
    DocumentKind, "kind of document" {
        /// Certificate of assay.
        AssayCertificate = 1 "assay_certificate",
        /// Weighbridge ticket.
        WeighbridgeTicket = 2 "weighbridge_ticket",
        /// Mill test report or mill certificate.
        MillTestReport = 3 "mill_test_report",
        /// Geochemical fingerprint.
        GeochemicalFingerprint = 4 "geochemical_fingerprint",
        /// Log of power and reagents used.
        PowerReagentLog = 5 "power_reagent_log",
        /// Packing list.
        PackingList = 6 "packing_list",
        /// Invoice.
        Invoice = 7 "invoice",
        /// Contract.
        Contract = 8 "contract",
        /// Bill of lading.
        BillOfLading = 9 "bill_of_lading",
        /// Air waybill.
        AirWaybill = 10 "air_waybill",
        /// Export declaration.
        CustomsExport = 11 "customs_export",
        /// Import declaration.
        CustomsImport = 12 "customs_import",
        /// Certificate of origin.
        CertificateOfOrigin = 13 "certificate_of_origin",
        /// Mining licence.
        MiningLicence = 14 "mining_licence",
        /// Production report to the state.
        ProductionReport = 15 "production_report",
        /// Receipt for royalties.
        RoyaltyReceipt = 16 "royalty_receipt",
        /// Export permit.
        ExportPermit = 17 "export_permit",
        /// Allocation of a quota.
        QuotaAllocation = 18 "quota_allocation",
        /// ICGLR certificate.
        IcglrCertificate = 19 "icglr_certificate",
        /// Chinese export licence.
        CnExportLicence = 20 "cn_export_licence",
        /// Chinese compliance notice.
        CnComplianceNotice = 21 "cn_compliance_notice",
        /// Log of tags.
        TagLog = 22 "tag_log",
        /// Log of seals.
        SealLog = 23 "seal_log",
        /// RMAP status.
        RmapStatus = 24 "rmap_status",
        /// IRMA report.
        IrmaReport = 25 "irma_report",
        /// Copper Mark certificate.
        CopperMarkCertificate = 26 "copper_mark_certificate",
        /// ISO certificate.
        IsoCertificate = 27 "iso_certificate",
        /// Audit report.
        AuditReport = 28 "audit_report",
        /// Self-assessment questionnaire.
        Saq = 29 "saq",
        /// Conflict Minerals Reporting Template.
        Cmrt = 30 "cmrt",
        /// Extended Minerals Reporting Template.
        Emrt = 31 "emrt",
        /// Additional Minerals Reporting Template.
        Amrt = 32 "amrt",
        /// Report of a site visit.
        SiteVisit = 33 "site_visit",
        /// Report from satellite images.
        SatelliteReport = 34 "satellite_report",
        /// Extract on beneficial ownership.
        BeneficialOwnershipExtract = 35 "beneficial_ownership_extract",
        /// Screening against lists.
        ListScreening = 36 "list_screening",
        /// Supplier's certification about prohibited foreign entities.
        SupplierPfeCertification = 37 "supplier_pfe_certification",
        /// Non-availability waiver.
        NonavailabilityWaiver = 38 "nonavailability_waiver",
        /// Waste shipment document.
        WasteShipmentDocument = 39 "waste_shipment_document",
        /// Receipt of collection.
        CollectionReceipt = 40 "collection_receipt",
        /// Accreditation of a facility or party by an authority that signs no records.
        Accreditation = 41 "accreditation",
        /// Another paper.
        Other = 42 "other",
    }
}

coded! {
    /// What a party does.
    Role, "role" {
        /// Wins ore, clay, brine or sand.
        Miner = 1 "miner",
        /// Artisanal miners together.
        ArtisanalCooperative = 2 "artisanal_cooperative",
        /// Buys up and gathers.
        Aggregator = 3 "aggregator",
        /// Upgrades to a concentrate.
        Concentrator = 4 "concentrator",
        /// Cracks and leaches.
        Cracker = 5 "cracker",
        /// Separates into single oxides or salts.
        Separator = 6 "separator",
        /// Smelts or refines.
        SmelterRefiner = 7 "smelter_refiner",
        /// Reduces to metal.
        MetalMaker = 8 "metal_maker",
        /// Melts alloys.
        AlloyMaker = 9 "alloy_maker",
        /// Makes magnets.
        MagnetMaker = 10 "magnet_maker",
        /// Builds components.
        ComponentMaker = 11 "component_maker",
        /// Builds products.
        Oem = 12 "oem",
        /// Buys and sells.
        Trader = 13 "trader",
        /// Recycles.
        Recycler = 14 "recycler",
        /// Collects waste.
        Collector = 15 "collector",
        /// Carries.
        Carrier = 16 "carrier",
        /// Stores.
        Warehouse = 17 "warehouse",
        /// Analyses.
        AssayLab = 18 "assay_lab",
        /// Certifies.
        CertificationBody = 19 "certification_body",
        /// Accredits.
        AccreditationBody = 20 "accreditation_body",
        /// Runs a scheme.
        SchemeOperator = 21 "scheme_operator",
        /// Customs.
        CustomsAuthority = 22 "customs_authority",
        /// Licenses mines and plants.
        MiningAuthority = 23 "mining_authority",
        /// Taxes.
        TaxAuthority = 24 "tax_authority",
        /// Issues tags.
        Tagger = 25 "tagger",
        /// Owns in the end.
        BeneficialOwner = 26 "beneficial_owner",
        /// Lends.
        Financier = 27 "financier",
        /// Licenses technology.
        Licensor = 28 "licensor",
        /// Audits.
        Auditor = 29 "auditor",
        /// Verifies and attests.
        Verifier = 30 "verifier",
        /// Grants waivers.
        WaiverAuthority = 31 "waiver_authority",
        /// Buys and verifies.
        Buyer = 32 "buyer",
    }
}

coded! {
    /// Where material came from, in kind.
    OriginClass, "origin class" {
        /// From the ground.
        Primary = 1 "primary",
        /// From manufacturing waste.
        RecycledPreConsumer = 2 "recycled.pre_consumer",
        /// From end-of-life goods.
        RecycledPostConsumer = 3 "recycled.post_consumer",
        /// By-product of another material.
        ByProduct = 4 "by_product",
        /// Stock held before the ledger.
        LegacyStock = 5 "legacy_stock",
    }
}

coded! {
    /// Custody model claimed (ISO 22095).
    CustodyModel, "custody model" {
        /// One source, kept apart.
        IdentityPreserved = 1 "identity_preserved",
        /// Only material of the kind claimed.
        Segregated = 2 "segregated",
        /// Mixed in a known proportion.
        ControlledBlending = 3 "controlled_blending",
        /// Mixed; the account balances.
        MassBalance = 4 "mass_balance",
        /// A claim apart from the material.
        BookAndClaim = 5 "book_and_claim",
    }
}

coded! {
    /// What state a mass is stated for.
    MassBasis, "mass basis" {
        /// As weighed.
        AsIs = 1 "as_is",
        /// Dried at 105 C.
        Dry105 = 2 "dry_105",
        /// Calcined.
        Calcined = 3 "calcined",
    }
}

coded! {
    /// How a loss is known.
    LossBasis, "basis of a loss" {
        /// Weighed and analysed.
        Measured = 1 "measured",
        /// Estimated.
        Estimated = 2 "estimated",
        /// What is missing: the residual, no evidence.
        ByDifference = 3 "by_difference",
    }
}

coded! {
    /// What happens to inputs that meet.
    Mixing, "kind of mixing" {
        /// One pool: each gram has the pool's share.
        Homogenised = 1 "homogenised",
        /// Pieces or bags: each is wholly of one source.
        Discrete = 2 "discrete",
        /// One after the other, each displacing a heel.
        Sequential = 3 "sequential",
    }
}

coded! {
    /// How a share was determined.
    Method, "method of analysis" {
        /// Inductively coupled plasma, optical.
        IcpOes = 1 "icp_oes",
        /// Inductively coupled plasma, mass spectrometer.
        IcpMs = 2 "icp_ms",
        /// X-ray fluorescence.
        Xrf = 3 "xrf",
        /// Titration.
        Titration = 4 "titration",
        /// Gravimetry.
        Gravimetry = 5 "gravimetry",
        /// Loss on ignition.
        LossOnIgnition = 6 "loss_on_ignition",
        /// Combustion.
        Combustion = 7 "combustion",
        /// Stated by the supplier.
        Supplier = 8 "supplier",
        /// Calculated from what went in.
        Calculated = 9 "calculated",
        /// Product specification.
        Specification = 10 "specification",
        /// Another method.
        Other = 11 "other",
    }
}

coded! {
    /// What an assay is for.
    AssayPurpose, "purpose of an assay" {
        /// Own control.
        Own = 1 "own",
        /// Declared to the buyer.
        Declared = 2 "declared",
        /// By an independent laboratory.
        Independent = 3 "independent",
        /// Agreed for settlement.
        Settlement = 4 "settlement",
        /// Umpire.
        Umpire = 5 "umpire",
        /// Provisional, until another follows.
        Provisional = 6 "provisional",
    }
}

coded! {
    /// Where a sample was taken.
    SamplePoint, "sampling point" {
        /// Before deliveries were pooled.
        BeforePooling = 1 "before_pooling",
        /// After deliveries were pooled.
        AfterPooling = 2 "after_pooling",
        /// Not said.
        Unknown = 3 "unknown",
    }
}

coded! {
    /// How material left for good.
    DisposeHow, "kind of disposal" {
        /// As waste.
        Waste = 1 "waste",
        /// With water or gas.
        Effluent = 2 "effluent",
        /// Lost or stolen.
        Lost = 3 "lost",
        /// Destroyed.
        Destroyed = 4 "destroyed",
        /// Used up, in tests say.
        Consumed = 5 "consumed",
        /// Another way.
        Other = 6 "other",
    }
}

coded! {
    /// Why a record is taken back.
    WithdrawReason, "reason of a withdrawal" {
        /// Entered wrongly.
        EntryError = 1 "entry_error",
        /// Entered twice.
        Duplicate = 2 "duplicate",
        /// Did not happen.
        NotHappened = 3 "not_happened",
        /// Another reason.
        Other = 4 "other",
    }
}
