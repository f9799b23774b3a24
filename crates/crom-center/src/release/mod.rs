//! From the cache to `test`, and from there to `production`.
//!
//! ```text
//!   upload ──► test ──verify: consumers, alone──► .crom-center/verified.json ──promote──► production
//!                                                                └──► .crom-center/records/<time>.json
//! ```

mod complete;
pub(crate) mod metadata;
mod promote;
mod record;
mod sbom;
mod transfer;
mod upload;
mod verify;

pub use promote::{PromoteOptions, PromoteReport, promote};
pub use record::{Record, SignOff, load_verified};
pub use upload::{UploadReport, upload};
pub use verify::{ConsumerReport, Verified, VerifyOptions, VerifyReport, verify};

use crom_ops::{OpsError, Session};
use crom_store::remotes::{RemoteConfig, Remotes};

use crate::CenterError;

/// A repository of the list that the home must know.
fn remote(session: &Session, name: &str) -> Result<RemoteConfig, CenterError> {
    let remotes = Remotes::load(session.home()).map_err(OpsError::from)?;
    remotes.get_enabled(name).map_err(|error| {
        CenterError::message(format!("'remotes' of the list names '{name}': {error}")).with_hint(
            format!("'crom remote add {name} <url>' adds it to the home"),
        )
    })
}

/// `2026-11-21T16:40:12Z`
fn now() -> String {
    let now = time::OffsetDateTime::now_utc();
    let now = now.replace_nanosecond(0).unwrap_or(now);
    now.format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}
