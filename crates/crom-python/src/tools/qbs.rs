//! `conan.tools.qbs`

use std::path::{Path, PathBuf};

use crom_generators::qbs::deps;
use crom_generators::qbs::profile::{QbsProfile, compilers};
use crom_generators::qbs::runner::Qbs;
use indexmap::IndexMap;
use serde::Deserialize;

use super::consumer::consumer;
use super::{NoInput, RecipeState, Registry, ToolError};

pub(super) fn register(registry: &mut Registry) {
    registry.method("qbs.jobs", |recipe: &RecipeState<'_>, _: NoInput| {
        Ok(consumer(recipe)?.jobs)
    });
    registry.method("qbs.deps", |recipe: &RecipeState<'_>, _: NoInput| {
        Ok(deps::content(&consumer(recipe)?)?)
    });
    registry.method(
        "qbs.profile",
        |recipe: &RecipeState<'_>, input: QbsProfile| Ok(complete(recipe, input)?.content()?),
    );
    registry.method("qbs.render", |recipe: &RecipeState<'_>, input: Render| {
        let profile = complete(recipe, input.flags)?;
        Ok(profile.render(&input.profile, &input.default_profile)?)
    });
    let commands: [(&'static str, Command); 3] = [
        ("qbs.resolve", Qbs::resolve),
        ("qbs.build", Qbs::build),
        ("qbs.install", Qbs::install),
    ];
    for (name, command) in commands {
        registry.method(name, move |recipe: &RecipeState<'_>, input: Qbs| {
            Ok(command(&Qbs {
                consumer: consumer(recipe)?,
                ..input
            }))
        });
    }
}

/// Gives the command line.
type Command = fn(&Qbs) -> String;

#[derive(Deserialize)]
struct Render {
    flags: QbsProfile,
    profile: String,
    default_profile: String,
}

/// With the compilers as they are found with the build's environment.
fn complete(recipe: &RecipeState<'_>, input: QbsProfile) -> Result<QbsProfile, ToolError> {
    let consumer = consumer(recipe)?;
    let environment = super::env::build_values(recipe)?;
    let path = match environment.get("PATH") {
        Some(path) => path.into(),
        None => std::env::var_os("PATH").unwrap_or_default(),
    };
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut found = IndexMap::new();
    for (language, program) in compilers(&consumer, &environment)? {
        if let Some(path) = find(&program, &folders) {
            found.insert(language, path);
        }
    }
    Ok(QbsProfile {
        consumer,
        found,
        ..input
    })
}

fn find(program: &str, folders: &[PathBuf]) -> Option<String> {
    let text = |path: &Path| path.to_string_lossy().replace('\\', "/");
    let names = if cfg!(windows) {
        vec![format!("{program}.exe"), program.to_owned()]
    } else {
        vec![program.to_owned()]
    };
    if Path::new(program).is_absolute() {
        return Some(text(Path::new(program)));
    }
    let mut paths = folders
        .iter()
        .flat_map(|folder| names.iter().map(|it| folder.join(it)));
    paths.find(|it| crom_fs::is_file(it)).map(|it| text(&it))
}
