//! Files of the home that need not be there.

use std::path::Path;

use crate::error::{Result, StoreError};

/// The text of a file, or none where there is no file.
pub(crate) fn read_if_exists(path: &Path) -> Result<Option<String>> {
    match crom_fs::read_text(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The JSON in a file, or none where there is no file. An empty file is an error.
pub(crate) fn read_json_if_exists(path: &Path) -> Result<Option<serde_json::Value>> {
    let Some(text) = read_if_exists(path)? else {
        return Ok(None);
    };
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|error| StoreError::Json {
            path: path.to_path_buf(),
            message: format!("Error loading JSON: {error}"),
        })
}
