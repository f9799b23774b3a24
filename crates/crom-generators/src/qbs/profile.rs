//! `qbs_settings.txt` (QbsProfile): a profile for `qbs config --import`.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::cmake::Consumer;
use crate::cmake::text::python_str;
use crate::error::GeneratorError;
use crate::gnu::flags::{conf_text, is_true};
use crate::lenient;

/// The file, in the generators folder.
pub const FILE: &str = "qbs_settings.txt";

/// The attributes of a `QbsProfile` object, and where the compilers are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the names are those of the generator's attributes"
)]
pub struct QbsProfile {
    pub consumer: Consumer,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_cflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_cxxflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_defines: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_sharedlinkflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_exelinkflags: Vec<String>,
    /// The compilers that [`compilers`] named, by language, with absolute paths.
    pub found: IndexMap<String, String>,
}

/// The programs to be looked for, by `c` and `cpp`: those of confs and environment, or the
/// compiler's usual ones.
///
/// # Errors
/// If a conf has a wrong type, or the compiler isn't known on Windows.
pub fn compilers(
    consumer: &Consumer,
    environment: &IndexMap<String, String>,
) -> Result<IndexMap<String, String>, GeneratorError> {
    let executables = consumer.conf.get_dict("tools.build:compiler_executables")?;
    let usual: [Option<&str>; 2] = match consumer.setting("compiler") {
        Some("gcc") => [Some("gcc"), Some("g++")],
        Some("clang" | "apple-clang") => {
            if clang_cl(consumer) {
                [Some("clang-cl"), Some("clang-cl")]
            } else {
                [Some("clang"), Some("clang++")]
            }
        }
        Some("msvc") => [Some("cl"), Some("cl")],
        Some("emcc") => [Some("emcc"), Some("emcc")],
        _ => [None, None],
    };
    let mut programs = IndexMap::new();
    for ((language, variable), usual) in [("c", "CC"), ("cpp", "CXX")].into_iter().zip(usual) {
        let program = executables
            .get(language)
            .map(conf_text)
            .or_else(|| environment.get(variable).cloned())
            .or_else(|| usual.map(str::to_owned));
        if let Some(program) = program.filter(|it| !it.is_empty()) {
            programs.insert(language.to_owned(), program);
        }
    }
    Ok(programs)
}

fn clang_cl(consumer: &Consumer) -> bool {
    consumer.setting("compiler.runtime").is_some()
}

fn toolchain_type(consumer: &Consumer) -> Result<&'static str, GeneratorError> {
    let compiler = consumer.setting("compiler").unwrap_or_default();
    let windows = consumer.setting("os") == Some("Windows");
    Ok(match compiler {
        "gcc" if windows => "mingw",
        "clang" if clang_cl(consumer) => "clang-cl",
        "gcc" => "gcc",
        "clang" => "clang",
        "apple-clang" => "xcode",
        "msvc" => "msvc",
        "emcc" => "emcc",
        _ if windows => return Err(GeneratorError::invalid("unknown windows compiler")),
        _ => return Err(GeneratorError::invalid("cannot find compiler")),
    })
}

fn architecture(arch: &str) -> Option<&'static str> {
    Some(match arch {
        "x86" => "x86",
        "x86_64" => "x86_64",
        "ppc32be" | "ppc32" => "ppc",
        "ppc64le" | "ppc64" => "ppc64",
        "armv8" | "armv8_32" | "armv8.3" => "arm64",
        "avr" => "avr",
        "sparc" => "sparc",
        "sparcv9" => "sparc64",
        "mips" => "mips",
        "mips64" => "mips64",
        "s390" | "s390x" => "s390x",
        "sh4le" => "sh",
        arch if arch.starts_with("armv") => "arm",
        _ => return None,
    })
}

fn platform(os: &str) -> &'static str {
    match os {
        "Windows" | "WindowsStore" | "WindowsCE" => "windows",
        "Linux" => "linux",
        "Android" => "android",
        "Macos" => "macos",
        "iOS" => "ios",
        "tvOS" => "tvos",
        "watchOS" => "watchos",
        "visionOS" => "xros",
        "FreeBSD" => "freebsd",
        "SunOS" => "solaris",
        "AIX" => "aix",
        "Arduino" => "none",
        "Neutrino" => "qnx",
        _ => "undefined",
    }
}

impl QbsProfile {
    /// The profile's keys, e.g. `cpp.compilerName`.
    ///
    /// # Errors
    /// If there is no compiler, or a conf has a wrong type.
    pub fn content(&self) -> Result<IndexMap<String, Value>, GeneratorError> {
        let consumer = &self.consumer;
        let mut content = IndexMap::new();
        let mut add = |key: &str, value: Value| {
            content.insert(key.to_owned(), value);
        };
        let kind = toolchain_type(consumer)?;
        let missing = || GeneratorError::invalid("cannot find compiler");
        let cxx = self
            .found
            .get("cpp")
            .or(self.found.get("c"))
            .ok_or_else(missing)?;
        let (folder, name) = split(cxx);
        add("qbs.toolchainType", json!(kind));
        add("cpp.compilerName", json!(name));
        add("cpp.toolchainInstallPath", json!(folder));
        if matches!(kind, "gcc" | "clang" | "mingw" | "xcode") {
            let c = self.found.get("c").map_or(name, |it| split(it).1);
            add("cpp.cCompilerName", json!(c));
            add("cpp.cxxCompilerName", json!(name));
        }
        if let Some(arch) = consumer.setting("arch").and_then(architecture) {
            add("qbs.architecture", json!(arch));
        }
        add(
            "qbs.targetPlatform",
            json!(consumer.setting("os").map_or("undefined", platform)),
        );
        match consumer.setting("build_type") {
            Some("Debug") => add("qbs.buildVariant", json!("debug")),
            Some("RelWithDebInfo") => add("qbs.buildVariant", json!("profiling")),
            Some("Release" | "MinSizeRel") => add("qbs.buildVariant", json!("release")),
            _ => {}
        }
        if let Some(standard) = consumer.setting("compiler.cppstd") {
            let number = standard.trim_start_matches("gnu");
            add("cpp.cxxLanguageVersion", json!(format!("c++{number}")));
        }
        self.add_flags(&mut content)?;
        Ok(content)
    }

    fn add_flags(&self, content: &mut IndexMap<String, Value>) -> Result<(), GeneratorError> {
        let conf = &self.consumer.conf;
        let all = |confs: &[&str], extra: &[&[String]]| -> Result<Vec<String>, GeneratorError> {
            let mut values = Vec::new();
            for name in confs {
                values.extend(conf.get_list(name)?);
            }
            values.extend(extra.iter().copied().flatten().cloned());
            Ok(values)
        };
        let link = all(
            &["tools.build:sharedlinkflags", "tools.build:exelinkflags"],
            &[&self.extra_sharedlinkflags, &self.extra_exelinkflags],
        )?;
        let (mut linker, mut driver) = (Vec::new(), Vec::new());
        for flag in &link {
            match flag.strip_prefix("-Wl,") {
                Some(flags) => linker.extend(flags.split(',').map(str::to_owned)),
                None => driver.push(flag.clone()),
            }
        }
        let mut add = |key: &str, values: Vec<String>| {
            if !values.is_empty() {
                content.insert(key.to_owned(), json!(values));
            }
        };
        add(
            "cpp.cFlags",
            all(&["tools.build:cflags"], &[&self.extra_cflags])?,
        );
        add(
            "cpp.cxxFlags",
            all(&["tools.build:cxxflags"], &[&self.extra_cxxflags])?,
        );
        add(
            "cpp.defines",
            all(&["tools.build:defines"], &[&self.extra_defines])?,
        );
        add("cpp.linkerFlags", linker);
        add("cpp.driverLinkerFlags", driver);
        if let Some(sysroot) = conf
            .get_str("tools.build:sysroot")?
            .filter(|it| !it.is_empty())
        {
            content.insert("qbs.sysroot".to_owned(), json!(sysroot.replace('\\', "/")));
        }
        if let Some(fpic) = self.consumer.options.get_safe("fPIC") {
            content.insert(
                "cpp.positionIndependentCode".to_owned(),
                json!(is_true(fpic).to_string()),
            );
        }
        Ok(())
    }

    /// The file's text.
    ///
    /// # Errors
    /// As [`QbsProfile::content`].
    pub fn render(&self, profile: &str, default_profile: &str) -> Result<String, GeneratorError> {
        let mut text = String::new();
        for (key, value) in self.content()? {
            text.push_str(&format!(
                "\nprofiles.{profile}.{key}:{}",
                python_str(&value)
            ));
        }
        text.push_str(&format!("\ndefaultProfile: {default_profile}"));
        Ok(text)
    }
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once(['/', '\\']).unwrap_or(("", path))
}
