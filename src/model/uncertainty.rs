//! Measurement uncertainty: relative, expanded (k = 2), scale bias apart from scatter.

use std::fmt;
use std::str::FromStr;

use super::amount::{AmountError, text_serde};
use super::fraction::Fraction;

/// How far a measured value may be from the true one, as shares of it. Each part is at most 400 %.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Uncertainty {
    /// Scatter, which averages out over many weighings.
    pub random: Fraction,
    /// Bias of the scale, which adds up linearly.
    pub bias: Fraction,
}

impl Uncertainty {
    /// Returns the linear sum of both parts, in parts per billion.
    pub fn linear_ppb(self) -> u64 {
        u64::from(self.random.ppb()) + u64::from(self.bias.ppb())
    }
}

impl FromStr for Uncertainty {
    type Err = AmountError;

    /// Reads `0.1 %` (scatter) or `0.1 % + 0.05 % bias`.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (random, bias) = match text.split_once('+') {
            None => (text, None),
            Some((random, bias)) => (random, Some(bias.trim().trim_end_matches("bias"))),
        };
        Ok(Self { random: random.parse()?, bias: bias.map_or(Ok(Fraction::ZERO), |bias| bias.parse())? })
    }
}

impl fmt::Display for Uncertainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.random)?;
        if self.bias == Fraction::ZERO { Ok(()) } else { write!(f, " + {} bias", self.bias) }
    }
}

text_serde!(Uncertainty, |uncertainty: &Uncertainty| uncertainty.to_string());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_read_and_write() {
        let both: Uncertainty = "0.1 % + 0.05 % bias".parse().unwrap();
        assert_eq!(both.linear_ppb(), 1_500_000);
        assert_eq!(both.to_string(), "0.1 % + 0.05 % bias");
        assert_eq!("1 %".parse::<Uncertainty>().unwrap().to_string(), "1 %");
    }
}
