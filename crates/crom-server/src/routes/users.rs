//! Logins.

use std::sync::Arc;

use axum::extract::{Path, Request, State};

use super::caller::{Caller, address_of, authorization};
use crate::database::AuditEntry;
use crate::error::{Error, Result};
use crate::server::Server;

/// `GET /v2/users/authenticate`: the token as text.
pub async fn authenticate(
    State(server): State<Arc<Server>>,
    Path(repository): Path<String>,
    request: Request,
) -> Result<String> {
    let repository = server.repository(&repository).await?;
    let address = address_of(&server, &request);
    let outcome = server
        .access
        .log_in(authorization(request.headers()), &address)
        .await;
    let entry = |actor: &str, action: &str| AuditEntry {
        actor: actor.to_owned(),
        address: address.clone(),
        action: action.to_owned(),
        repository: repository.name.clone(),
        ..AuditEntry::default()
    };
    match outcome {
        Ok((token, user)) => {
            server.record(entry(&user, "login")).await;
            Ok(token)
        }
        Err(error) => {
            if matches!(error, Error::Unauthenticated(_)) {
                server.record(entry("(anonymous)", "failed login")).await;
            }
            Err(error)
        }
    }
}

/// `GET /v2/users/check_credentials`: the name of the user as text.
pub async fn check_credentials(
    State(server): State<Arc<Server>>,
    Path(repository): Path<String>,
    caller: Caller,
) -> Result<String> {
    server.repository(&repository).await?;
    match caller.principal.name() {
        Some(name) => Ok(name.to_owned()),
        None => Err(Error::Unauthenticated("Logged user needed!".to_owned())),
    }
}
