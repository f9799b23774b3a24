//! `conan.tools.files`
//!
//! Paths are taken as the recipe wrote them: relative ones are seen from the current folder of the
//! process, and messages and results show them like that. Only where a function compares paths are
//! they made absolute.

use std::path::{Path, PathBuf};

use crom_model::conandata;
use crom_model::yaml::{self, Mapping, Value};
use crom_tools::files::{
    self as tools, ChecksumInput, ChmodInput, CollectLibsInput, CopyInput, LoadInput,
    MoveContentsInput, OneOrMany, RenameInput, ReplaceInput, RmInput, SaveInput, UnzipInput,
    symlinks,
};
use crom_tools::net::{self, DownloadInput, GetInput};
use crom_tools::patch::{self, ConandataPatchesInput, PatchInput};
use serde::Deserialize;

use super::network::net_config;
use super::{NoInput, RecipeState, Registry, ToolContext, ToolError};
use crate::sandbox::Mode;
use crate::state;

type Result<T> = std::result::Result<T, ToolError>;

pub(super) fn register(registry: &mut Registry) {
    content(registry);
    folders(registry);
    links(registry);
    registry.method(
        "files.download",
        |recipe: &RecipeState<'_>, input: DownloadInput| {
            acting("download", &input.filename)?;
            let net = net_config(recipe)?;
            let reporter = &*recipe.context().reporter;
            net::download(&input, &net, reporter, &recipe.scope()).map_err(raised)
        },
    );
    registry.method("files.get", get);
    registry.function(
        "files.ftp_download",
        |_: &ToolContext, input: FtpDownload| {
            net::ftp_download(&input.host, &input.filename).map_err(raised)
        },
    );
    registry.method(
        "files.unzip",
        |recipe: &RecipeState<'_>, mut input: UnzipInput| {
            acting("unzip", &input.destination)?;
            input.extract_filter = extract_filter(recipe, input.extract_filter)?;
            tools::unzip(&input, &*recipe.context().reporter, &recipe.scope()).map_err(raised)
        },
    );
    registry.function("files.untar", |context: &ToolContext, input: UnzipInput| {
        acting("unzip", &input.destination)?;
        tools::unzip(&input, &*context.reporter, "").map_err(raised)
    });
    registry.method("files.patch", apply_patch);
    registry.method(
        "files.apply_conandata_patches",
        |recipe: &RecipeState<'_>, _: NoInput| {
            acting("patch", Path::new(""))?;
            let input = conandata_patches(recipe)?;
            patch::apply_conandata_patches(&input, &*recipe.context().reporter, &recipe.scope())
                .map_err(raised)
        },
    );
    registry.method(
        "files.export_conandata_patches",
        |recipe: &RecipeState<'_>, _: NoInput| {
            acting("copy", Path::new("patches"))?;
            let input = conandata_patches(recipe)?;
            patch::export_conandata_patches(&input, &*recipe.context().reporter, &recipe.scope())
                .map_err(raised)
        },
    );
    registry.method("files.update_conandata", update_conandata);
    registry.method("files.trim_conandata", trim_conandata);
}

fn content(registry: &mut Registry) {
    registry.function("files.load", |_: &ToolContext, input: LoadInput| {
        if let Some(shared) = state::shared() {
            shared.note_file(&input.path.to_string_lossy());
        }
        tools::load(&input).map_err(raised)
    });
    registry.function("files.save", |_: &ToolContext, input: SaveInput| {
        acting("save", &input.path)?;
        tools::save(&input).map_err(raised)
    });
    registry.method(
        "files.replace_in_file",
        |recipe: &RecipeState<'_>, input: ReplaceInput| {
            acting("replace_in_file", &input.file_path)?;
            tools::replace_in_file(&input, &*recipe.context().reporter, &recipe.scope())
                .map_err(raised)
        },
    );
    registry.function(
        "files.check_md5",
        |_: &ToolContext, input: ChecksumInput| tools::check_md5(&input).map_err(raised),
    );
    registry.function(
        "files.check_sha1",
        |_: &ToolContext, input: ChecksumInput| tools::check_sha1(&input).map_err(raised),
    );
    registry.function(
        "files.check_sha256",
        |_: &ToolContext, input: ChecksumInput| tools::check_sha256(&input).map_err(raised),
    );
}

fn folders(registry: &mut Registry) {
    registry.function("files.mkdir", |_: &ToolContext, input: OnePath| {
        acting("mkdir", &input.path)?;
        tools::mkdir(&input.path).map_err(raised)
    });
    registry.function("files.rmdir", |_: &ToolContext, input: OnePath| {
        acting("rmdir", &input.path)?;
        tools::rmdir(&input.path).map_err(raised)
    });
    registry.function("files.rm", |_: &ToolContext, input: RmInput| {
        acting("rm", &input.folder)?;
        tools::rm(&input).map_err(raised)
    });
    registry.function("files.rename", |_: &ToolContext, input: RenameInput| {
        acting("rename", &input.src)?;
        tools::rename(&input).map_err(raised)
    });
    registry.function("files.chmod", |_: &ToolContext, input: ChmodInput| {
        acting("chmod", &input.path)?;
        tools::chmod(&input).map_err(raised)
    });
    registry.function(
        "files.move_folder_contents",
        |_: &ToolContext, input: MoveContentsInput| {
            acting("move_folder_contents", &input.src_folder)?;
            tools::move_folder_contents(&MoveContentsInput {
                src_folder: absolute(&input.src_folder)?,
                dst_folder: absolute(&input.dst_folder)?,
            })
            .map_err(raised)
        },
    );
    registry.function("files.copy", copy);
    registry.method("files.collect_libs", collect_libs);
}

fn links(registry: &mut Registry) {
    registry.function(
        "files.get_symlinks",
        |_: &ToolContext, input: BaseFolder| {
            symlinks::get_symlinks(&input.base_folder).map_err(raised)
        },
    );
    registry.function(
        "files.absolute_to_relative_symlinks",
        |_: &ToolContext, input: BaseFolder| {
            let folder = absolute(&input.base_folder)?;
            acting("absolute_to_relative_symlinks", &folder)?;
            symlinks::absolute_to_relative_symlinks(&folder).map_err(raised)
        },
    );
    registry.function(
        "files.remove_external_symlinks",
        |_: &ToolContext, input: BaseFolder| {
            let folder = absolute(&input.base_folder)?;
            acting("remove_external_symlinks", &folder)?;
            symlinks::remove_external_symlinks(&folder).map_err(raised)
        },
    );
    registry.function(
        "files.remove_broken_symlinks",
        |_: &ToolContext, input: BaseFolder| {
            let folder = absolute(&input.base_folder)?;
            acting("remove_broken_symlinks", &folder)?;
            symlinks::remove_broken_symlinks(&folder).map_err(raised)
        },
    );
}

#[derive(Deserialize)]
struct OnePath {
    path: PathBuf,
}

#[derive(Deserialize)]
struct BaseFolder {
    base_folder: PathBuf,
}

#[derive(Deserialize)]
struct FtpDownload {
    host: String,
    filename: String,
}

/// The exception for a tool's error.
pub(super) fn raised(error: crom_tools::Error) -> ToolError {
    use crom_tools::Exception;
    let text = error.to_string();
    let kind = match &error {
        crom_tools::Error::Fs(error) => error.kind(),
        _ => None,
    };
    match (error.exception(), kind) {
        (Exception::InvalidConfiguration, _) => ToolError::InvalidConfiguration(text),
        (Exception::FileNotFound, _) => ToolError::Os(std::io::ErrorKind::NotFound, text),
        (Exception::Os, Some(kind)) => ToolError::Os(kind, text),
        _ => ToolError::Exception(text),
    }
}

/// While a graph is being resolved, nothing may change.
pub(super) fn acting(what: &str, target: &Path) -> Result<()> {
    match state::shared() {
        Some(shared) if shared.mode() != Mode::Act => {
            let method = shared
                .method()
                .unwrap_or_else(|| "the class body".to_owned());
            Err(ToolError::new(format!(
                "{method} tried to change files ({what} {}), but a recipe may only do that from \
                 source() on",
                target.display()
            )))
        }
        _ => Ok(()),
    }
}

fn absolute(path: &Path) -> Result<PathBuf> {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    Ok(crom_fs::file::normalize(&crom_fs::absolute(path)?))
}

#[derive(Deserialize)]
struct Copy {
    pattern: OneOrMany,
    src: Option<PathBuf>,
    dst: PathBuf,
    keep_path: bool,
    excludes: Option<OneOrMany>,
    ignore_case: bool,
    overwrite_equal: bool,
}

/// The copies, named by `dst` as the recipe wrote it.
fn copy(_: &ToolContext, input: Copy) -> Result<Vec<PathBuf>> {
    let Some(src) = input.src else {
        return Err(ToolError::new("copy() received 'src=None' argument"));
    };
    acting("copy", &input.dst)?;
    let dst = absolute(&input.dst)?;
    let copied = tools::copy(&CopyInput {
        pattern: input.pattern,
        src: absolute(&src)?,
        dst: dst.clone(),
        keep_path: input.keep_path,
        excludes: input.excludes,
        ignore_case: input.ignore_case,
        overwrite_equal: input.overwrite_equal,
    })
    .map_err(raised)?;
    Ok(copied
        .into_iter()
        .map(|path| match path.strip_prefix(&dst) {
            Ok(relative) => input.dst.join(relative),
            Err(_) => path,
        })
        .collect())
}

#[derive(Deserialize)]
struct CollectLibs {
    folder: Option<PathBuf>,
}

fn collect_libs(recipe: &RecipeState<'_>, input: CollectLibs) -> Result<Vec<String>> {
    let Some(package) = recipe.folder("package_folder")?.map(PathBuf::from) else {
        return Ok(Vec::new());
    };
    let folders = match input.folder {
        Some(folder) => vec![package.join(folder)],
        None => {
            let info = recipe.cpp_info()?;
            info.root
                .libdirs
                .iter()
                .flatten()
                .map(|folder| package.join(folder))
                .collect()
        }
    };
    if let Some(shared) = state::shared() {
        for folder in &folders {
            shared.note_file(&folder.to_string_lossy());
        }
    }
    let input = CollectLibsInput { folders };
    tools::collect_libs(&input, &*recipe.context().reporter, &recipe.scope()).map_err(raised)
}

/// What the recipe says, or else the configuration.
fn extract_filter(recipe: &RecipeState<'_>, own: Option<String>) -> Result<Option<String>> {
    match own {
        Some(own) => Ok(Some(own)),
        None => Ok(recipe.conf()?.get_str("tools.files.unzip:filter")?),
    }
}

fn get(recipe: &RecipeState<'_>, mut input: GetInput) -> Result<()> {
    acting("get", &input.destination)?;
    if input.download.url.as_slice().is_empty() {
        return Err(ToolError::new("get() needs a 'url'"));
    }
    input.extract_filter = extract_filter(recipe, input.extract_filter)?;
    let net = net_config(recipe)?;
    net::get(&input, &net, &*recipe.context().reporter, &recipe.scope()).map_err(raised)
}

#[derive(Deserialize)]
struct Patch {
    base_path: Option<PathBuf>,
    patch_file: Option<PathBuf>,
    patch_string: Option<String>,
    strip: usize,
    fuzz: bool,
    patch_type: Option<String>,
    patch_description: Option<String>,
}

fn apply_patch(recipe: &RecipeState<'_>, input: Patch) -> Result<()> {
    let base_path = folder(recipe, "source_folder")?.join(input.base_path.unwrap_or_default());
    acting("patch", &base_path)?;
    let patch_file = match input.patch_file {
        // A patch is one of the exported sources.
        Some(file) => Some(folder(recipe, "export_sources_folder")?.join(file)),
        None => None,
    };
    let input = PatchInput {
        base_path,
        patch_file,
        patch_string: input.patch_string,
        strip: input.strip,
        fuzz: input.fuzz,
        patch_type: input.patch_type,
        patch_description: input.patch_description,
        patch_source: None,
    };
    patch::patch(&input, &*recipe.context().reporter, &recipe.scope()).map_err(raised)?;
    Ok(())
}

/// A folder of the recipe; the current one where there is none.
fn folder(recipe: &RecipeState<'_>, name: &'static str) -> Result<PathBuf> {
    Ok(PathBuf::from(recipe.folder(name)?.unwrap_or_default()))
}

fn conandata_patches(recipe: &RecipeState<'_>) -> Result<ConandataPatchesInput> {
    Ok(ConandataPatchesInput {
        conan_data: recipe.conan_data()?,
        version: recipe.version()?.unwrap_or_default(),
        export_sources_folder: folder(recipe, "export_sources_folder")?,
        source_folder: folder(recipe, "source_folder")?,
        recipe_folder: folder(recipe, "recipe_folder")?,
        extra_folder: extra_patches(recipe)?,
    })
}

/// The recipe's folder below `core.sources.patch:extra_path`.
fn extra_patches(recipe: &RecipeState<'_>) -> Result<Option<PathBuf>> {
    const CONF: &str = "core.sources.patch:extra_path";
    let Some(path) = recipe.context().global_conf.get_str(CONF)? else {
        return Ok(None);
    };
    let Some(name) = recipe.name()? else {
        return Ok(None);
    };
    Ok(Some(Path::new(&path).join(name)))
}

#[derive(Deserialize)]
struct UpdateConandata {
    yaml: String,
}

/// Adds to what was exported; `self.conan_data` stays as it is.
fn update_conandata(recipe: &RecipeState<'_>, input: UpdateConandata) -> Result<()> {
    let Some(export) = recipe.folder("export_folder")? else {
        return Err(ToolError::new(
            "The 'update_conandata()' can only be used in the 'export()' method",
        ));
    };
    let path = Path::new(&export).join("conandata.yml");
    acting("update_conandata", &path)?;
    let mut data = match crom_fs::is_file(&path) {
        true => yaml::load(&crom_fs::read_text(&path)?, &path.to_string_lossy())?,
        false => Value::Map(Mapping::new()),
    };
    merge(&mut data, yaml::load(&input.yaml, "data")?);
    crom_fs::write(&path, yaml::dump(&data))?;
    Ok(())
}

/// Mappings are merged at all levels, anything else is replaced.
fn merge(data: &mut Value, new: Value) {
    match (data, new) {
        (Value::Map(data), Value::Map(new)) => {
            for (key, value) in new {
                match data.get_mut(&key) {
                    Some(old) => merge(old, value),
                    None => {
                        data.insert(key, value);
                    }
                }
            }
        }
        (data, new) => *data = new,
    }
}

#[derive(Deserialize)]
struct TrimConandata {
    raise_if_missing: bool,
}

/// Gives the trimmed data in their former order.
fn trim_conandata(recipe: &RecipeState<'_>, input: TrimConandata) -> Result<Option<String>> {
    let Some(export) = recipe.folder("export_folder")? else {
        return Err(ToolError::new(
            "The 'trim_conandata()' tool can only be used in the 'export()' method or \
             'post_export()' hook",
        ));
    };
    let path = Path::new(&export).join("conandata.yml");
    acting("trim_conandata", &path)?;
    if !crom_fs::is_file(&path) {
        let text = "conandata.yml file doesn't exist";
        if input.raise_if_missing {
            return Err(ToolError::new(text));
        }
        recipe
            .context()
            .reporter
            .warning(None, &recipe.scope(), text);
        return Ok(None);
    }
    let text = crom_fs::read_text(&path)?;
    let file = path.to_string_lossy();
    let version = recipe.version()?.unwrap_or_default();
    crom_fs::write(&path, conandata::trim(&text, &file, &version)?)?;
    let Value::Map(data) = yaml::load(&text, &file)? else {
        return Ok(None);
    };
    let unsorted = yaml::DumpOptions {
        sort_keys: false,
        ..yaml::DumpOptions::default()
    };
    let trimmed = Value::Map(conandata::trim_data(&data, &version));
    Ok(Some(yaml::dump_with(&trimmed, unsorted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the reference left in the exported file for the same data.
    #[test]
    fn conandata_is_merged_at_all_levels() {
        let mut data = yaml::load("sources:\n  '1.0': {url: u}\nlst: [1]\n", "a").unwrap();
        let new = yaml::load("sources:\n  '1.0': {n: 1}\n  b: 1.5\nlst: [2]\n", "b").unwrap();
        merge(&mut data, new);
        assert_eq!(
            yaml::dump(&data),
            "lst:\n- 2\nsources:\n  '1.0':\n    n: 1\n    url: u\n  b: 1.5\n"
        );
    }

    #[test]
    fn errors_become_the_exceptions_that_recipes_catch() {
        let missing = tools::load(&LoadInput {
            path: PathBuf::from("/nonexistent/file"),
            encoding: "utf-8".to_owned(),
        });
        let error = raised(missing.unwrap_err());
        assert!(
            matches!(error, ToolError::Os(std::io::ErrorKind::NotFound, _)),
            "{error:?}"
        );
        let bad = raised(crom_tools::Error::InvalidConfiguration("no".to_owned()));
        assert_eq!(bad, ToolError::InvalidConfiguration("no".to_owned()));
    }
}
