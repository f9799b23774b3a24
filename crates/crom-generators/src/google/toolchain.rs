//! `conan_bzl.rc` (BazelToolchain): options of a `--config` of Bazel.

use crom_model::flags::{self, apple};
use serde::{Deserialize, Serialize};

use crate::cmake::Consumer;
use crate::error::GeneratorError;
use crate::gnu::flags::{cross_building, flag_input, is_true};
use crate::lenient;

/// The file, in the generators folder.
pub const RC_FILE: &str = "conan_bzl.rc";
/// What `--config` is called with.
pub const RC_CONFIG: &str = "conan-config";

/// The attributes of a `BazelToolchain` object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the names are those of the generator's attributes"
)]
pub struct BazelToolchain {
    /// `True` or nothing.
    #[serde(deserialize_with = "lenient::text")]
    pub force_pic: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub dynamic_mode: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub cppstd: Option<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub copt: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub conlyopt: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub cxxopt: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub linkopt: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub compilation_mode: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub compiler: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub cpu: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub crosstool_top: Option<String>,
}

/// The attributes of a new object.
///
/// # Errors
/// If a conf has a wrong type.
pub fn new_toolchain(consumer: &Consumer) -> Result<BazelToolchain, GeneratorError> {
    let option = |name: &str| consumer.options.get_safe(name);
    let shared = option("shared").map(is_true);
    let fpic = option("fPIC").filter(|it| shared != Some(true) && is_true(it));
    Ok(BazelToolchain {
        force_pic: fpic.map(str::to_owned),
        dynamic_mode: shared.map(|it| if it { "fully" } else { "off" }.to_owned()),
        cppstd: flag_input(consumer, flags::cppstd_flag)?.filter(|it| !it.is_empty()),
        compilation_mode: match consumer.setting("build_type") {
            Some("Release") => Some("opt".to_owned()),
            Some("Debug") => Some("dbg".to_owned()),
            _ => None,
        },
        cpu: if cross_building(consumer)? {
            cpu(consumer)
        } else {
            None
        },
        ..BazelToolchain::default()
    })
}

/// `darwin_arm64`, `linux_armv8`
fn cpu(consumer: &Consumer) -> Option<String> {
    let (os, arch) = (consumer.setting("os")?, consumer.setting("arch")?);
    let arch = match apple::to_apple_arch(arch) {
        Some(name) if apple::is_apple_os(os) => name,
        _ => arch,
    };
    let os = if os == "Macos" {
        "darwin".to_owned()
    } else {
        os.to_lowercase()
    };
    Some(format!("{os}_{arch}"))
}

/// The options for the tools that come from the attributes and confs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(
    missing_docs,
    reason = "the names are those of the toolchain's properties"
)]
pub struct BazelFlags {
    pub cflags: Vec<String>,
    pub cxxflags: Vec<String>,
    pub ldflags: Vec<String>,
}

impl BazelToolchain {
    /// The toolchain's flags with those of confs.
    ///
    /// # Errors
    /// If a conf has a wrong type.
    pub fn flags(&self, consumer: &Consumer) -> Result<BazelFlags, GeneratorError> {
        let conf = &consumer.conf;
        let mut cxxflags: Vec<String> = self.cppstd.iter().cloned().collect();
        cxxflags.extend(self.cxxopt.iter().cloned());
        cxxflags.extend(conf.get_list("tools.build:cxxflags")?);
        let mut cflags = self.conlyopt.clone();
        cflags.extend(conf.get_list("tools.build:cflags")?);
        let mut ldflags = self.linkopt.clone();
        ldflags.extend(conf.get_list("tools.build:sharedlinkflags")?);
        ldflags.extend(conf.get_list("tools.build:exelinkflags")?);
        for script in conf.get_list("tools.build:linker_scripts")? {
            ldflags.push(format!("-T'{script}'"));
        }
        Ok(BazelFlags {
            cflags,
            cxxflags,
            ldflags,
        })
    }

    /// The text, by the template that recipes may replace: Jinja over the attributes, where lists
    /// are options already (`--cxxopt=-std=c++17`).
    ///
    /// # Errors
    /// If a conf has a wrong type, or the template isn't one.
    pub fn render(&self, consumer: &Consumer, template: &str) -> Result<String, GeneratorError> {
        let flags = self.flags(consumer)?;
        let options = |name: &str, values: &[String]| {
            let each = values.iter().map(|it| format!("--{name}={it}"));
            each.collect::<Vec<_>>().join(" ")
        };
        let context = minijinja::context! {
            copt => options("copt", &self.copt),
            conlyopt => options("conlyopt", &flags.cflags),
            cxxopt => options("cxxopt", &flags.cxxflags),
            linkopt => options("linkopt", &flags.ldflags),
            force_pic => self.force_pic,
            dynamic_mode => self.dynamic_mode,
            compilation_mode => self.compilation_mode,
            compiler => self.compiler,
            cpu => self.cpu,
            crosstool_top => self.crosstool_top,
        };
        minijinja::Environment::new()
            .render_str(template, context)
            .map_err(|error| GeneratorError::invalid(format!("{RC_FILE}: {error}")))
    }
}
