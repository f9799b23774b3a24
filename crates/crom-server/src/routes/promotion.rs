//! Promotion.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use crom_protocol::promotion::{PromotionReport, PromotionRequest};

use super::admin::json_body;
use super::caller::Caller;
use crate::error::Result;
use crate::server::Server;

/// `POST /{repository}/-/promote`
pub async fn promote(
    State(server): State<Arc<Server>>,
    Path(repository): Path<String>,
    caller: Caller,
    body: axum::body::Bytes,
) -> Result<Json<PromotionReport>> {
    let request: PromotionRequest = json_body(&body)?;
    let target = server.repository(&repository).await?;
    let report = server
        .promote(&target, &caller.principal, &caller.address, &request)
        .await?;
    Ok(Json(report))
}
