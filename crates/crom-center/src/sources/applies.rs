//! Whether patches fit the archives in the store, where that can be seen without running the recipe: it
//! gets one archive and applies all patches of its data.

use std::path::Path;

use crom_model::reporter::Silent;
use crom_model::yaml::Value;
use crom_tools::files::{UnzipInput, unzip};
use crom_tools::patch::{ConandataPatchesInput, apply_conandata_patches};

use super::report::{PatchCheck, PatchVerdict};
use super::store::Store;
use crate::closure::Closure;
use crate::recipe_data::{RecipeData, Source};
use crate::{CenterError, Fork};

/// Tries the patches of all versions that have some.
pub(super) fn check(
    fork: &Fork,
    closure: &Closure,
    store: &Store<'_>,
) -> Result<Vec<PatchCheck>, CenterError> {
    let mut checks = Vec::new();
    for (name, versions) in closure {
        for version in versions {
            let Some(data) = RecipeData::read(&fork.root, name, version)? else {
                continue;
            };
            if data.patches(version).is_empty() {
                continue;
            }
            let verdict = match plain_source(&data, version)? {
                Ok((source, strip_root)) => {
                    let work = crom_fs::temp_dir(store.folder(), "patch-")?;
                    let verdict = try_patches(&data, version, (&source, strip_root), store, &work);
                    crom_fs::remove_tree(&work)?;
                    verdict
                }
                Err(reason) => PatchVerdict::Unknown(reason.to_owned()),
            };
            checks.push(PatchCheck {
                reference: format!("{name}/{version}"),
                verdict,
            });
        }
    }
    Ok(checks)
}

/// The archive that a recipe gets, and whether its only folder is taken off; or why that can't be seen.
type PlainSource = Result<(Source, bool), &'static str>;

fn plain_source(data: &RecipeData, version: &str) -> Result<PlainSource, CenterError> {
    const GET: &str = "get(self, **self.conan_data[\"sources\"][self.version]";
    let recipe = crom_fs::read_text(data.folder.join("conanfile.py"))?;
    let calls: Vec<&str> = recipe.split(GET).skip(1).collect();
    let ([call], true) = (
        calls.as_slice(),
        recipe.contains("apply_conandata_patches(self)"),
    ) else {
        return Ok(Err(
            "the recipe doesn't get its sources and apply patches in the plain way",
        ));
    };
    let arguments = call.split(')').next().unwrap_or_default();
    // The default, which many write out.
    let arguments = arguments
        .replace([' ', '\n'], "")
        .replace(",destination=self.source_folder", "");
    let strip_root = match arguments.as_str() {
        ",strip_root=True" | ",strip_root=True," => true,
        "" | ",strip_root=False" => false,
        _ => return Ok(Err("the recipe gets its sources with more arguments")),
    };
    let mut sources = data.sources(version);
    Ok(match (sources.pop(), sources.is_empty()) {
        (Some(source), true) if only_known_fields(data, version) => Ok((source, strip_root)),
        (Some(_), true) => Err("a patch has fields that only the recipe understands"),
        _ => Err("the version has not one source"),
    })
}

/// Recipes apply patches with fields of their own only here and there.
fn only_known_fields(data: &RecipeData, version: &str) -> bool {
    const KNOWN: [&str; 6] = [
        "patch_file",
        "patch_description",
        "patch_type",
        "patch_source",
        "base_path",
        "sha256",
    ];
    let known = |key: &Value| key.as_str().is_some_and(|it| KNOWN.contains(&it));
    let mut entries = data.patch_entries(version).iter();
    entries.all(|it| it.as_map().is_some_and(|it| it.keys().all(known)))
}

fn try_patches(
    data: &RecipeData,
    version: &str,
    (source, strip_root): (&Source, bool),
    store: &Store<'_>,
    work: &Path,
) -> PatchVerdict {
    let kept = source.sha256.as_deref().map(|it| store.path(it));
    let Some(kept) = kept.filter(|it| crom_fs::is_file(it)) else {
        return PatchVerdict::Unknown(String::from("the archive isn't in the store"));
    };
    let url = source.urls.first().map_or("", String::as_str);
    let archive = work.join(url.rsplit('/').next().unwrap_or(url));
    let folder = work.join("src");
    let unpack = UnzipInput {
        filename: archive.clone(),
        destination: folder.clone(),
        strip_root,
        ..UnzipInput::default()
    };
    let unpacked = crom_fs::copy_file(&kept, &archive)
        .map_err(|error| error.to_string())
        .and_then(|()| unzip(&unpack, &Silent, "").map_err(|error| error.to_string()));
    if let Err(error) = unpacked {
        return PatchVerdict::Unknown(format!("the archive can't be unpacked: {error}"));
    }
    let input = ConandataPatchesInput {
        conan_data: Value::Map(data.conandata.clone()).to_json(),
        version: version.to_owned(),
        export_sources_folder: data.folder.clone(),
        source_folder: folder,
        recipe_folder: data.folder.clone(),
        ..ConandataPatchesInput::default()
    };
    match apply_conandata_patches(&input, &Silent, "") {
        Ok(()) => PatchVerdict::Applies,
        Err(error) => PatchVerdict::Fails(error.to_string().replace(['\n', '\r'], " ")),
    }
}
