//! Formulas that shares are stated as: Pr6O11 is not Pr2O3.

use super::coded::coded;
use super::fraction::Fraction;

coded! {
    /// What a share counts: the element itself, or an oxide it is traded as.
    Formula, "basis formula" {
        /// The element itself.
        Element = 1 "element",
        /// Sum of rare-earth oxides in their traded forms.
        Reo = 2 "REO",
        /// Lanthanum oxide.
        La2O3 = 10 "La2O3",
        /// Cerium(IV) oxide.
        CeO2 = 11 "CeO2",
        /// Cerium(III) oxide.
        Ce2O3 = 12 "Ce2O3",
        /// Praseodymium oxide in its traded form.
        Pr6O11 = 13 "Pr6O11",
        /// Praseodymium(III) oxide.
        Pr2O3 = 14 "Pr2O3",
        /// Neodymium oxide.
        Nd2O3 = 15 "Nd2O3",
        /// Samarium oxide.
        Sm2O3 = 16 "Sm2O3",
        /// Europium oxide.
        Eu2O3 = 17 "Eu2O3",
        /// Gadolinium oxide.
        Gd2O3 = 18 "Gd2O3",
        /// Terbium oxide in its traded form.
        Tb4O7 = 19 "Tb4O7",
        /// Terbium(III) oxide.
        Tb2O3 = 20 "Tb2O3",
        /// Dysprosium oxide.
        Dy2O3 = 21 "Dy2O3",
        /// Holmium oxide.
        Ho2O3 = 22 "Ho2O3",
        /// Yttrium oxide.
        Y2O3 = 23 "Y2O3",
        /// Tantalum oxide.
        Ta2O5 = 30 "Ta2O5",
        /// Niobium oxide.
        Nb2O5 = 31 "Nb2O5",
        /// Tungsten oxide.
        Wo3 = 32 "WO3",
        /// Tin oxide.
        SnO2 = 33 "SnO2",
        /// Cobalt hydroxide.
        CoOh2 = 34 "Co(OH)2",
        /// Lithium oxide.
        Li2O = 35 "Li2O",
        /// Boron oxide.
        B2O3 = 36 "B2O3",
        /// Iron(III) oxide.
        Fe2O3 = 37 "Fe2O3",
    }
}

impl Formula {
    /// Returns the metal's share of the formula's mass, where docs/verification.md, "Constants", has one.
    ///
    /// Source: atomic weights and fractions as listed in docs/verification.md, "Constants".
    pub fn metal_fraction(self) -> Option<Fraction> {
        let ten_thousandths = match self {
            Self::Element => 10_000,
            Self::La2O3 => 8_527,
            Self::CeO2 => 8_141,
            Self::Pr6O11 => 8_277,
            Self::Pr2O3 => 8_545,
            Self::Nd2O3 => 8_574,
            Self::Sm2O3 => 8_624,
            Self::Eu2O3 => 8_636,
            Self::Gd2O3 => 8_676,
            Self::Tb4O7 => 8_502,
            Self::Tb2O3 => 8_688,
            Self::Dy2O3 => 8_713,
            Self::Ho2O3 => 8_730,
            Self::Y2O3 => 7_874,
            Self::Ta2O5 => 8_190,
            Self::Nb2O5 => 6_990,
            Self::Wo3 => 7_930,
            Self::SnO2 => 7_877,
            Self::CoOh2 => 6_340,
            Self::Reo | Self::Ce2O3 | Self::Li2O | Self::B2O3 | Self::Fe2O3 => return None,
        };
        Some(Fraction::from_ppb(ten_thousandths * 100_000))
    }
}
