//! The recipe as generators take it.

use crom_generators::cmake::Consumer;
use crom_generators::cmake::consumer::ConsumerFolders;

use super::{RecipeState, ToolError};

/// The recipe and the packages it sees, as they are now.
pub(super) fn consumer(recipe: &RecipeState<'_>) -> Result<Consumer, ToolError> {
    let (graph, node) = recipe.graph().unwrap_or_default();
    let languages = match recipe.attribute("languages")? {
        serde_json::Value::Array(names) => names
            .iter()
            .filter_map(|it| it.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    };
    let conf = recipe.conf()?;
    Ok(Consumer {
        display_name: recipe.scope(),
        name: recipe.name()?,
        version: recipe.version()?,
        settings: recipe.settings()?,
        settings_build: recipe.settings_build()?,
        options: recipe.options()?.own,
        package_type: recipe.package_type()?,
        languages,
        jobs: super::build::jobs(&conf)?,
        jobserver: crom_tools::jobserver::is_shared(),
        conf,
        graph,
        node,
        folders: folders(recipe)?,
        platform: platform().to_owned(),
    })
}

/// The same for a command that builds now: a tool that knows no jobserver gets what is free.
pub(super) fn building(recipe: &RecipeState<'_>) -> Result<Consumer, ToolError> {
    let mut consumer = consumer(recipe)?;
    consumer.jobs = crom_tools::jobserver::share(consumer.jobs);
    Ok(consumer)
}

fn folders(recipe: &RecipeState<'_>) -> Result<ConsumerFolders, ToolError> {
    // A method that may not touch a folder (`package_info()`) has none to give.
    let folder = |name: &'static str| recipe.folder(name).ok().flatten().unwrap_or_default();
    let base = |name: &'static str| -> Result<String, ToolError> {
        Ok(recipe.layout_folder(name)?.unwrap_or_default())
    };
    Ok(ConsumerFolders {
        source: folder("source_folder"),
        build: folder("build_folder"),
        package: folder("package_folder"),
        generators: folder("generators_folder"),
        base_generators: base("_base_generators")?,
        base_source: base("_base_source")?,
    })
}

/// The operating system that Crom runs on, as a setting names it.
pub(super) fn platform() -> &'static str {
    match std::env::consts::OS {
        "linux" => "Linux",
        "macos" => "Macos",
        "windows" => "Windows",
        "freebsd" => "FreeBSD",
        other => other,
    }
}

/// A path of the recipe's generators folder, or as it is if it's absolute.
pub(super) fn generated(consumer: &Consumer, path: &str) -> String {
    if std::path::Path::new(path).is_absolute() || consumer.folders.generators.is_empty() {
        path.to_owned()
    } else {
        format!(
            "{}/{path}",
            consumer.folders.generators.trim_end_matches('/')
        )
    }
}

/// Writes rendered files into the generators folder.
pub(super) fn write(
    consumer: &Consumer,
    files: &[crom_generators::file::File],
) -> Result<(), ToolError> {
    for file in files {
        let path = generated(consumer, &file.path);
        make_parent(&path)?;
        crom_fs::write(&path, &file.content)?;
    }
    Ok(())
}

/// Makes the folder of a file.
pub(super) fn make_parent(path: &str) -> Result<(), ToolError> {
    if let Some(parent) = std::path::Path::new(path).parent() {
        crom_fs::create_dir_all(parent)?;
    }
    Ok(())
}

/// The files of the generators folder whose name ends with `suffix`, by name.
pub(super) fn existing(
    consumer: &Consumer,
    suffix: &str,
) -> Result<indexmap::IndexMap<String, String>, ToolError> {
    let mut files = indexmap::IndexMap::new();
    if !crom_fs::is_dir(&consumer.folders.generators) {
        return Ok(files);
    }
    for name in crom_fs::list(&consumer.folders.generators)? {
        if name.ends_with(suffix) {
            let text = crom_fs::read_text(generated(consumer, &name))?;
            files.insert(name, text);
        }
    }
    Ok(files)
}

/// The names of the files in folders, by folder; without those that aren't there.
pub(super) fn listing(
    folders: Vec<String>,
) -> Result<indexmap::IndexMap<String, Vec<String>>, ToolError> {
    let mut listing = indexmap::IndexMap::new();
    for folder in folders {
        if crom_fs::is_dir(&folder) {
            let names = crom_fs::list(&folder)?;
            listing.insert(folder, names);
        }
    }
    Ok(listing)
}
