//! What operators and monitoring ask.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use crom_protocol::header;
use serde_json::json;

use crate::database::Kind;
use crate::error::{Error, Result};
use crate::server::Server;

/// A part that takes longer is not healthy.
const HEALTH: Duration = Duration::from_secs(5);

/// The description of everything that isn't Conan's.
const OPENAPI: &str = include_str!("openapi.json");

/// `GET /{repository}/v1/ping`
pub async fn ping(
    State(server): State<Arc<Server>>,
    Path(repository): Path<String>,
) -> Result<Response> {
    let repository = server.repository(&repository).await?;
    let mut capabilities = vec![header::COMPLEX_SEARCH, header::REVISIONS];
    if repository.kind == Kind::Hosted {
        capabilities.push(header::DEPLOY_BY_CHECKSUM);
        capabilities.push(header::PROMOTION);
        capabilities.push(header::BUNDLES);
    }
    Ok((
        [
            (header::CAPABILITIES, capabilities.join(",")),
            (header::SERVER_ID, server.id.clone()),
            (header::REPOSITORY, repository.name.clone()),
            (header::REPOSITORY_KIND, repository.kind.to_string()),
        ],
        "",
    )
        .into_response())
}

/// `GET /health`
pub async fn health(State(server): State<Arc<Server>>) -> Response {
    let (database, store) = tokio::join!(
        in_time(server.database.ping()),
        in_time(server.store.ping())
    );
    let word = |good: bool| if good { "ok" } else { "unavailable" };
    let good = database.is_ok() && store.is_ok();
    for error in [database.as_ref().err(), store.as_ref().err()]
        .into_iter()
        .flatten()
    {
        tracing::error!(%error, "not healthy");
    }
    let status = if good {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({"status": word(good), "database": word(database.is_ok()),
                      "storage": word(store.is_ok()), "version": env!("CARGO_PKG_VERSION")});
    (status, Json(body)).into_response()
}

/// Who asks for health doesn't wait long.
async fn in_time(ping: impl Future<Output = Result<()>>) -> Result<()> {
    let seconds = HEALTH.as_secs();
    tokio::time::timeout(HEALTH, ping)
        .await
        .unwrap_or(Err(Error::Stalled { seconds }))
}

/// `GET /metrics`
pub async fn metrics(State(server): State<Arc<Server>>) -> Result<Response> {
    let (blobs, bytes) = server.database.blob_totals().await?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, kind)], server.metrics.text(blobs, bytes)).into_response())
}

/// `GET /-/openapi.json`
pub async fn openapi() -> Response {
    ([(CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}
