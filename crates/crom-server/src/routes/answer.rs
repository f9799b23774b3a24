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

/// In an answer that everybody gets until something changes: its body, and the mark to keep it under.
#[derive(Clone)]
pub struct Public {
    pub body: Bytes,
    pub mark: u64,
}

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
    // Taken first: what changes while the answer is looked for makes it old.
    let mark = server.answers.mark();
    let body = match server.answers.get(&key) {
        Ok(Held::Json(body)) => body,
        Ok(Held::File(_)) => return Ok(json(encode(&ask.await?)?)),
        Err(mark) => {
            let body = encode(&ask.await?)?;
            server.answers.keep(mark, key, Held::Json(body.clone()));
            body
        }
    };
    let mut response = json(body.clone());
    if repository.anonymous_read {
        response.extensions_mut().insert(Public { body, mark });
    }
    Ok(response)
}

fn encode<T: Serialize>(value: &T) -> Result<Bytes> {
    serde_json::to_vec(value)
        .map(Bytes::from)
        .map_err(|error| Error::Internal(format!("an answer: {error}")))
}

/// Status 200.
pub(super) fn json(body: Bytes) -> Response {
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}
