//! What a repository answers. Hosted ones look into the database, proxies ask another server, groups
//! ask their members in order.

mod bundle;
mod completeness;
mod hosted;
mod proxy;
mod remove;

use std::collections::BTreeMap;
use std::sync::Arc;

use crom_protocol::message::{PackageContent, Packages};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::answers::Held;
use crate::coordinates::{Key, Line, Recipe};
use crate::database::{FileRecord, Kind, Repository, Stamp};
use crate::error::{Error, Result};
use crate::server::Server;
use crate::storage::Chunks;

pub(crate) use hosted::Upload;
pub(crate) use proxy::Upstream;
pub(crate) use remove::Removal;

/// Groups within groups at most.
const DEPTH: u32 = 8;

/// A file to serve.
pub enum FileAnswer {
    /// In the store.
    Stored(FileRecord),
    /// On its way from another server, and kept when it has arrived.
    Passing {
        /// Bytes, if that server says so.
        size: Option<u64>,
        /// sha1 in hex, if that server says so.
        sha1: Option<String>,
        /// The content.
        chunks: Chunks,
    },
}

impl Server {
    /// References that match a shell pattern, case ignored.
    pub(crate) async fn search(
        self: &Arc<Self>,
        repository: &Repository,
        pattern: &str,
    ) -> Result<Vec<Recipe>> {
        let mut found: Vec<Recipe> = Vec::new();
        for member in self.members(repository).await? {
            let more = match member.kind {
                Kind::Proxy => self.proxy_search(&member, pattern).await?,
                _ => self.hosted_search(&member, pattern).await?,
            };
            found.extend(more);
        }
        found.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        found.dedup();
        Ok(found)
    }

    /// Revisions of a line: of the first member that has it first, the newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there are none.
    pub(crate) async fn revisions(
        self: &Arc<Self>,
        repository: &Repository,
        line: &Line,
    ) -> Result<Vec<Stamp>> {
        let mut found: Vec<Stamp> = Vec::new();
        for member in self.members(repository).await? {
            let more = match member.kind {
                Kind::Proxy => self.proxy_revisions(&member, line).await?,
                _ => self.database.line(member.id, line).await?,
            };
            for stamp in more {
                if !found.iter().any(|known| known.revision == stamp.revision) {
                    found.push(stamp);
                }
            }
        }
        if found.is_empty() {
            return Err(self.why_not_found(repository, line).await);
        }
        Ok(found)
    }

    /// The newest revision of a line in the first member that has it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub(crate) async fn latest(
        self: &Arc<Self>,
        repository: &Repository,
        line: &Line,
    ) -> Result<Stamp> {
        for member in self.members(repository).await? {
            let latest = match member.kind {
                Kind::Proxy => self.proxy_latest(&member, line).await?,
                _ => self.database.latest(member.id, line).await?,
            };
            if let Some(stamp) = latest {
                return Ok(stamp);
            }
        }
        Err(self.why_not_found(repository, line).await)
    }

    /// Names of the files of a revision.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it isn't there.
    pub(crate) async fn file_names(
        self: &Arc<Self>,
        repository: &Repository,
        key: &Key,
    ) -> Result<Vec<String>> {
        for member in self.members(repository).await? {
            let names = match member.kind {
                Kind::Proxy => self.proxy_file_names(&member, key).await?,
                _ => self.database.file_names(member.id, key).await?,
            };
            if let Some(names) = names {
                return Ok(names);
            }
        }
        Err(key.not_found())
    }

    /// A file of a revision.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it isn't there.
    pub(crate) async fn file(
        self: &Arc<Self>,
        repository: &Repository,
        key: &Key,
        name: &str,
    ) -> Result<FileAnswer> {
        for member in self.members(repository).await? {
            let answer = match member.kind {
                Kind::Proxy => self.proxy_file(&member, key, name).await?,
                _ => {
                    let record = self.hosted_file(&member, key, name).await?;
                    record.map(FileAnswer::Stored)
                }
            };
            if let Some(answer) = answer {
                return Ok(answer);
            }
        }
        Err(Error::NotFound(format!(
            "File not found: '{}' of '{key}'",
            name.escape_debug()
        )))
    }

    /// All binaries of a recipe revision.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the recipe revision isn't there.
    pub(crate) async fn packages(
        self: &Arc<Self>,
        repository: &Repository,
        recipe: &Key,
    ) -> Result<Packages> {
        let mut found: Option<Packages> = None;
        for member in self.members(repository).await? {
            let more = match member.kind {
                Kind::Proxy => self.proxy_packages(&member, recipe).await?,
                _ => self.hosted_packages(&member, recipe).await?,
            };
            if let Some(more) = more {
                let found = found.get_or_insert_with(BTreeMap::new);
                for (package_id, content) in more {
                    found.entry(package_id).or_insert(content);
                }
            }
        }
        found.ok_or_else(|| recipe.not_found())
    }

    async fn hosted_file(
        &self,
        member: &Repository,
        key: &Key,
        name: &str,
    ) -> Result<Option<FileRecord>> {
        let held_under = format!("file {} {key} {name}", member.id);
        let mark = match self.answers.get(&held_under) {
            Ok(Held::File(record)) => return Ok(Some(record)),
            Ok(Held::Json(_)) => None,
            Err(mark) => Some(mark),
        };
        let record = self.database.file(member.id, key, name).await?;
        if let (Some(record), Some(mark)) = (&record, mark) {
            self.answers
                .keep(mark, held_under, Held::File(record.clone()));
        }
        Ok(record)
    }

    async fn hosted_packages(&self, member: &Repository, recipe: &Key) -> Result<Option<Packages>> {
        let binaries = self.database.binaries(member.id, recipe).await?;
        Ok(binaries.map(|binaries| {
            binaries
                .into_iter()
                .map(|(package_id, content)| (package_id, PackageContent { content }))
                .collect()
        }))
    }

    async fn hosted_search(&self, member: &Repository, pattern: &str) -> Result<Vec<Recipe>> {
        let name = crate::repository::hosted::exact_name(pattern);
        let references = self.database.references(member.id, name).await?;
        Ok(hosted::matching(references, pattern))
    }

    /// The repositories that hold what one shows: itself, or the members of a group.
    pub(crate) async fn members(&self, repository: &Repository) -> Result<Vec<Arc<Repository>>> {
        if repository.kind != Kind::Group {
            return Ok(vec![Arc::new(repository.clone())]);
        }
        let mut found = Vec::new();
        self.collect_members(repository, DEPTH, &mut found).await?;
        Ok(found)
    }

    fn collect_members<'a>(
        &'a self,
        group: &'a Repository,
        depth: u32,
        found: &'a mut Vec<Arc<Repository>>,
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            for name in &group.members {
                let member = self.repository(name).await?;
                if member.kind == Kind::Group {
                    if depth > 0 {
                        self.collect_members(&member, depth - 1, found).await?;
                    }
                } else if !found.iter().any(|known| known.id == member.id) {
                    found.push(member);
                }
            }
            Ok(())
        }
        .boxed()
    }

    /// The reference server tells a missing binary from one whose recipe is missing.
    async fn why_not_found(self: &Arc<Self>, repository: &Repository, line: &Line) -> Error {
        let Some((rrev, _)) = &line.binary else {
            return line.not_found();
        };
        let recipe = Line::of_recipe(line.recipe.clone()).at(rrev);
        for member in self.members(repository).await.unwrap_or_default() {
            if member.kind == Kind::Proxy
                || self
                    .database
                    .is_visible(member.id, &recipe)
                    .await
                    .unwrap_or(false)
            {
                return line.not_found();
            }
        }
        recipe.not_found()
    }
}
