//! JSON answers to questions about what is visible.

use std::future::Future;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

use crate::answers::Held;
use crate::database::{Kind, Repository};
use crate::error::{Error, Result};
use crate::server::Server;

/// The answer to a question about a hosted repository as it was given before, if nothing has changed
/// since; otherwise what `ask` finds out. Permissions are the caller's business.
///
/// # Errors
/// What `ask` says; nothing is held then.
pub async fn answer<T: Serialize>(
    server: &Server,
    repository: &Repository,
    question: &str,
    subject: &str,
    ask: impl Future<Output = Result<T>>,
) -> Result<Response> {
    if repository.kind != Kind::Hosted {
        return Ok(json(encode(&ask.await?)?));
    }
    let key = format!("{question} {} {subject}", repository.id);
    let mark = match server.answers.get(&key) {
        Ok(Held::Json(body)) => return Ok(json(body)),
        Ok(Held::File(_)) => return Ok(json(encode(&ask.await?)?)),
        Err(mark) => mark,
    };
    let body = encode(&ask.await?)?;
    server.answers.keep(mark, key, Held::Json(body.clone()));
    Ok(json(body))
}

fn encode<T: Serialize>(value: &T) -> Result<Bytes> {
    serde_json::to_vec(value)
        .map(Bytes::from)
        .map_err(|error| Error::Internal(format!("an answer: {error}")))
}

fn json(body: Bytes) -> Response {
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}
