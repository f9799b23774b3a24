//! Many small files at once.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use crom_protocol::bundle::BundleHead;

use super::caller::Caller;
use crate::error::{Error, Result};
use crate::server::Server;

/// `POST /{repository}/-/upload`: 201, or 200 if everything was there.
pub async fn upload(
    State(server): State<Arc<Server>>,
    Path(repository): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Result<StatusCode> {
    let repository = server.repository(&repository).await?;
    let (head, ranges) =
        BundleHead::decode(&body).map_err(|error| Error::Invalid(error.to_string()))?;
    let contents = ranges.into_iter().map(|range| body.slice(range)).collect();
    let added = server
        .add_bundle(
            &repository,
            &caller.principal,
            &caller.address,
            &head,
            contents,
        )
        .await?;
    Ok(if added {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    })
}
