//! A package server over HTTP (REST v2).
//!
//! [`ServerRemote`] asks one server. Nothing is asked before something is needed: then it says
//! `Connecting to remote ...`, asks what the server can do (`GET /v1/ping`), and goes on. It is
//! anonymous until the server answers 401; then credentials are looked for, exchanged for a token,
//! and the question is repeated. Any number of threads may use it; they share a pool of connections.

mod bundle;
mod download;
mod login;
mod promote;
mod upload;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use crom_model::conaninfo::ConanInfoText;
use crom_model::reference::{PackageReference, RecipeReference};
use crom_model::reporter::Reporter;
use crom_protocol::message::{Files, Packages, Revision, Revisions, SearchResults};
use crom_protocol::{file, header, route};
use serde::de::DeserializeOwned;

pub use bundle::UploadRevision;
pub use login::{Credentials, Login, Logins, Token};
pub use promote::HostedRepository;
pub use upload::UploadFile;

use crate::http::{HttpConf, redact};
use crate::parallel::Permits;
use crate::transfer::TransferConf;
use crate::{RemoteError, Result};

/// How often somebody who types a wrong password may try again.
const PASSWORD_TRIES: u32 = 3;

/// Before the second try of a question; it doubles each time.
const RETRY_WAIT: Duration = Duration::from_millis(100);

type Response = ureq::http::Response<ureq::Body>;

/// What a [`ServerRemote`] is made with.
#[derive(Clone, Debug)]
pub struct ServerSetup {
    /// Check certificates.
    pub verify_ssl: bool,
    /// Log in before the first question, also where the server answers anybody.
    pub force_auth: bool,
    /// `core.net.http:*`
    pub http: HttpConf,
    /// `core.download:*` and `core.upload:*`
    pub transfer: TransferConf,
    /// Tokens and credentials.
    pub logins: Arc<dyn Logins>,
    /// Where messages go.
    pub reporter: Arc<dyn Reporter>,
}

/// A package server.
pub struct ServerRemote {
    name: String,
    /// Without a final `/`.
    url: String,
    /// As configured: the key of the login.
    configured_url: String,
    setup: ServerSetup,
    agent: OnceLock<ureq::Agent>,
    transfers: Permits,
    state: Mutex<State>,
    /// Held by the one thread that connects or logs in.
    connecting: Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    login: Option<Login>,
    /// Counts logins, so that of many threads with the same old token only one logs in.
    generation: u64,
    capabilities: Option<Capabilities>,
    /// It was said that the server is connected to.
    announced: bool,
}

#[derive(Clone, Debug)]
struct Capabilities {
    /// Content that the server has needn't be sent.
    checksum_deploy: bool,
    /// Whole revisions may be sent.
    bundles: bool,
    /// Where the server takes promotions.
    hosted: Option<HostedRepository>,
}

/// The place of one file on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileAddress {
    url: String,
    name: String,
}

impl FileAddress {
    /// The whole URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `conanfile.py`, `metadata/logs/build.log`
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl ServerRemote {
    /// The server at `url`. Nothing is asked yet.
    pub fn new(name: &str, url: &str, setup: ServerSetup) -> Self {
        Self {
            name: name.to_owned(),
            url: url.trim_end_matches('/').to_owned(),
            configured_url: url.to_owned(),
            transfers: Permits::new(setup.transfer.download_threads),
            setup,
            agent: OnceLock::new(),
            state: Mutex::default(),
            connecting: Mutex::default(),
        }
    }

    /// The remote's name in this home.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How transfers are made.
    pub fn transfer(&self) -> &TransferConf {
        &self.setup.transfer
    }

    /// References without revision that match an fnmatch pattern, sorted.
    ///
    /// # Errors
    /// The server can't be asked, or names what isn't a reference.
    pub fn search(&self, pattern: &str) -> Result<Vec<RecipeReference>> {
        let path = route::search(pattern);
        let found: SearchResults = self.get_json(&path)?;
        let mut references = found
            .results
            .iter()
            // Old servers write `name/version@_/_`.
            .map(|text| text.strip_suffix("@_/_").unwrap_or(text))
            .map(|text| {
                RecipeReference::loads(text).map_err(|error| self.unexpected(&path, &error))
            })
            .collect::<Result<Vec<_>>>()?;
        references.sort();
        references.dedup();
        Ok(references)
    }

    /// The newest revision of a recipe, with its time.
    ///
    /// # Errors
    /// The server doesn't have the recipe, or can't be asked.
    pub fn latest_recipe(&self, reference: &RecipeReference) -> Result<RecipeReference> {
        let latest: Revision = self.get_json(&route::recipe_latest(reference))?;
        Ok(recipe_at(reference, latest))
    }

    /// All revisions of a recipe, newest first, with their times.
    ///
    /// # Errors
    /// The server doesn't have the recipe, or can't be asked.
    pub fn recipe_revisions(&self, reference: &RecipeReference) -> Result<Vec<RecipeReference>> {
        let all: Revisions = self.get_json(&route::recipe_revisions(reference))?;
        Ok(all
            .revisions
            .into_iter()
            .map(|revision| recipe_at(reference, revision))
            .collect())
    }

    /// Names of the files of a recipe revision, sorted.
    ///
    /// # Errors
    /// The server doesn't have the revision, or can't be asked.
    pub fn recipe_files(&self, reference: &RecipeReference) -> Result<Vec<String>> {
        self.files(&route::recipe_files(reference))
    }

    /// Ids of all packages of a recipe revision with their `conaninfo.txt`, sorted.
    ///
    /// # Errors
    /// The server doesn't have the revision, or can't be asked.
    pub fn packages(&self, reference: &RecipeReference) -> Result<Vec<(String, ConanInfoText)>> {
        let found: Packages = self.get_json(&route::packages(reference))?;
        Ok(found
            .into_iter()
            .map(|(id, package)| (id, ConanInfoText::loads(&package.content)))
            .collect())
    }

    /// The newest revision of a package, with its time.
    ///
    /// # Errors
    /// The server doesn't have the package, or can't be asked.
    pub fn latest_package(&self, package: &PackageReference) -> Result<PackageReference> {
        let latest: Revision = self.get_json(&route::package_latest(package))?;
        Ok(package_at(package, latest))
    }

    /// All revisions of a package, newest first, with their times.
    ///
    /// # Errors
    /// The server doesn't have the package, or can't be asked.
    pub fn package_revisions(&self, package: &PackageReference) -> Result<Vec<PackageReference>> {
        let all: Revisions = self.get_json(&route::package_revisions(package))?;
        Ok(all
            .revisions
            .into_iter()
            .map(|revision| package_at(package, revision))
            .collect())
    }

    /// Names of the files of a package revision, sorted.
    ///
    /// # Errors
    /// The server doesn't have the revision, or can't be asked.
    pub fn package_files(&self, package: &PackageReference) -> Result<Vec<String>> {
        self.files(&route::package_files(package))
    }

    /// Where a file of a recipe revision is.
    pub fn recipe_file(&self, reference: &RecipeReference, name: &str) -> FileAddress {
        self.file(&route::recipe_file(reference, name), name)
    }

    /// Where a file of a package revision is.
    pub fn package_file(&self, package: &PackageReference, name: &str) -> FileAddress {
        self.file(&route::package_file(package, name), name)
    }

    /// Removes a recipe revision with its packages.
    ///
    /// # Errors
    /// The server doesn't have it, or refuses.
    pub fn remove_recipe(&self, reference: &RecipeReference) -> Result<()> {
        self.delete(&route::recipe_revision(reference))
    }

    /// Removes a package revision.
    ///
    /// # Errors
    /// The server doesn't have it, or refuses.
    pub fn remove_package(&self, package: &PackageReference) -> Result<()> {
        self.delete(&route::package_revision(package))
    }

    /// Makes sure that the server knows us, logging in where it doesn't. Returns the user's name as
    /// the server has it. To be called before anything is changed.
    ///
    /// # Errors
    /// There are no credentials, or they are wrong.
    pub fn check_credentials(&self, force: bool) -> Result<Option<String>> {
        self.connect()?;
        if force && self.login()?.0.token.is_none() {
            self.log_in_again(self.login()?.1)?;
        }
        let text = self.get_text(route::CHECK_CREDENTIALS)?;
        Ok(Some(text.trim().to_owned()).filter(|user| !user.is_empty()))
    }

    /// Exchanges a password for a token and keeps that. Returns the login of before.
    ///
    /// # Errors
    /// [`RemoteError::WrongPassword`]; or the server can't be asked.
    pub fn authenticate(&self, user: &str, password: &str) -> Result<Login> {
        let basic = format!("Basic {}", BASE64.encode(format!("{user}:{password}")));
        let url = format!("{}/{}", self.url, route::AUTHENTICATE);
        let agent = self.agent()?;
        let response = self.persistently(&url, || {
            agent.get(&url).header("Authorization", &basic).call()
        })?;
        let token = match response.status().as_u16() {
            401 => {
                return Err(RemoteError::WrongPassword {
                    remote: self.name.clone(),
                });
            }
            _ => self.text(self.accepted(response, Some(user))?, &url)?,
        };
        let before = self.setup.logins.load(&self.configured_url)?;
        let login = Login {
            user: Some(user.to_owned()),
            token: Some(Token::new(token)),
        };
        self.setup.logins.store(&self.configured_url, &login)?;
        let mut state = self.state();
        state.login = Some(login);
        state.generation += 1;
        drop(state);
        let text = format!("Authenticated in remote '{}' with user '{user}'", self.name);
        (*self.setup.reporter).status("", &text);
        Ok(before)
    }

    fn files(&self, path: &str) -> Result<Vec<String>> {
        let files: Files = self.get_json(path)?;
        let names: Vec<String> = files.files.into_keys().collect();
        // A name becomes a path here.
        for name in &names {
            file::check_name(name).map_err(|error| self.unexpected(path, &error))?;
        }
        Ok(names)
    }

    fn file(&self, path: &str, name: &str) -> FileAddress {
        FileAddress {
            url: format!("{}/{path}", self.url),
            name: name.to_owned(),
        }
    }

    fn delete(&self, path: &str) -> Result<()> {
        self.connect()?;
        let url = format!("{}/{path}", self.url);
        let agent = self.agent()?;
        let (response, login) = self.authorized(|token| {
            self.persistently(&url, || with_token(agent.delete(&url), token).call())
        })?;
        self.accepted(response, login.user.as_deref()).map(|_| ())
    }

    fn get_json<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let text = self.get_text(path)?;
        serde_json::from_str(&text).map_err(|error| self.unexpected(path, &error))
    }

    fn get_text(&self, path: &str) -> Result<String> {
        self.connect()?;
        let url = format!("{}/{path}", self.url);
        let agent = self.agent()?;
        let (response, login) = self.authorized(|token| {
            self.persistently(&url, || with_token(agent.get(&url), token).call())
        })?;
        self.text(self.accepted(response, login.user.as_deref())?, &url)
    }

    /// Says whom it connects to and asks what the server can do, once.
    fn connect(&self) -> Result<Capabilities> {
        if let Some(known) = self.state().capabilities.clone() {
            return Ok(known);
        }
        let (login, generation) = self.login()?;
        if !std::mem::replace(&mut self.state().announced, true) {
            let who = match &login.user {
                Some(user) => format!("with user '{user}'"),
                None => "anonymously".to_owned(),
            };
            (*self.setup.reporter)
                .status("", &format!("Connecting to remote '{}' {who}", self.name));
        }
        if self.setup.force_auth && login.token.is_none() {
            self.log_in_again(generation)?;
        }
        let capabilities = self.ping()?;
        self.state().capabilities = Some(capabilities.clone());
        Ok(capabilities)
    }

    fn ping(&self) -> Result<Capabilities> {
        let url = format!("{}/{}", self.url, route::PING);
        let agent = self.agent()?;
        let ask = |token: Option<&Token>| {
            self.persistently(&url, || with_token(agent.get(&url), token).call())
        };
        let mut response = ask(self.login()?.0.token.as_ref())?;
        // The header of a 401 counts, too: the next question leads to the login.
        if response.status().as_u16() == 401
            && response.headers().get(header::CAPABILITIES).is_none()
        {
            let (again, login) = self.authorized(ask)?;
            response = self.accepted(again, login.user.as_deref())?;
        } else if response.status().as_u16() != 401 {
            response = self.accepted(response, None)?;
        }
        let value = response.headers().get(header::CAPABILITIES);
        let list = value.and_then(|value| value.to_str().ok()).unwrap_or("");
        if !header::has_capability(list, header::REVISIONS) {
            return Err(RemoteError::NoRevisions {
                remote: self.name.clone(),
            });
        }
        Ok(Capabilities {
            checksum_deploy: header::has_capability(list, header::DEPLOY_BY_CHECKSUM),
            bundles: header::has_capability(list, header::BUNDLES),
            hosted: HostedRepository::of_ping(response.headers(), list),
        })
    }

    /// Asks with the token there is, and once more after a login where that isn't enough.
    fn authorized(
        &self,
        mut ask: impl FnMut(Option<&Token>) -> Result<Response>,
    ) -> Result<(Response, Login)> {
        let (login, generation) = self.login()?;
        let response = ask(login.token.as_ref())?;
        if response.status().as_u16() != 401 {
            return Ok((response, login));
        }
        self.log_in_again(generation)?;
        let (login, _) = self.login()?;
        let response = ask(login.token.as_ref())?;
        if response.status().as_u16() == 401 {
            return Err(self.not_authenticated());
        }
        Ok((response, login))
    }

    /// Gets credentials and logs in, unless another thread did since `generation`.
    fn log_in_again(&self, generation: u64) -> Result<()> {
        let _connecting = self.connecting();
        if self.state().generation != generation {
            return Ok(());
        }
        let reporter = &*self.setup.reporter;
        reporter.status(
            "",
            &format!(
                "Remote '{}' needs authentication, obtaining credentials",
                self.name
            ),
        );
        for _ in 0..PASSWORD_TRIES {
            let credentials = self.setup.logins.credentials(&self.name, None)?;
            match self.authenticate(&credentials.user, &credentials.password) {
                Ok(_) => return Ok(()),
                Err(RemoteError::WrongPassword { .. }) => {
                    reporter.error("", "Wrong user or password");
                }
                Err(error) => return Err(error),
            }
            if !credentials.asked {
                return Err(self.not_authenticated());
            }
        }
        Err(RemoteError::TooManyTries {
            remote: self.name.clone(),
        })
    }

    /// Repeats a question that found no server or a broken one.
    fn persistently(
        &self,
        url: &str,
        mut ask: impl FnMut() -> std::result::Result<Response, ureq::Error>,
    ) -> Result<Response> {
        let mut wait = RETRY_WAIT;
        let mut tries = 0;
        loop {
            let answer = ask();
            let broken = match &answer {
                Ok(response) => matches!(response.status().as_u16(), 500 | 502 | 503 | 504),
                Err(error) => is_transient(error),
            };
            if !broken || tries >= self.setup.http.max_retries {
                return match answer {
                    Ok(response) if broken => Err(RemoteError::Server {
                        remote: self.name.clone(),
                        status: response.status().as_u16(),
                        message: format!(
                            "Max retries exceeded with url: {} (too many {} error responses)",
                            redact(url),
                            response.status().as_u16()
                        ),
                    }),
                    Ok(response) => Ok(response),
                    Err(error) => Err(self.unreachable(url, &error)),
                };
            }
            std::thread::sleep(wait);
            wait *= 2;
            tries += 1;
        }
    }

    /// The answer, if it is one: what a status of 400 and more means.
    fn accepted(&self, mut response: Response, user: Option<&str>) -> Result<Response> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let body = response.body_mut().read_to_string().unwrap_or_default();
        let message = match body.trim() {
            "" => status.to_string(),
            text => text.to_owned(),
        };
        let remote = self.name.clone();
        Err(match status.as_u16() {
            401 => self.not_authenticated(),
            403 => RemoteError::Forbidden {
                remote,
                user: user.unwrap_or("None").to_owned(),
                message,
            },
            404 => RemoteError::NotFound { remote, message },
            status => RemoteError::Server {
                remote,
                status,
                message,
            },
        })
    }

    fn text(&self, mut response: Response, url: &str) -> Result<String> {
        // A search in a large server is larger than the default limit.
        let body = response.body_mut().with_config().limit(1 << 30);
        body.read_to_string()
            .map_err(|error| self.unreachable(url, &error))
    }

    fn agent(&self) -> Result<&ureq::Agent> {
        if let Some(agent) = self.agent.get() {
            return Ok(agent);
        }
        let agent = self.setup.http.agent(&self.url, self.setup.verify_ssl)?;
        Ok(self.agent.get_or_init(|| agent))
    }

    /// The login and how many there were before it.
    fn login(&self) -> Result<(Login, u64)> {
        let mut state = self.state();
        let login = match &state.login {
            Some(login) => login.clone(),
            None => {
                let login = self.setup.logins.load(&self.configured_url)?;
                state.login.insert(login).clone()
            }
        };
        Ok((login, state.generation))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connecting(&self) -> MutexGuard<'_, ()> {
        self.connecting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn not_authenticated(&self) -> RemoteError {
        RemoteError::NotAuthenticated {
            remote: self.name.clone(),
        }
    }

    fn unreachable(&self, url: &str, error: &ureq::Error) -> RemoteError {
        RemoteError::Unreachable {
            name: self.name.clone(),
            url: redact(&self.url),
            reason: format!(
                "Failed to establish a connection for {}: {error}",
                redact(url)
            ),
        }
    }

    fn unexpected(&self, path: &str, error: &dyn fmt::Display) -> RemoteError {
        RemoteError::UnexpectedAnswer {
            remote: self.name.clone(),
            url: redact(&format!("{}/{path}", self.url)),
            message: error.to_string(),
        }
    }
}

impl fmt::Debug for ServerRemote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerRemote")
            .field("name", &self.name)
            .field("url", &redact(&self.url))
            .finish_non_exhaustive()
    }
}

fn with_token<B>(
    request: ureq::RequestBuilder<B>,
    token: Option<&Token>,
) -> ureq::RequestBuilder<B> {
    match token {
        Some(token) => request.header("Authorization", format!("Bearer {}", token.expose())),
        None => request,
    }
}

/// May the same question have another answer in a moment?
fn is_transient(error: &ureq::Error) -> bool {
    matches!(
        error,
        ureq::Error::Io(_)
            | ureq::Error::Timeout(_)
            | ureq::Error::ConnectionFailed
            | ureq::Error::HostNotFound
            | ureq::Error::Protocol(_)
    )
}

fn recipe_at(reference: &RecipeReference, found: Revision) -> RecipeReference {
    RecipeReference {
        timestamp: found.timestamp(),
        revision: Some(found.revision),
        ..reference.clone()
    }
}

fn package_at(package: &PackageReference, found: Revision) -> PackageReference {
    PackageReference {
        timestamp: found.timestamp(),
        revision: Some(found.revision),
        ..package.clone()
    }
}
