//! Administration of a server elsewhere.

use std::time::Duration;

use serde_json::Value;

use crate::admin::AdminRequest;
use crate::error::{Error, Result};

/// Sends commands to a server.
pub struct AdminClient {
    client: reqwest::Client,
    url: String,
    token: String,
}

impl AdminClient {
    /// To the server at this URL (without repository), as the owner of the token.
    ///
    /// # Errors
    /// TLS can't be set up.
    pub fn new(url: &str, token: &str) -> Result<Self> {
        // Fails if the process has one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .build()
            .map_err(|error| Error::Config(format!("the HTTP client: {error}")))?;
        Ok(Self {
            client,
            url: url.trim_end_matches('/').to_owned(),
            token: token.to_owned(),
        })
    }

    /// The answer to a command.
    ///
    /// # Errors
    /// The server can't be reached, or refuses; with its words.
    pub async fn administrate(&self, request: &AdminRequest) -> Result<Value> {
        let mut fields = serde_json::to_value(request)
            .map_err(|error| Error::Internal(format!("a command: {error}")))?;
        let command = fields
            .as_object_mut()
            .and_then(|fields| fields.remove("command"))
            .and_then(|command| command.as_str().map(str::to_owned))
            .unwrap_or_default();
        let url = format!("{}/-/api/{command}", self.url);
        let failed = |error: reqwest::Error| Error::Upstream {
            url: url.clone(),
            problem: error.to_string(),
        };
        let response = self
            .client
            .post(&url)
            .bearer_auth(&self.token)
            .header("content-type", "application/json")
            .body(fields.to_string())
            .send()
            .await
            .map_err(failed)?;
        let status = response.status();
        let text = response.text().await.map_err(failed)?;
        if !status.is_success() {
            return Err(match status.as_u16() {
                401 => Error::Unauthenticated(text),
                403 => Error::Forbidden(text),
                404 => Error::NotFound(text),
                _ => Error::Upstream {
                    url,
                    problem: format!("{status}: {text}"),
                },
            });
        }
        serde_json::from_str(&text).map_err(|error| Error::Upstream {
            url,
            problem: format!("an answer that isn't understood: {error}"),
        })
    }
}
