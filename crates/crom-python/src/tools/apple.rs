//! `conan.tools.apple`

use crom_generators::apple::xcode_deps::{self, XcodeDeps};
use crom_generators::apple::xcode_toolchain::{self, RenderXcode, XcodeToolchain};
use crom_generators::apple::{SharedLibrary, XcodeBuild, install_names, xcodebuild};
use crom_generators::cmake::Consumer;
use crom_generators::gnu::flags::FlagBag;
use crom_model::flags::apple;
use serde::Deserialize;

use super::consumer::{consumer, existing, write};
use super::{NoInput, RecipeState, Registry, ToolContext, ToolError};

pub(super) fn register(registry: &mut Registry) {
    registry.method("apple.sdk", |recipe: &RecipeState<'_>, _: NoInput| {
        let consumer = consumer(recipe)?;
        Ok(crom_generators::gnu::flags::flag_input(
            &consumer,
            apple::sdk_fullname,
        )??)
    });
    registry.function("apple.arch", |_: &ToolContext, input: Arch| {
        Ok(input
            .arch
            .as_deref()
            .and_then(apple::to_apple_arch)
            .map(str::to_owned))
    });
    registry.function("apple.is_apple_os", |_: &ToolContext, input: Os| {
        Ok(input.os.as_deref().is_some_and(apple::is_apple_os))
    });
    registry.method(
        "apple.xcodebuild",
        |recipe: &RecipeState<'_>, input: Build| {
            Ok(xcodebuild(&XcodeBuild {
                consumer: consumer(recipe)?,
                xcodeproj: input.xcodeproj,
                target: input.target,
                configuration: input.configuration,
                cli_args: input.cli_args,
            })?)
        },
    );
    registry.function(
        "apple.install_names",
        |_: &ToolContext, input: Libraries| Ok(install_names(&input.libraries)),
    );
    registry.method("apple.flags", |recipe: &RecipeState<'_>, input: Cross| {
        let consumer = consumer(recipe)?;
        let found = sdk_for_cross(&consumer)?;
        let bag = FlagBag::for_apple(&consumer, input.cross, found.as_deref())?;
        Ok(serde_json::json!({
            "min_version": bag.apple_min_version_flag.clone().unwrap_or_default(),
            "min_version_flag": bag.apple_min_version_flag,
            "arch_flag": bag.apple_arch_flag,
            "sdk_flag": bag.apple_isysroot_flag,
            "extra": bag.apple_extra_flags,
        }))
    });
    registry.function(
        "apple.deployment_target_key",
        |_: &ToolContext, input: Os| Ok(input.os.as_deref().and_then(apple::deployment_target_key)),
    );
    register_generators(registry);
}

fn register_generators(registry: &mut Registry) {
    registry.method(
        "apple.new_toolchain",
        |recipe: &RecipeState<'_>, _: NoInput| {
            Ok(xcode_toolchain::new_toolchain(&consumer(recipe)?))
        },
    );
    registry.method(
        "apple.toolchain",
        |recipe: &RecipeState<'_>, toolchain: XcodeToolchain| {
            let consumer = consumer(recipe)?;
            let input = RenderXcode {
                toolchain,
                existing: existing(&consumer, ".xcconfig")?,
                consumer,
            };
            write(&input.consumer, &xcode_toolchain::render(&input)?)
        },
    );
    registry.method("apple.new_deps", |recipe: &RecipeState<'_>, _: NoInput| {
        Ok(xcode_deps::new_deps(&consumer(recipe)?))
    });
    registry.method(
        "apple.deps",
        |recipe: &RecipeState<'_>, input: XcodeDeps| {
            let consumer = consumer(recipe)?;
            let input = XcodeDeps {
                existing: existing(&consumer, ".xcconfig")?,
                consumer,
                ..input
            };
            write(&input.consumer, &xcode_deps::render(&input)?)
        },
    );
}

/// Apple's SDK where flags need it: what `xcrun` says, on a Mac that builds for another system or
/// processor without `tools.apple:sdk_path`.
pub(super) fn sdk_for_cross(consumer: &Consumer) -> Result<Option<String>, ToolError> {
    let apple = consumer
        .settings
        .get_safe("os")
        .is_some_and(apple::is_apple_os);
    if !cfg!(target_os = "macos")
        || !apple
        || !crom_generators::gnu::flags::cross_building(consumer)?
        || consumer.conf.get_str("tools.apple:sdk_path")?.is_some()
    {
        return Ok(None);
    }
    let sdk = crom_generators::gnu::flags::flag_input(consumer, apple::sdk_fullname)??;
    let mut command = std::process::Command::new("xcrun");
    if let Some(sdk) = sdk {
        command.args(["-sdk", &sdk]);
    }
    let output = command.arg("--show-sdk-path").output()?;
    let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok((output.status.success() && !path.is_empty()).then_some(path))
}

#[derive(Deserialize)]
struct Arch {
    arch: Option<String>,
}

#[derive(Deserialize)]
struct Os {
    os: Option<String>,
}

#[derive(Deserialize)]
struct Build {
    xcodeproj: String,
    target: Option<String>,
    configuration: Option<String>,
    cli_args: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Libraries {
    libraries: Vec<SharedLibrary>,
}

#[derive(Deserialize)]
struct Cross {
    cross: bool,
}
