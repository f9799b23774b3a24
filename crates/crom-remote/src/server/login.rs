//! Who a server takes us for.

use std::fmt;

use crate::Result;

/// What a server gave for a password, to be shown with each question. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token as it came from a server or a home.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The token itself: for the header and the home, not for messages.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(<hidden>)")
    }
}

/// What a home knows of the user at a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// The user's name there.
    pub user: Option<String>,
    /// From an earlier login.
    pub token: Option<Token>,
}

/// A name and a password. The password is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user's name.
    pub user: String,
    /// The password.
    pub password: String,
    /// Typed in just now, so that a wrong one may be typed in again.
    pub asked: bool,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Where logins are kept and where credentials come from.
pub trait Logins: Send + Sync + fmt::Debug {
    /// The login kept for a server's URL.
    ///
    /// # Errors
    /// They can't be read.
    fn load(&self, url: &str) -> Result<Login>;

    /// Keeps a login.
    ///
    /// # Errors
    /// It can't be written.
    fn store(&self, url: &str, login: &Login) -> Result<()>;

    /// Credentials for a remote: from the home, the environment or the user.
    ///
    /// # Errors
    /// There are none and nobody can be asked.
    fn credentials(&self, remote: &str, user: Option<&str>) -> Result<Credentials>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_printed() {
        let credentials = Credentials {
            user: "me".to_owned(),
            password: "geheim".to_owned(),
            asked: false,
        };
        let login = Login {
            user: None,
            token: Some(Token::new("geheim")),
        };
        let text = format!("{credentials:?} {login:?}");
        assert!(text.contains("me") && !text.contains("geheim"), "{text}");
    }
}
