//! `conantoolchain.premake5.lua` (PremakeToolchain).

use crom_model::flags;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{escape, list};
use crate::cmake::Consumer;
use crate::error::GeneratorError;
use crate::file::File;
use crate::gnu::flags::{cross_building, flag_input, is_true};
use crate::lenient;

/// The file, in the generators folder.
pub const FILE: &str = "conantoolchain.premake5.lua";

/// Flags of the workspace, or of a project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the names are those of the generator's attributes"
)]
pub struct ExtraFlags {
    #[serde(deserialize_with = "lenient::list")]
    pub extra_cxxflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_cflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_ldflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_defines: Vec<String>,
}

/// `toolchain.project(name)`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Project {
    /// Its flags, beside those of confs and settings.
    #[serde(flatten)]
    pub flags: ExtraFlags,
    /// `StaticLib`, `SharedLib`, ...
    pub kind: Option<String>,
    /// Not to be built.
    pub disable: bool,
}

/// The toolchain as the recipe left it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PremakeToolchain {
    /// The package.
    pub consumer: Consumer,
    /// Flags of the workspace.
    #[serde(flatten)]
    pub flags: ExtraFlags,
    /// By name.
    pub projects: IndexMap<String, Project>,
}

/// Flags of one block, in order.
struct Flags {
    cflags: Vec<String>,
    cxxflags: Vec<String>,
    ldflags: Vec<String>,
    rcflags: Vec<String>,
    defines: Vec<String>,
}

impl PremakeToolchain {
    /// Renders the file.
    ///
    /// # Errors
    /// If a conf has a wrong type.
    pub fn render(&self) -> Result<File, GeneratorError> {
        let mut text = String::from("#!lua\n-- Conan auto-generated toolchain file\n\n");
        text.push_str("-- Where everything is built\n");
        text.push_str(&format!(
            "local locationDir = path.normalize(\"{}\")\n\n",
            escape(&self.consumer.folders.build.replace('\\', "/"))
        ));
        text.push_str("-- What settings, options and confs mean for all workspaces\n");
        text.push_str("for wks in premake.global.eachWorkspace() do\n    workspace(wks.name)\n");
        let mut lines = self.workspace()?;
        lines.extend(flag_lines(&self.all_flags(&self.flags)?));
        lines.extend(END_OF_WORKSPACE.lines().map(str::to_owned));
        for line in lines {
            text.push_str(&indented(8, &line));
        }
        text.push_str("end\n");
        for (name, project) in &self.projects {
            text.push_str(&format!("\n\nproject \"{}\"\n", escape(name)));
            let kind = if project.disable {
                Some("None")
            } else {
                project.kind.as_deref()
            };
            let mut lines: Vec<String> = kind
                .map(|it| format!("kind \"{}\"", escape(it)))
                .into_iter()
                .collect();
            lines.extend(flag_lines(&self.all_flags(&project.flags)?));
            for line in lines {
                text.push_str(&indented(4, &line));
            }
        }
        Ok(File::new(FILE, text))
    }

    fn workspace(&self) -> Result<Vec<String>, GeneratorError> {
        let consumer = &self.consumer;
        let mut lines: Vec<String> = [
            "location(locationDir)",
            "targetdir(path.join(locationDir, \"bin\"))",
            "objdir(path.join(locationDir, \"obj\"))",
            "",
        ]
        .map(str::to_owned)
        .to_vec();
        if let Some(standard) = consumer.setting("compiler.cppstd") {
            let gnu = standard.strip_prefix("gnu");
            let dialect = gnu.map_or_else(|| format!("c++{standard}"), |it| format!("gnu++{it}"));
            lines.push(format!("cppdialect \"{dialect}\""));
        }
        if let Some(shared) = consumer.options.get_safe("shared") {
            let kind = if is_true(shared) {
                "SharedLib"
            } else {
                "StaticLib"
            };
            lines.push("-- Projects that have a kind of their own keep it".to_owned());
            lines.push(format!("kind \"{kind}\""));
        }
        if let Some(fpic) = consumer.options.get_safe("fPIC") {
            lines.push(format!(
                "pic \"{}\"",
                if is_true(fpic) { "On" } else { "Off" }
            ));
        }
        if let Some(os) = consumer.setting("os") {
            let system = if os == "Macos" {
                "macosx".to_owned()
            } else {
                os.to_lowercase()
            };
            // Premake refuses emscripten as the system of wasm64.
            lines.push("filter { \"architecture: not wasm64\" }".to_owned());
            lines.push(format!("    system \"{system}\""));
            lines.push("filter {}".to_owned());
            if os == "Macos" && cross_building(consumer)? {
                let arch = crate::apple::architecture(consumer).unwrap_or_default();
                lines.push("-- https://github.com/premake/premake-core/issues/2136".to_owned());
                lines.push(format!("buildoptions \"-arch {arch}\""));
                lines.push(format!("linkoptions \"-arch {arch}\""));
            }
        }
        Ok(lines)
    }

    fn all_flags(&self, extra: &ExtraFlags) -> Result<Flags, GeneratorError> {
        let conf = &self.consumer.conf;
        let own = flag_input(&self.consumer, |input| {
            (
                flags::libcxx_flags(input).flag,
                flags::architecture_flag(input),
                flags::architecture_link_flag(input),
                flags::threads_flags(input),
            )
        })?;
        let (libcxx, arch, arch_link, threads) = own;
        let joined = |parts: &[&[String]]| -> Vec<String> {
            let all = parts.iter().copied().flatten();
            all.filter(|it| !it.is_empty()).cloned().collect()
        };
        let libcxx: Vec<String> = libcxx.into_iter().collect();
        let mut compile = vec![arch];
        let mut link = vec![compile[0].clone(), arch_link];
        compile.extend(threads.iter().cloned());
        link.extend(threads);
        let list = |name: &str| conf.get_list(name);
        Ok(Flags {
            cflags: joined(&[&list("tools.build:cflags")?, &extra.extra_cflags, &compile]),
            cxxflags: joined(&[
                &libcxx,
                &list("tools.build:cxxflags")?,
                &extra.extra_cxxflags,
                &compile,
            ]),
            ldflags: joined(&[
                &list("tools.build:sharedlinkflags")?,
                &list("tools.build:exelinkflags")?,
                &extra.extra_ldflags,
                &link,
            ]),
            rcflags: list("tools.build:rcflags")?,
            defines: joined(&[&list("tools.build:defines")?, &extra.extra_defines]),
        })
    }
}

fn indented(spaces: usize, line: &str) -> String {
    if line.is_empty() {
        "\n".to_owned()
    } else {
        format!("{:spaces$}{line}\n", "")
    }
}

fn flag_lines(flags: &Flags) -> Vec<String> {
    let mut lines = Vec::new();
    let mut filtered = |files: &str, values: &[String]| {
        if !values.is_empty() {
            lines.push(format!("filter {{ files {{ {files} }} }}"));
            lines.push(format!("    buildoptions {{ {} }}", list(values)));
            lines.push("filter {}".to_owned());
        }
    };
    filtered("\"**.c\"", &flags.cflags);
    filtered("\"**.cpp\", \"**.cxx\", \"**.cc\"", &flags.cxxflags);
    filtered("\"**.rc\"", &flags.rcflags);
    if !flags.ldflags.is_empty() {
        lines.push(format!("linkoptions {{ {} }}", list(&flags.ldflags)));
    }
    if !flags.defines.is_empty() {
        lines.push(format!("defines {{ {} }}", list(&flags.defines)));
    }
    lines
}

/// Premake can't make absolute run paths, so shared libraries are found beside what loads them.
const END_OF_WORKSPACE: &str = r#"
filter { "system:macosx" }
    linkoptions { "-Wl,-rpath,@loader_path" }
filter {}

conan_setup()"#;
