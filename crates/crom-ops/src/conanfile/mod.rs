//! The conanfile that a command is given: found, and read as far as that needs no interpreter.

mod text;

use std::path::{Path, PathBuf};

use crom_recipe::{RecipeFile, RecipeSource};

use crate::OpsError;

/// A conanfile in a user's folder.
#[derive(Clone, Debug)]
pub struct Conanfile {
    /// Absolute.
    pub path: PathBuf,
    /// For the host.
    pub recipe: RecipeFile,
    /// `conanfile.py` or the file's other name, as people see it.
    pub display: String,
}

impl Conanfile {
    /// The folder that it is in.
    pub fn folder(&self) -> &Path {
        &self.recipe.folder
    }

    /// True for a `conanfile.txt`.
    pub fn is_text(&self) -> bool {
        matches!(self.recipe.source, RecipeSource::Declared { .. })
    }
}

/// The conanfile at a path: a file, or the folder of one. `conanfile.py` goes before
/// `conanfile.txt`, which only some commands accept.
///
/// # Errors
/// There is none, there are both, or a `conanfile.txt` doesn't parse.
pub fn find(cwd: &Path, path: &str, text_too: bool) -> Result<Conanfile, OpsError> {
    let given = crom_fs::absolute(cwd.join(path))?;
    if !crom_fs::is_dir(&given) {
        if !crom_fs::exists(&given) {
            return Err(missing(&given));
        }
        return open(given, text_too);
    }
    let python = given.join("conanfile.py");
    let text = given.join("conanfile.txt");
    match (crom_fs::exists(&python), text_too && crom_fs::exists(&text)) {
        (true, true) => Err(OpsError::message(
            "Ambiguous command, both conanfile.py and conanfile.txt exist",
        )
        .with_hint("name the file that you mean")),
        (true, false) => open(python, text_too),
        (false, true) => open(text, text_too),
        (false, false) => Err(missing(&if text_too { text } else { python })),
    }
}

fn missing(path: &Path) -> OpsError {
    OpsError::message(format!("Conanfile not found at {}", path.display()))
}

fn open(path: PathBuf, text_too: bool) -> Result<Conanfile, OpsError> {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let source = match path.extension().and_then(|extension| extension.to_str()) {
        Some("py") => RecipeSource::Python(path.clone()),
        Some("txt") if text_too => {
            let text = crom_fs::read_marked_text(&path).map_err(|error| match error {
                crom_fs::Error::NotUtf8 { .. } => OpsError::message(format!(
                    "Cannot load conanfile.txt: {error}\nIt is recommended to use utf-8 encoding"
                )),
                other => other.into(),
            })?;
            text::parse(&text, &path, &name)?
        }
        Some("txt") => {
            return Err(OpsError::message(format!(
                "A conanfile.py is needed, {} is not acceptable",
                path.display()
            )));
        }
        _ => {
            return Err(OpsError::message(format!(
                "'{}' is not a conanfile.py or conanfile.txt",
                path.display()
            )));
        }
    };
    Ok(Conanfile {
        display: name,
        recipe: RecipeFile {
            source,
            folder,
            digest: None,
        },
        path,
    })
}
