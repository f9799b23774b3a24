//! The integers of num-bigint under the name that the interpreter knows. The crate of that name has
//! the same interface, and a licence (LGPL-3.0-only) that doesn't fit a static binary.

pub use num_bigint::{
    BigInt, BigUint, ParseBigIntError, Sign, ToBigInt, ToBigUint, TryFromBigIntError, U32Digits,
    U64Digits,
};
