//! `list` and `search`: what is in the cache, in remotes or in a graph.

use std::path::PathBuf;

use crom_model::package_list::MultiPackageList;
use crom_model::reference::{RefPattern, RefPatternDefaults};
use crom_store::StoreError;
use crom_store::cache::{PackageFilters, PackageQuery, Selection, age_limit};
use crom_store::remotes::Remotes;

use crate::remote_select::select;
use crate::source::Source;
use crate::{OpsError, ProfileSelection, Session};

/// Servers don't tell when something was used.
pub(crate) const LRU_IN_REMOTE: &str = "'--lru' cannot be used in remotes, only in cache";

/// The name of the cache among origins.
pub const LOCAL_CACHE: &str = "Local Cache";

/// `list`
#[derive(Clone, Debug, Default)]
pub struct ListRequest {
    /// What to list; everything by default.
    pub pattern: Option<String>,
    /// `-p`
    pub package_query: Option<String>,
    /// `-fp`
    pub filter_profiles: Vec<String>,
    /// `-fs`
    pub filter_settings: Vec<String>,
    /// `-fo`
    pub filter_options: Vec<String>,
    /// `-r`
    pub remotes: Vec<String>,
    /// `-c`
    pub cache: bool,
    /// `-g`
    pub graph: Option<PathBuf>,
    /// `-gb`
    pub graph_binaries: Vec<String>,
    /// `-gr`
    pub graph_recipes: Vec<String>,
    /// `-gc`
    pub graph_context: Option<String>,
    /// `--lru`
    pub lru: Option<String>,
}

/// Lists recipes, revisions and packages by origin. An origin that fails has its error in the list.
///
/// # Errors
/// Arguments that don't fit together, or a pattern or query that doesn't parse.
pub fn list(session: &Session, request: &ListRequest) -> Result<MultiPackageList, OpsError> {
    if request.graph.is_some() {
        return list_graph(request);
    }
    if !request.graph_recipes.is_empty() || !request.graph_binaries.is_empty() {
        return Err(OpsError::message(
            "--graph-recipes and --graph-binaries require a --graph input",
        ));
    }
    if !request.remotes.is_empty() && request.lru.is_some() {
        return Err(OpsError::message(LRU_IN_REMOTE));
    }
    let pattern = parse_pattern(request.pattern.as_deref().unwrap_or("*"))?;
    let selection = selection(session, request)?;
    let mut lists = MultiPackageList::default();
    if request.remotes.is_empty() || request.cache {
        match session
            .cache()?
            .select(&pattern, &selection, session.reporter())
        {
            Ok(list) => lists.add(LOCAL_CACHE, list),
            Err(error @ (StoreError::Invalid(_) | StoreError::Reference(_))) => {
                lists.add_error(LOCAL_CACHE, &error.to_string());
            }
            Err(error) if error.is_not_found() => lists.add_error(LOCAL_CACHE, &error.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    if !request.remotes.is_empty() {
        for remote in Remotes::load(session.home())?.select(&request.remotes)? {
            match select(
                session,
                &Source::new(session, remote.clone())?,
                &pattern,
                &selection,
            ) {
                Ok(list) => lists.add(&remote.name, list),
                Err(error) => lists.add_error(&remote.name, &error.to_string()),
            }
        }
    }
    Ok(lists)
}

/// Lists recipes of remotes.
///
/// # Errors
/// As for [`list`].
pub fn search(session: &Session, request: &ListRequest) -> Result<MultiPackageList, OpsError> {
    let pattern = request.pattern.as_deref().unwrap_or("*");
    let parsed = parse_pattern(pattern)?;
    if parsed.package_id.is_some() || parsed.rrev.is_some() {
        return Err(OpsError::message(
            "Specifying a recipe revision or package ID is not allowed",
        ));
    }
    if request.remotes.is_empty() || request.remotes == ["*"] {
        let all = Remotes::load(session.home())?.select(&[])?;
        if all.is_empty() {
            return Err(OpsError::message("There are no remotes to search from"));
        }
    }
    list(
        session,
        &ListRequest {
            pattern: Some(pattern.to_owned()),
            ..request.clone()
        },
    )
}

/// What a pattern of `list`, `remove` and friends means: revisions are shown where a package or a
/// revision is asked for.
pub(crate) fn parse_pattern(pattern: &str) -> Result<RefPattern, OpsError> {
    RefPattern::parse(pattern, &RefPatternDefaults::none())
        .map_err(|error| OpsError::message(error.to_string()))
}

fn selection(session: &Session, request: &ListRequest) -> Result<Selection, OpsError> {
    let query = request
        .package_query
        .as_deref()
        .map(PackageQuery::parse)
        .transpose()?;
    let mut filters = PackageFilters {
        settings: pairs(&request.filter_settings)?,
        options: pairs(&request.filter_options)?,
    };
    if !request.filter_profiles.is_empty() {
        let mut profiles = ProfileSelection::default();
        profiles.host.profiles.clone_from(&request.filter_profiles);
        let profile = crate::profiles(session, &profiles)?.host;
        filters.settings.extend(profile.settings);
    }
    let not_used_since = request.lru.as_deref().map(age_limit).transpose()?;
    Ok(Selection {
        query,
        filters,
        not_used_since,
    })
}

fn pairs(arguments: &[String]) -> Result<Vec<(String, String)>, OpsError> {
    arguments
        .iter()
        .map(|argument| {
            argument
                .split_once('=')
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .ok_or_else(|| {
                    OpsError::message(format!("Invalid filter '{argument}', use name=value"))
                })
        })
        .collect()
}

/// The recipes and packages in the JSON that a graph was printed as.
fn list_graph(request: &ListRequest) -> Result<MultiPackageList, OpsError> {
    let Some(path) = &request.graph else {
        return Ok(MultiPackageList::default());
    };
    if request.pattern.is_some() {
        return Err(OpsError::message(
            "Cannot define both the pattern and the graph json file",
        ));
    }
    let text = crom_fs::read_text(path)?;
    let graph: serde_json::Value = serde_json::from_str(&text).map_err(|error| {
        OpsError::message(format!("Graph file invalid: '{}': {error}", path.display()))
    })?;
    crate::graph::package_lists(&graph, request)
}
