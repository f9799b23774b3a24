//! `conan.tools.sbom`

use crom_generators::sbom::{Bill, CycloneDx};
use serde::Deserialize;

use super::consumer::consumer;
use super::{RecipeState, Registry};

pub(super) fn register(registry: &mut Registry) {
    registry.method(
        "sbom.cyclonedx",
        |recipe: &RecipeState<'_>, input: Wanted| {
            Ok(Bill {
                consumer: consumer(recipe)?,
                format: input.format,
                name: input.name,
                add_build: input.add_build,
                add_tests: input.add_tests,
                ids: input.ids,
                timestamp: input.timestamp,
                conan_version: input.conan_version,
            }
            .render())
        },
    );
}

#[derive(Deserialize)]
struct Wanted {
    format: CycloneDx,
    name: Option<String>,
    add_build: bool,
    add_tests: bool,
    ids: [String; 2],
    timestamp: String,
    conan_version: String,
}
