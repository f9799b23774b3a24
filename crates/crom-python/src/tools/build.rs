//! `conan.tools.build`

use crom_generators::gnu::args;
use crom_model::conf::Conf;
use crom_model::cppstd::{self, Bound, Language};
use crom_model::flags;
use crom_model::version::Version;
use indexmap::IndexMap;
use serde::Deserialize;

use super::consumer::consumer;
use super::{NoInput, RecipeState, Registry, ToolContext, ToolError};

pub(super) fn register(registry: &mut Registry) {
    registry.method("build.jobs", |recipe: &RecipeState<'_>, _: NoInput| {
        jobs(&recipe.conf()?).map(crom_tools::jobserver::share)
    });
    registry.method(
        "build.check_standard",
        |recipe: &RecipeState<'_>, input: Standard| {
            input.check(recipe)?.map_err(|error| {
                if error.is_invalid_configuration() {
                    ToolError::invalid(error.to_string())
                } else {
                    ToolError::new(error.to_string())
                }
            })
        },
    );
    registry.method(
        "build.valid_standard",
        |recipe: &RecipeState<'_>, input: Standard| match input.check(recipe)? {
            Ok(()) => Ok(true),
            Err(error) if error.is_invalid_configuration() => Ok(false),
            Err(error) => Err(ToolError::new(error.to_string())),
        },
    );
    registry.method(
        "build.supported",
        |recipe: &RecipeState<'_>, input: OfCompiler| {
            let (compiler, version) = input.compiler("supported", recipe)?;
            Ok(cppstd::supported(input.language(), &compiler, &version))
        },
    );
    registry.method(
        "build.default",
        |recipe: &RecipeState<'_>, input: OfCompiler| {
            let (compiler, version) = input.compiler("default", recipe)?;
            Ok(match input.language() {
                Language::Cpp => cppstd::default_cppstd(&compiler, &version),
                Language::C => cppstd::default_cstd(&compiler, &version),
            })
        },
    );
    register_flags(registry);
    register_args(registry);
}

fn register_flags(registry: &mut Registry) {
    registry.method(
        "build.check_min_compiler_version",
        check_min_compiler_version,
    );
    registry.method(
        "build.cross_building",
        |recipe: &RecipeState<'_>, input: Cross| {
            Ok(cross_building(recipe)? && !(input.skip_x64_x86 && is_x64_x86(recipe)?))
        },
    );
    registry.method("build.can_run", |recipe: &RecipeState<'_>, _: NoInput| {
        can_run(recipe)
    });
    registry.method("build.flags", |recipe: &RecipeState<'_>, _: NoInput| {
        with_flags(recipe, |input| {
            let libcxx = flags::libcxx_flags(input);
            serde_json::json!({
                "architecture": flags::architecture_flag(input),
                "architecture_link": flags::architecture_link_flag(input),
                "build_type": flags::build_type_flags(input),
                "threads": flags::threads_flags(input),
                "libcxx": {"flag": libcxx.flag, "define": libcxx.define},
                "cstd": flags::cstd_flag(input),
                "clang_front": input.llvm_clang_front(),
            })
        })
    });
    registry.function(
        "build.build_type_link_flags",
        |_: &ToolContext, input: OfSettings| {
            let lookup = |name: &str| input.settings.get(name).cloned().flatten();
            Ok(flags::build_type_link_flags(&flags::FlagInput::new(
                &lookup,
            )))
        },
    );
    registry.function(
        "build.msvc_standard",
        |_: &ToolContext, input: MsvcStandard| {
            let lookup = |name: &str| match name {
                "compiler" => Some("msvc".to_owned()),
                "compiler.version" => Some(input.version.clone()),
                "compiler.cppstd" => input.cppstd.clone(),
                "compiler.cstd" => input.cstd.clone(),
                _ => None,
            };
            let input_flags = flags::FlagInput::new(&lookup);
            let flag = match input.cppstd {
                Some(_) => flags::cppstd_flag(&input_flags),
                None => flags::cstd_flag(&input_flags),
            };
            Ok(flag.map(|it| it.trim_start_matches("/std:").to_owned()))
        },
    );
    registry.method(
        "build.cppstd_flag",
        |recipe: &RecipeState<'_>, _: NoInput| with_flags(recipe, flags::cppstd_flag),
    );
    registry.method(
        "build.stdcpp_library",
        |recipe: &RecipeState<'_>, _: NoInput| with_flags(recipe, flags::stdcpp_library),
    );
    registry.method(
        "build.architecture_bits",
        |recipe: &RecipeState<'_>, _: NoInput| {
            let settings = recipe.settings()?;
            let bits = settings.get_safe("arch").and_then(flags::architecture_bits);
            Ok(bits.map(|it| it.to_string()))
        },
    );
    registry.method(
        "build.use_win_mingw",
        |recipe: &RecipeState<'_>, _: NoInput| {
            let (settings, build) = (recipe.settings()?, recipe.settings_build()?);
            let bash = recipe.conf()?.get_str("tools.microsoft.bash:subsystem")?;
            Ok(build.get_safe("os") == Some("Windows")
                && settings.get_safe("compiler") == Some("gcc")
                && settings.get_safe("os.subsystem").is_none()
                && bash.is_none())
        },
    );
}

fn register_args(registry: &mut Registry) {
    registry.function(
        "build.cmd_args_to_string",
        |_: &ToolContext, input: Args| Ok(args::cmd_args_to_string(&input.args, cfg!(windows))),
    );
    registry.function(
        "build.save_toolchain_args",
        |_: &ToolContext, input: SaveArgs| {
            let path = format!(
                "{}/{}",
                input.folder,
                args::args_file(input.namespace.as_deref())
            );
            let content: IndexMap<String, String> = input
                .content
                .into_iter()
                .map(|(name, value)| (name.to_lowercase(), value))
                .collect();
            crom_fs::write(&path, args::dump_args(&content))?;
            Ok(())
        },
    );
    registry.function("build.load_toolchain_args", |_: &ToolContext, input: LoadArgs| {
        let file = args::args_file(input.namespace.as_deref());
        let path = format!("{}/{file}", input.folder);
        if !crom_fs::exists(&path) {
            let shown = input.shown.map_or(file.clone(), |folder| format!("{folder}/{file}"));
            return Err(ToolError::new(format!(
                "The file {shown} does not exist. Please, make sure that it was not generated in \
                 another folder."
            )));
        }
        Ok(args::load_args(&crom_fs::read_text(&path)?))
    });
}

/// `tools.build:jobs`, or one per processor.
pub(super) fn jobs(conf: &Conf) -> Result<u32, ToolError> {
    if let Some(jobs) = conf.get_int("tools.build:jobs")? {
        return u32::try_from(jobs)
            .map_err(|_| ToolError::new(format!("'tools.build:jobs' can't be {jobs}")));
    }
    Ok(u32::try_from(crom_tools::build::cpu_count()).unwrap_or(1))
}

/// Is the package for another machine than the one that builds?
pub(super) fn cross_building(recipe: &RecipeState<'_>) -> Result<bool, ToolError> {
    Ok(crom_generators::gnu::flags::cross_building(&consumer(
        recipe,
    )?)?)
}

fn is_x64_x86(recipe: &RecipeState<'_>) -> Result<bool, ToolError> {
    let (settings, build) = (recipe.settings()?, recipe.settings_build()?);
    Ok(build.get_safe("os") == settings.get_safe("os")
        && build.get_safe("arch") == Some("x86_64")
        && settings.get_safe("arch") == Some("x86"))
}

/// Can the machine that builds run what it builds?
pub(super) fn can_run(recipe: &RecipeState<'_>) -> Result<bool, ToolError> {
    if let Some(explicit) = recipe
        .conf()?
        .get_bool("tools.build.cross_building:can_run")?
    {
        return Ok(explicit);
    }
    if !cross_building(recipe)? {
        return Ok(true);
    }
    // A Mac with Apple's processor runs programs for Intel's too.
    let (settings, build) = (recipe.settings()?, recipe.settings_build()?);
    Ok(build.get_safe("os") == Some("Macos")
        && settings.get_safe("os") == Some("Macos")
        && build.get_safe("arch") == Some("armv8")
        && matches!(settings.get_safe("arch"), Some("armv8" | "x86_64")))
}

fn with_flags<R>(
    recipe: &RecipeState<'_>,
    with: impl FnOnce(&flags::FlagInput<'_>) -> R,
) -> Result<R, ToolError> {
    Ok(crom_generators::gnu::flags::flag_input(
        &consumer(recipe)?,
        with,
    )?)
}

#[derive(Deserialize)]
struct Standard {
    language: String,
    bound: String,
    required: String,
    gnu_extensions: bool,
}

fn language(name: &str) -> Language {
    if name == "c" {
        Language::C
    } else {
        Language::Cpp
    }
}

impl Standard {
    fn check(
        &self,
        recipe: &RecipeState<'_>,
    ) -> Result<Result<(), cppstd::StandardError>, ToolError> {
        let language = language(&self.language);
        let settings = recipe.settings()?;
        let current = settings.get_safe(&format!("compiler.{}", language.setting()));
        let bound = if self.bound == "max" {
            Bound::Max
        } else {
            Bound::Min
        };
        Ok(cppstd::check(
            language,
            current,
            &self.required,
            bound,
            self.gnu_extensions,
        ))
    }
}

#[derive(Deserialize)]
struct OfCompiler {
    language: String,
    compiler: Option<String>,
    version: Option<String>,
}

impl OfCompiler {
    fn language(&self) -> Language {
        language(&self.language)
    }

    fn compiler(
        &self,
        function: &str,
        recipe: &RecipeState<'_>,
    ) -> Result<(String, String), ToolError> {
        let settings = recipe.settings()?;
        let or_setting = |given: &Option<String>, name: &str| {
            given
                .clone()
                .or_else(|| settings.get_safe(name).map(str::to_owned))
        };
        let compiler = or_setting(&self.compiler, "compiler");
        let version = or_setting(&self.version, "compiler.version");
        compiler.zip(version).ok_or_else(|| {
            ToolError::new(format!(
                "Called {function}_{} with no compiler or no compiler.version",
                self.language().setting()
            ))
        })
    }
}

#[derive(Deserialize)]
struct Restrictions {
    display: String,
    restrictions: Vec<(String, String, String)>,
}

fn check_min_compiler_version(
    recipe: &RecipeState<'_>,
    input: Restrictions,
) -> Result<(), ToolError> {
    let settings = recipe.settings()?;
    let (Some(compiler), Some(version)) = (
        settings.get_safe("compiler"),
        settings.get_safe("compiler.version"),
    ) else {
        return Err(ToolError::new(
            "Called check_min_compiler_version with no compiler or no compiler.version",
        ));
    };
    for (name, minimum, reason) in &input.restrictions {
        if name == compiler && Version::new(version) < Version::new(minimum) {
            return Err(ToolError::invalid(format!(
                "{} requires {name} >= {minimum}, but {compiler} {version} was found\nReason: {reason}",
                input.display
            )));
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Cross {
    skip_x64_x86: bool,
}

#[derive(Deserialize)]
struct Args {
    #[serde(deserialize_with = "super::build::texts")]
    args: Vec<String>,
}

/// Arguments that recipes give may be numbers.
pub(super) fn texts<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let values = Option::<Vec<serde_json::Value>>::deserialize(from)?.unwrap_or_default();
    Ok(values
        .into_iter()
        .map(|value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        })
        .collect())
}

#[derive(Deserialize)]
struct SaveArgs {
    content: IndexMap<String, String>,
    folder: String,
    namespace: Option<String>,
}

#[derive(Deserialize)]
struct LoadArgs {
    folder: String,
    shown: Option<String>,
    namespace: Option<String>,
}

/// Values of settings by path.
#[derive(Deserialize)]
struct OfSettings {
    settings: std::collections::HashMap<String, Option<String>>,
}

#[derive(Deserialize)]
struct MsvcStandard {
    version: String,
    cppstd: Option<String>,
    cstd: Option<String>,
}
