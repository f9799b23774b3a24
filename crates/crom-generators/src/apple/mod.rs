//! Command lines, facts and files for Apple's tools.
//!
//! * [`xcode_toolchain`] - `conantoolchain.xcconfig` (XcodeToolchain)
//! * [`xcode_deps`] - `conandeps.xcconfig` (XcodeDeps)

mod xcconfig;
pub mod xcode_deps;
pub mod xcode_toolchain;

use serde::{Deserialize, Serialize};

use crom_model::flags::apple;

use crate::cmake::Consumer;
use crate::error::GeneratorError;

/// What `xcodebuild` is called with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct XcodeBuild {
    /// The package.
    pub consumer: Consumer,
    /// The project.
    pub xcodeproj: String,
    /// All targets without one.
    pub target: Option<String>,
    /// The build type without one.
    pub configuration: Option<String>,
    /// As given.
    pub cli_args: Option<Vec<String>>,
}

/// The command line of the `XcodeBuild` build helper.
pub fn xcodebuild(input: &XcodeBuild) -> Result<String, GeneratorError> {
    let consumer = &input.consumer;
    let configuration = input
        .configuration
        .as_deref()
        .or(consumer.setting("build_type"))
        .unwrap_or_default();
    let arch = consumer
        .setting("arch")
        .and_then(apple::to_apple_arch)
        .unwrap_or_default();
    let mut parts = vec![
        format!("xcodebuild -project '{}'", input.xcodeproj),
        format!("-configuration {configuration} -arch {arch}"),
    ];
    let sdk = consumer
        .conf
        .get_str("tools.apple:sdk_path")?
        .filter(|it| !it.is_empty());
    match (sdk, consumer.setting("os.sdk")) {
        (Some(path), _) => parts.push(format!("-sdk {path}")),
        (None, Some(name)) => {
            let version = consumer.setting("os.sdk_version").unwrap_or_default();
            parts.push(format!("-sdk {name}{version}"));
        }
        (None, None) => {}
    }
    let verbosity = match consumer.conf.get_str("tools.build:verbosity")? {
        Some(verbosity) => Some(verbosity),
        None => consumer.conf.get_str("tools.compilation:verbosity")?,
    };
    match verbosity.as_deref() {
        Some("quiet") => parts.push("-quiet".to_owned()),
        Some("verbose") => parts.push("-verbose".to_owned()),
        _ => {}
    }
    parts.push(match input.target.as_deref().filter(|it| !it.is_empty()) {
        Some(target) => format!("-target '{target}'"),
        None => "-alltargets".to_owned(),
    });
    let key = consumer
        .setting("os")
        .and_then(apple::deployment_target_key);
    if let (Some(key), Some(version)) = (key, consumer.setting("os.version")) {
        parts.push(format!("{key}={version}"));
    }
    parts.extend(input.cli_args.iter().flatten().cloned());
    Ok(parts.join(" "))
}

/// Apple's name of the architecture, or the setting where Apple has none.
pub(crate) fn architecture(consumer: &Consumer) -> Option<String> {
    let arch = consumer.setting("arch")?;
    Some(apple::to_apple_arch(arch).unwrap_or(arch).to_owned())
}

/// A library file as `otool` describes it, for [`install_names`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SharedLibrary {
    /// Its path.
    pub path: String,
    /// What `otool -D` prints.
    pub id: String,
    /// What `otool -L` prints.
    pub dependencies: String,
}

/// Arguments of `install_name_tool` that make the libraries of a package relocatable: their ids and
/// what they say of each other begin with `@rpath`.
pub fn install_names(libraries: &[SharedLibrary]) -> Vec<Vec<String>> {
    let file_name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let own: Vec<String> = libraries
        .iter()
        .filter_map(|it| it.id.lines().nth(1))
        .map(|it| it.trim().to_owned())
        .collect();
    let mut calls = Vec::new();
    for library in libraries {
        if let Some(id) = library.id.lines().nth(1).map(str::trim)
            && !id.is_empty()
            && !id.starts_with("@rpath")
        {
            let fixed = format!("@rpath/{}", file_name(id));
            calls.push(vec!["-id".to_owned(), fixed, library.path.clone()]);
        }
        for line in library.dependencies.lines().skip(1) {
            let name = line
                .split(" (compatibility")
                .next()
                .unwrap_or_default()
                .trim();
            if own.iter().any(|it| it == name) && !name.starts_with("@rpath") {
                let fixed = format!("@rpath/{}", file_name(name));
                calls.push(vec![
                    "-change".to_owned(),
                    name.to_owned(),
                    fixed,
                    library.path.clone(),
                ]);
            }
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use crom_model::conf::ConfValue;
    use crom_model::settings::Settings;
    use serde_json::json;

    use super::*;
    use crate::fixture::{consumer, listing};

    fn mac() -> Consumer {
        consumer(&Settings::from_values([
            ("os", "Macos"),
            ("os.version", "13.0"),
            ("arch", "armv8"),
            ("compiler", "apple-clang"),
            ("compiler.version", "15"),
            ("compiler.libcxx", "libc++"),
            ("compiler.cppstd", "gnu17"),
            ("build_type", "Release"),
        ]))
    }

    #[test]
    fn dependencies_for_xcode() {
        let deps = xcode_deps::XcodeDeps {
            consumer: mac(),
            ..xcode_deps::new_deps(&mac())
        };
        insta::assert_snapshot!(listing(&xcode_deps::render(&deps).unwrap()));
    }

    #[test]
    fn second_configuration_is_added() {
        let mut first = xcode_deps::XcodeDeps {
            consumer: mac(),
            ..xcode_deps::new_deps(&mac())
        };
        let files = xcode_deps::render(&first).unwrap();
        first.existing = files.into_iter().map(|it| (it.path, it.content)).collect();
        first.configuration = "Debug".into();
        let files = xcode_deps::render(&first).unwrap();
        let index = files
            .iter()
            .find(|it| it.path == "conan_libb_libb.xcconfig")
            .unwrap();
        insta::assert_snapshot!(index.content);
    }

    #[test]
    fn toolchain_for_xcode() {
        let mut consumer = mac();
        consumer.settings = Settings::from_values([
            ("os", "iOS"),
            ("os.version", "15.0"),
            ("os.sdk", "iphoneos"),
            ("os.sdk_version", "15.1"),
            ("arch", "armv8"),
            ("compiler.libcxx", "libc++"),
            ("build_type", "Debug"),
        ]);
        consumer.conf.define(
            "tools.build:cflags",
            ConfValue::from_json(&json!(["-c1", "-c2"])),
        );
        let mut toolchain = xcode_toolchain::new_toolchain(&consumer);
        toolchain.build_settings.insert("FOO".into(), "BAR".into());
        let input = xcode_toolchain::RenderXcode {
            consumer,
            toolchain,
            ..xcode_toolchain::RenderXcode::default()
        };
        insta::assert_snapshot!(listing(&xcode_toolchain::render(&input).unwrap()));
    }

    #[test]
    fn names_become_relative() {
        let library = SharedLibrary {
            path: "/p/lib/liba.dylib".into(),
            id: "/p/lib/liba.dylib:\n/p/lib/liba.1.dylib\n".into(),
            dependencies: "/p/lib/liba.dylib:\n\t/p/lib/liba.1.dylib (compatibility version 1)\n\t/usr/lib/libSystem.B.dylib (compatibility version 1)\n".into(),
        };
        assert_eq!(
            install_names(&[library]),
            [
                vec!["-id", "@rpath/liba.1.dylib", "/p/lib/liba.dylib"],
                vec![
                    "-change",
                    "/p/lib/liba.1.dylib",
                    "@rpath/liba.1.dylib",
                    "/p/lib/liba.dylib"
                ],
            ]
        );
    }
}
