//! What settings, confs and a recipe's additions mean as flags for compilers that are called
//! directly: shared by the toolchains of autotools and Meson.

use crom_model::conf::ConfValue;
use crom_model::flags::{self, FlagInput};
use crom_model::flags::{apple, msvc};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::cmake::Consumer;
use crate::error::GeneratorError;
use crate::lenient;

/// The attributes of a toolchain object that flags come from. A recipe may change every one of them
/// between construction and `generate()`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the names are those of the toolchains' attributes"
)]
pub struct FlagBag {
    #[serde(deserialize_with = "lenient::list")]
    pub extra_cxxflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_cflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_ldflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_defines: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub ndebug: Option<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub build_type_flags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub build_type_link_flags: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub cppstd: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub cstd: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub arch_flag: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub arch_ld_flag: Option<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub threads_flags: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub libcxx: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub gcc_cxx11_abi: Option<String>,
    #[serde(deserialize_with = "lenient::truth")]
    pub fpic: bool,
    #[serde(deserialize_with = "lenient::text")]
    pub msvc_runtime_flag: Option<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub msvc_extra_flags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub msvc_runtime_link_flags: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub sysroot_flag: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub apple_arch_flag: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub apple_isysroot_flag: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub apple_min_version_flag: Option<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub apple_extra_flags: Vec<String>,
    pub android_cross_flags: IndexMap<String, String>,
}

/// The flags of each tool, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(
    missing_docs,
    reason = "the names are those of the toolchains' attributes"
)]
pub struct FinalFlags {
    pub cflags: Vec<String>,
    pub cxxflags: Vec<String>,
    pub ldflags: Vec<String>,
    pub defines: Vec<String>,
    pub asflags: Vec<String>,
    pub rcflags: Vec<String>,
}

/// Runs `with` on the flags' input of a consumer: settings, and the confs that change flags.
pub fn flag_input<R>(
    consumer: &Consumer,
    with: impl FnOnce(&FlagInput<'_>) -> R,
) -> Result<R, GeneratorError> {
    let executables = consumer.conf.get_dict("tools.build:compiler_executables")?;
    let program = |name: &str| executables.get(name).map(conf_text);
    let (c, cpp) = (program("c"), program("cpp"));
    let disabled = consumer.conf.get_list("tools.gnu:disable_flags")?;
    flags::check_disable_flags(&disabled).map_err(GeneratorError::Invalid)?;
    let define = consumer
        .conf
        .get_bool("tools.gnu:define_libcxx11_abi")?
        .unwrap_or(false);
    let lookup = flags::lookup(&consumer.settings);
    let input = FlagInput::new(&lookup)
        .executables(c.as_deref(), cpp.as_deref())
        .disabled(&disabled)
        .define_libcxx11_abi(define);
    Ok(with(&input))
}

/// Is the package for another machine than the one that builds (`cross_building`)?
pub fn cross_building(consumer: &Consumer) -> Result<bool, GeneratorError> {
    consumer
        .cross_building()
        .map_err(|error| GeneratorError::invalid(error.to_string()))
}

pub(crate) fn conf_text(value: &ConfValue) -> String {
    value.to_python_str()
}

pub(crate) fn is_msvc(consumer: &Consumer) -> bool {
    consumer.setting("compiler") == Some("msvc")
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Flags for building on macOS for other Apple systems or processors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AppleFlags {
    /// `arm64`
    pub arch: Option<String>,
    /// The SDK's folder.
    pub sdk: Option<String>,
    /// `-mmacosx-version-min=11.0`
    pub min_version: String,
    /// Bitcode and visibility.
    pub extra: Vec<String>,
    /// `-fobjc-arc`
    pub arc: Option<&'static str>,
}

/// What `tools.apple:*` and the settings mean. Arch and SDK are there for `cross` only.
pub(crate) fn apple_flags(
    consumer: &Consumer,
    cross: bool,
    found_sdk: Option<&str>,
) -> Result<AppleFlags, GeneratorError> {
    if !crate::cmake::consumer::is_apple(consumer.setting("os")) {
        return Ok(AppleFlags::default());
    }
    let conf = &consumer.conf;
    let mut result = AppleFlags {
        min_version: flag_input(consumer, apple::apple_min_version_flag)?,
        arc: match conf.get_bool("tools.apple:enable_arc")? {
            Some(true) => Some("-fobjc-arc"),
            Some(false) => Some("-fno-objc-arc"),
            None => None,
        },
        ..AppleFlags::default()
    };
    if conf.get_bool("tools.apple:enable_bitcode")? == Some(true) {
        let debug = consumer.setting("build_type") == Some("Debug");
        let flag = if debug {
            "-fembed-bitcode-marker"
        } else {
            "-fembed-bitcode"
        };
        result.extra.push(flag.to_owned());
    }
    match conf.get_bool("tools.apple:enable_visibility")? {
        Some(true) => result.extra.push("-fvisibility=default".to_owned()),
        Some(false) => result
            .extra
            .extend(["-fvisibility=hidden", "-fvisibility-inlines-hidden"].map(str::to_owned)),
        None => {}
    }
    if cross {
        let sdk = conf
            .get_str("tools.apple:sdk_path")?
            .or(found_sdk.map(str::to_owned));
        let sdk = sdk.filter(|it| !it.is_empty()).ok_or_else(|| {
            GeneratorError::invalid(
                "Apple SDK path not found. For cross-compilation, you must provide a valid SDK path \
                 in 'tools.apple:sdk_path' config.",
            )
        })?;
        result.sdk = Some(sdk);
        result.arch = consumer
            .setting("arch")
            .and_then(apple::to_apple_arch)
            .map(str::to_owned);
    }
    Ok(result)
}

/// Programs of the Android NDK for a consumer, by the name of their variable; empty for other
/// systems.
pub(crate) fn android_programs(
    consumer: &Consumer,
) -> Result<IndexMap<String, String>, GeneratorError> {
    let mut programs = IndexMap::new();
    if consumer.setting("os") != Some("Android") || !cross_building(consumer)? {
        return Ok(programs);
    }
    let ndk = consumer
        .conf
        .get_str("tools.android:ndk_path")?
        .ok_or_else(|| {
            GeneratorError::invalid(
                "You must provide a NDK path. Use 'tools.android:ndk_path' configuration field.",
            )
        })?;
    let api = consumer.setting("os.api_level").unwrap_or_default();
    let target = match consumer.setting("arch") {
        Some("armv7") => "armv7a-linux-androideabi",
        Some("armv8") => "aarch64-linux-android",
        Some("x86") => "i686-linux-android",
        Some("x86_64") => "x86_64-linux-android",
        _ => return Ok(programs),
    };
    let (host, exe, cmd) = match consumer.setting_build("os") {
        Some("Windows") => ("windows-x86_64", ".exe", ".cmd"),
        Some("Macos") => ("darwin-x86_64", "", ""),
        _ => ("linux-x86_64", "", ""),
    };
    let bin = format!("{ndk}/toolchains/llvm/prebuilt/{host}/bin");
    let clang = format!("{bin}/{target}{api}-clang");
    let mut add = |name: &str, program: String| programs.insert(name.to_owned(), program);
    add("CC", format!("{clang}{cmd}"));
    add("CXX", format!("{clang}++{cmd}"));
    add("LD", format!("{bin}/ld{exe}"));
    add("STRIP", format!("{bin}/llvm-strip{exe}"));
    add("RANLIB", format!("{bin}/llvm-ranlib{exe}"));
    add("AS", format!("{clang}{cmd}"));
    add("AR", format!("{bin}/llvm-ar{exe}"));
    for tool in [
        "addr2line",
        "nm",
        "objcopy",
        "objdump",
        "readelf",
        "elfedit",
    ] {
        add(&tool.to_uppercase(), format!("{bin}/llvm-{tool}{exe}"));
    }
    Ok(programs)
}

impl FlagBag {
    /// The attributes of a new toolchain object. `found_sdk` is what `xcrun` says, where it's
    /// needed.
    pub fn new(consumer: &Consumer, found_sdk: Option<&str>) -> Result<FlagBag, GeneratorError> {
        let mut bag = flag_input(consumer, |input| {
            let libcxx = flags::libcxx_flags(input);
            let runtime = msvc::msvc_runtime_flag(input);
            FlagBag {
                build_type_flags: flags::build_type_flags(input),
                build_type_link_flags: flags::build_type_link_flags(input),
                cppstd: flags::cppstd_flag(input).and_then(some),
                cstd: flags::cstd_flag(input).and_then(some),
                arch_flag: some(flags::architecture_flag(input)),
                arch_ld_flag: some(flags::architecture_link_flag(input)),
                threads_flags: flags::threads_flags(input),
                libcxx: libcxx.flag,
                gcc_cxx11_abi: libcxx.define,
                msvc_runtime_flag: (!runtime.is_empty()).then(|| format!("-{runtime}")),
                ..FlagBag::default()
            }
        })?;
        if matches!(
            consumer.setting("build_type"),
            Some("Release" | "RelWithDebInfo" | "MinSizeRel")
        ) {
            bag.ndebug = Some("NDEBUG".to_owned());
        }
        bag.fpic = consumer.options.get_safe("fPIC").is_some_and(is_true);
        if is_msvc(consumer) {
            let version = consumer
                .setting("compiler.version")
                .and_then(|it| it.parse::<u32>().ok());
            if version.is_some_and(|it| it >= 180) {
                bag.msvc_extra_flags.push("-FS".to_owned());
            }
        }
        bag.sysroot_flag = consumer
            .conf
            .get_str("tools.build:sysroot")?
            .filter(|it| !it.is_empty())
            .map(|it| format!("--sysroot {it}"));
        bag.android_cross_flags = android_programs(consumer)?;
        bag.add_apple(consumer, found_sdk)?;
        Ok(bag)
    }

    /// Only the flags for Apple; those of architecture and SDK for `cross`.
    pub fn for_apple(
        consumer: &Consumer,
        cross: bool,
        found_sdk: Option<&str>,
    ) -> Result<FlagBag, GeneratorError> {
        let mut bag = FlagBag::default();
        bag.add_apple_for(consumer, cross, found_sdk)?;
        Ok(bag)
    }

    fn add_apple(
        &mut self,
        consumer: &Consumer,
        found_sdk: Option<&str>,
    ) -> Result<(), GeneratorError> {
        let cross = cross_building(consumer)? && consumer.setting_build("os") == Some("Macos");
        self.add_apple_for(consumer, cross, found_sdk)
    }

    fn add_apple_for(
        &mut self,
        consumer: &Consumer,
        cross: bool,
        found_sdk: Option<&str>,
    ) -> Result<(), GeneratorError> {
        let apple = apple_flags(consumer, cross, found_sdk)?;
        self.apple_arch_flag = apple.arch.map(|it| format!("-arch {it}"));
        self.apple_isysroot_flag = apple.sdk.map(|it| format!("-isysroot {it}"));
        self.apple_min_version_flag = some(apple.min_version);
        self.apple_extra_flags = apple.extra;
        Ok(())
    }

    fn apple(&self) -> Vec<String> {
        [
            &self.apple_isysroot_flag,
            &self.apple_arch_flag,
            &self.apple_min_version_flag,
        ]
        .into_iter()
        .flatten()
        .cloned()
        .collect()
    }

    /// The flags of each tool: the bag's, the recipe's additions, then those of confs.
    pub fn flags(&self, consumer: &Consumer) -> Result<FinalFlags, GeneratorError> {
        let conf = &consumer.conf;
        let fpic = (self.fpic).then(|| "-fPIC".to_owned());
        let compiler: Vec<String> = [
            &self.arch_flag,
            &fpic,
            &self.msvc_runtime_flag,
            &self.sysroot_flag,
        ]
        .into_iter()
        .flatten()
        .chain(&self.threads_flags)
        .chain(&self.build_type_flags)
        .chain(&self.msvc_extra_flags)
        .chain(&self.apple())
        .chain(&self.apple_extra_flags)
        .cloned()
        .collect();
        let joined = |parts: &[&[String]]| -> Vec<String> {
            parts
                .iter()
                .copied()
                .flatten()
                .filter(|it| !it.is_empty())
                .cloned()
                .collect()
        };
        let (cpp, c): (Vec<String>, Vec<String>) = (
            [&self.libcxx, &self.cppstd]
                .into_iter()
                .flatten()
                .cloned()
                .collect(),
            self.cstd.iter().cloned().collect(),
        );
        let link: Vec<String> = [&self.arch_flag, &self.sysroot_flag, &self.arch_ld_flag]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        let scripts: Vec<String> = conf
            .get_list("tools.build:linker_scripts")?
            .iter()
            .map(|it| format!("-T'{it}'"))
            .collect();
        let own: Vec<String> = [&self.ndebug, &self.gcc_cxx11_abi]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        Ok(FinalFlags {
            cflags: joined(&[
                &c,
                &compiler,
                &self.extra_cflags,
                &conf.get_list("tools.build:cflags")?,
            ]),
            cxxflags: joined(&[
                &cpp,
                &compiler,
                &self.extra_cxxflags,
                &conf.get_list("tools.build:cxxflags")?,
            ]),
            ldflags: joined(&[
                &link,
                &self.threads_flags,
                &self.build_type_link_flags,
                &self.msvc_runtime_link_flags,
                &self.apple(),
                &self.apple_extra_flags,
                &self.extra_ldflags,
                &conf.get_list("tools.build:sharedlinkflags")?,
                &conf.get_list("tools.build:exelinkflags")?,
                &scripts,
            ]),
            defines: joined(&[
                &own,
                &self.extra_defines,
                &conf.get_list("tools.build:defines")?,
            ]),
            asflags: self.apple(),
            rcflags: conf.get_list("tools.build:rcflags")?,
        })
    }
}

/// The truth of an option's text.
pub(crate) fn is_true(value: &str) -> bool {
    !matches!(
        value.to_lowercase().as_str(),
        "" | "false" | "none" | "0" | "off"
    )
}
