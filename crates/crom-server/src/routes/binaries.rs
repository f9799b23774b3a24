//! Packages (binaries) and their revisions.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::caller::Caller;
use super::recipes::{RevisionPath, files_of, latest_of, remove_from, revisions_of};
use crate::coordinates::{Key, Line, Recipe};
use crate::error::Result;
use crate::repository::Removal;
use crate::server::Server;

/// The segments of `R/revisions/{rrev}/packages/{package_id}`.
#[derive(Deserialize)]
pub struct PackagePath {
    repository: String,
    name: String,
    version: String,
    user: String,
    channel: String,
    rrev: String,
    package_id: String,
}

/// The segments of `.../packages/{package_id}/revisions/{prev}`.
#[derive(Deserialize)]
pub struct PackageRevisionPath {
    repository: String,
    name: String,
    version: String,
    user: String,
    channel: String,
    rrev: String,
    package_id: String,
    prev: String,
}

impl PackagePath {
    fn line(&self) -> Result<Line> {
        let recipe = Recipe::from_segments(&self.name, &self.version, &self.user, &self.channel)?;
        Line::of_binary(recipe, &self.rrev, &self.package_id)
    }
}

impl PackageRevisionPath {
    fn key(&self) -> Result<Key> {
        let recipe = Recipe::from_segments(&self.name, &self.version, &self.user, &self.channel)?;
        Key::of_binary(recipe, &self.rrev, &self.package_id, &self.prev)
    }
}

/// `GET .../packages/{package_id}/latest`
pub async fn latest(
    State(server): State<Arc<Server>>,
    Path(path): Path<PackagePath>,
    caller: Caller,
) -> Result<Response> {
    latest_of(&server, &path.repository, &caller, &path.line()?).await
}

/// `GET .../packages/{package_id}/revisions`
pub async fn revisions(
    State(server): State<Arc<Server>>,
    Path(path): Path<PackagePath>,
    caller: Caller,
) -> Result<Response> {
    revisions_of(&server, &path.repository, &caller, &path.line()?).await
}

/// `GET .../revisions/{prev}/files`
pub async fn files(
    State(server): State<Arc<Server>>,
    Path(path): Path<PackageRevisionPath>,
    caller: Caller,
) -> Result<Response> {
    files_of(&server, &path.repository, &caller, &path.key()?).await
}

/// `DELETE R/revisions/{rrev}/packages`
pub async fn remove_all(
    State(server): State<Arc<Server>>,
    Path(path): Path<RevisionPath>,
    caller: Caller,
) -> Result<()> {
    let removal = Removal::Packages(path.key()?);
    remove_from(&server, &path.repository, &caller, &removal).await
}

/// `DELETE .../packages/{package_id}`
pub async fn remove(
    State(server): State<Arc<Server>>,
    Path(path): Path<PackagePath>,
    caller: Caller,
) -> Result<()> {
    let line = path.line()?;
    let recipe = Key::of_recipe(line.recipe.clone(), line.rrev())?;
    let removal = Removal::Package(recipe, line.package_id().to_owned());
    remove_from(&server, &path.repository, &caller, &removal).await
}

/// `DELETE .../revisions/{prev}`
pub async fn remove_revision(
    State(server): State<Arc<Server>>,
    Path(path): Path<PackageRevisionPath>,
    caller: Caller,
) -> Result<()> {
    let removal = Removal::PackageRevision(path.key()?);
    remove_from(&server, &path.repository, &caller, &removal).await
}
