//! Administration: one value per command. The same value is run on the data folder (offline) or sent
//! to a server (online), where who sends it decides whether it is run.

use std::collections::BTreeMap;

use crom_protocol::time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::access::{NewToken, Principal, check_new_password, generate_password, hash_password};
use crate::clock;
use crate::database::{
    Action, AuditEntry, AuditQuery, Grant, Kind, Repository, RetentionRules, StoredToken, TokenKind,
};
use crate::error::{Error, Result};
use crate::server::Server;

/// Names of repositories that paths of the server have.
const RESERVED: [&str; 4] = ["health", "metrics", "-", "favicon.ico"];

/// A command. Its JSON has the command's name in `command`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command")]
pub enum AdminRequest {
    /// A new user.
    #[serde(rename = "user/add")]
    UserAdd {
        /// Name.
        name: String,
        /// None for a user with tokens only.
        password: Option<String>,
        /// May do everything.
        #[serde(default)]
        admin: bool,
    },
    /// All users.
    #[serde(rename = "user/list")]
    UserList {},
    /// Away with a user, its tokens and permissions.
    #[serde(rename = "user/remove")]
    UserRemove {
        /// Name.
        name: String,
    },
    /// A new password; the sessions of the user end.
    #[serde(rename = "user/password")]
    UserPassword {
        /// Name.
        name: String,
        /// The new one.
        password: String,
    },
    /// All groups of users.
    #[serde(rename = "group/list")]
    GroupList {},
    /// A user joins a group.
    #[serde(rename = "group/add")]
    GroupAdd {
        /// The group, without `@`.
        group: String,
        /// The user.
        user: String,
    },
    /// A user leaves a group.
    #[serde(rename = "group/remove")]
    GroupRemove {
        /// The group, without `@`.
        group: String,
        /// The user.
        user: String,
    },
    /// A new token, which the answer shows once.
    #[serde(rename = "token/add")]
    TokenAdd {
        /// Whose.
        user: String,
        /// What it is for, in its maker's words.
        #[serde(default)]
        label: String,
        /// Until then.
        expires_days: Option<u32>,
        /// Restrictions; none for all that the user may.
        #[serde(default)]
        scopes: Vec<Grant>,
    },
    /// Tokens, without their secrets.
    #[serde(rename = "token/list")]
    TokenList {
        /// Only of this user.
        user: Option<String>,
    },
    /// Revokes a token.
    #[serde(rename = "token/remove")]
    TokenRemove {
        /// Its public part.
        id: String,
    },
    /// A new repository.
    #[serde(rename = "repo/add")]
    RepoAdd {
        /// In the URL.
        name: String,
        /// What it does.
        kind: Kind,
        /// Anybody may read.
        #[serde(default)]
        anonymous_read: bool,
        /// For a proxy.
        upstream: Option<String>,
        /// For a proxy whose server wants a login.
        upstream_user: Option<String>,
        /// For a proxy whose server wants a login.
        upstream_password: Option<String>,
        /// For a group.
        #[serde(default)]
        members: Vec<String>,
    },
    /// Changes a repository.
    #[serde(rename = "repo/set")]
    RepoSet {
        /// Which.
        name: String,
        /// Anybody may read.
        anonymous_read: Option<bool>,
        /// What it keeps.
        retention: Option<RetentionRules>,
    },
    /// All repositories.
    #[serde(rename = "repo/list")]
    RepoList {},
    /// Away with a repository and all that is in it.
    #[serde(rename = "repo/remove")]
    RepoRemove {
        /// Which.
        name: String,
    },
    /// Allows.
    #[serde(rename = "grant/add")]
    GrantAdd {
        /// User, or `@group`.
        principal: String,
        /// What.
        #[serde(flatten)]
        grant: Grant,
    },
    /// All permissions.
    #[serde(rename = "grant/list")]
    GrantList {},
    /// Allows no more.
    #[serde(rename = "grant/remove")]
    GrantRemove {
        /// User, or `@group`.
        principal: String,
        /// What.
        #[serde(flatten)]
        grant: Grant,
    },
    /// Who did what, the newest first.
    #[serde(rename = "audit/list")]
    AuditList {
        /// Which lines.
        #[serde(flatten)]
        query: AuditQuery,
    },
    /// Collects blobs that nothing names.
    #[serde(rename = "maintenance/gc")]
    Gc {
        /// Only tell.
        #[serde(default)]
        dry_run: bool,
        /// Instead of the configured time.
        grace_seconds: Option<u64>,
    },
    /// Applies rules of retention.
    #[serde(rename = "maintenance/retention")]
    Retention {
        /// Only this one.
        repository: Option<String>,
        /// Instead of the repository's.
        rules: Option<RetentionRules>,
        /// Only tell.
        #[serde(default)]
        dry_run: bool,
    },
    /// Hashes everything again.
    #[serde(rename = "maintenance/verify")]
    Verify {},
}

impl Server {
    /// Runs a command for somebody.
    ///
    /// # Errors
    /// It isn't allowed, or it makes no sense.
    pub(crate) async fn administrate_as(
        &self,
        principal: &Principal,
        address: &str,
        request: &AdminRequest,
    ) -> Result<Value> {
        self.check_may(principal, request).await?;
        self.run(principal.actor(), address, request).await
    }

    /// Runs a command of whoever has the data folder.
    ///
    /// # Errors
    /// It makes no sense, or the database failed.
    pub async fn administrate(&self, request: &AdminRequest) -> Result<Value> {
        self.run("(offline)", "", request).await
    }

    /// Server administrators may all; administrators of a repository decide who may what there; users
    /// have their own password and tokens.
    async fn check_may(&self, principal: &Principal, request: &AdminRequest) -> Result<()> {
        let Some(name) = principal.name() else {
            return Err(Error::Unauthenticated("log in to administrate".to_owned()));
        };
        if principal.is_server_admin() {
            return Ok(());
        }
        let allowed = match request {
            AdminRequest::GrantAdd { grant, .. } | AdminRequest::GrantRemove { grant, .. } => {
                grant.repository != "*" && {
                    let repository = self.repository(&grant.repository).await?;
                    principal.may(&repository, Action::Admin, None)
                        && principal.covers_all(&repository)
                }
            }
            _ => false,
        };
        if allowed {
            return Ok(());
        }
        Err(Error::Forbidden(format!(
            "user `{name}` is no administrator of the server"
        )))
    }

    async fn run(&self, actor: &str, address: &str, request: &AdminRequest) -> Result<Value> {
        let answer = self.execute(request).await?;
        self.forget();
        if let Some((action, subject, detail)) = request.for_audit() {
            tracing::info!(actor, action, subject, "administration");
            self.record(AuditEntry {
                actor: actor.to_owned(),
                address: address.to_owned(),
                action,
                subject,
                detail,
                ..AuditEntry::default()
            })
            .await;
        }
        Ok(answer)
    }

    async fn execute(&self, request: &AdminRequest) -> Result<Value> {
        match request {
            AdminRequest::UserAdd {
                name,
                password,
                admin,
            } => self.user_add(name, password.as_deref(), *admin).await,
            AdminRequest::UserList {} => self.user_list().await,
            AdminRequest::UserRemove { name } => {
                changed(self.database.remove_user(name).await?, || {
                    format!("no user `{name}`")
                })
            }
            AdminRequest::UserPassword { name, password } => {
                check_new_password(password)?;
                let hash = hash_password(password)?;
                changed(self.database.set_password(name, &hash).await?, || {
                    format!("no user `{name}`")
                })
            }
            AdminRequest::GroupList {} => {
                let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
                for (group, user) in self.database.user_groups().await? {
                    groups.entry(group).or_default().push(user);
                }
                Ok(json!(groups))
            }
            AdminRequest::GroupAdd { group, user } => self.set_member(group, user, true).await,
            AdminRequest::GroupRemove { group, user } => self.set_member(group, user, false).await,
            AdminRequest::TokenAdd {
                user,
                label,
                expires_days,
                scopes,
            } => self.token_add(user, label, *expires_days, scopes).await,
            AdminRequest::TokenList { user } => self.token_list(user.as_deref()).await,
            AdminRequest::TokenRemove { id } => {
                changed(self.database.remove_token(id).await?, || {
                    format!("no token `{id}`")
                })
            }
            _ => self.execute_on_repositories(request).await,
        }
    }

    async fn execute_on_repositories(&self, request: &AdminRequest) -> Result<Value> {
        match request {
            AdminRequest::RepoAdd { .. } => self.repo_add(request).await,
            AdminRequest::RepoSet {
                name,
                anonymous_read,
                retention,
            } => {
                let updated = self
                    .database
                    .update_repository(name, *anonymous_read, retention.as_ref())
                    .await?;
                changed(updated, || format!("no repository `{name}`"))
            }
            AdminRequest::RepoList {} => {
                let repositories = self.database.repositories().await?;
                Ok(repositories.iter().map(repository_json).collect())
            }
            AdminRequest::RepoRemove { name } => {
                changed(self.database.remove_repository(name).await?, || {
                    format!("no repository `{name}`")
                })
            }
            AdminRequest::GrantAdd { principal, grant } => {
                self.set_grant(principal, grant, true).await
            }
            AdminRequest::GrantRemove { principal, grant } => {
                self.set_grant(principal, grant, false).await
            }
            AdminRequest::GrantList {} => {
                let grants = self.database.grants().await?;
                Ok(grants
                    .iter()
                    .map(|(principal, grant)| {
                        json!({"principal": principal, "repository": grant.repository,
                               "action": grant.action, "pattern": grant.pattern})
                    })
                    .collect())
            }
            AdminRequest::AuditList { query } => {
                let entries = self.database.audit(query).await?;
                Ok(entries
                    .iter()
                    .map(|entry| {
                        json!({"time": time::format_micros(entry.time), "actor": entry.actor,
                               "address": entry.address, "action": entry.action,
                               "repository": entry.repository, "subject": entry.subject,
                               "detail": entry.detail})
                    })
                    .collect())
            }
            AdminRequest::Gc {
                dry_run,
                grace_seconds,
            } => as_json(&self.collect_garbage(*dry_run, *grace_seconds).await?),
            AdminRequest::Retention {
                repository,
                rules,
                dry_run,
            } => {
                if let Some(name) = repository {
                    self.repository(name).await?;
                }
                as_json(
                    &self
                        .apply_retention(repository.as_deref(), rules.as_ref(), *dry_run)
                        .await?,
                )
            }
            AdminRequest::Verify {} => as_json(&self.verify().await?),
            _ => Err(Error::Internal("a command without an answer".to_owned())),
        }
    }

    async fn user_add(&self, name: &str, password: Option<&str>, admin: bool) -> Result<Value> {
        check_name("user", name)?;
        let hash = match password {
            Some(password) => {
                check_new_password(password)?;
                Some(hash_password(password)?)
            }
            None => None,
        };
        if !self.database.add_user(name, hash.as_deref(), admin).await? {
            return Err(Error::Conflict(format!("user `{name}` exists already")));
        }
        Ok(json!({"name": name, "admin": admin}))
    }

    async fn user_list(&self) -> Result<Value> {
        let users = self.database.users().await?;
        Ok(users
            .iter()
            .map(|user| json!({"name": user.name, "admin": user.admin, "password": user.password.is_some()}))
            .collect())
    }

    async fn set_member(&self, group: &str, user: &str, member: bool) -> Result<Value> {
        check_name("group", group)?;
        let stored = self
            .database
            .user(user)
            .await?
            .ok_or_else(|| Error::NotFound(format!("no user `{user}`")))?;
        self.database.set_member(group, stored.id, member).await?;
        Ok(json!({"group": group, "user": user}))
    }

    async fn token_add(
        &self,
        user: &str,
        label: &str,
        expires_days: Option<u32>,
        scopes: &[Grant],
    ) -> Result<Value> {
        if self.database.user(user).await?.is_none() {
            return Err(Error::NotFound(format!("no user `{user}`")));
        }
        let token = NewToken::generate();
        let now = clock::now();
        let expires = expires_days.map(|days| now + i64::from(days) * clock::DAY);
        self.database
            .add_token(&StoredToken {
                id: token.id.clone(),
                owner: user.to_owned(),
                secret: token.stored_secret(),
                kind: TokenKind::Api,
                label: label.to_owned(),
                scopes: (!scopes.is_empty()).then(|| scopes.to_vec()),
                created: now,
                expires,
            })
            .await?;
        Ok(json!({"id": token.id, "user": user, "token": token.text(),
                  "expires": expires.map(time::format_micros)}))
    }

    async fn token_list(&self, user: Option<&str>) -> Result<Value> {
        let tokens = self.database.api_tokens(user).await?;
        Ok(tokens
            .iter()
            .map(|token| {
                json!({"id": token.id, "user": token.owner, "label": token.label,
                       "scopes": token.scopes, "created": time::format_micros(token.created),
                       "expires": token.expires.map(time::format_micros)})
            })
            .collect())
    }

    async fn repo_add(&self, request: &AdminRequest) -> Result<Value> {
        let AdminRequest::RepoAdd {
            name,
            kind,
            anonymous_read,
            upstream,
            upstream_user,
            upstream_password,
            members,
        } = request
        else {
            return Err(Error::Internal("not `repo add`".to_owned()));
        };
        check_name("repository", name)?;
        if RESERVED.contains(&name.as_str()) {
            return Err(Error::Invalid(format!(
                "`{name}` is no name for a repository"
            )));
        }
        let is_url = |url: &String| url.starts_with("http://") || url.starts_with("https://");
        match kind {
            Kind::Proxy if !upstream.as_ref().is_some_and(is_url) => {
                return Err(Error::Invalid(
                    "a proxy needs the URL of another server (`--upstream http...`)".to_owned(),
                ));
            }
            Kind::Group if members.is_empty() => {
                return Err(Error::Invalid(
                    "a group needs members (`--member NAME`)".to_owned(),
                ));
            }
            _ => {}
        }
        let repository = Repository {
            kind: *kind,
            anonymous_read: *anonymous_read,
            upstream: upstream.clone().filter(|_| *kind == Kind::Proxy),
            upstream_user: upstream_user.clone(),
            upstream_password: upstream_password.clone(),
            members: if *kind == Kind::Group {
                members.clone()
            } else {
                Vec::new()
            },
            ..Repository::hosted(name)
        };
        self.database.add_repository(&repository).await?;
        Ok(repository_json(&repository))
    }

    async fn set_grant(&self, principal: &str, grant: &Grant, given: bool) -> Result<Value> {
        if given {
            match principal.strip_prefix('@') {
                Some(group) => check_name("group", group)?,
                None if self.database.user(principal).await?.is_none() => {
                    return Err(Error::NotFound(format!("no user `{principal}`")));
                }
                None => {}
            }
            if grant.repository != "*" {
                self.repository(&grant.repository).await?;
            }
        }
        let done = self.database.set_grant(principal, grant, given).await?;
        if !given && !done {
            return Err(Error::NotFound(format!(
                "`{principal}` has no such permission"
            )));
        }
        Ok(
            json!({"principal": principal, "repository": grant.repository,
                  "action": grant.action, "pattern": grant.pattern}),
        )
    }

    /// Makes a new installation usable: the repository `main`, readable by anybody, and a user `admin`,
    /// whose password is returned when both are new.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_up(&self) -> Result<Option<String>> {
        if !self.database.users().await?.is_empty() {
            return Ok(None);
        }
        let password = generate_password();
        let hash = hash_password(&password)?;
        // Another node may have been faster.
        if !self.database.add_user("admin", Some(&hash), true).await? {
            return Ok(None);
        }
        if self.database.repositories().await?.is_empty() {
            let main = Repository {
                anonymous_read: true,
                ..Repository::hosted("main")
            };
            self.database.add_repository(&main).await?;
        }
        Ok(Some(password))
    }
}

impl AdminRequest {
    /// Action, subject and detail for the log, if it changes something. No secret.
    fn for_audit(&self) -> Option<(String, String, String)> {
        let entry = |action: &str, subject: &str, detail: String| {
            Some((action.to_owned(), subject.to_owned(), detail))
        };
        let permission = |grant: &Grant| {
            format!(
                "{} on {} of {}",
                grant.action, grant.pattern, grant.repository
            )
        };
        match self {
            Self::UserAdd { name, admin, .. } => entry(
                "user add",
                name,
                if *admin {
                    "admin".to_owned()
                } else {
                    String::new()
                },
            ),
            Self::UserRemove { name } => entry("user remove", name, String::new()),
            Self::UserPassword { name, .. } => entry("user password", name, String::new()),
            Self::GroupAdd { group, user } => entry("group add", group, user.clone()),
            Self::GroupRemove { group, user } => entry("group remove", group, user.clone()),
            Self::TokenAdd { user, label, .. } => entry("token add", user, label.clone()),
            Self::TokenRemove { id } => entry("token remove", id, String::new()),
            Self::RepoAdd { name, kind, .. } => entry("repo add", name, kind.to_string()),
            Self::RepoSet { name, .. } => entry("repo set", name, String::new()),
            Self::RepoRemove { name } => entry("repo remove", name, String::new()),
            Self::GrantAdd { principal, grant } => entry("grant add", principal, permission(grant)),
            Self::GrantRemove { principal, grant } => {
                entry("grant remove", principal, permission(grant))
            }
            Self::Gc { dry_run: false, .. } => entry("gc", "", String::new()),
            _ => None,
        }
    }
}

fn repository_json(repository: &Repository) -> Value {
    json!({"name": repository.name, "kind": repository.kind,
           "anonymous_read": repository.anonymous_read, "upstream": repository.upstream,
           "members": repository.members, "retention": repository.retention})
}

fn changed(done: bool, missing: impl FnOnce() -> String) -> Result<Value> {
    if done {
        Ok(json!({}))
    } else {
        Err(Error::NotFound(missing()))
    }
}

fn as_json<T: Serialize>(report: &T) -> Result<Value> {
    serde_json::to_value(report).map_err(|error| Error::Internal(format!("a report: {error}")))
}

/// Lower-case letters, digits and `._-`, at most 64.
fn check_name(what: &str, name: &str) -> Result<()> {
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    let good = !name.is_empty()
        && name.len() <= 64
        && name.as_bytes()[0].is_ascii_alphanumeric()
        && name.bytes().all(plain);
    if good {
        return Ok(());
    }
    Err(Error::Invalid(format!(
        "invalid {what} name `{}`: lower-case letters, digits and `._-`, at most 64",
        name.escape_debug()
    )))
}
