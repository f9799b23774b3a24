//! `conan.tools.scm`

use std::path::{Path, PathBuf};

use crom_tools::process::{RunInput, run};
use crom_tools::scm::{CloneInput, Coordinates, Git};
use serde::Deserialize;
use serde_json::Value;

use super::files::{acting, raised};
use super::{RecipeState, Registry, ToolError};
use crate::state;

type Result<T> = std::result::Result<T, ToolError>;

/// What each method of `Git` gets, with arguments of its own beside it.
#[derive(Deserialize)]
struct Call<T> {
    folder: Option<PathBuf>,
    excluded: Option<Vec<String>>,
    #[serde(flatten)]
    own: T,
}

#[derive(Deserialize)]
struct Nothing {}

#[derive(Deserialize)]
struct Run {
    command: String,
    hidden_output: Option<String>,
}

#[derive(Deserialize)]
struct Scope {
    repository: bool,
}

#[derive(Deserialize)]
struct Remote {
    remote: String,
}

#[derive(Deserialize)]
struct RemoteCommit {
    commit: String,
    remote: String,
}

#[derive(Deserialize)]
struct RemoteScope {
    remote: String,
    repository: bool,
}

#[derive(Deserialize)]
struct FetchCommit {
    url: String,
    commit: String,
    hide_url: bool,
}

#[derive(Deserialize)]
struct Checkout {
    commit: String,
}

pub(super) fn register(registry: &mut Registry) {
    registry.method("scm.run", run_git);
    registry.method(
        "scm.get_commit",
        |recipe: &RecipeState<'_>, call: Call<Scope>| {
            git(recipe, &call)?
                .get_commit(call.own.repository)
                .map_err(raised)
        },
    );
    registry.method(
        "scm.get_remote_url",
        |recipe: &RecipeState<'_>, call: Call<Remote>| {
            git(recipe, &call)?
                .get_remote_url(&call.own.remote)
                .map_err(raised)
        },
    );
    registry.method(
        "scm.commit_in_remote",
        |recipe: &RecipeState<'_>, call: Call<RemoteCommit>| {
            let own = &call.own;
            git(recipe, &call)?
                .commit_in_remote(&own.commit, &own.remote)
                .map_err(raised)
        },
    );
    registry.method(
        "scm.is_dirty",
        |recipe: &RecipeState<'_>, call: Call<Scope>| {
            git(recipe, &call)?
                .is_dirty(call.own.repository)
                .map_err(raised)
        },
    );
    registry.method("scm.get_url_and_commit", get_url_and_commit);
    registry.method(
        "scm.get_repo_root",
        |recipe: &RecipeState<'_>, call: Call<Nothing>| {
            git(recipe, &call)?.get_repo_root().map_err(raised)
        },
    );
    registry.method(
        "scm.included_files",
        |recipe: &RecipeState<'_>, call: Call<Nothing>| {
            git(recipe, &call)?.included_files().map_err(raised)
        },
    );
    registry.method(
        "scm.clone",
        |recipe: &RecipeState<'_>, call: Call<CloneInput>| {
            acting("git clone", Path::new(&call.own.target))?;
            let reporter = &*recipe.context().reporter;
            git(recipe, &call)?
                .clone_repository(&call.own, reporter, &recipe.scope())
                .map_err(raised)
        },
    );
    registry.method(
        "scm.fetch_commit",
        |recipe: &RecipeState<'_>, call: Call<FetchCommit>| {
            let own = &call.own;
            acting("git fetch", Path::new(&own.commit))?;
            let reporter = &*recipe.context().reporter;
            git(recipe, &call)?
                .fetch_commit(
                    &own.url,
                    &own.commit,
                    own.hide_url,
                    reporter,
                    &recipe.scope(),
                )
                .map_err(raised)
        },
    );
    registry.method(
        "scm.checkout",
        |recipe: &RecipeState<'_>, call: Call<Checkout>| {
            acting("git checkout", Path::new(&call.own.commit))?;
            let reporter = &*recipe.context().reporter;
            git(recipe, &call)?
                .checkout(&call.own.commit, reporter, &recipe.scope())
                .map_err(raised)
        },
    );
    registry.method(
        "scm.checkout_from_conandata_coordinates",
        checkout_from_conandata,
    );
}

fn git<T>(recipe: &RecipeState<'_>, call: &Call<T>) -> Result<Git> {
    if let Some(shared) = state::shared() {
        // What git answers may be another thing next time.
        shared.note_opaque();
    }
    let mut excluded = recipe.context().global_conf.get_list("core.scm:excluded")?;
    excluded.extend(call.excluded.iter().flatten().cloned());
    let folder = match &call.folder {
        Some(folder) if !folder.as_os_str().is_empty() => folder.clone(),
        _ => PathBuf::from("."),
    };
    Ok(Git { folder, excluded })
}

/// `git.run()`: recipes use the shell's pipes and redirections in it.
fn run_git(recipe: &RecipeState<'_>, call: Call<Run>) -> Result<String> {
    let folder = git(recipe, &call)?.folder;
    let command = format!("git {}", call.own.command);
    let shown = match &call.own.hidden_output {
        Some(hidden) if !hidden.is_empty() => command.replace(hidden, "<hidden>"),
        _ => command.clone(),
    };
    let reporter = &*recipe.context().reporter;
    reporter.status(&recipe.scope(), &format!("RUN: {shown}"));
    let input = RunInput {
        command,
        cwd: Some(folder),
        capture_stdout: true,
        capture_stderr: true,
        ignore_errors: true,
        ..RunInput::default()
    };
    let result = run(&input, reporter).map_err(raised)?;
    if result.code != 0 {
        return Err(ToolError::new(format!(
            "Command '{shown}' failed with errorcode '{}'\n{}{}",
            result.code, result.stdout, result.stderr
        )));
    }
    Ok(result.stdout.trim().to_owned())
}

fn get_url_and_commit(recipe: &RecipeState<'_>, call: Call<RemoteScope>) -> Result<Coordinates> {
    let git = git(recipe, &call)?;
    let own = &call.own;
    let core = &recipe.context().global_conf;
    let local_url = core
        .get_str("core.scm:local_url")?
        .unwrap_or_else(|| "allow".to_owned());
    match local_url.as_str() {
        "allow" => {}
        "block" => block_local(&git, own)?,
        other => {
            return Err(ToolError::new(format!(
                "Unknown value '{other}' for 'core.scm:local_url', possible values: 'allow', 'block'"
            )));
        }
    }
    git.get_url_and_commit(
        &own.remote,
        own.repository,
        &*recipe.context().reporter,
        &recipe.scope(),
    )
    .map_err(raised)
}

/// Fails for a commit that only exists here.
fn block_local(git: &Git, call: &RemoteScope) -> Result<()> {
    if git.is_dirty(call.repository).map_err(raised)? {
        // The error is the one of a dirty repository.
        return Ok(());
    }
    let commit = git.get_commit(call.repository).map_err(raised)?;
    let has_remote = git.get_remote_url(&call.remote).map_err(raised)?.is_some();
    if has_remote
        && git
            .commit_in_remote(&commit, &call.remote)
            .map_err(raised)?
    {
        return Ok(());
    }
    Err(ToolError::new(format!(
        "Current commit {commit} doesn't exist in remote {}\nFailing according to \
         'core.scm:local_url=block' conf",
        call.remote
    )))
}

/// Gets the sources that `scm` in `conandata.yml` tells of.
fn checkout_from_conandata(recipe: &RecipeState<'_>, call: Call<Nothing>) -> Result<()> {
    acting("git clone", Path::new("."))?;
    let data = recipe.conan_data()?;
    let scm = data.get("scm");
    let text = |key: &str| match scm.and_then(|scm| scm.get(key)).and_then(Value::as_str) {
        Some(text) => Ok(text.to_owned()),
        None => Err(ToolError::new(format!(
            "checkout_from_conandata_coordinates(): conandata.yml has no 'scm' with '{key}'"
        ))),
    };
    let (url, commit) = (text("url")?, text("commit")?);
    let git = git(recipe, &call)?;
    let (reporter, scope) = (&*recipe.context().reporter, recipe.scope());
    let input = CloneInput {
        url,
        target: ".".to_owned(),
        args: vec!["--origin=origin".to_owned()],
        hide_url: true,
    };
    git.clone_repository(&input, reporter, &scope)
        .map_err(raised)?;
    // A commit that no branch has isn't in the clone.
    git.git(&["fetch", "origin", &commit]).map_err(raised)?;
    git.checkout(&commit, reporter, &scope).map_err(raised)
}
