use std::path::PathBuf;
use std::sync::Arc;

use crom_model::reference::RecipeReference;

use crate::{LocalRecipesIndex, RemoteError, Result, ServerRemote};

/// Something to get recipes and packages from.
#[derive(Clone, Debug)]
pub enum Remote {
    /// A folder of recipes.
    LocalIndex(Arc<LocalRecipesIndex>),
    /// A server.
    Server(Arc<ServerRemote>),
}

impl Remote {
    /// A folder of recipes; `mini_home` is where it keeps what it exported. Nothing is read yet.
    pub fn local_index(name: &str, folder: &str, mini_home: impl Into<PathBuf>) -> Self {
        Remote::LocalIndex(Arc::new(LocalRecipesIndex::new(name, folder, mini_home)))
    }

    /// Its name in this home.
    pub fn name(&self) -> &str {
        match self {
            Remote::LocalIndex(index) => index.name(),
            Remote::Server(server) => server.name(),
        }
    }

    /// All versions of a recipe, without revisions, sorted.
    ///
    /// # Errors
    /// When the remote can't be asked. A name that it doesn't have is an empty list.
    pub fn versions(&self, name: &str) -> Result<Vec<RecipeReference>> {
        match self {
            Remote::LocalIndex(index) => index.versions(name),
            Remote::Server(server) => server.search(&format!("{name}/*")),
        }
    }

    /// References without revision that match an fnmatch pattern over `name/version`, sorted.
    ///
    /// # Errors
    /// When the remote can't be asked.
    pub fn search(&self, pattern: &str) -> Result<Vec<RecipeReference>> {
        match self {
            Remote::LocalIndex(index) => index.search(pattern),
            Remote::Server(server) => server.search(pattern),
        }
    }

    /// The index, for a remote that is one.
    pub fn as_local_index(&self) -> Option<&LocalRecipesIndex> {
        match self {
            Remote::LocalIndex(index) => Some(index),
            Remote::Server(_) => None,
        }
    }

    /// The server, for a remote that is one.
    ///
    /// # Errors
    /// A local-recipes-index, which can't do `action`.
    pub fn server(&self, action: &'static str) -> Result<&Arc<ServerRemote>> {
        match self {
            Remote::Server(server) => Ok(server),
            Remote::LocalIndex(index) => Err(RemoteError::Unsupported {
                remote: index.name().to_owned(),
                action,
            }),
        }
    }
}
