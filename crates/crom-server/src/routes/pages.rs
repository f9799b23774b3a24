//! Pages for people.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST};
use axum::response::{Html, IntoResponse, Response};
use crom_model::conaninfo::ConanInfoText;
use crom_model::version::Version;
use crom_protocol::{route, time};
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};

use super::caller::Caller;
use super::recipes::{RecipePath, RevisionPath};
use crate::coordinates::{Key, Line, Recipe};
use crate::database::{Action, Kind, Repository, RevisionFilter};
use crate::error::{Error, Result};
use crate::pages::{SCRIPT, STYLE};
use crate::server::Server;

/// Columns of the table of binaries at most; the page of a binary has them all.
const COLUMNS: usize = 14;

/// What the search field sends.
#[derive(Deserialize)]
pub struct SearchQuery {
    #[serde(default)]
    q: String,
    #[serde(rename = "in")]
    repository: Option<String>,
}

/// The segments of the page of a binary.
#[derive(Deserialize)]
pub struct BinaryPath {
    repository: String,
    name: String,
    version: String,
    user: String,
    channel: String,
    rrev: String,
    package_id: String,
}

#[derive(Serialize)]
struct PackageLine {
    repository: String,
    name: String,
    versions: usize,
    newest: String,
}

#[derive(Serialize)]
struct FileLine {
    name: String,
    path: String,
    size: Option<i64>,
}

/// `GET /`
pub async fn index(
    State(server): State<Arc<Server>>,
    Query(query): Query<BTreeMap<String, String>>,
    caller: Caller,
) -> Result<Response> {
    if query.contains_key("login") && caller.principal.name().is_none() {
        return Err(Error::Unauthenticated("log in".to_owned()));
    }
    let mut list = Vec::new();
    for repository in readable(&server, &caller).await? {
        let (recipes, revisions, binaries) = server.database.totals(repository.id).await?;
        list.push(context! {
            name => repository.name, kind => repository.kind.to_string(), recipes, revisions, binaries,
            anonymous_read => repository.anonymous_read, members => repository.members,
        });
    }
    page(
        &server,
        "index.html",
        context! { user => caller.principal.name(), repositories => list },
    )
}

/// `GET /-/search`
pub async fn search(
    State(server): State<Arc<Server>>,
    Query(query): Query<SearchQuery>,
    caller: Caller,
) -> Result<Response> {
    let typed = query.q.trim();
    let pattern = if typed.contains(['*', '/']) {
        typed.to_owned()
    } else {
        format!("*{typed}*")
    };
    let mut results = Vec::new();
    for repository in readable(&server, &caller).await? {
        let elsewhere = query
            .repository
            .as_ref()
            .is_some_and(|wanted| *wanted != repository.name);
        // Groups show what others have.
        if elsewhere || (query.repository.is_none() && repository.kind == Kind::Group) {
            continue;
        }
        let found = server.search(&repository, &pattern).await?;
        results.extend(by_name(
            &repository,
            readable_recipes(&repository, &caller, found),
        ));
    }
    page(
        &server,
        "search.html",
        context! { user => caller.principal.name(), query => typed, results },
    )
}

/// `GET /{repository}`
pub async fn repository(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response> {
    let repository = server.repository(&name).await?;
    caller.principal.require(&repository, Action::Read, None)?;
    let mut found = Vec::new();
    for member in server.members(&repository).await? {
        for text in server.database.references(member.id, None).await? {
            found.extend(Recipe::parse(&text));
        }
    }
    found.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    found.dedup();
    let packages = by_name(&repository, readable_recipes(&repository, &caller, found));
    let host = headers
        .get(HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("localhost");
    let scheme = headers
        .get("x-forwarded-proto")
        .and_then(|value| value.to_str().ok())
        .filter(|_| server.config.behind_proxy)
        .unwrap_or("http");
    page(
        &server,
        "repository.html",
        context! {
            user => caller.principal.name(), repository => described(&repository), packages,
            url => format!("{scheme}://{host}/{}", repository.name),
        },
    )
}

/// `GET /{repository}/-/package/{name}`
pub async fn package(
    State(server): State<Arc<Server>>,
    Path((name, package)): Path<(String, String)>,
    caller: Caller,
) -> Result<Response> {
    let repository = server.repository(&name).await?;
    caller.principal.require(&repository, Action::Read, None)?;
    let found = server.search(&repository, &format!("{package}/*")).await?;
    let mut recipes = readable_recipes(&repository, &caller, found);
    recipes.retain(|recipe| recipe.name() == package);
    if recipes.is_empty() {
        return Err(Error::NotFound(format!(
            "no package `{}` in `{}`",
            package.escape_debug(),
            repository.name
        )));
    }
    recipes.sort_by_key(|recipe| std::cmp::Reverse(recipe.to_reference().version));
    let mut versions = Vec::new();
    for recipe in recipes {
        let stamps = server
            .revisions(&repository, &Line::of_recipe(recipe.clone()))
            .await?;
        let Some(newest) = stamps.first() else {
            continue;
        };
        versions.push(context! {
            reference => recipe.as_str(), path => recipe_path(&repository, &recipe),
            rrev => newest.revision, created => human_time(newest.created), revisions => stamps.len(),
        });
    }
    page(
        &server,
        "package.html",
        context! {
            user => caller.principal.name(), repository => described(&repository), name => package, versions,
        },
    )
}

/// `GET /{repository}/-/recipe/{name}/{version}/{user}/{channel}`: the newest revision.
pub async fn recipe(
    State(server): State<Arc<Server>>,
    Path(path): Path<RecipePath>,
    caller: Caller,
) -> Result<Response> {
    let repository = server.repository(&path.repository).await?;
    let line = Line::of_recipe(path.recipe()?);
    caller
        .principal
        .require(&repository, Action::Read, Some(&line.recipe))?;
    let latest = server.latest(&repository, &line).await?;
    recipe_page(&server, &caller, &repository, &line.at(&latest.revision)).await
}

/// `GET /{repository}/-/recipe/{name}/{version}/{user}/{channel}/{rrev}`
pub async fn recipe_revision(
    State(server): State<Arc<Server>>,
    Path(path): Path<RevisionPath>,
    caller: Caller,
) -> Result<Response> {
    let repository = server.repository(&path.repository).await?;
    let key = path.key()?;
    caller
        .principal
        .require(&repository, Action::Read, Some(&key.recipe))?;
    recipe_page(&server, &caller, &repository, &key).await
}

async fn recipe_page(
    server: &Arc<Server>,
    caller: &Caller,
    repository: &Repository,
    key: &Key,
) -> Result<Response> {
    let files = file_lines(server, repository, key).await?;
    let stamps = server.revisions(repository, &key.line()).await?;
    let packages = server.packages(repository, key).await?;
    let infos: Vec<(String, ConanInfoText)> = packages
        .into_iter()
        .map(|(package_id, content)| (package_id, ConanInfoText::loads(&content.content)))
        .collect();
    let columns = columns_of(&infos);
    let base = recipe_path(repository, &key.recipe);
    let binaries: Vec<Value> = infos
        .iter()
        .map(|(package_id, info)| {
            let cells: Vec<&str> = columns.iter().map(|column| cell(info, column)).collect();
            let path = format!(
                "{}/{}/{package_id}",
                base.replacen("/-/recipe/", "/-/binary/", 1),
                key.rrev
            );
            context! { package_id, path, cells }
        })
        .collect();
    let revisions: Vec<Value> = stamps
        .iter()
        .map(|stamp| {
            context! {
                rrev => stamp.revision, created => human_time(stamp.created),
                path => format!("{base}/{}", stamp.revision),
            }
        })
        .collect();
    let created = stamps
        .iter()
        .find(|stamp| stamp.revision == key.rrev)
        .map(|stamp| human_time(stamp.created));
    let names: Vec<&str> = columns
        .iter()
        .map(|column| column.split_once(' ').map_or("", |(_, name)| name))
        .collect();
    page(
        server,
        "recipe.html",
        context! {
            user => caller.principal.name(), repository => described(repository),
            reference => key.recipe.as_str(), name => key.recipe.name(), rrev => key.rrev, created,
            uploader => uploader(server, repository, key).await?,
            columns => names, binaries, files, revisions, requires => requirements(&infos),
        },
    )
}

/// `GET /{repository}/-/binary/...`
pub async fn binary(
    State(server): State<Arc<Server>>,
    Path(path): Path<BinaryPath>,
    caller: Caller,
) -> Result<Response> {
    let repository = server.repository(&path.repository).await?;
    let recipe = Recipe::from_segments(&path.name, &path.version, &path.user, &path.channel)?;
    caller
        .principal
        .require(&repository, Action::Read, Some(&recipe))?;
    let line = Line::of_binary(recipe.clone(), &path.rrev, &path.package_id)?;
    let key = Key::of_recipe(recipe.clone(), &path.rrev)?;
    let stamps = server.revisions(&repository, &line).await?;
    let packages = server.packages(&repository, &key).await?;
    let text = packages
        .get(&path.package_id)
        .map_or("", |content| content.content.as_str());
    let mut revisions = Vec::new();
    for stamp in &stamps {
        let files = file_lines(&server, &repository, &line.at(&stamp.revision)).await?;
        revisions
            .push(context! { prev => stamp.revision, created => human_time(stamp.created), files });
    }
    let recipe_path = format!("{}/{}", recipe_path(&repository, &recipe), path.rrev);
    page(
        &server,
        "binary.html",
        context! {
            user => caller.principal.name(), repository => described(&repository),
            reference => recipe.as_str(), name => recipe.name(), rrev => path.rrev,
            package_id => path.package_id, sections => sections(text), revisions, recipe_path,
        },
    )
}

/// `GET /-/style.css`
pub async fn style() -> Response {
    asset("text/css; charset=utf-8", STYLE)
}

/// `GET /-/script.js`
pub async fn script() -> Response {
    asset("text/javascript; charset=utf-8", SCRIPT)
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    (
        [(CONTENT_TYPE, kind), (CACHE_CONTROL, "max-age=3600")],
        text,
    )
        .into_response()
}

fn page(server: &Server, template: &str, values: Value) -> Result<Response> {
    let text = server.pages.render(template, values)?;
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    Ok(([(CONTENT_SECURITY_POLICY, policy)], Html(text)).into_response())
}

async fn readable(server: &Server, caller: &Caller) -> Result<Vec<Repository>> {
    let mut repositories = server.database.repositories().await?;
    repositories.retain(|repository| caller.principal.may(repository, Action::Read, None));
    Ok(repositories)
}

fn readable_recipes(repository: &Repository, caller: &Caller, found: Vec<Recipe>) -> Vec<Recipe> {
    let mut found = found;
    found.retain(|recipe| caller.principal.may(repository, Action::Read, Some(recipe)));
    found
}

/// One line per package name.
fn by_name(repository: &Repository, recipes: Vec<Recipe>) -> Vec<PackageLine> {
    let mut names: BTreeMap<String, Vec<Version>> = BTreeMap::new();
    for recipe in recipes {
        names
            .entry(recipe.name().to_owned())
            .or_default()
            .push(recipe.to_reference().version);
    }
    names
        .into_iter()
        .map(|(name, versions)| PackageLine {
            repository: repository.name.clone(),
            name,
            versions: versions.len(),
            newest: versions
                .iter()
                .max()
                .map(ToString::to_string)
                .unwrap_or_default(),
        })
        .collect()
}

fn described(repository: &Repository) -> Value {
    context! {
        name => repository.name, kind => repository.kind.to_string(), members => repository.members,
        upstream => repository.upstream,
    }
}

/// Names of files with their sizes, where the files are here.
async fn file_lines(
    server: &Arc<Server>,
    repository: &Repository,
    key: &Key,
) -> Result<Vec<FileLine>> {
    let names = server.file_names(repository, key).await?;
    let mut sizes = BTreeMap::new();
    for member in server.members(repository).await? {
        if let Some(id) = server.database.visible_id(member.id, key).await? {
            for (name, size, _) in server.database.file_sizes(id).await? {
                sizes.entry(name).or_insert(size);
            }
        }
    }
    Ok(names
        .into_iter()
        .map(|name| {
            let path = match key.to_package() {
                Some(package) => route::package_file(&package, &name),
                None => route::recipe_file(&key.to_reference(), &name),
            };
            FileLine {
                path: format!("/{}/{path}", route::encode(&repository.name)),
                size: sizes.get(&name).copied(),
                name,
            }
        })
        .collect())
}

async fn uploader(server: &Server, repository: &Repository, key: &Key) -> Result<Option<String>> {
    let filter = RevisionFilter {
        reference: Some(key.recipe.to_string()),
        rrev: Some(key.rrev.clone()),
        recipes_only: true,
        ..RevisionFilter::default()
    };
    let rows = server
        .database
        .revision_rows(repository.id, &filter)
        .await?;
    Ok(rows.into_iter().next().map(|row| row.uploader))
}

/// `settings os`, `options shared`: those first in which the binaries differ.
fn columns_of(infos: &[(String, ConanInfoText)]) -> Vec<String> {
    let mut values: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (_, info) in infos {
        for name in info.settings.keys() {
            values.entry(format!("settings {name}")).or_default();
        }
        for name in info.options.keys() {
            values.entry(format!("options {name}")).or_default();
        }
    }
    for (column, found) in &mut values {
        for (_, info) in infos {
            let value = cell(info, column);
            if !found.contains(&value) {
                found.push(value);
            }
        }
    }
    let mut columns: Vec<(bool, bool, String)> = values
        .into_iter()
        .map(|(column, found)| (found.len() < 2, column.starts_with("options"), column))
        .collect();
    columns.sort();
    columns
        .into_iter()
        .map(|(_, _, column)| column)
        .take(COLUMNS)
        .collect()
}

fn cell<'a>(info: &'a ConanInfoText, column: &str) -> &'a str {
    let value = match column.split_once(' ') {
        Some(("settings", name)) => info.settings.get(name),
        Some((_, name)) => info.options.get(name),
        None => None,
    };
    value.map_or("", String::as_str)
}

fn requirements(infos: &[(String, ConanInfoText)]) -> Vec<String> {
    let mut found: Vec<String> = infos
        .iter()
        .flat_map(|(_, info)| info.requires.iter().cloned())
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The sections of a `conaninfo.txt` as pairs.
fn sections(text: &str) -> Vec<Value> {
    let mut found: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(title) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            found.push((title.to_owned(), Vec::new()));
        } else if let Some((_, entries)) = found.last_mut() {
            let (name, value) = line.split_once('=').unwrap_or((line, ""));
            entries.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    found
        .into_iter()
        .map(|(title, entries)| context! { title, entries })
        .collect()
}

fn recipe_path(repository: &Repository, recipe: &Recipe) -> String {
    let path = route::recipe(&recipe.to_reference());
    let segments = path.strip_prefix("v2/conans/").unwrap_or(&path);
    format!("/{}/-/recipe/{segments}", route::encode(&repository.name))
}

/// `2026-11-21 05:59:45`
fn human_time(micros: i64) -> String {
    time::format_micros(micros)
        .chars()
        .take(19)
        .map(|letter| if letter == 'T' { ' ' } else { letter })
        .collect()
}
