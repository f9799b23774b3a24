//! Administration over the network.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::caller::Caller;
use crate::admin::AdminRequest;
use crate::error::{Error, Result};
use crate::server::Server;

/// `POST /-/api/{noun}/{verb}`: the body is the command's JSON without its name.
pub async fn run(
    State(server): State<Arc<Server>>,
    Path((noun, verb)): Path<(String, String)>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>> {
    if caller.principal.name().is_none() {
        return Err(Error::Unauthenticated("log in to administrate".to_owned()));
    }
    let mut fields: Map<String, Value> = if body.is_empty() {
        Map::new()
    } else {
        json_body(&body)?
    };
    fields.insert(
        "command".to_owned(),
        Value::String(format!("{noun}/{verb}")),
    );
    let request: AdminRequest = serde_json::from_value(Value::Object(fields))
        .map_err(|error| Error::Invalid(format!("{noun}/{verb}: {error}")))?;
    let answer = server
        .administrate_as(&caller.principal, &caller.address, &request)
        .await?;
    Ok(Json(answer))
}

/// A JSON body.
pub(super) fn json_body<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body)
        .map_err(|error| Error::Invalid(format!("the body isn't the JSON expected: {error}")))
}
