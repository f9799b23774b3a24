//! Who asks, and from where.

use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use crate::access::Principal;
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::server::Server;

/// Who makes a request.
pub struct Caller {
    /// The user, or anonymous.
    pub principal: Principal,
    /// Address of the client.
    pub address: String,
}

impl FromRequestParts<Arc<Server>> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self> {
        let address = address(server, &parts.headers, &parts.extensions);
        let principal = server
            .access
            .identify(authorization(&parts.headers), &address)
            .await?;
        Ok(Self { principal, address })
    }
}

/// The `Authorization` header.
pub fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION).map(|value| {
        // What isn't text proves nothing.
        value.to_str().unwrap_or("?")
    })
}

/// Address of the client of a request.
pub fn address_of(server: &Server, request: &Request) -> String {
    address(server, request.headers(), request.extensions())
}

/// The address of the client: of the connection, or the last one that the reverse proxy added.
pub fn address(server: &Server, headers: &HeaderMap, extensions: &Extensions) -> String {
    if server.config.behind_proxy
        && let Some(forwarded) = headers.get("x-forwarded-for")
        && let Some(last) = forwarded.to_str().unwrap_or_default().rsplit(',').next()
    {
        return last.trim().to_owned();
    }
    extensions
        .get::<ConnectInfo<Connection>>()
        .map(|ConnectInfo(connection)| connection.address.ip().to_string())
        .unwrap_or_default()
}
