//! Errors as answers: a status and a line of text, which clients show.

use axum::extract::Request;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::error::Error;

/// `database or disk is full`
const SQLITE_FULL: &str = "13";

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = status_of(&self);
        if status.is_server_error() {
            tracing::error!(error = %self, cause = ?std::error::Error::source(&self), "request failed");
        }
        let mut response = (status, text_of(&self)).into_response();
        let headers = response.headers_mut();
        match &self {
            Self::Unauthenticated(_) => {
                headers.insert(
                    WWW_AUTHENTICATE,
                    HeaderValue::from_static("Basic realm=\"crom\", charset=\"UTF-8\""),
                );
            }
            Self::TooManyFailures { seconds } => {
                headers.insert(RETRY_AFTER, HeaderValue::from(*seconds));
            }
            _ => {}
        }
        response
    }
}

fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::Invalid(_) | Error::Interrupted(_) => StatusCode::BAD_REQUEST,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Slow { .. } => StatusCode::REQUEST_TIMEOUT,
        Error::TooManyFailures { .. } => StatusCode::TOO_MANY_REQUESTS,
        error if is_full(error) => StatusCode::INSUFFICIENT_STORAGE,
        Error::Database(_) | Error::Storage { .. } | Error::Stalled { .. } | Error::Files(_) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Error::Upstream { .. } => StatusCode::BAD_GATEWAY,
        Error::Config(_) | Error::Listen { .. } | Error::Internal(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

/// What the client may know. Paths and addresses of the server are for its log.
fn text_of(error: &Error) -> String {
    match error {
        error if is_full(error) => "the disk of the server is full".to_owned(),
        Error::Database(_) => "the metadata database is not available, try again later".to_owned(),
        Error::Storage { .. } | Error::Files(_) => {
            "the blob store is not available, try again later".to_owned()
        }
        Error::Config(_) | Error::Listen { .. } | Error::Internal(_) => {
            "internal error, see the log of the server".to_owned()
        }
        _ => error.to_string(),
    }
}

/// The disk is full, whoever noticed it.
fn is_full(error: &Error) -> bool {
    use std::io::ErrorKind;
    if let Error::Database(sqlx::Error::Database(error)) = error
        && error.code().as_deref() == Some(SQLITE_FULL)
    {
        return true;
    }
    let mut cause = std::error::Error::source(error);
    while let Some(current) = cause {
        if let Some(error) = current.downcast_ref::<std::io::Error>()
            && matches!(
                error.kind(),
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded
            )
        {
            return true;
        }
        cause = current.source();
    }
    false
}

/// No route has this path.
pub async fn unknown_path(request: Request) -> Error {
    Error::NotFound(format!("no such path: {}", request.uri().path()))
}

/// The route has no such method.
pub async fn unknown_method() -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, "method not allowed").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_wherever_it_shows() {
        let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
        let of_file = Error::from(crom_fs::Error::io("write", "/x", full()));
        let of_store = Error::Storage {
            action: "write",
            key: String::new(),
            source: object_store::Error::Generic {
                store: "LocalFileSystem",
                source: Box::new(full()),
            },
        };
        for error in [of_file, of_store] {
            assert_eq!(status_of(&error), StatusCode::INSUFFICIENT_STORAGE);
            assert_eq!(text_of(&error), "the disk of the server is full");
        }
        let other = crom_fs::Error::io("read", "/x", std::io::ErrorKind::NotFound.into());
        let answer = text_of(&Error::from(other));
        assert!(!answer.contains("/x"), "{answer}");
    }
}
