//! The fractions that the interpreter needs for `int / int` and `float.as_integer_ratio()`, instead of
//! malachite-q, whose licence (LGPL-3.0-only) doesn't fit a static binary.

use std::cmp::Ordering;

use malachite_base::num::conversion::traits::RoundingInto;
use malachite_base::rounding_modes::RoundingMode;
use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{One, ToPrimitive, Zero};

/// Bits of a double's significand, with the hidden one.
const SIGNIFICAND: i64 = 53;
/// The exponent of the smallest positive double.
const SMALLEST: i64 = -1074;

/// A fraction in lowest terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rational {
    negative: bool,
    numerator: BigUint,
    denominator: BigUint,
}

/// NaN and the infinities are no fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFinite;

impl Rational {
    /// The quotient of two integers; the second one mustn't be zero.
    pub fn from_integers_ref(numerator: &BigInt, denominator: &BigInt) -> Self {
        let negative = (numerator.sign() == Sign::Minus) != (denominator.sign() == Sign::Minus);
        Self::reduced(
            negative && !numerator.is_zero(),
            numerator.magnitude().clone(),
            denominator.magnitude().clone(),
        )
    }

    /// The absolute values of both.
    pub fn into_numerator_and_denominator(self) -> (BigUint, BigUint) {
        (self.numerator, self.denominator)
    }

    fn reduced(negative: bool, numerator: BigUint, denominator: BigUint) -> Self {
        let common = numerator.gcd(&denominator);
        let (numerator, denominator) = if common.is_zero() || common.is_one() {
            (numerator, denominator)
        } else {
            (numerator / &common, denominator / &common)
        };
        Self {
            negative,
            numerator,
            denominator,
        }
    }

    /// The absolute value as the nearest double, and how that compares with it.
    fn magnitude(&self) -> (f64, Ordering) {
        if self.numerator.is_zero() {
            return (0.0, Ordering::Equal);
        }
        let bits = |it: &BigUint| i64::try_from(it.bits()).unwrap_or(i64::MAX);
        // The quotient scaled so that its integer part has 53 bits or one more; fewer where the
        // result is subnormal.
        let exponent =
            (bits(&self.numerator) - bits(&self.denominator) - SIGNIFICAND).max(SMALLEST);
        let shift = exponent.unsigned_abs();
        let (mut quotient, rest) = if exponent >= 0 {
            self.numerator.div_rem(&(&self.denominator << shift))
        } else {
            (&self.numerator << shift).div_rem(&self.denominator)
        };
        let mut exponent = exponent;
        // What is cut off, as (a half bit, anything below it).
        let mut sticky = !rest.is_zero();
        let divisor = if exponent >= 0 {
            &self.denominator << shift
        } else {
            self.denominator.clone()
        };
        let mut half = (&rest << 1u8).cmp(&divisor);
        if bits(&quotient) > SIGNIFICAND {
            let odd = quotient.bit(0);
            quotient >>= 1u8;
            exponent += 1;
            half = match (odd, sticky) {
                (true, true) => Ordering::Greater,
                (true, false) => Ordering::Equal,
                (false, _) => Ordering::Less,
            };
            sticky |= odd;
        }
        let up = match half {
            Ordering::Greater => true,
            Ordering::Equal => sticky && quotient.bit(0),
            Ordering::Less => false,
        };
        if up {
            quotient += 1u8;
        }
        let compared = match (sticky, up) {
            (false, _) => Ordering::Equal,
            (true, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        };
        match scaled(quotient.to_u64().unwrap_or(u64::MAX), exponent) {
            Some(value) => (value, compared),
            // The caller tells this from a true maximum by the comparison.
            None => (f64::MAX, Ordering::Less),
        }
    }
}

/// `significand * 2^exponent` for at most 54 bits; none if it's too large for a double.
fn scaled(significand: u64, exponent: i64) -> Option<f64> {
    let significand = significand as f64;
    // Powers of two in two steps: the second may be subnormal or near the limit.
    let first = exponent.clamp(-1000, 1000);
    let power = |it: i64| 2.0_f64.powi(i32::try_from(it).unwrap_or(i32::MAX));
    let value = significand * power(first) * power(exponent - first);
    value.is_finite().then_some(value)
}

impl RoundingInto<f64> for Rational {
    fn rounding_into(self, _: RoundingMode) -> (f64, Ordering) {
        let (value, compared) = self.magnitude();
        if self.negative {
            (-value, compared.reverse())
        } else {
            (value, compared)
        }
    }
}

impl TryFrom<f64> for Rational {
    type Error = NotFinite;

    fn try_from(value: f64) -> Result<Self, NotFinite> {
        if !value.is_finite() {
            return Err(NotFinite);
        }
        let bits = value.to_bits();
        let exponent = i64::try_from((bits >> 52) & 0x7ff).unwrap_or(0);
        let fraction = bits & ((1 << 52) - 1);
        let (significand, exponent) = if exponent == 0 {
            (fraction, SMALLEST)
        } else {
            (fraction | 1 << 52, exponent - 1 + SMALLEST)
        };
        let significand = BigUint::from(significand);
        let shift = exponent.unsigned_abs();
        Ok(if exponent >= 0 {
            Self::reduced(value < 0.0, significand << shift, BigUint::one())
        } else {
            Self::reduced(value < 0.0, significand, BigUint::one() << shift)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn divided(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> f64 {
        Rational::from_integers_ref(&numerator.into(), &denominator.into())
            .rounding_into(RoundingMode::Nearest)
            .0
    }

    #[test]
    fn known_quotients() {
        assert_eq!(divided(1, 3), 1.0 / 3.0);
        assert_eq!(divided(-7, 2), -3.5);
        assert_eq!(divided(0, 5), 0.0);
        // Halfway between two doubles: to the even one.
        assert_eq!(divided((1_u64 << 53) + 1, 1), (1_u64 << 53) as f64);
        assert_eq!(divided((1_u64 << 53) + 3, 1), ((1_u64 << 53) + 4) as f64);
        // Subnormal, and nothing at all.
        assert_eq!(divided(1, BigInt::one() << 1074_u32), 5e-324);
        assert_eq!(divided(1, BigInt::one() << 1080_u32), 0.0);
        assert_eq!(divided(3, BigInt::one() << 1075_u32), 1e-323);
    }

    #[test]
    fn too_large_is_told_from_the_largest() {
        let huge = Rational::from_integers_ref(&(BigInt::one() << 1024_u32), &BigInt::one());
        let rounded = huge.rounding_into(RoundingMode::Nearest);
        assert_eq!(rounded, (f64::MAX, Ordering::Less));
    }

    proptest! {
        #[test]
        fn a_double_survives(value in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL) {
            let ratio = Rational::try_from(value).unwrap();
            prop_assert_eq!(ratio.rounding_into(RoundingMode::Nearest), (value, Ordering::Equal));
        }

        #[test]
        fn small_quotients_are_those_of_the_processor(a in -(1_i64 << 53)..(1_i64 << 53), b in 1_i64..(1 << 53)) {
            prop_assert_eq!(divided(a, b), a as f64 / b as f64);
        }
    }
}
