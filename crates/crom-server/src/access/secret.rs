//! Tokens: `crom_<12 hex digits>_<64 hex digits>`. The first part is the name under which the token
//! is known, the second the secret, of which the database has only the sha256.

use std::fmt;

use rand::RngCore;
use sha2::{Digest, Sha256};

const PREFIX: &str = "crom_";

/// A token in clear.
pub struct NewToken {
    /// The part that isn't secret.
    pub id: String,
    secret: String,
}

impl NewToken {
    /// A new one.
    pub fn generate() -> Self {
        let mut bytes = [0_u8; 38];
        rand::rngs::OsRng.fill_bytes(&mut bytes);
        Self {
            id: hex::encode(&bytes[..6]),
            secret: hex::encode(&bytes[6..]),
        }
    }

    /// From its text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        let hex = |text: &str, length| {
            text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        (hex(id, 12) && hex(secret, 64)).then(|| Self {
            id: id.to_owned(),
            secret: secret.to_owned(),
        })
    }

    /// The whole token, to show once.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}_{}", self.id, self.secret)
    }

    /// What the database keeps of the secret.
    pub fn stored_secret(&self) -> String {
        digest(&self.secret)
    }
}

impl fmt::Debug for NewToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}_...", self.id)
    }
}

/// True for what can be a token and hardly a password.
pub(super) fn looks_like_token(text: &str) -> bool {
    NewToken::parse(text).is_some()
}

/// sha256 in hex.
pub(super) fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_never_shown() {
        let token = NewToken::generate();
        let read = NewToken::parse(&token.text()).expect("is a token");
        assert_eq!(read.id, token.id);
        assert_eq!(read.stored_secret(), token.stored_secret());
        assert!(!format!("{token:?}").contains(&token.secret));
        for wrong in ["", "crom_", "crom_abc_def", "x", &token.text()[..80]] {
            assert!(NewToken::parse(wrong).is_none(), "{wrong}");
        }
    }
}
