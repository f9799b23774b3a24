//! Passwords are kept as argon2id hashes.

use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use rand::Rng;

use crate::error::{Error, Result};

/// The shortest password that is taken.
const SHORTEST: usize = 8;

/// The hash of a password, with salt and parameters.
///
/// # Errors
/// The hash function refuses.
pub fn hash_password(password: &str) -> Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Internal(format!("hashing a password: {error}")))
}

/// True if the password is the one of the hash.
pub(super) fn is_right(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

/// # Errors
/// The password is too short, or longer than anybody's.
pub fn check_new_password(password: &str) -> Result<()> {
    if password.chars().count() < SHORTEST {
        return Err(Error::Invalid(format!(
            "the password is shorter than {SHORTEST} characters"
        )));
    }
    if password.len() > 1024 {
        return Err(Error::Invalid(
            "the password is longer than 1024 bytes".to_owned(),
        ));
    }
    Ok(())
}

/// A password that nobody guesses: 24 letters and digits.
pub fn generate_password() -> String {
    const LETTERS: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut random = rand::rngs::OsRng;
    (0..24)
        .map(|_| char::from(LETTERS[random.gen_range(0..LETTERS.len())]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_proves_one_password() {
        let hash = hash_password("correct horse").expect("is hashed");
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(is_right("correct horse", &hash));
        assert!(!is_right("correct hors", &hash));
        assert!(!is_right("correct horse", "no hash"));
    }

    #[test]
    fn short_passwords_are_refused() {
        assert!(check_new_password("1234567").is_err());
        assert!(check_new_password(&generate_password()).is_ok());
    }
}
