//! Files of revisions: in and out.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE,
    RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use crom_protocol::{file, header};
use futures_util::StreamExt;
use serde::Deserialize;

use super::caller::Caller;
use crate::coordinates::{Key, Recipe};
use crate::database::{Action, Added, FileRecord, Kind, Repository};
use crate::error::{Error, Result};
use crate::repository::{FileAnswer, Upload};
use crate::server::Server;
use crate::storage::Received;

/// The segments of `R/revisions/{rrev}/files/{name}`.
#[derive(Deserialize)]
pub struct RecipeFilePath {
    repository: String,
    name: String,
    version: String,
    user: String,
    channel: String,
    rrev: String,
    file: String,
}

/// The segments of `.../revisions/{prev}/files/{name}`.
#[derive(Deserialize)]
pub struct PackageFilePath {
    repository: String,
    name: String,
    version: String,
    user: String,
    channel: String,
    rrev: String,
    package_id: String,
    prev: String,
    file: String,
}

impl RecipeFilePath {
    fn key(&self) -> Result<Key> {
        let recipe = Recipe::from_segments(&self.name, &self.version, &self.user, &self.channel)?;
        Key::of_recipe(recipe, &self.rrev)
    }
}

impl PackageFilePath {
    fn key(&self) -> Result<Key> {
        let recipe = Recipe::from_segments(&self.name, &self.version, &self.user, &self.channel)?;
        Key::of_binary(recipe, &self.rrev, &self.package_id, &self.prev)
    }
}

/// `GET R/revisions/{rrev}/files/{name}`
pub async fn get_recipe_file(
    State(server): State<Arc<Server>>,
    Path(path): Path<RecipeFilePath>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response> {
    let key = path.key()?;
    get_file(
        &server,
        &path.repository,
        &caller,
        &key,
        &path.file,
        &headers,
    )
    .await
}

/// `GET .../revisions/{prev}/files/{name}`
pub async fn get_package_file(
    State(server): State<Arc<Server>>,
    Path(path): Path<PackageFilePath>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response> {
    let key = path.key()?;
    get_file(
        &server,
        &path.repository,
        &caller,
        &key,
        &path.file,
        &headers,
    )
    .await
}

/// `PUT R/revisions/{rrev}/files/{name}`
pub async fn put_recipe_file(
    State(server): State<Arc<Server>>,
    Path(path): Path<RecipeFilePath>,
    caller: Caller,
    request: Request,
) -> Result<StatusCode> {
    let key = path.key()?;
    put_file(
        &server,
        &path.repository,
        &caller,
        &key,
        &path.file,
        request,
    )
    .await
}

/// `PUT .../revisions/{prev}/files/{name}`
pub async fn put_package_file(
    State(server): State<Arc<Server>>,
    Path(path): Path<PackageFilePath>,
    caller: Caller,
    request: Request,
) -> Result<StatusCode> {
    let key = path.key()?;
    put_file(
        &server,
        &path.repository,
        &caller,
        &key,
        &path.file,
        request,
    )
    .await
}

async fn get_file(
    server: &Arc<Server>,
    repository: &str,
    caller: &Caller,
    key: &Key,
    name: &str,
    headers: &HeaderMap,
) -> Result<Response> {
    let repository = server.repository(repository).await?;
    caller
        .principal
        .require(&repository, Action::Read, Some(&key.recipe))?;
    check_name(name)?;
    match server.file(&repository, key, name).await? {
        FileAnswer::Stored(record) => {
            server.note_download(record.revision);
            serve(server, &record, name, headers).await
        }
        FileAnswer::Passing { size, sha1, chunks } => {
            let mut answer = Response::new(Body::from_stream(chunks));
            let fields = answer.headers_mut();
            fields.insert(CONTENT_TYPE, content_type(name));
            if let Some(size) = size {
                fields.insert(CONTENT_LENGTH, HeaderValue::from(size));
            }
            if let Some(sha1) = sha1.and_then(|sha1| HeaderValue::from_str(&sha1).ok()) {
                fields.insert(header::CHECKSUM_SHA1, sha1);
            }
            Ok(answer)
        }
    }
}

/// Content never changes under its hash, so it is its own validator.
async fn serve(
    server: &Server,
    record: &FileRecord,
    name: &str,
    headers: &HeaderMap,
) -> Result<Response> {
    let etag = format!("\"{}\"", record.sha256);
    let mut answer = Response::new(Body::empty());
    let fields = answer.headers_mut();
    fields.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    fields.insert(CONTENT_TYPE, content_type(name));
    for (field, text) in [
        (ETAG.as_str(), &etag),
        (header::CHECKSUM_SHA1, &record.sha1),
        (header::CHECKSUM_SHA256, &record.sha256),
    ] {
        if let (Ok(field), Ok(value)) = (
            axum::http::HeaderName::from_bytes(field.as_bytes()),
            HeaderValue::from_str(text),
        ) {
            fields.insert(field, value);
        }
    }
    let matches = |value: &HeaderValue| {
        value
            .to_str()
            .is_ok_and(|text| text.split(',').any(|tag| tag.trim() == etag))
    };
    if headers.get(IF_NONE_MATCH).is_some_and(matches) {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(answer);
    }
    let may_range = headers.get(IF_RANGE).is_none_or(matches);
    let wanted = headers
        .get(RANGE)
        .filter(|_| may_range)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| parse_range(text, record.size));
    let range = match wanted {
        None => 0..record.size,
        Some(Some(range)) => {
            let text = format!("bytes {}-{}/{}", range.start, range.end - 1, record.size);
            if let Ok(value) = HeaderValue::from_str(&text) {
                answer.headers_mut().insert(CONTENT_RANGE, value);
            }
            *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
            range
        }
        Some(None) => {
            let text = format!("bytes */{}", record.size);
            let refused = [(CONTENT_RANGE, text)];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, refused).into_response());
        }
    };
    let length = range.end - range.start;
    answer
        .headers_mut()
        .insert(CONTENT_LENGTH, HeaderValue::from(length));
    server.metrics.sent(length);
    if length > 0 {
        *answer.body_mut() = Body::from_stream(server.store.read(&record.object, range).await?);
    }
    Ok(answer)
}

/// `bytes=10-`, `bytes=10-19`, `bytes=-5`. None if it is something else, which is then ignored;
/// `Some(None)` if it lies outside.
fn parse_range(text: &str, size: u64) -> Option<Option<std::ops::Range<u64>>> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let range = match (first.trim(), last.trim()) {
        ("", last) => size.saturating_sub(last.parse().ok()?)..size,
        (first, "") => first.parse().ok()?..size,
        (first, last) => {
            let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
            if last < first {
                return None;
            }
            first..last.saturating_add(1).min(size)
        }
    };
    Some((range.start < range.end).then_some(range))
}

async fn put_file(
    server: &Arc<Server>,
    repository: &str,
    caller: &Caller,
    key: &Key,
    name: &str,
    request: Request,
) -> Result<StatusCode> {
    let repository = server.repository(repository).await?;
    caller
        .principal
        .require(&repository, Action::Write, Some(&key.recipe))?;
    if repository.kind != Kind::Hosted {
        return Err(Error::Invalid(format!(
            "repository `{}` is a {}: upload to a hosted one",
            repository.name, repository.kind
        )));
    }
    check_name(name)?;
    let upload = Upload {
        repository: &repository,
        key,
        name,
        actor: caller.principal.actor(),
        address: &caller.address,
        may_replace: caller
            .principal
            .may(&repository, Action::Delete, Some(&key.recipe)),
    };
    let sha1 = checksum(request.headers())?;
    let added = if is_deploy(request.headers()) {
        deploy(server, caller, &upload, sha1.as_deref()).await?
    } else {
        let received = receive(server, request, sha1.as_deref()).await?;
        server.metrics.received(received.size);
        server.add_file(&upload, received).await?
    };
    if added == Added::Completed {
        server.metrics.completed();
        tracing::info!(repository = repository.name, %key, user = upload.actor, "uploaded");
    }
    Ok(match added {
        Added::Same => StatusCode::OK,
        _ => StatusCode::CREATED,
    })
}

/// A file whose content the server may have: 404 if it hasn't, or has it only where the client can't
/// read.
async fn deploy(
    server: &Arc<Server>,
    caller: &Caller,
    upload: &Upload<'_>,
    sha1: Option<&str>,
) -> Result<Added> {
    let unknown = || Error::NotFound("no file with this checksum".to_owned());
    let sha1 = sha1.ok_or_else(|| {
        Error::Invalid(format!(
            "{} without {}",
            header::CHECKSUM_DEPLOY,
            header::CHECKSUM_SHA1
        ))
    })?;
    let readable = readable_repositories(server, caller).await?;
    let blob = server
        .database
        .blob_by_sha1(sha1, upload.repository.id, &readable)
        .await?
        .ok_or_else(unknown)?;
    server.add_known(upload, &blob).await?.ok_or_else(unknown)
}

/// Repositories of which the caller may read everything.
async fn readable_repositories(server: &Server, caller: &Caller) -> Result<Vec<i64>> {
    let repositories: Vec<Repository> = server.database.repositories().await?;
    Ok(repositories
        .iter()
        .filter(|repository| caller.principal.reads_all(repository))
        .map(|repository| repository.id)
        .collect())
}

async fn receive(server: &Server, request: Request, sha1: Option<&str>) -> Result<Received> {
    let limits = &server.config.limits;
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<u64>().ok());
    if announced.is_some_and(|size| size > limits.max_body) {
        return Err(Error::TooLarge {
            limit: limits.max_body,
        });
    }
    let idle = Duration::from_secs(limits.idle_timeout);
    let mut spool = server.store.spool(limits.max_body);
    let mut body = request.into_body().into_data_stream();
    loop {
        let next = tokio::time::timeout(idle, body.next())
            .await
            .map_err(|_| Error::Slow {
                seconds: limits.idle_timeout,
            })?;
        match next {
            Some(Ok(chunk)) => spool.push(&chunk).await?,
            Some(Err(error)) => return Err(Error::Interrupted(error.to_string())),
            None => break,
        }
    }
    let received = spool.finish().await?;
    if let Some(sha1) = sha1
        && sha1 != received.sha1
    {
        return Err(Error::Invalid(format!(
            "wrong checksum: the sha1 of the body is {}, and {} says {sha1}",
            received.sha1,
            header::CHECKSUM_SHA1
        )));
    }
    Ok(received)
}

fn check_name(name: &str) -> Result<()> {
    file::check_name(name).map_err(|error| Error::Invalid(error.to_string()))
}

fn is_deploy(headers: &HeaderMap) -> bool {
    headers
        .get(header::CHECKSUM_DEPLOY)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"))
}

/// The sha1 that the client announces, in lower case.
fn checksum(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get(header::CHECKSUM_SHA1) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().to_ascii_lowercase();
    if text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(Some(text));
    }
    Err(Error::Invalid(format!(
        "{}: no sha1 in hex",
        header::CHECKSUM_SHA1
    )))
}

/// Never anything that a browser would run.
fn content_type(name: &str) -> HeaderValue {
    let text = name.ends_with(".txt") || name.ends_with(".py") || name.ends_with(".log");
    HeaderValue::from_static(if text {
        "text/plain; charset=utf-8"
    } else {
        "application/octet-stream"
    })
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    #[test]
    fn ranges_are_read() {
        assert_eq!(parse_range("bytes=2-4", 10), Some(Some(2..5)));
        assert_eq!(parse_range("bytes=2-", 10), Some(Some(2..10)));
        assert_eq!(parse_range("bytes=-3", 10), Some(Some(7..10)));
        assert_eq!(parse_range("bytes=-30", 10), Some(Some(0..10)));
        assert_eq!(parse_range("bytes=5-100", 10), Some(Some(5..10)));
        assert_eq!(parse_range("bytes=10-", 10), Some(None));
        assert_eq!(parse_range("bytes=4-2", 10), None);
        assert_eq!(parse_range("bytes=a-b", 10), None);
        assert_eq!(parse_range("lines=1-2", 10), None);
        assert_eq!(
            parse_range("bytes=0-18446744073709551615", 10),
            Some(Some(0..10))
        );
    }
}
