//! Meson's machine files (MesonToolchain).

use crom_model::conf::Conf;
use crom_model::flags::meson::{self, MesonMachine};
use crom_model::flags::{self, msvc};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cmake::Consumer;
use crate::cmake::consumer::is_apple;
use crate::cmake::text::{Level, Message, python_str};
use crate::error::GeneratorError;
use crate::file::File;
use crate::gnu::flags::{
    android_programs, apple_flags, conf_text, cross_building, flag_input, is_true,
};
use crate::gnu::toolchain::PackageLayout;
use crate::lenient;

/// The file for builds on the machine itself.
pub const NATIVE_FILE: &str = "conan_meson_native.ini";
/// The file for builds for another machine.
pub const CROSS_FILE: &str = "conan_meson_cross.ini";

/// What a new object starts from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewMesonToolchain {
    /// The package.
    pub consumer: Consumer,
    /// `self.cpp.package`
    pub layout: PackageLayout,
    /// `backend` of the constructor.
    pub backend: Option<String>,
    /// `native` of the constructor: the file for programs of the build beside a cross file.
    pub native: bool,
    /// `self.conf_build`, which holds for `native`.
    pub conf_build: Conf,
    /// Final values of the build environment.
    pub buildenv: IndexMap<String, String>,
    /// What `xcrun --show-sdk-path` says, where Apple's SDK is needed and no conf names it.
    pub apple_sdk: Option<String>,
    /// The package can run programs of the host machine (`can_run`).
    pub can_run: bool,
}

/// The object's attributes, which recipes change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the names are those of the toolchain's attributes"
)]
pub struct MesonToolchain {
    #[serde(deserialize_with = "lenient::text")]
    pub backend: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub buildtype: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub b_ndebug: Option<String>,
    pub b_staticpic: Value,
    #[serde(deserialize_with = "lenient::text")]
    pub default_library: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub cpp_std: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub c_std: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub b_vscrt: Option<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_cxxflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_cflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_ldflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_defines: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub arch_flag: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub arch_link_flag: Option<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub threads_flags: Vec<String>,
    pub properties: IndexMap<String, Value>,
    pub binaries: IndexMap<String, Value>,
    pub project_options: IndexMap<String, Value>,
    pub preprocessor_definitions: IndexMap<String, Value>,
    pub subproject_options: IndexMap<String, Value>,
    #[serde(deserialize_with = "lenient::text")]
    pub pkg_config_path: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub build_pkg_config_path: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub libcxx: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub gcc_cxx11_abi: Option<String>,
    /// `build`, `host` and `target` machines; empty for a native build.
    pub cross_build: IndexMap<String, IndexMap<String, Value>>,
    pub c: Value,
    pub cpp: Value,
    pub ld: Value,
    pub c_ld: Value,
    pub cpp_ld: Value,
    pub ar: Value,
    pub strip: Value,
    #[serde(rename = "as_")]
    pub as_: Value,
    pub windres: Value,
    pub pkgconfig: Value,
    pub objc: Value,
    pub objcpp: Value,
    #[serde(deserialize_with = "lenient::list")]
    pub c_args: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub c_link_args: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub cpp_args: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub cpp_link_args: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub objc_args: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub objc_link_args: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub objcpp_args: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub objcpp_link_args: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub apple_arch_flag: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub apple_isysroot_flag: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub apple_min_version_flag: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub apple_extra_flags: Vec<String>,
    /// `tools.build:sysroot`
    #[serde(rename = "_sys_root", deserialize_with = "lenient::text")]
    pub sys_root: Option<String>,
}

fn text(value: Option<String>) -> Value {
    value
        .filter(|it| !it.is_empty())
        .map_or(Value::Null, Value::String)
}

/// A new object's attributes.
pub fn new_toolchain(input: &NewMesonToolchain) -> Result<MesonToolchain, GeneratorError> {
    let consumer = &input.consumer;
    let conf = if input.native {
        &input.conf_build
    } else {
        &consumer.conf
    };
    let cross = !input.native && cross_building(consumer)?;
    let mut toolchain = flag_input(consumer, |flag| {
        let libcxx = flags::libcxx_flags(flag);
        let runtime = msvc::msvc_runtime_flag(flag).to_lowercase();
        MesonToolchain {
            arch_flag: Some(flags::architecture_flag(flag)),
            arch_link_flag: Some(flags::architecture_link_flag(flag)),
            threads_flags: flags::threads_flags(flag),
            libcxx: libcxx.flag,
            gcc_cxx11_abi: libcxx.define,
            b_vscrt: (!runtime.is_empty()).then_some(runtime),
            ..MesonToolchain::default()
        }
    })?;
    let setting = |name: &str| consumer.setting(name);
    toolchain.backend = Some(
        conf.get_str("tools.meson.mesontoolchain:backend")?
            .or(input.backend.clone())
            .unwrap_or_else(|| "ninja".to_owned()),
    );
    if let Some(build_type) = setting("build_type") {
        toolchain.buildtype = Some(
            match build_type {
                "Debug" => "debug",
                "Release" => "release",
                "MinSizeRel" => "minsize",
                "RelWithDebInfo" => "debugoptimized",
                other => other,
            }
            .to_owned(),
        );
        toolchain.b_ndebug = Some(
            if build_type == "Debug" {
                "false"
            } else {
                "true"
            }
            .to_owned(),
        );
    }
    let shared = consumer.options.get_safe("shared").map(is_true);
    toolchain.default_library =
        shared.map(|shared| if shared { "shared" } else { "static" }.to_owned());
    if shared != Some(true)
        && let Some(pic) = consumer.options.get_safe("fPIC")
    {
        toolchain.b_staticpic = Value::Bool(is_true(pic));
    }
    let compiler = setting("compiler").unwrap_or_default();
    let version = setting("compiler.version").unwrap_or_default();
    toolchain.cpp_std =
        setting("compiler.cppstd").and_then(|it| meson::cpp_std(compiler, version, it));
    toolchain.c_std = setting("compiler.cstd").map(meson::c_std);
    toolchain.pkg_config_path = Some(consumer.folders.generators.clone());
    toolchain.sys_root = conf.get_str("tools.build:sysroot")?;
    toolchain.project_options = project_options(&input.layout);
    add_machines(input, cross, &mut toolchain)?;
    add_programs(input, conf, &mut toolchain)?;
    add_apple(input, cross, &mut toolchain)?;
    Ok(toolchain)
}

/// Where `meson install` puts files, as `layout()` says.
fn project_options(layout: &PackageLayout) -> IndexMap<String, Value> {
    let mut options = IndexMap::from([("wrap_mode".to_owned(), Value::from("nofallback"))]);
    let first = |folders: &[String]| folders.first().cloned();
    for (names, folder) in [
        (
            &["bindir", "sbindir", "libexecdir"][..],
            first(&layout.bindirs),
        ),
        (
            &["datadir", "localedir", "mandir", "infodir"][..],
            first(&layout.resdirs),
        ),
        (&["includedir"][..], first(&layout.includedirs)),
        (&["libdir"][..], first(&layout.libdirs)),
    ] {
        let Some(folder) = folder else { continue };
        for name in names {
            options.insert((*name).to_owned(), Value::from(folder.clone()));
        }
    }
    options
}

fn add_machines(
    input: &NewMesonToolchain,
    cross: bool,
    toolchain: &mut MesonToolchain,
) -> Result<(), GeneratorError> {
    if !cross {
        return Ok(());
    }
    let consumer = &input.consumer;
    let machine = |os: Option<&str>, arch: Option<&str>| -> IndexMap<String, Value> {
        let MesonMachine {
            system,
            cpu_family,
            cpu,
            endian,
        } = meson::meson_machine(os.unwrap_or_default(), arch.unwrap_or_default());
        IndexMap::from([
            ("system".to_owned(), Value::from(system)),
            ("cpu_family".to_owned(), Value::from(cpu_family)),
            ("cpu".to_owned(), Value::from(cpu)),
            ("endian".to_owned(), Value::from(endian)),
        ])
    };
    toolchain.cross_build.insert(
        "build".to_owned(),
        machine(consumer.setting_build("os"), consumer.setting_build("arch")),
    );
    toolchain.cross_build.insert(
        "host".to_owned(),
        machine(consumer.setting("os"), consumer.setting("arch")),
    );
    if !input.can_run {
        toolchain
            .properties
            .insert("needs_exe_wrapper".to_owned(), Value::Bool(true));
    }
    Ok(())
}

fn add_programs(
    input: &NewMesonToolchain,
    conf: &Conf,
    toolchain: &mut MesonToolchain,
) -> Result<(), GeneratorError> {
    let consumer = &input.consumer;
    let apple = is_apple(consumer.setting("os"));
    let (c, cpp) = match consumer.setting("compiler") {
        Some("gcc") => ("gcc", "g++"),
        Some("clang" | "apple-clang") => ("clang", "clang++"),
        Some("msvc") => ("cl", "cl"),
        _ => ("", ""),
    };
    let executables = conf.get_dict("tools.build:compiler_executables")?;
    let android = android_programs(consumer)?;
    let environment = |name: &str| {
        input
            .buildenv
            .get(name)
            .filter(|it| !it.is_empty())
            .cloned()
    };
    let program = |key: &str, variable: &str, default: &str| {
        let chosen = executables
            .get(key)
            .map(conf_text)
            .or_else(|| android.get(variable).cloned())
            .or_else(|| environment(variable))
            .or_else(|| (!default.is_empty()).then(|| default.to_owned()));
        text(chosen)
    };
    // A cross compiler has a name that only the user knows; without one, what is built is refused.
    let unknown = !toolchain.cross_build.is_empty() && !input.native && !apple;
    let (c, cpp) = if unknown && consumer.setting("compiler") != Some("msvc") {
        ("", "")
    } else {
        (c, cpp)
    };
    let named = |program: Value| match program {
        Value::Null if unknown => Value::from(""),
        program => words(program),
    };
    toolchain.c = named(program("c", "CC", c));
    toolchain.cpp = named(program("cpp", "CXX", cpp));
    if apple {
        toolchain.objc = program("objc", "OBJC", "clang");
        toolchain.objcpp = program("objcpp", "OBJCXX", "clang++");
    }
    toolchain.ld = text(environment("LD"));
    toolchain.c_ld = text(environment("CC_LD").or(environment("LD")));
    toolchain.cpp_ld = text(environment("CXX_LD").or(environment("LD")));
    toolchain.ar = text(android.get("AR").cloned().or_else(|| environment("AR")));
    toolchain.strip = text(environment("STRIP"));
    toolchain.as_ = text(environment("AS"));
    toolchain.windres = text(environment("WINDRES"));
    toolchain.pkgconfig = text(
        conf.get_str("tools.gnu:pkg_config")?
            .or(environment("PKG_CONFIG")),
    );
    let flags = |names: &[&str]| -> Vec<String> {
        names
            .iter()
            .filter_map(|it| environment(it))
            .flat_map(|it| split_words(&it))
            .collect()
    };
    toolchain.c_args = flags(&["CFLAGS"]);
    toolchain.c_link_args = flags(&["LDFLAGS"]);
    toolchain.cpp_args = flags(&["CXXFLAGS"]);
    toolchain.cpp_link_args = flags(&["LDFLAGS"]);
    Ok(())
}

/// A program with arguments is a list in Meson (`ccache gcc`), a path with spaces isn't.
fn words(program: Value) -> Value {
    let Value::String(line) = &program else {
        return program;
    };
    let parts = split_words(line);
    let is_path = line.contains('\\') || parts.first().is_some_and(|it| it.contains('/'));
    if parts.len() < 2 || is_path {
        return program;
    }
    Value::from(parts)
}

/// Splits as a shell does, with quotes.
fn split_words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for character in text.chars() {
        match (quote, character) {
            (Some(open), it) if it == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, it) if it.is_whitespace() => found.extend(word.take()),
            (_, it) => word.get_or_insert_default().push(it),
        }
    }
    found.extend(word);
    found
}

fn add_apple(
    input: &NewMesonToolchain,
    cross: bool,
    toolchain: &mut MesonToolchain,
) -> Result<(), GeneratorError> {
    let consumer = &input.consumer;
    if !is_apple(consumer.setting("os")) {
        return Ok(());
    }
    let apple = apple_flags(consumer, cross, input.apple_sdk.as_deref())?;
    let pair = |flag: &str, value: Option<String>| match value {
        Some(value) => vec![flag.to_owned(), value],
        None => Vec::new(),
    };
    toolchain.apple_isysroot_flag = pair("-isysroot", apple.sdk);
    toolchain.apple_arch_flag = pair("-arch", apple.arch);
    if !apple.min_version.is_empty() {
        toolchain.apple_min_version_flag = vec![apple.min_version];
    }
    toolchain.apple_extra_flags = apple.extra;
    if let Some(arc) = apple.arc {
        toolchain.objc_args.push(arc.to_owned());
        toolchain.objcpp_args.push(arc.to_owned());
    }
    Ok(())
}

/// A changed object, to be rendered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RenderMeson {
    /// The package.
    pub consumer: Consumer,
    /// The object's attributes.
    pub toolchain: MesonToolchain,
    /// `native` of the constructor.
    pub native: bool,
    /// `self.conf_build`, which holds for `native`.
    pub conf_build: Conf,
}

/// A file and what to tell the user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MesonResult {
    /// The machine file.
    pub files: Vec<File>,
    /// Warnings.
    pub messages: Vec<Message>,
}

/// Renders the machine file.
pub fn render(input: &RenderMeson) -> Result<MesonResult, GeneratorError> {
    let input = &input.with_extra_variables()?;
    let toolchain = &input.toolchain;
    let mut messages = Vec::new();
    let mut lines = Vec::new();
    section(&mut lines, "properties", &toolchain.properties);
    let definitions: Vec<String> = toolchain
        .preprocessor_definitions
        .iter()
        .map(|(name, value)| format!("-D{name}=\"{}\"", python_str(value)))
        .collect();
    if !definitions.is_empty() {
        messages.push(Message::new(
            Level::Deprecated,
            "Use 'extra_defines' attribute for compiler preprocessor definitions instead of \
             'preprocessor_definitions'",
        ));
    }
    let constants = IndexMap::from([(
        "preprocessor_definitions".to_owned(),
        Value::from(definitions),
    )]);
    section(&mut lines, "constants", &constants);
    section(&mut lines, "project options", &toolchain.project_options);
    for (project, options) in &toolchain.subproject_options {
        let mut merged: IndexMap<String, Value> = IndexMap::new();
        let maps = match options {
            Value::Array(maps) => maps.clone(),
            other => vec![other.clone()],
        };
        for map in maps {
            if let Value::Object(map) = map {
                merged.extend(map);
            }
        }
        section(&mut lines, &format!("{project}:project options"), &merged);
    }
    section(&mut lines, "binaries", &binaries(toolchain));
    built_in_options(input, &mut lines)?;
    let cross = !toolchain.cross_build.is_empty() && !input.native;
    for (machine, values) in &toolchain.cross_build {
        if cross {
            section(&mut lines, &format!("{machine}_machine"), values);
        }
    }
    let name = if cross { CROSS_FILE } else { NATIVE_FILE };
    messages.insert(
        0,
        Message::info(format!("MesonToolchain generated: {name}")),
    );
    Ok(MesonResult {
        files: vec![File::new(name, lines.join("\n"))],
        messages,
    })
}

impl RenderMeson {
    /// With `tools.meson.mesontoolchain:extra_variables`, a dictionary per section, which wins over
    /// the recipe.
    fn with_extra_variables(&self) -> Result<RenderMeson, GeneratorError> {
        const CONF: &str = "tools.meson.mesontoolchain:extra_variables";
        let mut changed = self.clone();
        let toolchain = &mut changed.toolchain;
        for (name, values) in self.consumer.conf.get_dict(CONF)? {
            let section = match name.as_str() {
                "properties" => &mut toolchain.properties,
                "binaries" => &mut toolchain.binaries,
                "project_options" => &mut toolchain.project_options,
                _ => continue,
            };
            let Value::Object(values) = values.to_json() else {
                return Err(GeneratorError::invalid(format!(
                    "{CONF}: '{name}' has to be a dictionary"
                )));
            };
            section.extend(values);
        }
        Ok(changed)
    }
}

fn section(lines: &mut Vec<String>, name: &str, values: &IndexMap<String, Value>) {
    lines.push(format!("[{name}]"));
    for (name, value) in values {
        if !value.is_null() {
            lines.push(format!("{name} = {}", meson_value(value)));
        }
    }
    lines.push(String::new());
}

/// A value in Meson's own notation.
pub fn meson_value(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(meson_value).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn binaries(toolchain: &MesonToolchain) -> IndexMap<String, Value> {
    let mut binaries = IndexMap::new();
    let mut add = |name: &str, program: &Value| {
        if !program.is_null() && program.as_str() != Some("") {
            binaries.insert(name.to_owned(), program.clone());
        }
    };
    add("c", &toolchain.c);
    add("cpp", &toolchain.cpp);
    add("ld", &toolchain.ld);
    add("objc", &toolchain.objc);
    add("objcpp", &toolchain.objcpp);
    add("c_ld", &toolchain.c_ld);
    add("cpp_ld", &toolchain.cpp_ld);
    add("ar", &toolchain.ar);
    add("strip", &toolchain.strip);
    add("as", &toolchain.as_);
    add("windres", &toolchain.windres);
    // The name changed with Meson 1.3; both are understood.
    add("pkgconfig", &toolchain.pkgconfig);
    add("pkg-config", &toolchain.pkgconfig);
    for (name, program) in &toolchain.binaries {
        add(name, program);
    }
    binaries
}

fn built_in_options(input: &RenderMeson, lines: &mut Vec<String>) -> Result<(), GeneratorError> {
    let toolchain = &input.toolchain;
    let mut options: IndexMap<String, Value> = IndexMap::new();
    let texts = [
        ("buildtype", &toolchain.buildtype),
        ("default_library", &toolchain.default_library),
        ("b_vscrt", &toolchain.b_vscrt),
        ("b_ndebug", &toolchain.b_ndebug),
    ];
    for (name, value) in texts {
        options.insert(name.to_owned(), text(value.clone()));
    }
    let pic = match &toolchain.b_staticpic {
        Value::String(text) => Value::Bool(is_true(text)),
        other => other.clone(),
    };
    options.insert("b_staticpic".to_owned(), pic);
    let texts = [
        ("cpp_std", &toolchain.cpp_std),
        ("c_std", &toolchain.c_std),
        ("backend", &toolchain.backend),
        ("pkg_config_path", &toolchain.pkg_config_path),
        ("build.pkg_config_path", &toolchain.build_pkg_config_path),
    ];
    for (name, value) in texts {
        options.insert(name.to_owned(), text(value.clone()));
    }
    section(lines, "built-in options", &options);
    lines.pop();
    let flags = Flags::of(input)?;
    let defines = " + preprocessor_definitions";
    let mut add = |name: &str, parts: &[&[String]], suffix: &str| {
        let values: Vec<Value> = parts
            .iter()
            .copied()
            .flatten()
            .filter(|it| !it.is_empty())
            .map(|it| Value::from(it.as_str()))
            .collect();
        lines.push(format!(
            "{name} = {}{suffix}",
            meson_value(&Value::Array(values))
        ));
    };
    let libcxx: Vec<String> = toolchain.libcxx.iter().cloned().collect();
    let abi: Vec<String> = toolchain
        .gcc_cxx11_abi
        .iter()
        .map(|it| format!("-D{it}"))
        .collect();
    let apple = &flags.apple;
    add(
        "c_args",
        &[apple, &toolchain.c_args, &flags.c, &flags.defines],
        defines,
    );
    add(
        "c_link_args",
        &[apple, &toolchain.c_link_args, &flags.link],
        "",
    );
    add(
        "cpp_args",
        &[
            apple,
            &toolchain.cpp_args,
            &flags.cpp,
            &flags.defines,
            &libcxx,
            &abi,
        ],
        defines,
    );
    add(
        "cpp_link_args",
        &[apple, &toolchain.cpp_link_args, &flags.link, &libcxx],
        "",
    );
    if is_apple(input.consumer.setting("os")) {
        add(
            "objc_args",
            &[&toolchain.objc_args, apple, &flags.defines],
            defines,
        );
        add("objc_link_args", &[&toolchain.objc_link_args, apple], "");
        add(
            "objcpp_args",
            &[&toolchain.objcpp_args, apple, &flags.defines],
            defines,
        );
        add(
            "objcpp_link_args",
            &[&toolchain.objcpp_link_args, apple],
            "",
        );
    }
    lines.push(String::new());
    Ok(())
}

struct Flags {
    apple: Vec<String>,
    c: Vec<String>,
    cpp: Vec<String>,
    link: Vec<String>,
    defines: Vec<String>,
}

impl Flags {
    /// The recipe's additions, then those of confs, then the sysroot.
    fn of(input: &RenderMeson) -> Result<Flags, GeneratorError> {
        let toolchain = &input.toolchain;
        let conf = if input.native {
            &input.conf_build
        } else {
            &input.consumer.conf
        };
        let sysroot: Vec<String> = toolchain
            .sys_root
            .iter()
            .filter(|it| !it.is_empty())
            .map(|it| format!("--sysroot={it}"))
            .collect();
        let scripts: Vec<String> = conf
            .get_list("tools.build:linker_scripts")?
            .iter()
            .map(|it| format!("-T{it}"))
            .collect();
        let arch: Vec<String> = toolchain.arch_flag.iter().cloned().collect();
        let arch_link: Vec<String> = toolchain.arch_link_flag.iter().cloned().collect();
        let threads = &toolchain.threads_flags;
        let mut defines = toolchain.extra_defines.clone();
        defines.extend(conf.get_list("tools.build:defines")?);
        let list = |name: &str| conf.get_list(name);
        let c = [
            &arch,
            threads,
            &toolchain.extra_cflags,
            &list("tools.build:cflags")?,
            &sysroot,
        ]
        .map(|it| it.as_slice())
        .concat();
        let cpp = [
            &arch,
            threads,
            &toolchain.extra_cxxflags,
            &list("tools.build:cxxflags")?,
            &sysroot,
        ]
        .map(|it| it.as_slice())
        .concat();
        let link = [
            &arch,
            &arch_link,
            threads,
            &toolchain.extra_ldflags,
            &list("tools.build:sharedlinkflags")?,
            &list("tools.build:exelinkflags")?,
            &scripts,
            &sysroot,
        ]
        .map(|it| it.as_slice())
        .concat();
        Ok(Flags {
            apple: [
                &toolchain.apple_isysroot_flag,
                &toolchain.apple_arch_flag,
                &toolchain.apple_min_version_flag,
                &toolchain.apple_extra_flags,
            ]
            .map(|it| it.as_slice())
            .concat(),
            c,
            cpp,
            link,
            defines: defines.iter().map(|it| format!("-D{it}")).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(consumer: Consumer) -> String {
        let layout = PackageLayout {
            includedirs: vec!["include".into()],
            libdirs: vec!["lib".into()],
            bindirs: vec!["bin".into()],
            resdirs: Vec::new(),
        };
        let new = NewMesonToolchain {
            consumer,
            layout,
            ..NewMesonToolchain::default()
        };
        let mut toolchain = new_toolchain(&new).unwrap();
        toolchain.extra_defines.push("ED=1".into());
        toolchain.properties.insert("p".into(), Value::from("v"));
        toolchain
            .project_options
            .insert("flag".into(), Value::Bool(false));
        let input = RenderMeson {
            consumer: new.consumer,
            toolchain,
            ..RenderMeson::default()
        };
        crate::fixture::listing(&render(&input).unwrap().files)
    }

    #[test]
    fn native_file() {
        insta::assert_snapshot!(rendered(crate::fixture::consumer(&crate::fixture::linux())));
    }

    #[test]
    fn cross_file() {
        let mut consumer =
            crate::fixture::consumer(&crom_model::settings::Settings::from_values([
                ("os", "Macos"),
                ("os.version", "11.0"),
                ("arch", "armv8"),
                ("compiler", "apple-clang"),
                ("compiler.version", "14"),
                ("compiler.libcxx", "libc++"),
                ("compiler.cppstd", "17"),
                ("build_type", "Release"),
            ]));
        let sdk = crom_model::conf::ConfValue::Str("/my/sdk".into());
        consumer.conf.define("tools.apple:sdk_path", sdk);
        insta::assert_snapshot!(rendered(consumer));
    }

    #[test]
    fn values_of_meson() {
        let value = serde_json::json!(["a'b", true, 3, "c\\d"]);
        assert_eq!(meson_value(&value), r"['a\'b', true, 3, 'c\\d']");
        assert_eq!(split_words("-a \"b c\" 'd'"), ["-a", "b c", "d"]);
        assert_eq!(
            words(Value::from("ccache gcc")),
            serde_json::json!(["ccache", "gcc"])
        );
        assert_eq!(words(Value::from("/a b/gcc")), Value::from("/a b/gcc"));
    }
}
