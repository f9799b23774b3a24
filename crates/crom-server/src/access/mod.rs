//! Who is there, and what they may do.

mod limit;
mod password;
mod secret;

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use base64::Engine;
use crom_model::conf::fnmatch;
use tokio::sync::Semaphore;

use crate::clock;
use crate::coordinates::Recipe;
use crate::database::{Action, Database, Grant, Repository, StoredToken, TokenKind};
use crate::error::{Error, Result};

pub use limit::FailureLimit;
pub use password::{check_new_password, generate_password, hash_password};
pub use secret::NewToken;

/// For how long a proven identity is taken for granted. What an administrator changes counts at once
/// on the same node, and after this time on others.
const TRUST: Duration = Duration::from_secs(5);

/// Passwords that are checked at the same time: each takes 19 MiB and a processor for a while.
const PASSWORDS: usize = 4;

/// The most identities that are remembered.
const REMEMBERED: usize = 10_000;

/// Who makes a request.
#[derive(Clone, Debug)]
pub struct Principal {
    account: Option<Arc<Account>>,
}

/// A user who proved to be one.
#[derive(Debug)]
pub struct Account {
    /// Name.
    pub name: String,
    /// May do everything that the scopes allow.
    pub admin: bool,
    grants: Vec<Grant>,
    scopes: Option<Vec<Grant>>,
    expires: Option<i64>,
}

/// Proves who somebody is.
pub struct Access {
    database: Database,
    known: RwLock<HashMap<String, (Instant, Arc<Account>)>>,
    failures: FailureLimit,
    checking: Semaphore,
    session: i64,
    /// Compared with when there is no such user, so that the time tells nothing.
    decoy: String,
}

impl Principal {
    /// Nobody in particular.
    pub fn anonymous() -> Self {
        Self { account: None }
    }

    /// The name of the user; none for anonymous.
    pub fn name(&self) -> Option<&str> {
        self.account.as_ref().map(|account| account.name.as_str())
    }

    /// For the audit log.
    pub fn actor(&self) -> &str {
        self.name().unwrap_or("(anonymous)")
    }

    /// True if the action is allowed: on one recipe, or (none) on any.
    pub fn may(&self, repository: &Repository, action: Action, recipe: Option<&Recipe>) -> bool {
        if action == Action::Read && repository.anonymous_read {
            return true;
        }
        let Some(account) = &self.account else {
            return false;
        };
        let allows = |grant: &Grant| {
            (grant.repository == "*" || grant.repository == repository.name)
                && grant.action.includes(action)
                && recipe.is_none_or(|recipe| fnmatch(&grant.pattern, recipe.as_str()))
        };
        let scoped = account
            .scopes
            .as_ref()
            .is_none_or(|scopes| scopes.iter().any(allows));
        scoped && (account.admin || account.grants.iter().any(allows))
    }

    /// # Errors
    /// 401 for anonymous, 403 for others.
    pub fn require(
        &self,
        repository: &Repository,
        action: Action,
        recipe: Option<&Recipe>,
    ) -> Result<()> {
        if self.may(repository, action, recipe) {
            return Ok(());
        }
        let what = match recipe {
            Some(recipe) => format!("`{recipe}` in repository `{}`", repository.name),
            None => format!("repository `{}`", repository.name),
        };
        Err(match self.name() {
            None => Error::Unauthenticated(format!("log in to {action} {what}")),
            Some(name) => Error::Forbidden(format!(
                "user `{name}` has no permission to {action} {what}"
            )),
        })
    }

    /// True if every recipe of a repository may be read.
    pub fn reads_all(&self, repository: &Repository) -> bool {
        if repository.anonymous_read {
            return true;
        }
        self.account.as_ref().is_some_and(|account| {
            let whole = |grant: &Grant| {
                (grant.repository == "*" || grant.repository == repository.name)
                    && grant.pattern == "*"
            };
            account
                .scopes
                .as_ref()
                .is_none_or(|scopes| scopes.iter().any(whole))
                && (account.admin || account.grants.iter().any(whole))
        })
    }

    /// True if whoever it is administrates all of a repository, not only some recipes: only those may
    /// pass permissions on.
    pub fn covers_all(&self, repository: &Repository) -> bool {
        self.account.as_ref().is_some_and(|account| {
            let whole = |grant: &Grant| {
                (grant.repository == "*" || grant.repository == repository.name)
                    && grant.action == Action::Admin
                    && grant.pattern == "*"
            };
            account
                .scopes
                .as_ref()
                .is_none_or(|scopes| scopes.iter().any(whole))
                && (account.admin || account.grants.iter().any(whole))
        })
    }

    /// True for administrators of the whole server, with a token that isn't scoped.
    pub fn is_server_admin(&self) -> bool {
        self.account
            .as_ref()
            .is_some_and(|account| account.admin && account.scopes.is_none())
    }
}

impl Access {
    /// On this database.
    ///
    /// # Errors
    /// The decoy can't be hashed.
    pub fn new(database: Database, session_hours: u64, failed_logins: u32) -> Result<Self> {
        let hours = i64::try_from(session_hours).unwrap_or(24);
        Ok(Self {
            database,
            known: RwLock::new(HashMap::new()),
            failures: FailureLimit::new(failed_logins),
            checking: Semaphore::new(PASSWORDS),
            session: hours.saturating_mul(3600 * clock::SECOND),
            decoy: hash_password(&generate_password())?,
        })
    }

    /// Who sent this `Authorization` header; anonymous if there is none.
    ///
    /// # Errors
    /// It proves nothing, or too much has been tried.
    pub async fn identify(&self, header: Option<&str>, address: &str) -> Result<Principal> {
        let Some(header) = header else {
            return Ok(Principal::anonymous());
        };
        let cache_key = secret::digest(header);
        if let Some(account) = self.remembered(&cache_key) {
            return Ok(Principal {
                account: Some(account),
            });
        }
        let account = match split_header(header) {
            Some(("bearer", token)) => self.of_token(token).await?,
            Some(("basic", encoded)) => {
                let (user, password) = decode_basic(encoded)?;
                self.of_login(&user, &password, address).await?
            }
            _ => {
                return Err(Error::Unauthenticated(
                    "the Authorization header is neither Bearer nor Basic".to_owned(),
                ));
            }
        };
        let account = Arc::new(account);
        self.remember(cache_key, Arc::clone(&account));
        Ok(Principal {
            account: Some(account),
        })
    }

    /// A login: the token to use from now on, and whose it is. A token given as the password comes
    /// back as it is.
    ///
    /// # Errors
    /// Wrong user or password, or too much has been tried.
    pub async fn log_in(&self, header: Option<&str>, address: &str) -> Result<(String, String)> {
        let encoded = match header.and_then(split_header) {
            Some(("basic", encoded)) => encoded,
            _ => return Err(wrong_login()),
        };
        let (user, password) = decode_basic(encoded)?;
        let account = self.of_login(&user, &password, address).await?;
        if secret::looks_like_token(&password) {
            return Ok((password, account.name));
        }
        let token = NewToken::generate();
        let now = clock::now();
        self.database
            .add_token(&StoredToken {
                id: token.id.clone(),
                owner: account.name.clone(),
                secret: token.stored_secret(),
                kind: TokenKind::Session,
                label: String::new(),
                scopes: None,
                created: now,
                expires: Some(now.saturating_add(self.session)),
            })
            .await?;
        Ok((token.text(), account.name))
    }

    /// Forgets what was proven: permissions, tokens or passwords have changed.
    pub fn forget(&self) {
        if let Ok(mut known) = self.known.write() {
            known.clear();
        }
    }

    async fn of_login(&self, user: &str, password: &str, address: &str) -> Result<Account> {
        self.failures.check(user, address)?;
        let outcome = self.try_login(user, password).await?;
        match outcome {
            Some(account) => {
                self.failures.succeeded(user);
                Ok(account)
            }
            None => {
                self.failures.failed(user, address);
                tracing::warn!(user, address, "failed login");
                Err(wrong_login())
            }
        }
    }

    async fn try_login(&self, user: &str, password: &str) -> Result<Option<Account>> {
        if secret::looks_like_token(password) {
            return match self.of_token(password).await {
                Ok(account) if account.name == user => Ok(Some(account)),
                Ok(_) | Err(Error::Unauthenticated(_)) => Ok(None),
                Err(error) => Err(error),
            };
        }
        let stored = self.database.user(user).await?;
        let hash = stored
            .as_ref()
            .and_then(|stored| stored.password.clone())
            .unwrap_or_else(|| self.decoy.clone());
        let password = password.to_owned();
        // Never closed, so there is always a permit.
        let _permit = self.checking.acquire().await;
        let right =
            tokio::task::spawn_blocking(move || password::is_right(&password, &hash)).await?;
        match stored {
            Some(stored) if right && stored.password.is_some() => {
                let grants = self.database.grants_of(&stored).await?;
                Ok(Some(Account {
                    name: stored.name,
                    admin: stored.admin,
                    grants,
                    scopes: None,
                    expires: None,
                }))
            }
            _ => Ok(None),
        }
    }

    async fn of_token(&self, text: &str) -> Result<Account> {
        let refused =
            |why: &str| Error::Unauthenticated(format!("the token is {why}, log in again"));
        let token = NewToken::parse(text).ok_or_else(|| refused("malformed"))?;
        let stored = self
            .database
            .token(&token.id)
            .await?
            .filter(|stored| stored.secret == token.stored_secret())
            .ok_or_else(|| refused("not valid"))?;
        if stored
            .expires
            .is_some_and(|expires| expires <= clock::now())
        {
            return Err(refused("expired"));
        }
        let user = self
            .database
            .user(&stored.owner)
            .await?
            .ok_or_else(|| refused("not valid"))?;
        let grants = self.database.grants_of(&user).await?;
        Ok(Account {
            name: user.name,
            admin: user.admin,
            grants,
            scopes: stored.scopes,
            expires: stored.expires,
        })
    }

    fn remembered(&self, cache_key: &str) -> Option<Arc<Account>> {
        let known = self.known.read().ok()?;
        let (since, account) = known.get(cache_key)?;
        let valid =
            since.elapsed() < TRUST && account.expires.is_none_or(|expires| expires > clock::now());
        valid.then(|| Arc::clone(account))
    }

    fn remember(&self, cache_key: String, account: Arc<Account>) {
        if let Ok(mut known) = self.known.write() {
            if known.len() >= REMEMBERED {
                known.retain(|_, (since, _)| since.elapsed() < TRUST);
            }
            if known.len() < REMEMBERED {
                known.insert(cache_key, (Instant::now(), account));
            }
        }
    }
}

fn wrong_login() -> Error {
    Error::Unauthenticated("Wrong user or password".to_owned())
}

/// `Bearer x` as (`bearer`, `x`).
fn split_header(header: &str) -> Option<(&'static str, &str)> {
    let (scheme, rest) = header.split_once(' ')?;
    ["bearer", "basic"]
        .into_iter()
        .find(|known| scheme.eq_ignore_ascii_case(known))
        .map(|scheme| (scheme, rest.trim()))
}

fn decode_basic(encoded: &str) -> Result<(String, String)> {
    base64::engine::general_purpose::STANDARD
        .decode(encoded)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| {
            let (user, password) = text.split_once(':')?;
            Some((user.to_owned(), password.to_owned()))
        })
        .ok_or_else(wrong_login)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(repository: &str, action: Action, pattern: &str) -> Grant {
        Grant {
            repository: repository.to_owned(),
            action,
            pattern: pattern.to_owned(),
        }
    }

    fn principal(admin: bool, grants: Vec<Grant>, scopes: Option<Vec<Grant>>) -> Principal {
        Principal {
            account: Some(Arc::new(Account {
                name: "ann".to_owned(),
                admin,
                grants,
                scopes,
                expires: None,
            })),
        }
    }

    #[test]
    fn a_grant_is_for_a_repository_an_action_and_a_pattern() {
        let main = Repository::hosted("main");
        let other = Repository::hosted("other");
        let zlib = Recipe::parse("zlib/1.3").expect("is a recipe");
        let boost = Recipe::parse("boost/1.80@me/stable").expect("is a recipe");
        let ann = principal(false, vec![grant("main", Action::Write, "zlib/*")], None);
        assert!(ann.may(&main, Action::Write, Some(&zlib)));
        assert!(ann.may(&main, Action::Read, Some(&zlib)));
        assert!(ann.may(&main, Action::Write, None));
        assert!(!ann.may(&main, Action::Delete, Some(&zlib)));
        assert!(!ann.may(&main, Action::Write, Some(&boost)));
        assert!(!ann.may(&other, Action::Read, Some(&zlib)));
        let everywhere = principal(false, vec![grant("*", Action::Admin, "*")], None);
        assert!(everywhere.may(&other, Action::Delete, Some(&boost)));
        assert!(!everywhere.is_server_admin());
    }

    #[test]
    fn a_token_can_less_than_its_user() {
        let main = Repository::hosted("main");
        let zlib = Recipe::parse("zlib/1.3").expect("is a recipe");
        let scopes = Some(vec![grant("main", Action::Read, "*")]);
        let admin = principal(true, Vec::new(), scopes.clone());
        assert!(admin.may(&main, Action::Read, Some(&zlib)));
        assert!(!admin.may(&main, Action::Write, Some(&zlib)));
        assert!(!admin.is_server_admin());
        let nobody = principal(false, Vec::new(), scopes);
        assert!(!nobody.may(&main, Action::Read, Some(&zlib)));
    }

    #[test]
    fn anonymous_is_asked_to_log_in_and_others_are_refused() {
        let main = Repository::hosted("main");
        let open = Repository {
            anonymous_read: true,
            ..Repository::hosted("open")
        };
        let anonymous = Principal::anonymous();
        assert!(anonymous.require(&open, Action::Read, None).is_ok());
        assert!(matches!(
            anonymous.require(&open, Action::Write, None),
            Err(Error::Unauthenticated(_))
        ));
        assert!(matches!(
            principal(false, Vec::new(), None).require(&main, Action::Read, None),
            Err(Error::Forbidden(_))
        ));
    }
}
