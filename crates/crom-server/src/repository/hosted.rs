//! Repositories that hold what is uploaded.
//!
//! Clients send the files of a revision one by one, several jobs may send the same revision at once,
//! and a job may die at any moment. Files of a revision that isn't complete are kept, invisible; the
//! transaction that adds the last one makes it visible. From then on its content stands: a revision
//! is named after its content, so what other jobs still send for it is the same, although archives
//! and the time in the manifest differ in their bytes.

use crom_model::conf::fnmatch;
use crom_model::manifest::Manifest;
use crom_protocol::file;

use super::completeness::{Summary, plain_file};
use crate::clock;
use crate::coordinates::{Key, Recipe};
use crate::database::{Added, AuditEntry, Blob, BlobUse, HeldFile, Repository, Write};
use crate::error::{Error, Result};
use crate::server::Server;
use crate::storage::{Received, Store};

/// The largest manifest, recipe or `conaninfo.txt`.
const MAX_TEXT: u64 = 64 << 20;

/// How often content may vanish between being found and being claimed.
pub(super) const ATTEMPTS: u32 = 5;

/// A file for a revision.
pub struct Upload<'a> {
    /// A hosted repository.
    pub repository: &'a Repository,
    /// The revision.
    pub key: &'a Key,
    /// The file, checked.
    pub name: &'a str,
    /// Who sends it.
    pub actor: &'a str,
    /// From where.
    pub address: &'a str,
    /// May replace files of visible revisions.
    pub may_replace: bool,
}

/// What of the content has to be known beside its hash.
pub(super) struct Facts {
    pub(super) summary: Option<Summary>,
    pub(super) info: Option<String>,
    pub(super) md5: Option<String>,
}

impl Server {
    /// Takes a file that has arrived.
    pub(crate) async fn add_file(
        &self,
        upload: &Upload<'_>,
        mut received: Received,
    ) -> Result<Added> {
        let facts = Facts::of(upload, &mut received).await?;
        for _ in 0..ATTEMPTS {
            let (blob, stored) = match self.database.blob(&received.sha256).await? {
                Some(blob) => (blob, false),
                None => (self.store_new(&mut received).await?, true),
            };
            if let Some(added) = self.add_blob(upload, &facts, &blob, stored).await? {
                return Ok(added);
            }
        }
        Err(Error::Internal(format!(
            "content {} vanishes again and again",
            received.sha256
        )))
    }

    /// Takes a file whose content is there already.
    pub(crate) async fn add_known(
        &self,
        upload: &Upload<'_>,
        blob: &Blob,
    ) -> Result<Option<Added>> {
        let facts = if matches!(upload.name, file::MANIFEST | file::RECIPE | file::INFO) {
            let size = u64::try_from(blob.size).unwrap_or_default();
            if size > MAX_TEXT {
                return Ok(None);
            }
            let bytes = self.store.read_all(&blob.object, size).await?;
            Facts::of_bytes(upload, &bytes)?
        } else {
            Facts::none()
        };
        self.add_blob(upload, &facts, blob, false).await
    }

    pub(super) async fn store_new(&self, received: &mut Received) -> Result<Blob> {
        let object = Store::object_name(&received.sha256);
        self.store.put(received, &object).await?;
        Ok(Blob {
            sha256: received.sha256.clone(),
            sha1: received.sha1.clone(),
            size: i64::try_from(received.size).unwrap_or(i64::MAX),
            object,
        })
    }

    /// None if the content is gone.
    async fn add_blob(
        &self,
        upload: &Upload<'_>,
        facts: &Facts,
        blob: &Blob,
        stored: bool,
    ) -> Result<Option<Added>> {
        let mut synced = Vec::new();
        let outcome = loop {
            let outcome = self.try_add(upload, facts, blob, stored, &synced).await;
            let Ok(Attempt::Unsynced(objects)) = outcome else {
                break outcome;
            };
            // It would become visible now: first its content has to survive a power cut.
            self.store.sync(&objects).await?;
            synced = objects;
        };
        let redundant = match &outcome {
            Ok(Attempt::Done(_, claimed)) => stored && *claimed == BlobUse::Redundant,
            // Refused before the commit: nothing names the object. After a failed commit something
            // may, and the collection will find out.
            Err(Error::Invalid(_) | Error::Conflict(_) | Error::Forbidden(_)) => stored,
            _ => false,
        };
        if redundant && let Err(error) = self.store.delete(&blob.object).await {
            tracing::warn!(%error, "a redundant object stays until the next collection");
        }
        match outcome? {
            Attempt::Done(added, _) => Ok(Some(added)),
            Attempt::Gone => Ok(None),
            Attempt::Unsynced(_) => Err(Error::Internal("content was not flushed".to_owned())),
        }
    }

    async fn try_add(
        &self,
        upload: &Upload<'_>,
        facts: &Facts,
        blob: &Blob,
        stored: bool,
        synced: &[String],
    ) -> Result<Attempt> {
        let mut write = self.database.begin().await?;
        let claimed = write.claim(blob, stored).await?;
        if claimed == BlobUse::Gone {
            return Ok(Attempt::Gone);
        }
        let revision = write
            .open_revision(upload.repository.id, upload.key, upload.actor)
            .await?;
        let file = HeldFile {
            name: upload.name.to_owned(),
            sha256: blob.sha256.clone(),
            md5: facts.md5.clone(),
        };
        let added = if revision.complete {
            add_to_complete(&mut write, upload, facts, revision.id, &file).await?
        } else {
            add_to_incomplete(&mut write, upload.key, facts, revision.id, &file).await?
        };
        match added {
            Added::Completed | Added::Extra => {
                let objects = write.objects_of(revision.id).await?;
                if self.store.needs_sync() && objects.iter().any(|object| !synced.contains(object))
                {
                    return Ok(Attempt::Unsynced(objects));
                }
                write.record(&upload.audit_entry(added)).await?;
                write.commit_durably().await?;
                self.answers.forget();
            }
            Added::Pending | Added::Same => write.commit().await?,
        }
        Ok(Attempt::Done(added, claimed))
    }
}

/// What a transaction came to.
enum Attempt {
    /// It is committed.
    Done(Added, BlobUse),
    /// The content has been collected meanwhile.
    Gone,
    /// It would make these objects visible, not all of which are flushed; nothing was changed.
    Unsynced(Vec<String>),
}

async fn add_to_incomplete(
    write: &mut Write,
    key: &Key,
    facts: &Facts,
    revision: i64,
    file: &HeldFile,
) -> Result<Added> {
    let mut files = write.held_files(revision).await?;
    if !is_other_format(&files, &file.name) {
        write.put_file(revision, file).await?;
        files.retain(|held| held.name != file.name);
        files.push(file.clone());
    }
    if let Some(info) = &facts.info {
        write.set_info(revision, info).await?;
    }
    let summary = match &facts.summary {
        Some(summary) => {
            let text = serde_json::to_string(summary)
                .map_err(|error| Error::Internal(format!("a summary: {error}")))?;
            write.set_summary(revision, &text).await?;
            Some(summary.clone())
        }
        None => match write.summary(revision).await? {
            Some(text) => serde_json::from_str(&text).ok(),
            None => None,
        },
    };
    match summary {
        Some(summary) if summary.is_satisfied(key, &files)? => {
            write.complete(revision, clock::now()).await?;
            Ok(Added::Completed)
        }
        _ => Ok(Added::Pending),
    }
}

pub(super) async fn add_to_complete(
    write: &mut Write,
    upload: &Upload<'_>,
    facts: &Facts,
    revision: i64,
    file: &HeldFile,
) -> Result<Added> {
    let files = write.held_files(revision).await?;
    let held = files.iter().find(|held| held.name == file.name);
    if held.is_some_and(|held| held.sha256 == file.sha256) || is_other_format(&files, &file.name) {
        return Ok(Added::Same);
    }
    let is_archive = file::archive_stem(&file.name).is_some();
    let is_plain = file.name == plain_file(upload.key) || file.name == file::MANIFEST;
    if held.is_some() && is_plain {
        // The time in the manifest may differ.
        let summary = write.summary(revision).await?;
        let summary: Summary = summary
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let same = facts
            .summary
            .as_ref()
            .is_some_and(|sent| sent.digest == summary.digest);
        if same {
            return Ok(Added::Same);
        }
        return Err(Error::Conflict(format!(
            "{}: another {} is there already; remove the revision first",
            upload.key, file.name
        )));
    }
    if held.is_some() && is_archive && !upload.may_replace {
        // The same content, packed at another time.
        return Ok(Added::Same);
    }
    if held.is_some()
        && !is_archive
        && !file.name.starts_with(file::METADATA)
        && !upload.may_replace
    {
        return Err(Error::Forbidden(format!(
            "{}: {} is there with another content, and replacing it needs the permission to delete",
            upload.key, file.name
        )));
    }
    write.put_file(revision, file).await?;
    Ok(Added::Extra)
}

/// An archive in another format than the one that is there: clients refuse revisions with two.
pub(super) fn is_other_format(files: &[HeldFile], name: &str) -> bool {
    file::archive_stem(name).is_some_and(|stem| {
        files
            .iter()
            .any(|held| held.name != name && file::archive_stem(&held.name) == Some(stem))
    })
}

impl Facts {
    pub(super) fn none() -> Self {
        Self {
            summary: None,
            info: None,
            md5: None,
        }
    }

    async fn of(upload: &Upload<'_>, received: &mut Received) -> Result<Self> {
        if !matches!(upload.name, file::MANIFEST | file::RECIPE | file::INFO) {
            return Ok(Self::none());
        }
        match received.text(MAX_TEXT).await? {
            Some(text) => Self::of_text(upload, text),
            None => Err(Error::Invalid(format!(
                "{}: {} is no text in UTF-8, or too large",
                upload.key, upload.name
            ))),
        }
    }

    pub(super) fn of_bytes(upload: &Upload<'_>, bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| {
            Error::Invalid(format!(
                "{}: {} is no text in UTF-8",
                upload.key, upload.name
            ))
        })?;
        Self::of_text(upload, text.to_owned())
    }

    fn of_text(upload: &Upload<'_>, text: String) -> Result<Self> {
        let md5 = Some(Manifest::digest(text.as_bytes()));
        Ok(match upload.name {
            file::MANIFEST => Self {
                summary: Some(Summary::of_manifest(upload.key, &text)?),
                info: None,
                md5,
            },
            file::INFO if upload.key.binary.is_some() => Self {
                summary: None,
                info: Some(text),
                md5,
            },
            _ => Self {
                summary: None,
                info: None,
                md5,
            },
        })
    }
}

impl Upload<'_> {
    pub(super) fn audit_entry(&self, added: Added) -> AuditEntry {
        AuditEntry {
            actor: self.actor.to_owned(),
            address: self.address.to_owned(),
            action: "upload".to_owned(),
            repository: self.repository.name.clone(),
            subject: self.key.to_string(),
            detail: match added {
                Added::Extra => self.name.to_owned(),
                _ => String::new(),
            },
            time: 0,
        }
    }
}

/// The name that a pattern is about, if it says so without wildcards: `zlib/*` is about `zlib`.
pub(super) fn exact_name(pattern: &str) -> Option<&str> {
    let (name, _) = pattern.split_once('/')?;
    let plain = !name.contains(['*', '?', '[', ']']) && !name.chars().any(char::is_uppercase);
    (plain && !name.is_empty()).then_some(name)
}

/// Those of the references that a pattern selects, as the reference server does: the name, or the
/// reference up to its version, user or channel, in any case.
pub(super) fn matching(references: Vec<String>, pattern: &str) -> Vec<Recipe> {
    let pattern = pattern.to_lowercase();
    let everything = pattern.is_empty() || pattern == "*";
    references
        .into_iter()
        .filter_map(|text| Recipe::parse(&text).ok())
        .filter(|recipe| {
            let text = recipe.as_str().to_lowercase();
            everything
                || fnmatch(&pattern, &text)
                || text
                    .char_indices()
                    .filter(|(_, letter)| matches!(letter, '/' | '@'))
                    .any(|(at, _)| fnmatch(&pattern, &text[..at]))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    /// As `conan_server` answered for the same recipes.
    #[test]
    fn patterns_select_what_the_reference_server_selects() {
        let both = ["wa/1.0", "wb/1.0@me/stable"];
        let search = |pattern: &str| -> Vec<String> {
            matching(both.map(str::to_owned).to_vec(), pattern)
                .iter()
                .map(ToString::to_string)
                .collect()
        };
        for (pattern, expected) in [
            ("wa", vec!["wa/1.0"]),
            ("wa/*", vec!["wa/1.0"]),
            ("w*", both.to_vec()),
            ("WA/*", vec!["wa/1.0"]),
            ("wa/1.0", vec!["wa/1.0"]),
            ("*", both.to_vec()),
            ("wa/1.0@*", vec![]),
            ("*@*", vec!["wb/1.0@me/stable"]),
            ("wa/1.0@_/_", vec![]),
            ("*/1.0", both.to_vec()),
            ("wb*@me/*", vec!["wb/1.0@me/stable"]),
            ("wb/1.0@me", vec!["wb/1.0@me/stable"]),
            ("nope", vec![]),
            ("wb", vec!["wb/1.0@me/stable"]),
            ("", both.to_vec()),
        ] {
            assert_eq!(search(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_tells_its_name() {
        assert_eq!(exact_name("zlib/*"), Some("zlib"));
        assert_eq!(exact_name("zlib/1.3@me"), Some("zlib"));
        assert_eq!(exact_name("zl*/1"), None);
        assert_eq!(exact_name("ZLIB/*"), None);
        assert_eq!(exact_name("zlib"), None);
    }
}
