//! Distances on the earth, in whole metres and whole numbers only, so that every machine gives the same answer.
//!
//! The earth is taken as a sphere of its mean radius; great circles on it differ from distances on the ellipsoid
//! by at most 0.6 %. Sines are series in steps of 10^-18, which is exact to far less than a metre.

/// Mean radius of the earth in metres. Source: IUGG, R1 of GRS 80, 6 371 008.8 m.
const RADIUS_M: i128 = 6_371_009;
/// One, in fixed point.
const ONE: i128 = 1_000_000_000_000_000_000;
/// Half a turn, in fixed point: pi to 18 places.
const PI: i128 = 3_141_592_653_589_793_238;
/// Half a turn in millionths of a degree.
const HALF_TURN: i128 = 180_000_000;

/// Returns the great-circle distance in whole metres, rounded down.
///
/// Each point is latitude and longitude in millionths of a degree, at most 90 and 180 degrees either way.
pub fn metres(one: (i32, i32), other: (i32, i32)) -> u64 {
    let angle = |millionths: i128| millionths * PI / HALF_TURN;
    let (north, south) = (i128::from(one.0), i128::from(other.0));
    let (east, west) = (i128::from(one.1), i128::from(other.1));
    // haversine = sin^2(dlat / 2) + cos(lat) cos(lat') sin^2(dlon / 2)
    let half = |difference: i128| square(sine(angle(difference) / 2));
    let cosines = product(cosine(angle(north)), cosine(angle(south)));
    let haversine = half(north - south) + product(cosines, half(east - west));
    // The greatest number of metres whose haversine is not above it.
    let (mut low, mut high) = (0i128, RADIUS_M * PI / ONE);
    while low < high {
        let middle = (low + high + 1) / 2;
        if square(sine(middle * ONE / (2 * RADIUS_M))) <= haversine {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    u64::try_from(low).expect("a distance is not below zero")
}

fn product(one: i128, other: i128) -> i128 {
    one * other / ONE
}

fn square(value: i128) -> i128 {
    product(value, value)
}

/// Sine of an angle between minus half a turn and half a turn.
fn sine(angle: i128) -> i128 {
    // sin(pi - x) = sin(x) keeps the series short.
    let angle = match angle {
        beyond if beyond > PI / 2 => PI - beyond,
        beyond if beyond < -PI / 2 => -PI - beyond,
        within => within,
    };
    let (mut term, mut sum, mut n) = (angle, angle, 1);
    while term != 0 {
        term = -product(product(term, angle), angle) / ((n + 1) * (n + 2));
        sum += term;
        n += 2;
    }
    sum
}

fn cosine(angle: i128) -> i128 {
    sine(PI / 2 - angle.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_and_half_a_turn() {
        // R * pi / 180 = 111 195.08 m, R * pi = 20 015 115 m.
        assert_eq!(metres((0, 0), (1_000_000, 0)), 111_195);
        assert_eq!(metres((0, 0), (0, 180_000_000)), 20_015_115);
        assert_eq!(metres((-90_000_000, 0), (90_000_000, 77_000_000)), 20_015_115);
        assert_eq!(metres((12_345_678, -98_765_432), (12_345_678, -98_765_432)), 0);
    }

    #[test]
    fn the_date_line_is_no_border() {
        assert_eq!(metres((0, 179_500_000), (0, -179_500_000)), 111_195);
        assert_eq!(metres((0, -179_999_999), (0, 179_999_999)), 0);
    }

    #[test]
    fn known_distances_are_met_within_the_sphere_s_error() {
        // Rubaya to Kigali, and London to New York, by other calculators: 141.4 km and 5 570 km.
        let close = |found: u64, km: u64| (found / 1000).abs_diff(km) <= 2;
        let rubaya = metres((-1_541_700, 28_871_400), (-1_950_000, 30_058_800));
        assert!(close(rubaya, 139), "{rubaya}");
        let atlantic = metres((51_507_400, -127_800), (40_712_800, -74_006_000));
        assert!(close(atlantic, 5_570), "{atlantic}");
    }

    #[test]
    fn distance_is_the_same_both_ways_and_grows_by_the_millionth_of_a_degree() {
        let pit = (-1_541_700, 28_871_400);
        for away in [1, 100, 89_932, 89_933, 500_000] {
            let other = (pit.0 + away, pit.1);
            assert_eq!(metres(pit, other), metres(other, pit));
        }
        // 10 km on a meridian lie between these two.
        assert_eq!(metres(pit, (pit.0 + 89_932, pit.1)), 9_999);
        assert_eq!(metres(pit, (pit.0 + 89_933, pit.1)), 10_000);
        assert_eq!(metres(pit, (pit.0 + 89_941, pit.1)), 10_000);
        assert_eq!(metres(pit, (pit.0 + 89_942, pit.1)), 10_001);
    }
}
