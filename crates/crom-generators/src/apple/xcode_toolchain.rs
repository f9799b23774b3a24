//! XcodeToolchain: `conantoolchain.xcconfig`, and `conan_global_flags.xcconfig` for flags of confs.

use crom_model::flags::{self, apple};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::xcconfig::{CONFIG_FILE, CONFIG_HEAD, Scope, with_include};
use crate::cmake::Consumer;
use crate::cmake::text::python_str;
use crate::error::GeneratorError;
use crate::file::File;
use crate::gnu::flags::flag_input;
use crate::lenient;

/// The attributes of an `XcodeToolchain` object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the names are those of the generator's attributes"
)]
pub struct XcodeToolchain {
    #[serde(deserialize_with = "lenient::text")]
    pub architecture: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub configuration: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub libcxx: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub os_version: Option<String>,
    /// More settings of Xcode.
    pub build_settings: IndexMap<String, Value>,
}

/// What is written, and for whom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RenderXcode {
    /// The package.
    pub consumer: Consumer,
    /// As the recipe left it.
    pub toolchain: XcodeToolchain,
    /// The `.xcconfig` files that are there already.
    pub existing: IndexMap<String, String>,
}

/// The attributes of a new object.
pub fn new_toolchain(consumer: &Consumer) -> XcodeToolchain {
    let text = |name: &str| consumer.setting(name).map(str::to_owned);
    XcodeToolchain {
        architecture: super::architecture(consumer),
        configuration: text("build_type"),
        libcxx: text("compiler.libcxx"),
        os_version: text("os.version"),
        build_settings: IndexMap::new(),
    }
}

const TOOLCHAIN: &str = "conantoolchain";
const FLAGS: &str = "conan_global_flags";

/// The files.
///
/// # Errors
/// If a conf has a wrong type.
pub fn render(input: &RenderXcode) -> Result<Vec<File>, GeneratorError> {
    let consumer = &input.consumer;
    let scope = Scope {
        configuration: input.toolchain.configuration.as_deref().unwrap_or_default(),
        architecture: input.toolchain.architecture.as_deref().unwrap_or_default(),
        sdk: consumer.setting("os.sdk"),
        sdk_version: consumer.setting("os.sdk_version"),
    };
    let condition = scope.condition(consumer);
    let mut files = Vec::new();
    let mut config = input
        .existing
        .get(CONFIG_FILE)
        .cloned()
        .unwrap_or_else(|| CONFIG_HEAD.to_owned());
    let mut add = |name: &str, content: String| {
        let of_scope = format!("{name}{}.xcconfig", scope.suffix());
        let index = format!("{name}.xcconfig");
        let text = with_include(
            input.existing.get(&index).map(String::as_str),
            "// Conan XcodeToolchain generated file\n// Includes all installed configurations\n\n",
            &of_scope,
        );
        files.push(File::new(of_scope, content));
        files.push(File::new(&index, text));
        config = with_include(Some(&config), CONFIG_HEAD, &index);
    };
    add(TOOLCHAIN, input.variables(&condition)?);
    if let Some(flags) = input.flags(&condition)? {
        add(FLAGS, flags);
    }
    files.push(File::new(CONFIG_FILE, config));
    Ok(files)
}

impl RenderXcode {
    fn variables(&self, condition: &str) -> Result<String, GeneratorError> {
        let toolchain = &self.toolchain;
        let key = self
            .consumer
            .setting("os")
            .and_then(apple::deployment_target_key);
        let standard = flag_input(&self.consumer, flags::cppstd_flag)?
            .map(|it| it.trim_start_matches("-std=").to_owned())
            .filter(|it| !it.is_empty());
        let line = |key: &str, value: Option<&str>| {
            let value = value.filter(|it| !it.is_empty());
            value.map_or_else(String::new, |it| format!("{key}{condition}={it}"))
        };
        let deployment =
            key.map_or_else(String::new, |it| line(it, toolchain.os_version.as_deref()));
        Ok(format!(
            "// Definition of toolchain variables\n{deployment}\n{}\n{}\n",
            line("CLANG_CXX_LIBRARY", toolchain.libcxx.as_deref()),
            line("CLANG_CXX_LANGUAGE_STANDARD", standard.as_deref()),
        ))
    }

    /// The flags of confs and the recipe's settings; none without any.
    fn flags(&self, condition: &str) -> Result<Option<String>, GeneratorError> {
        let conf = &self.consumer.conf;
        let mut link = conf.get_list("tools.build:sharedlinkflags")?;
        link.extend(conf.get_list("tools.build:exelinkflags")?);
        let all = [
            (
                "GCC_PREPROCESSOR_DEFINITIONS",
                conf.get_list("tools.build:defines")?,
            ),
            ("OTHER_CFLAGS", conf.get_list("tools.build:cflags")?),
            (
                "OTHER_CPLUSPLUSFLAGS",
                conf.get_list("tools.build:cxxflags")?,
            ),
            ("OTHER_LDFLAGS", link),
        ];
        let settings = &self.toolchain.build_settings;
        if settings.is_empty() && all.iter().all(|(_, values)| values.is_empty()) {
            return Ok(None);
        }
        let mut text = String::from("// Global flags\n");
        for (variable, values) in all {
            if !values.is_empty() {
                text.push_str(&format!(
                    "{variable}{condition} = $(inherited) {}",
                    values.join(" ")
                ));
            }
            text.push('\n');
        }
        for (name, value) in settings {
            text.push_str(&format!("{name}{condition} = {}\n", python_str(value)));
        }
        Ok(Some(text))
    }
}
