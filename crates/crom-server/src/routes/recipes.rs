//! Recipes and their revisions.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use crom_protocol::message::{Files, Revision, Revisions};
use crom_protocol::time;
use serde::Deserialize;

use super::answer::answer;
use super::caller::Caller;
use crate::coordinates::{Key, Line, Recipe};
use crate::database::{Action, Stamp};
use crate::error::Result;
use crate::repository::Removal;
use crate::server::Server;

/// The segments of `R`.
#[derive(Deserialize)]
pub struct RecipePath {
    pub repository: String,
    name: String,
    version: String,
    user: String,
    channel: String,
}

/// The segments of `R/revisions/{rrev}`.
#[derive(Deserialize)]
pub struct RevisionPath {
    pub repository: String,
    name: String,
    version: String,
    user: String,
    channel: String,
    rrev: String,
}

impl RecipePath {
    /// Checked.
    pub fn recipe(&self) -> Result<Recipe> {
        Recipe::from_segments(&self.name, &self.version, &self.user, &self.channel)
    }
}

impl RevisionPath {
    /// Checked.
    pub fn key(&self) -> Result<Key> {
        let recipe = Recipe::from_segments(&self.name, &self.version, &self.user, &self.channel)?;
        Key::of_recipe(recipe, &self.rrev)
    }
}

/// `GET R/latest`
pub async fn latest(
    State(server): State<Arc<Server>>,
    Path(path): Path<RecipePath>,
    caller: Caller,
) -> Result<Response> {
    latest_of(
        &server,
        &path.repository,
        &caller,
        &Line::of_recipe(path.recipe()?),
    )
    .await
}

/// `GET R/revisions`
pub async fn revisions(
    State(server): State<Arc<Server>>,
    Path(path): Path<RecipePath>,
    caller: Caller,
) -> Result<Response> {
    revisions_of(
        &server,
        &path.repository,
        &caller,
        &Line::of_recipe(path.recipe()?),
    )
    .await
}

/// `GET R/revisions/{rrev}/files`
pub async fn files(
    State(server): State<Arc<Server>>,
    Path(path): Path<RevisionPath>,
    caller: Caller,
) -> Result<Response> {
    files_of(&server, &path.repository, &caller, &path.key()?).await
}

/// `DELETE R`
pub async fn remove(
    State(server): State<Arc<Server>>,
    Path(path): Path<RecipePath>,
    caller: Caller,
) -> Result<()> {
    remove_from(
        &server,
        &path.repository,
        &caller,
        &Removal::Recipe(path.recipe()?),
    )
    .await
}

/// `DELETE R/revisions/{rrev}`
pub async fn remove_revision(
    State(server): State<Arc<Server>>,
    Path(path): Path<RevisionPath>,
    caller: Caller,
) -> Result<()> {
    let removal = Removal::RecipeRevision(path.key()?);
    remove_from(&server, &path.repository, &caller, &removal).await
}

/// The newest revision of a line.
pub(super) async fn latest_of(
    server: &Arc<Server>,
    repository: &str,
    caller: &Caller,
    line: &Line,
) -> Result<Response> {
    let repository = server.repository(repository).await?;
    caller
        .principal
        .require(&repository, Action::Read, Some(&line.recipe))?;
    answer(server, &repository, "latest", &line.to_string(), async {
        Ok(message(server.latest(&repository, line).await?))
    })
    .await
}

/// All revisions of a line.
pub(super) async fn revisions_of(
    server: &Arc<Server>,
    repository: &str,
    caller: &Caller,
    line: &Line,
) -> Result<Response> {
    let repository = server.repository(repository).await?;
    caller
        .principal
        .require(&repository, Action::Read, Some(&line.recipe))?;
    answer(server, &repository, "revisions", &line.to_string(), async {
        let stamps = server.revisions(&repository, line).await?;
        Ok(Revisions {
            revisions: stamps.into_iter().map(message).collect(),
        })
    })
    .await
}

/// The files of a revision.
pub(super) async fn files_of(
    server: &Arc<Server>,
    repository: &str,
    caller: &Caller,
    key: &Key,
) -> Result<Response> {
    let repository = server.repository(repository).await?;
    caller
        .principal
        .require(&repository, Action::Read, Some(&key.recipe))?;
    answer(server, &repository, "files", &key.to_string(), async {
        let names = server.file_names(&repository, key).await?;
        Ok(Files::of_names(names))
    })
    .await
}

/// Removes something.
pub(super) async fn remove_from(
    server: &Arc<Server>,
    repository: &str,
    caller: &Caller,
    removal: &Removal,
) -> Result<()> {
    let repository = server.repository(repository).await?;
    server
        .remove(&repository, &caller.principal, &caller.address, removal)
        .await
}

fn message(stamp: Stamp) -> Revision {
    Revision {
        time: time::format_micros(stamp.created),
        revision: stamp.revision,
    }
}
