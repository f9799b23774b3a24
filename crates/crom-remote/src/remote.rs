use std::path::PathBuf;

use crom_model::reference::RecipeReference;

use crate::{LocalRecipesIndex, RemoteError, Result};

/// Something to get recipes and packages from.
#[derive(Debug)]
pub enum Remote {
    /// A folder of recipes.
    LocalIndex(LocalRecipesIndex),
    /// A server.
    Server(ServerRemote),
}

/// A remote that is reached over HTTP. Every question is answered with
/// [`RemoteError::Unreachable`]: speaking to servers isn't supported yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerRemote {
    name: String,
    url: String,
}

impl Remote {
    /// The remote with this name. `local_recipes_index` is its kind; `mini_home` is where such an
    /// index keeps what it exported. Nothing is read yet.
    pub fn new(
        name: &str,
        url: &str,
        local_recipes_index: bool,
        mini_home: impl Into<PathBuf>,
    ) -> Self {
        if local_recipes_index {
            Remote::LocalIndex(LocalRecipesIndex::new(name, url, mini_home))
        } else {
            Remote::Server(ServerRemote {
                name: name.to_owned(),
                url: url.to_owned(),
            })
        }
    }

    /// Its name in this home.
    pub fn name(&self) -> &str {
        match self {
            Remote::LocalIndex(index) => index.name(),
            Remote::Server(server) => &server.name,
        }
    }

    /// All versions of a recipe, without revisions, sorted.
    ///
    /// # Errors
    /// When the remote can't be asked. A name that it doesn't have is an empty list.
    pub fn versions(&self, name: &str) -> Result<Vec<RecipeReference>> {
        match self {
            Remote::LocalIndex(index) => index.versions(name),
            Remote::Server(server) => Err(server.unreachable()),
        }
    }

    /// References without revision that match an fnmatch pattern over `name/version`, sorted.
    ///
    /// # Errors
    /// When the remote can't be asked.
    pub fn search(&self, pattern: &str) -> Result<Vec<RecipeReference>> {
        match self {
            Remote::LocalIndex(index) => index.search(pattern),
            Remote::Server(server) => Err(server.unreachable()),
        }
    }

    /// True when there may be binaries. A local-recipes-index has none.
    pub fn has_binaries(&self) -> bool {
        matches!(self, Remote::Server(_))
    }

    /// The index, for a remote that is one.
    pub fn as_local_index(&self) -> Option<&LocalRecipesIndex> {
        match self {
            Remote::LocalIndex(index) => Some(index),
            Remote::Server(_) => None,
        }
    }

    /// What to say when something is asked of this remote that it can't do.
    pub fn unsupported(&self, action: &'static str) -> RemoteError {
        match self {
            Remote::LocalIndex(index) => RemoteError::Unsupported {
                remote: index.name().to_owned(),
                action,
            },
            Remote::Server(server) => server.unreachable(),
        }
    }
}

impl ServerRemote {
    fn unreachable(&self) -> RemoteError {
        RemoteError::Unreachable {
            name: self.name.clone(),
            url: self.url.clone(),
            reason: "remotes over HTTP are not supported yet".to_owned(),
        }
    }
}
