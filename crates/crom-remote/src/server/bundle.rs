//! Many small revisions to a Crom server in one request.

use crom_model::reference::{PackageReference, RecipeReference};
use crom_protocol::bundle::{BundleFile, BundleHead, BundleRevision};
use crom_protocol::promotion::PromotedPackage;
use crom_protocol::route;

use super::{ServerRemote, UploadFile, with_token};
use crate::{RemoteError, Result};

/// A revision with all the files that are sent of it.
#[derive(Clone, Debug)]
pub struct UploadRevision {
    /// With revision.
    pub recipe: RecipeReference,
    /// With revision; none for the recipe itself.
    pub package: Option<PackageReference>,
    /// Its files.
    pub files: Vec<UploadFile>,
}

impl ServerRemote {
    /// Can [`upload_bundle`](Self::upload_bundle) be tried?
    ///
    /// # Errors
    /// The server can't be asked.
    pub fn takes_bundles(&self) -> Result<bool> {
        Ok(self.connect()?.bundles)
    }

    /// Sends whole revisions, which become visible in this order. False if the server didn't take
    /// them, for whatever reason: sent one by one, each file has an error of its own.
    ///
    /// # Errors
    /// A file can't be read, or the user may not write.
    pub fn upload_bundle(&self, revisions: &[UploadRevision]) -> Result<bool> {
        let body = body(revisions)?;
        let url = format!("{}/{}", self.url, route::BUNDLE);
        let agent = self.agent()?;
        let sent = self.authorized(|token| {
            self.persistently(&url, || {
                with_token(agent.post(&url), token)
                    .content_type("application/octet-stream")
                    .send(body.as_slice())
            })
        });
        let (response, login) = match sent {
            Ok(answered) => answered,
            Err(RemoteError::Unreachable { .. } | RemoteError::Server { .. }) => return Ok(false),
            Err(error) => return Err(error),
        };
        match self.accepted(response, login.user.as_deref()) {
            Ok(_) => Ok(true),
            Err(error) if error.is_final_for_uploads() => Err(error),
            Err(_) => Ok(false),
        }
    }
}

fn body(revisions: &[UploadRevision]) -> Result<Vec<u8>> {
    let mut contents = Vec::new();
    let mut head = BundleHead::default();
    for revision in revisions {
        let mut files = Vec::with_capacity(revision.files.len());
        for file in &revision.files {
            let content = crom_fs::read(&file.path)?;
            files.push(BundleFile {
                name: file.address.name().to_owned(),
                size: content.len() as u64,
                sha1: file.sha1.clone(),
            });
            contents.push(content);
        }
        head.revisions.push(BundleRevision {
            reference: revision.recipe.repr_notime(),
            package: revision.package.as_ref().map(|package| PromotedPackage {
                package_id: package.package_id.clone(),
                revision: package.revision.clone().unwrap_or_default(),
            }),
            files,
        });
    }
    let mut body = head
        .encode()
        .map_err(|error| RemoteError::Message(error.to_string()))?;
    for content in contents {
        body.extend(content);
    }
    Ok(body)
}
