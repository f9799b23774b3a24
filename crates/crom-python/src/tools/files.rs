//! `conan.tools.files`

use std::path::PathBuf;

use serde::Deserialize;

use super::{Registry, ToolContext};

#[derive(Deserialize)]
struct Mkdir {
    path: PathBuf,
}

pub(super) fn register(registry: &mut Registry) {
    registry.function("files.mkdir", |_: &ToolContext, input: Mkdir| {
        crom_fs::create_dir_all(&input.path)?;
        Ok(())
    });
}
