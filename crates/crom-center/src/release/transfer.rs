//! Exact revisions go from the cache to a repository, from one to the cache, or from one to another.

use crom_model::package_list::{MultiPackageList, PackageList};
use crom_model::reference::{PackageReference, RecipeReference};
use crom_ops::{DownloadRequest, PromoteRequest, Session, UploadRequest};

use crate::{CenterError, Fork};

/// What package lists call the cache.
const CACHE: &str = "Local Cache";

/// Exact revisions: `name/version#rrev` and `name/version#rrev:package_id#prev`.
#[derive(Clone, Debug, Default)]
pub(super) struct Revisions {
    pub recipes: Vec<String>,
    pub packages: Vec<String>,
}

impl Revisions {
    pub fn is_empty(&self) -> bool {
        self.recipes.is_empty() && self.packages.is_empty()
    }

    fn list(&self) -> Result<PackageList, CenterError> {
        let mut list = PackageList::default();
        for text in &self.recipes {
            let reference = RecipeReference::loads(text)
                .map_err(|error| CenterError::message(error.to_string()))?;
            list.add_ref(&reference);
            if let Some(entry) = list.recipe_dict_mut(&reference) {
                entry
                    .entry("packages")
                    .or_insert_with(|| serde_json::json!({}));
            }
        }
        for text in &self.packages {
            let package = PackageReference::loads(text)
                .map_err(|error| CenterError::message(error.to_string()))?;
            list.add_ref(&package.reference);
            list.add_pref(&package, None);
        }
        Ok(list)
    }

    /// As a file that `upload` and `download` take.
    fn write(&self, fork: &Fork, origin: &str) -> Result<std::path::PathBuf, CenterError> {
        crate::state::prepare(fork)?;
        let mut lists = MultiPackageList::default();
        lists.add(origin, self.list()?);
        let path = fork.state().join("transfer.json");
        crom_fs::write_atomic(&path, lists.to_json().to_string())?;
        Ok(path)
    }
}

/// From the cache to a repository, with all metadata. What is there already isn't sent.
pub(super) fn upload(
    session: &Session,
    fork: &Fork,
    revisions: &Revisions,
    remote: &str,
) -> Result<(), CenterError> {
    if revisions.is_empty() {
        return Ok(());
    }
    let request = UploadRequest {
        list: Some(revisions.write(fork, CACHE)?),
        remote: remote.to_owned(),
        ..UploadRequest::default()
    };
    crom_ops::upload(session, &request, &mut |_| Ok(true))?;
    Ok(())
}

/// From a repository to the cache, with all metadata.
pub(super) fn download(
    session: &Session,
    fork: &Fork,
    revisions: &Revisions,
    remote: &str,
) -> Result<(), CenterError> {
    if revisions.is_empty() {
        return Ok(());
    }
    let request = DownloadRequest {
        list: Some(revisions.write(fork, remote)?),
        remote: remote.to_owned(),
        metadata: vec![String::from("*")],
        ..DownloadRequest::default()
    };
    crom_ops::download(session, &request)?;
    Ok(())
}

/// From one repository to another, by the server itself where both are on one.
pub(super) fn promote(
    session: &Session,
    fork: &Fork,
    revisions: &Revisions,
    (from, to): (&str, &str),
    dry_run: bool,
) -> Result<(), CenterError> {
    let request = PromoteRequest {
        what: revisions.write(fork, from)?.to_string_lossy().into_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        dry_run,
        ..PromoteRequest::default()
    };
    crom_ops::promote(session, &request)?;
    Ok(())
}
