//! Repositories that show another Conan server and keep what was asked for.
//!
//! Answers to metadata requests are remembered as they came; when the other server is down, the last
//! ones are given again. Files are passed on while they arrive, and kept once they are complete.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use crom_protocol::message::{Files, Packages, Revision, Revisions, SearchResults};
use crom_protocol::{file, header, route, time};
use futures_util::stream;

use super::FileAnswer;
use crate::clock;
use crate::coordinates::{Key, Line, Recipe};
use crate::database::{Blob, BlobUse, HeldFile, Repository, Stamp};
use crate::error::{Error, Result};
use crate::server::Server;
use crate::storage::{Chunks, Received, Spool, Store};

/// Speaks to other servers.
pub struct Upstream {
    client: reqwest::Client,
    fresh: Duration,
    asked: Mutex<HashMap<(i64, String), Instant>>,
    tokens: Mutex<HashMap<i64, String>>,
}

/// An answer to a metadata request: none for 404.
type Answer = Option<String>;

impl Upstream {
    /// Answers count as fresh for so long.
    ///
    /// # Errors
    /// TLS can't be set up.
    pub fn new(fresh_seconds: u64) -> Result<Self> {
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .read_timeout(Duration::from_secs(30))
            .user_agent(concat!("crom-server/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Error::Config(format!("the HTTP client: {error}")))?;
        Ok(Self {
            client,
            fresh: Duration::from_secs(fresh_seconds),
            asked: Mutex::new(HashMap::new()),
            tokens: Mutex::new(HashMap::new()),
        })
    }

    fn is_fresh(&self, repository: i64, path: &str) -> bool {
        self.asked.lock().is_ok_and(|asked| {
            asked
                .get(&(repository, path.to_owned()))
                .is_some_and(|at| at.elapsed() < self.fresh)
        })
    }

    fn mark_fresh(&self, repository: i64, path: &str) {
        if let Ok(mut asked) = self.asked.lock() {
            if asked.len() > 100_000 {
                asked.retain(|_, at| at.elapsed() < self.fresh);
            }
            asked.insert((repository, path.to_owned()), Instant::now());
        }
    }

    /// GET, logging in when the other server wants that and a user is configured.
    async fn get(&self, repository: &Repository, path: &str) -> Result<reqwest::Response> {
        let base = repository.upstream.as_deref().unwrap_or_default();
        let url = format!("{}/{path}", base.trim_end_matches('/'));
        let token = self
            .tokens
            .lock()
            .ok()
            .and_then(|tokens| tokens.get(&repository.id).cloned());
        let response = self.send(&url, token.as_deref()).await?;
        if response.status() != reqwest::StatusCode::UNAUTHORIZED
            || repository.upstream_user.is_none()
        {
            return Ok(response);
        }
        let token = self.log_in(repository, base).await?;
        let response = self.send(&url, Some(&token)).await?;
        if let Ok(mut tokens) = self.tokens.lock() {
            tokens.insert(repository.id, token);
        }
        Ok(response)
    }

    async fn send(&self, url: &str, token: Option<&str>) -> Result<reqwest::Response> {
        let mut request = self.client.get(url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().await.map_err(|error| failed(url, &error))
    }

    async fn log_in(&self, repository: &Repository, base: &str) -> Result<String> {
        let url = format!("{}/{}", base.trim_end_matches('/'), route::AUTHENTICATE);
        let user = repository.upstream_user.as_deref().unwrap_or_default();
        let response = self
            .client
            .get(&url)
            .basic_auth(user, repository.upstream_password.as_deref())
            .send()
            .await
            .map_err(|error| failed(&url, &error))?;
        if !response.status().is_success() {
            return Err(Error::Upstream {
                url,
                problem: format!("login of `{user}` refused with {}", response.status()),
            });
        }
        response.text().await.map_err(|error| failed(&url, &error))
    }
}

impl Server {
    pub(super) async fn proxy_search(
        &self,
        repository: &Repository,
        pattern: &str,
    ) -> Result<Vec<Recipe>> {
        match self.ask(repository, &route::search(pattern)).await {
            Ok(answer) => {
                let results: SearchResults = parse(repository, answer)?.unwrap_or_default();
                let recipes = results.results.iter();
                Ok(recipes
                    .filter_map(|text| Recipe::parse(text).ok())
                    .collect())
            }
            // Down, and never asked this: what is kept here is better than nothing.
            Err(Error::Upstream { url, problem }) => {
                tracing::warn!(url, problem, "searching what is kept");
                let references = self.database.references(repository.id, None).await?;
                Ok(super::hosted::matching(references, pattern))
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn proxy_revisions(
        &self,
        repository: &Repository,
        line: &Line,
    ) -> Result<Vec<Stamp>> {
        match self.ask(repository, &revisions_path(line)).await {
            Ok(answer) => {
                let revisions: Revisions = parse(repository, answer)?.unwrap_or_default();
                Ok(revisions.revisions.into_iter().map(stamp).collect())
            }
            Err(error @ Error::Upstream { .. }) => {
                let kept = self.database.line(repository.id, line).await?;
                if kept.is_empty() {
                    Err(error)
                } else {
                    Ok(kept)
                }
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn proxy_latest(
        &self,
        repository: &Repository,
        line: &Line,
    ) -> Result<Option<Stamp>> {
        match self.ask(repository, &latest_path(line)).await {
            Ok(answer) => {
                let latest: Option<Revision> = parse(repository, answer)?;
                Ok(latest.map(stamp))
            }
            Err(error @ Error::Upstream { .. }) => {
                let kept = self.database.latest(repository.id, line).await?;
                if kept.is_none() { Err(error) } else { Ok(kept) }
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn proxy_file_names(
        &self,
        repository: &Repository,
        key: &Key,
    ) -> Result<Option<Vec<String>>> {
        let answer = self.ask(repository, &files_path(key)).await?;
        let files: Option<Files> = parse(repository, answer)?;
        Ok(files.map(|files| files.files.into_keys().collect()))
    }

    pub(super) async fn proxy_packages(
        &self,
        repository: &Repository,
        recipe: &Key,
    ) -> Result<Option<Packages>> {
        let path = route::packages(&recipe.to_reference());
        let answer = self.ask(repository, &path).await?;
        parse(repository, answer)
    }

    pub(super) async fn proxy_file(
        self: &Arc<Self>,
        repository: &Repository,
        key: &Key,
        name: &str,
    ) -> Result<Option<FileAnswer>> {
        if let Some(record) = self.database.file(repository.id, key, name).await? {
            self.metrics.proxy_hit();
            return Ok(Some(FileAnswer::Stored(record)));
        }
        let path = match key.to_package() {
            Some(package) => route::package_file(&package, name),
            None => route::recipe_file(&key.to_reference(), name),
        };
        let response = self.upstream.get(repository, &path).await?;
        let status = response.status().as_u16();
        if status == 404 {
            return Ok(None);
        }
        if status != 200 {
            return Err(Error::Upstream {
                url: path,
                problem: format!("status {status}"),
            });
        }
        self.metrics.proxy_miss();
        let size = response.content_length();
        let sha1 = response
            .headers()
            .get(header::CHECKSUM_SHA1)
            .and_then(|value| value.to_str().ok())
            .map(str::to_ascii_lowercase);
        let passing = Passing {
            server: Arc::clone(self),
            repository: repository.clone(),
            key: key.clone(),
            name: name.to_owned(),
            sha1: sha1.clone(),
            size,
            response,
            spool: Some(self.store.spool(self.config.limits.max_body)),
            held: None,
        };
        Ok(Some(FileAnswer::Passing {
            size,
            sha1,
            chunks: Chunks::of_io(passing.into_stream()),
        }))
    }

    /// The answer to a metadata request: fresh from memory, from the other server, or the last one
    /// that it gave.
    async fn ask(&self, repository: &Repository, path: &str) -> Result<Answer> {
        let kept = self.database.answer(repository.id, path).await?;
        if let Some(kept) = &kept
            && self.upstream.is_fresh(repository.id, path)
        {
            return Ok((kept.status == 200).then(|| kept.body.clone()));
        }
        let problem = match self.fetch(repository, path).await {
            Ok((status, body)) => {
                let changed = kept
                    .as_ref()
                    .is_none_or(|kept| kept.status != status || kept.body != body);
                if changed {
                    self.database
                        .keep_answer(repository.id, path, status, &body)
                        .await?;
                }
                self.upstream.mark_fresh(repository.id, path);
                return Ok((status == 200).then_some(body));
            }
            Err(error) => error,
        };
        match kept {
            Some(kept) => {
                tracing::warn!(error = %problem, "answering with what upstream said last");
                Ok((kept.status == 200).then_some(kept.body))
            }
            None => Err(problem),
        }
    }

    /// Status (200 or 404) and text.
    async fn fetch(&self, repository: &Repository, path: &str) -> Result<(u16, String)> {
        let response = self.upstream.get(repository, path).await?;
        let status = response.status().as_u16();
        match status {
            200 => {
                let body = response
                    .text()
                    .await
                    .map_err(|error| failed(path, &error))?;
                Ok((status, body))
            }
            404 => Ok((status, String::new())),
            _ => Err(Error::Upstream {
                url: path.to_owned(),
                problem: format!("status {status}"),
            }),
        }
    }

    /// Keeps a file that has arrived.
    async fn keep(&self, passing: &Passing, mut received: Received) -> Result<()> {
        let (repository, key) = (&passing.repository, &passing.key);
        let info = if passing.name == file::INFO {
            received.text(1 << 20).await?
        } else {
            None
        };
        let created = self.upstream_time(repository, key).await;
        let recipe = key.recipe_key();
        let recipe_created = match key.binary {
            Some(_) => self.upstream_time(repository, &recipe).await,
            None => created,
        };
        let object = Store::object_name(&received.sha256);
        self.store.put(&mut received, &object).await?;
        let blob = Blob {
            sha256: received.sha256.clone(),
            sha1: received.sha1.clone(),
            size: i64::try_from(received.size).unwrap_or(i64::MAX),
            object,
        };
        self.store.sync(std::slice::from_ref(&blob.object)).await?;
        let mut write = self.database.begin().await?;
        let claimed = write.claim(&blob, true).await?;
        let revision = write.open_revision(repository.id, key, "(proxy)").await?;
        write
            .put_file(
                revision.id,
                &HeldFile {
                    name: passing.name.clone(),
                    sha256: blob.sha256.clone(),
                    md5: None,
                },
            )
            .await?;
        if let Some(info) = &info {
            write.set_info(revision.id, info).await?;
        }
        if !revision.complete {
            write.complete(revision.id, created).await?;
        }
        if key.binary.is_some() {
            let opened = write
                .open_revision(repository.id, &recipe, "(proxy)")
                .await?;
            if !opened.complete {
                write.complete(opened.id, recipe_created).await?;
            }
        }
        write.commit().await?;
        if claimed == BlobUse::Redundant {
            self.store.delete(&blob.object).await?;
        }
        Ok(())
    }

    /// When the other server got a revision.
    async fn upstream_time(&self, repository: &Repository, key: &Key) -> i64 {
        let revisions = self.proxy_revisions(repository, &key.line()).await;
        revisions
            .unwrap_or_default()
            .into_iter()
            .find(|stamp| stamp.revision == key.revision())
            .map_or_else(clock::now, |stamp| stamp.created)
    }
}

/// A file on its way through.
struct Passing {
    server: Arc<Server>,
    repository: Repository,
    key: Key,
    name: String,
    sha1: Option<String>,
    size: Option<u64>,
    response: reqwest::Response,
    spool: Option<Spool>,
    /// The last chunk is held back until the file has proven right, so that a wrong one ends in a
    /// broken connection.
    held: Option<Bytes>,
}

impl Passing {
    fn into_stream(self) -> impl futures_util::Stream<Item = io::Result<Bytes>> + Send + 'static {
        stream::try_unfold(self, |mut passing| async move {
            let next = passing.next().await.map_err(io::Error::other)?;
            Ok(next.map(|chunk| (chunk, passing)))
        })
    }

    async fn next(&mut self) -> Result<Option<Bytes>> {
        while self.spool.is_some() {
            let arrived = self.response.chunk().await;
            let arrived = arrived.map_err(|error| failed(&self.name, &error))?;
            match arrived {
                Some(chunk) => {
                    if let Some(spool) = &mut self.spool {
                        spool.push(&chunk).await?;
                    }
                    if let Some(previous) = self.held.replace(chunk) {
                        return Ok(Some(previous));
                    }
                }
                None => self.finish().await?,
            }
        }
        Ok(self.held.take())
    }

    async fn finish(&mut self) -> Result<()> {
        let Some(spool) = self.spool.take() else {
            return Ok(());
        };
        let received = spool.finish().await?;
        let wrong = |problem: String| Error::Upstream {
            url: format!("{} of {}", self.name, self.key),
            problem,
        };
        if self.size.is_some_and(|size| size != received.size) {
            return Err(wrong(format!("it ended after {} bytes", received.size)));
        }
        if let Some(sha1) = &self.sha1
            && *sha1 != received.sha1
        {
            return Err(wrong(format!(
                "its sha1 is {} and should be {sha1}",
                received.sha1
            )));
        }
        let server = Arc::clone(&self.server);
        // Whoever asked gets the file even if it can't be kept.
        if let Err(error) = server.keep(self, received).await {
            tracing::error!(%error, file = self.name, key = %self.key, "a file can't be kept");
        }
        Ok(())
    }
}

fn parse<T: serde::de::DeserializeOwned>(
    repository: &Repository,
    answer: Answer,
) -> Result<Option<T>> {
    answer
        .map(|body| {
            serde_json::from_str(&body).map_err(|error| Error::Upstream {
                url: repository.upstream.clone().unwrap_or_default(),
                problem: format!("an answer that isn't understood: {error}"),
            })
        })
        .transpose()
}

fn stamp(revision: Revision) -> Stamp {
    Stamp {
        created: time::parse_micros(&revision.time).unwrap_or_default(),
        revision: revision.revision,
    }
}

fn latest_path(line: &Line) -> String {
    match line.at("").to_package() {
        Some(package) => route::package_latest(&package),
        None => route::recipe_latest(&line.recipe.to_reference()),
    }
}

fn revisions_path(line: &Line) -> String {
    match line.at("").to_package() {
        Some(package) => route::package_revisions(&package),
        None => route::recipe_revisions(&line.recipe.to_reference()),
    }
}

fn files_path(key: &Key) -> String {
    match key.to_package() {
        Some(package) => route::package_files(&package),
        None => route::recipe_files(&key.to_reference()),
    }
}

fn failed(url: &str, error: &reqwest::Error) -> Error {
    // The cause says more than "error sending request".
    let mut problem = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        problem = format!("{problem}: {cause}");
        source = cause.source();
    }
    Error::Upstream {
        url: url.to_owned(),
        problem,
    }
}
