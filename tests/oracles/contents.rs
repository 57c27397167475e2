//! What a lot is said to hold encloses what it holds, in every part of it.

use lodemark::balance::bands::Bands;
use lodemark::balance::content::Contents;
use lodemark::model::interval::{ONE, WHOLE};

use crate::flow::{ELEMENTS, Q, mass_of, q, together};
use crate::world::{Plan, World, element, name, short};

fn billionths(number: u128) -> Q {
    Q::from_integer(number.into())
}

#[test]
fn every_content_and_mass_encloses_what_is_so() {
    let bands = Bands::embedded();
    for seed in 0..crate::many(1500) {
        let world = World::new(seed, Plan::EVERYTHING);
        let graph = world.book.graph();
        let contents = Contents::new(&graph, &bands);
        for lot in world.lots.iter().filter(|lot| lot.is_held) {
            for (number, symbol) in ELEMENTS.iter().enumerate() {
                let content = contents.of(&lot.lot, element(number));
                for parcel in &lot.whole {
                    let truly = parcel.content(number) * billionths(ONE);
                    assert!(
                        billionths(content.share.low) <= truly && truly <= billionths(content.share.high),
                        "{} truly holds {} of {}, and not {:?}\n{world}",
                        name(&lot.lot),
                        short(&parcel.content(number)),
                        symbol,
                        content
                    );
                }
                let held = together(&lot.whole).holds[number].total.clone() * billionths(WHOLE);
                let said = contents.in_lot(&lot.lot, element(number));
                assert!(billionths(said.low) <= held, "{}\n{world}", name(&lot.lot));
                assert!(said.is_open() || held <= billionths(said.high), "{}\n{world}", name(&lot.lot));
            }
            let (mass, said) = (mass_of(&lot.whole) * billionths(WHOLE), contents.mass(&lot.lot));
            assert!(billionths(said.low) <= mass, "{}\n{world}", name(&lot.lot));
            assert!(said.is_open() || mass <= billionths(said.high), "{}\n{world}", name(&lot.lot));
            assert!(q(0) < mass);
        }
    }
}
