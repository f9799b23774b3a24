//! Promotion: a Crom server copies revisions between two of its repositories.

use crom_protocol::promotion::{PromotionReport, PromotionRequest};
use crom_protocol::{header, route};
use ureq::http::HeaderMap;

use super::{ServerRemote, with_token};
use crate::{RemoteError, Result};

/// A repository of a Crom server that takes uploads and promotions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostedRepository {
    /// The server's id: the same for all its nodes and repositories.
    pub server: String,
    /// The repository's name there.
    pub name: String,
}

impl HostedRepository {
    pub(super) fn of_ping(headers: &HeaderMap, capabilities: &str) -> Option<Self> {
        let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
        let hosted = text(header::REPOSITORY_KIND)? == "hosted"
            && header::has_capability(capabilities, header::PROMOTION);
        hosted.then_some(())?;
        Some(Self {
            server: text(header::SERVER_ID).filter(|id| !id.is_empty())?,
            name: text(header::REPOSITORY)?,
        })
    }
}

impl ServerRemote {
    /// What promotes from here and to here; none where the server isn't Crom's, or the repository
    /// is a proxy or a group.
    ///
    /// # Errors
    /// The server can't be asked.
    pub fn hosted_repository(&self) -> Result<Option<HostedRepository>> {
        Ok(self.connect()?.hosted)
    }

    /// Takes over revisions from another repository of the same server: all of them, or none.
    ///
    /// # Errors
    /// Something isn't in the source, a permission is missing, or the server can't be asked.
    pub fn promote(&self, request: &PromotionRequest) -> Result<PromotionReport> {
        self.connect()?;
        let path = route::PROMOTE;
        let url = format!("{}/{path}", self.url);
        let body = serde_json::to_string(request)
            .map_err(|error| RemoteError::Message(error.to_string()))?;
        let agent = self.agent()?;
        // It may be repeated: what was promoted is there then.
        let (response, login) = self.authorized(|token| {
            self.persistently(&url, || {
                with_token(agent.post(&url), token)
                    .content_type("application/json")
                    .send(body.as_str())
            })
        })?;
        let text = self.text(self.accepted(response, login.user.as_deref())?, &url)?;
        serde_json::from_str(&text).map_err(|error| self.unexpected(path, &error))
    }
}
