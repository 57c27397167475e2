//! What the second part of a material code may name: alloys, mixtures, minerals and kinds of iron.
//!
//! A table of facts about each; the rule that reads it is in `material`.

/// Something with a name in material codes.
pub(super) struct Substance {
    /// As written in the code.
    pub name: &'static str,
    /// Symbols of the elements that it always holds.
    pub named: &'static [&'static str],
    /// What else it may hold.
    pub besides: Besides,
}

/// What a substance may hold besides the elements that its name names.
pub(super) enum Besides {
    /// These elements by intent or by nature; anything else only as an impurity.
    Only(&'static [&'static str]),
    /// Anything.
    Anything,
}

const fn of(
    name: &'static str,
    named: &'static [&'static str],
    besides: &'static [&'static str],
) -> Substance {
    Substance { name, named, besides: Besides::Only(besides) }
}

const fn open(name: &'static str, named: &'static [&'static str]) -> Substance {
    Substance { name, named, besides: Besides::Anything }
}

/// Alloys, mixtures and compounds by the name that the trade gives them.
#[rustfmt::skip]
pub(super) const SYSTEMS: &[Substance] = &[
    of("NdPr", &["Nd", "Pr"], &[]),
    of("DyTb", &["Dy", "Tb"], &[]),
    of("LaCe", &["La", "Ce"], &[]),
    of("SEG", &["Sm", "Eu", "Gd"], &["Y", "Tb", "Dy", "Ho", "Er"]),
    of("TREO", &[], RARE_EARTHS),
    of("TRE", &[], RARE_EARTHS),
    of("LREO", &[], &["La", "Ce", "Pr", "Nd", "Sm", "Eu", "Gd"]),
    of("HREO", &[], &["Y", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu"]),
    of("mischmetal", &["Ce", "La"], &["Nd", "Pr", "Sm", "Fe"]),
    of("NdFeB", &["Nd", "Fe", "B"], &[
        "Pr", "Dy", "Tb", "Gd", "Ce", "La", "Ho", "Y", "Er", "Co", "Ga", "Cu", "Al", "Nb", "Zr", "Ti", "Ni", "V",
        "Mo", "Si", "Zn", "C", "N", "O", "H", "P",
    ]),
    of("SmCo", &["Sm", "Co"], &[
        "Fe", "Cu", "Zr", "Pr", "Gd", "Ce", "Nd", "La", "Y", "Tb", "Dy", "Ho", "Er", "Hf", "Ti", "Ni", "Al", "C", "N",
        "O", "H",
    ]),
    of("SmFeN", &["Sm", "Fe", "N"], &["Co", "Zr", "Nb", "Ga", "Cu", "Zn", "Al", "Si", "La", "Ce", "C", "O", "H", "P"]),
    of("AlNiCo", &["Al", "Ni", "Co"], &["Fe", "Cu", "Ti", "Nb", "Si", "C", "S"]),
    of("ferrite", &["Fe", "O"], &["Sr", "Ba", "Ca", "La", "Co", "Si", "Al", "Zn", "Cr", "Mn", "Ni", "Mg"]),
    of("DyFe", &["Dy", "Fe"], &[]),
    of("TbFe", &["Tb", "Fe"], &[]),
    of("GdFe", &["Gd", "Fe"], &[]),
    of("HoFe", &["Ho", "Fe"], &[]),
    of("NdFe", &["Nd", "Fe"], &[]),
    of("NdPrFe", &["Nd", "Pr", "Fe"], &[]),
    of("FeB", &["Fe", "B"], &[]),
    of("FeNb", &["Fe", "Nb"], &[]),
    of("FeW", &["Fe", "W"], &[]),
    of("FeSi", &["Fe", "Si"], &[]),
    of("FeCo", &["Fe", "Co"], &["V", "Nb", "Cr"]),
    of("FeNi", &["Fe", "Ni"], &[]),
    of("steel", &["Fe", "C"], &[
        "Mn", "Si", "Cr", "Ni", "Mo", "V", "W", "Co", "Nb", "Ti", "Ta", "Cu", "Al", "B", "N", "P", "S", "Zr", "Ce", "La",
        "Sn", "Zn", "Pb",
    ]),
    of("WHA", &["W"], &["Ni", "Fe", "Cu", "Co", "Mo", "Mn"]),
    of("WC", &["W", "C"], &["Co", "Ta", "Nb", "Ti", "Cr", "V", "Ni"]),
    of("TaW", &["Ta", "W"], &[]),
    of("APT", &["W", "N", "H", "O"], &[]),
    of("NMC", &["Ni", "Mn", "Co"], &["Li", "Al", "Zr", "Ti", "W", "Mg", "O"]),
    of("NCA", &["Ni", "Co", "Al"], &["Li", "O"]),
    of("LCO", &["Li", "Co", "O"], &["Al", "Mg", "Ti", "Zr"]),
    of("LFP", &["Li", "Fe", "P", "O"], &["C", "Mn"]),
    of("NiCuNi", &["Ni", "Cu"], &["P"]),
    of("epoxy", &["C", "H", "O"], &["N", "Cl", "Br", "S", "Si", "Al", "Zn"]),
    of("parylene", &["C", "H"], &["Cl", "F"]),
    of("polyamide", &["C", "H", "N", "O"], &[]),
    of("PPS", &["C", "H", "S"], &[]),
    open("MHP", &["Ni", "Co"]),
    open("black_mass", &[]),
];

const RARE_EARTHS: &[&str] = &[
    "Sc", "Y", "La", "Ce", "Pr", "Nd", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Th", "U",
];

/// Minerals and other things that are mined, with the element that their formula cannot do without.
/// Where the mineral is a family whose members differ, none is named.
#[rustfmt::skip]
pub(super) const MINERALS: &[Substance] = &[
    open("bastnaesite", &[]), open("monazite", &[]), open("xenotime", &["Y"]), open("ionic_clay", &[]),
    open("loparite", &[]), open("eudialyte", &[]), open("allanite", &[]), open("apatite", &["P"]),
    open("mineral_sand", &[]), open("coltan", &[]), open("columbite", &["Nb"]), open("tantalite", &["Ta"]),
    open("pyrochlore", &["Nb"]), open("wolframite", &["W"]), open("scheelite", &["W"]), open("cassiterite", &["Sn"]),
    open("spodumene", &["Li"]), open("lepidolite", &["Li"]), open("petalite", &["Li"]), open("brine", &[]),
    open("clay", &[]), open("cobaltite", &["Co"]), open("heterogenite", &["Co"]), open("pentlandite", &["Ni"]),
    open("laterite", &[]), open("chalcopyrite", &["Cu"]), open("bauxite", &["Al"]), open("sphalerite", &["Zn"]),
    open("hematite", &["Fe"]), open("magnetite", &["Fe"]), open("ilmenite", &["Ti"]), open("rutile", &["Ti"]),
    open("zircon", &["Zr"]), open("chromite", &["Cr"]), open("stibnite", &["Sb"]), open("fluorite", &["F"]),
    open("graphite", &["C"]),
];

/// Borates as mined or shipped.
pub(super) const BORATES: &[Substance] = &[
    open("ore", &["B"]),
    open("colemanite", &["B"]),
    open("tincal", &["B"]),
    open("ulexite", &["B"]),
    open("kernite", &["B"]),
];

/// Kinds of iron. What blast furnaces leave in is held; traces in pure iron are impurities.
pub(super) const IRONS: &[Substance] = &[
    of("pure", &["Fe"], &[]),
    of("electrolytic", &["Fe"], &[]),
    of("sponge", &["Fe"], &["C", "O"]),
    of("pig", &["Fe"], &["C", "Si", "Mn", "P", "S"]),
    of("cast", &["Fe"], &["C", "Si", "Mn", "P", "S"]),
    of("carbonyl", &["Fe"], &["C", "N", "O"]),
];
