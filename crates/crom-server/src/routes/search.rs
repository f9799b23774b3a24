//! Searching.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use crom_protocol::message::{Packages, SearchResults};
use serde::Deserialize;

use super::answer::answer;
use super::caller::Caller;
use super::recipes::{RecipePath, RevisionPath};
use crate::coordinates::Line;
use crate::database::Action;
use crate::error::Result;
use crate::server::Server;

/// `?q=`
#[derive(Deserialize)]
pub struct Pattern {
    #[serde(default)]
    q: String,
}

/// `GET /v2/conans/search`
pub async fn recipes(
    State(server): State<Arc<Server>>,
    Path(repository): Path<String>,
    Query(pattern): Query<Pattern>,
    caller: Caller,
) -> Result<Json<SearchResults>> {
    let repository = server.repository(&repository).await?;
    caller.principal.require(&repository, Action::Read, None)?;
    let found = server.search(&repository, &pattern.q).await?;
    let readable = found.iter().filter(|recipe| {
        caller
            .principal
            .may(&repository, Action::Read, Some(recipe))
    });
    Ok(Json(SearchResults {
        results: readable.map(ToString::to_string).collect(),
    }))
}

/// `GET R/revisions/{rrev}/search`
pub async fn packages(
    State(server): State<Arc<Server>>,
    Path(path): Path<RevisionPath>,
    caller: Caller,
) -> Result<Response> {
    let repository = server.repository(&path.repository).await?;
    let key = path.key()?;
    caller
        .principal
        .require(&repository, Action::Read, Some(&key.recipe))?;
    answer(&server, &repository, "packages", &key.to_string(), async {
        server.packages(&repository, &key).await
    })
    .await
}

/// `GET R/search`: of the newest revision.
pub async fn packages_of_latest(
    State(server): State<Arc<Server>>,
    Path(path): Path<RecipePath>,
    caller: Caller,
) -> Result<Json<Packages>> {
    let repository = server.repository(&path.repository).await?;
    let line = Line::of_recipe(path.recipe()?);
    caller
        .principal
        .require(&repository, Action::Read, Some(&line.recipe))?;
    let latest = server.latest(&repository, &line).await?;
    let key = line.at(&latest.revision);
    Ok(Json(server.packages(&repository, &key).await?))
}
