//! `conandata.yml`: the data beside a recipe.

use crate::yaml::{self, Mapping, Value, YamlError};

/// Why a `conandata.yml` can't be trimmed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConandataError {
    /// It isn't YAML.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// It isn't a mapping.
    #[error("cannot trim {file}: expected a mapping at the top, found {found}")]
    NotAMapping {
        /// The file.
        file: String,
        /// Python's name of what it is.
        found: &'static str,
    },
    /// Data that is used in several places would have to be written with anchors.
    #[error(
        "cannot trim {file}: line {line} repeats a list or mapping with an alias, which is not \
         supported here"
    )]
    Alias {
        /// The file.
        file: String,
        /// Line of the alias.
        line: usize,
    },
}

/// The text of a `conandata.yml` reduced to what one version needs, as `trim_conandata` leaves it:
/// it's always written anew, with PyYAML's rules. The bytes are part of the recipe revision.
pub fn trim(text: &str, file: &str, version: &str) -> Result<String, ConandataError> {
    let document = yaml::load_document(text, file)?;
    if let Some(line) = document.shared_at {
        return Err(ConandataError::Alias {
            file: file.to_owned(),
            line,
        });
    }
    let Value::Map(data) = &document.value else {
        return Err(ConandataError::NotAMapping {
            file: file.to_owned(),
            found: document.value.type_name(),
        });
    };
    Ok(yaml::dump(&Value::Map(trim_data(data, version))))
}

/// Keeps what one version needs: of a mapping at the top level the entry of the version, if the
/// key is that very text (not a number); other data as it is, and `scm` too, which holds the
/// coordinates of one commit.
pub fn trim_data(data: &Mapping, version: &str) -> Mapping {
    let mut trimmed = Mapping::new();
    for (key, value) in data {
        match value {
            Value::Map(versions) if key.as_str() != Some("scm") => {
                if let Some(entry) = versions.get(version).filter(|it| !it.is_null()) {
                    let only = Mapping::from_iter([(Value::from(version), entry.clone())]);
                    trimmed.insert(key.clone(), Value::Map(only));
                }
            }
            other => {
                trimmed.insert(key.clone(), other.clone());
            }
        }
    }
    trimmed
}

#[cfg(test)]
mod tests;
