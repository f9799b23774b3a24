//! Errors as answers: a status and a line of text, which clients show.

use axum::extract::Request;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::error::Error;

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
        Error::Files(error) if is_full(error) => StatusCode::INSUFFICIENT_STORAGE,
        Error::Database(_) | Error::Storage { .. } | Error::Files(_) => {
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
        Error::Files(error) if is_full(error) => "the disk of the server is full".to_owned(),
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

fn is_full(error: &crom_fs::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
    )
}

/// No route has this path.
pub async fn unknown_path(request: Request) -> Error {
    Error::NotFound(format!("no such path: {}", request.uri().path()))
}

/// The route has no such method.
pub async fn unknown_method() -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, "method not allowed").into_response()
}
