//! The few traits that the interpreter takes from malachite-base, whose licence (LGPL-3.0-only)
//! doesn't fit a static binary.

/// Rounding.
pub mod rounding_modes {
    /// How a value is rounded. Only one way is used.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum RoundingMode {
        /// To the nearest value; to the even one of two that are as near.
        Nearest,
    }
}

/// Numbers.
pub mod num {
    /// Basic traits.
    pub mod basic {
        /// Floats.
        pub mod floats {
            /// What formatting asks of a float.
            pub trait PrimitiveFloat: Copy {
                /// Is it `-0.0`?
                fn is_negative_zero(self) -> bool;
            }

            impl PrimitiveFloat for f64 {
                fn is_negative_zero(self) -> bool {
                    self == 0.0 && self.is_sign_negative()
                }
            }
        }
    }

    /// Conversions.
    pub mod conversion {
        /// Traits of conversions.
        pub mod traits {
            use std::cmp::Ordering;

            use crate::rounding_modes::RoundingMode;

            /// Conversion with rounding.
            pub trait RoundingInto<T> {
                /// The value, and how it compares with what was rounded.
                fn rounding_into(self, mode: RoundingMode) -> (T, Ordering);
            }
        }
    }
}
