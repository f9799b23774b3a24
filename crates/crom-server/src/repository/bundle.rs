//! Whole revisions in one request and one transaction. What holds for files that come one by one
//! holds here, too: content survives a power cut before it becomes visible, what is there stays.

use std::collections::{BTreeMap, HashSet};

use bytes::Bytes;
use crom_model::reference::RecipeReference;
use crom_protocol::bundle::{BundleHead, BundleRevision};
use crom_protocol::file;
use futures_util::{StreamExt, TryStreamExt};

use super::hosted::{ATTEMPTS, Facts, Upload, add_to_complete, is_other_format};
use crate::access::Principal;
use crate::clock;
use crate::coordinates::{Key, Recipe};
use crate::database::{Action, Added, Blob, HeldFile, Kind, Repository, Write};
use crate::error::{Error, Result};
use crate::server::Server;
use crate::storage::Received;

/// Objects that are written at the same time.
const WRITES: usize = 16;

/// Who sends a bundle where.
struct Sender<'a> {
    repository: &'a Repository,
    principal: &'a Principal,
    address: &'a str,
}

/// A revision with what was sent for it.
struct Item {
    key: Key,
    files: Vec<Sent>,
}

/// A file as it was sent.
struct Sent {
    file: HeldFile,
    facts: Facts,
}

/// Content, and whether its object was written just now.
struct Content {
    blob: Blob,
    stored: bool,
}

/// What a transaction came to.
enum Outcome {
    /// It is committed.
    Done {
        /// Revisions that became visible or got more metadata.
        changed: Vec<Key>,
        /// Objects that somebody else has stored, too.
        redundant: Vec<String>,
    },
    /// Content has been collected meanwhile.
    Gone,
    /// These objects, which came earlier, have to be flushed first; nothing was changed.
    Unsynced(Vec<String>),
}

impl Server {
    /// Takes revisions: all of them, or none. False if all of it was there.
    ///
    /// # Errors
    /// A revision would be incomplete or contradicts what is there; a permission is missing.
    pub(crate) async fn add_bundle(
        &self,
        repository: &Repository,
        principal: &Principal,
        address: &str,
        head: &BundleHead,
        contents: Vec<Bytes>,
    ) -> Result<bool> {
        let sender = Sender {
            repository,
            principal,
            address,
        };
        let keys = sender.check(head)?;
        let received = hashed(head, contents).await?;
        let (items, mut unique) = sender.items(keys, head, received)?;
        for _ in 0..ATTEMPTS {
            let contents = self.store_missing(&mut unique).await?;
            let outcome = self.commit_bundle(&sender, &items, &contents).await;
            let useless = match &outcome {
                Ok(Outcome::Done { redundant, .. }) => redundant.clone(),
                // Refused before the commit: nothing names the objects. After a failed commit
                // something may, and the collection will find out.
                Ok(Outcome::Gone)
                | Err(Error::Invalid(_) | Error::Conflict(_) | Error::Forbidden(_)) => contents
                    .iter()
                    .filter(|content| content.stored)
                    .map(|content| content.blob.object.clone())
                    .collect(),
                _ => Vec::new(),
            };
            for object in useless {
                if let Err(error) = self.store.delete(&object).await {
                    tracing::warn!(%error, "a redundant object stays until the next collection");
                }
            }
            if let Outcome::Done { changed, .. } = outcome? {
                self.tell(&sender, &unique, &changed);
                return Ok(!changed.is_empty());
            }
        }
        Err(Error::Internal(
            "the content of a bundle vanishes again and again".to_owned(),
        ))
    }

    fn tell(&self, sender: &Sender<'_>, unique: &BTreeMap<String, Received>, changed: &[Key]) {
        self.metrics
            .received(unique.values().map(|received| received.size).sum());
        let (repository, user) = (&sender.repository.name, sender.principal.actor());
        for key in changed {
            self.metrics.completed();
            tracing::info!(repository, %key, user, "uploaded");
        }
    }

    /// Writes what the store doesn't have; everything is flushed then.
    async fn store_missing(&self, unique: &mut BTreeMap<String, Received>) -> Result<Vec<Content>> {
        let sums: Vec<&str> = unique.keys().map(String::as_str).collect();
        let mut known: BTreeMap<String, Blob> = self
            .database
            .blobs(&sums)
            .await?
            .into_iter()
            .map(|blob| (blob.sha256.clone(), blob))
            .collect();
        let jobs: Vec<(Received, Option<Blob>)> = std::mem::take(unique)
            .into_iter()
            .map(|(sum, received)| (received, known.remove(&sum)))
            .collect();
        let stored: Vec<(Received, Content)> = futures_util::stream::iter(jobs)
            .map(|(received, known)| self.store_one(received, known))
            .buffered(WRITES)
            .try_collect()
            .await?;
        let mut contents = Vec::with_capacity(stored.len());
        for (received, content) in stored {
            unique.insert(received.sha256.clone(), received);
            contents.push(content);
        }
        let objects: Vec<String> = contents
            .iter()
            .map(|content| content.blob.object.clone())
            .collect();
        self.store.sync(&objects).await?;
        Ok(contents)
    }

    async fn store_one(
        &self,
        mut received: Received,
        known: Option<Blob>,
    ) -> Result<(Received, Content)> {
        let stored = known.is_none();
        let blob = match known {
            Some(blob) => blob,
            None => self.store_new(&mut received).await?,
        };
        Ok((received, Content { blob, stored }))
    }

    async fn commit_bundle(
        &self,
        sender: &Sender<'_>,
        items: &[Item],
        contents: &[Content],
    ) -> Result<Outcome> {
        let mut synced: HashSet<String> = contents
            .iter()
            .map(|content| content.blob.object.clone())
            .collect();
        loop {
            let outcome = self.try_bundle(sender, items, contents, &synced).await?;
            let Outcome::Unsynced(objects) = outcome else {
                return Ok(outcome);
            };
            self.store.sync(&objects).await?;
            synced.extend(objects);
        }
    }

    async fn try_bundle(
        &self,
        sender: &Sender<'_>,
        items: &[Item],
        contents: &[Content],
        synced: &HashSet<String>,
    ) -> Result<Outcome> {
        let mut write = self.database.begin().await?;
        let (stored, known): (Vec<&Content>, Vec<&Content>) =
            contents.iter().partition(|content| content.stored);
        let sums: Vec<&str> = known
            .iter()
            .map(|content| content.blob.sha256.as_str())
            .collect();
        if !write.claim_known(&sums).await? {
            return Ok(Outcome::Gone);
        }
        let blobs: Vec<&Blob> = stored.iter().map(|content| &content.blob).collect();
        let redundant = write.claim_stored(&blobs).await?;
        let opened = open(&mut write, sender, items).await?;
        let incomplete: Vec<i64> = opened.iter().filter(|it| !it.1).map(|it| it.0).collect();
        let mut held = write.files_of(&incomplete).await?;
        let (mut put, mut changed) = (Vec::new(), Vec::new());
        let now = clock::now();
        for ((order, item), (row, complete)) in (0_i64..).zip(items).zip(opened) {
            if complete {
                if sender.add_more(&mut write, item, row).await? {
                    changed.push(item.key.clone());
                }
                continue;
            }
            let earlier = held.remove(&row).unwrap_or_default();
            if self.store.needs_sync() && !earlier.is_empty() {
                let objects = write.objects_of(row).await?;
                if objects.iter().any(|object| !synced.contains(object)) {
                    return Ok(Outcome::Unsynced(objects));
                }
            }
            item.complete(&mut write, row, earlier, now + order, &mut put)
                .await?;
            changed.push(item.key.clone());
        }
        write.put_files(&put).await?;
        for key in &changed {
            let upload = sender.upload(key, "");
            write.record(&upload.audit_entry(Added::Completed)).await?;
        }
        write.commit_durably().await?;
        self.answers.forget();
        Ok(Outcome::Done { changed, redundant })
    }
}

/// Row, and whether it is visible, of each item. They are locked in the order of their keys.
async fn open(write: &mut Write, sender: &Sender<'_>, items: &[Item]) -> Result<Vec<(i64, bool)>> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_cached_key(|index| items.get(*index).map(|item| item.key.to_string()));
    let mut opened = vec![(0, false); items.len()];
    for index in order {
        let (Some(item), Some(place)) = (items.get(index), opened.get_mut(index)) else {
            continue;
        };
        let revision = write
            .open_revision(sender.repository.id, &item.key, sender.principal.actor())
            .await?;
        *place = (revision.id, revision.complete);
    }
    Ok(opened)
}

impl<'a> Sender<'a> {
    /// The keys of all revisions, which may be written and have files that may be.
    fn check(&self, head: &BundleHead) -> Result<Vec<Key>> {
        if self.repository.kind != Kind::Hosted {
            return Err(Error::Invalid(format!(
                "repository `{}` is a {}: upload to a hosted one",
                self.repository.name, self.repository.kind
            )));
        }
        let mut keys: Vec<Key> = Vec::with_capacity(head.revisions.len());
        for revision in &head.revisions {
            let key = key_of(revision)?;
            self.principal
                .require(self.repository, Action::Write, Some(&key.recipe))?;
            let mut names = HashSet::new();
            for sent in &revision.files {
                file::check_name(&sent.name).map_err(|error| Error::Invalid(error.to_string()))?;
                if !names.insert(&sent.name) {
                    return Err(Error::Invalid(format!(
                        "{key}: `{}` comes twice",
                        sent.name
                    )));
                }
            }
            if keys.contains(&key) {
                return Err(Error::Invalid(format!("{key} comes twice")));
            }
            keys.push(key);
        }
        Ok(keys)
    }

    /// The revisions, and the contents by their hash.
    fn items(
        &self,
        keys: Vec<Key>,
        head: &BundleHead,
        received: Vec<Received>,
    ) -> Result<(Vec<Item>, BTreeMap<String, Received>)> {
        let mut received = received.into_iter();
        let mut unique = BTreeMap::new();
        let mut items = Vec::with_capacity(keys.len());
        for (key, revision) in keys.into_iter().zip(&head.revisions) {
            let mut files = Vec::with_capacity(revision.files.len());
            for (sent, received) in revision.files.iter().zip(received.by_ref()) {
                let facts = match (sent.name.as_str(), received.bytes()) {
                    (file::MANIFEST | file::RECIPE | file::INFO, Some(bytes)) => {
                        Facts::of_bytes(&self.upload(&key, &sent.name), bytes)?
                    }
                    _ => Facts::none(),
                };
                let file = HeldFile {
                    name: sent.name.clone(),
                    sha256: received.sha256.clone(),
                    md5: facts.md5.clone(),
                };
                unique.insert(received.sha256.clone(), received);
                files.push(Sent { file, facts });
            }
            items.push(Item { key, files });
        }
        Ok((items, unique))
    }

    fn upload<'b>(&'b self, key: &'b Key, name: &'b str) -> Upload<'b> {
        Upload {
            repository: self.repository,
            key,
            name,
            actor: self.principal.actor(),
            address: self.address,
            may_replace: self
                .principal
                .may(self.repository, Action::Delete, Some(&key.recipe)),
        }
    }

    /// Adds what a visible revision lacks; true if that is anything.
    async fn add_more(&self, write: &mut Write, item: &Item, row: i64) -> Result<bool> {
        let mut added = false;
        for sent in &item.files {
            let upload = self.upload(&item.key, &sent.file.name);
            let outcome = add_to_complete(write, &upload, &sent.facts, row, &sent.file).await?;
            added |= outcome == Added::Extra;
        }
        Ok(added)
    }
}

impl Item {
    /// Makes a revision visible whose `earlier` files came one by one.
    async fn complete(
        &self,
        write: &mut Write,
        row: i64,
        earlier: Vec<HeldFile>,
        created: i64,
        put: &mut Vec<(i64, HeldFile)>,
    ) -> Result<()> {
        let mut files = earlier;
        for sent in &self.files {
            if is_other_format(&files, &sent.file.name) {
                continue;
            }
            files.retain(|held| held.name != sent.file.name);
            files.push(sent.file.clone());
            put.push((row, sent.file.clone()));
        }
        let key = &self.key;
        let summary = self
            .files
            .iter()
            .find_map(|sent| sent.facts.summary.as_ref());
        let summary = summary
            .ok_or_else(|| Error::Invalid(format!("{key}: {} is missing", file::MANIFEST)))?;
        if !summary.is_satisfied(key, &files)? {
            return Err(Error::Invalid(format!(
                "{key}: not all files are there that its {} tells of",
                file::MANIFEST
            )));
        }
        let info = self
            .files
            .iter()
            .find_map(|sent| sent.facts.info.as_deref());
        let text = serde_json::to_string(summary)
            .map_err(|error| Error::Internal(format!("a summary: {error}")))?;
        write.finish(row, &text, info, created).await
    }
}

fn key_of(revision: &BundleRevision) -> Result<Key> {
    let reference = RecipeReference::loads(&revision.reference)
        .map_err(|error| Error::Invalid(error.to_string()))?;
    let rrev = reference.revision.clone().ok_or_else(|| {
        Error::Invalid(format!(
            "`{}` has no recipe revision",
            revision.reference.escape_debug()
        ))
    })?;
    let recipe = Recipe::parse(&reference.without_revision().to_string())?;
    match &revision.package {
        None => Key::of_recipe(recipe, &rrev),
        Some(package) => Key::of_binary(recipe, &rrev, &package.package_id, &package.revision),
    }
}

/// Checks the contents against the sums of the head.
async fn hashed(head: &BundleHead, contents: Vec<Bytes>) -> Result<Vec<Received>> {
    let received = tokio::task::spawn_blocking(move || {
        contents
            .into_iter()
            .map(Received::of_bytes)
            .collect::<Vec<_>>()
    })
    .await?;
    let sent = head.revisions.iter().flat_map(|revision| &revision.files);
    for (sent, received) in sent.zip(&received) {
        if !sent.sha1.eq_ignore_ascii_case(&received.sha1) {
            return Err(Error::Invalid(format!(
                "wrong checksum: the sha1 of `{}` is {}, and the bundle says {}",
                sent.name.escape_debug(),
                received.sha1,
                sent.sha1.escape_debug()
            )));
        }
    }
    Ok(received)
}
