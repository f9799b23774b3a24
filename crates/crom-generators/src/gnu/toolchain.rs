//! AutotoolsToolchain and GnuToolchain: flags as environment variables, arguments as a file.

use crom_model::environment::Environment;
use crom_model::flags::gnu::{GnuTriplet, gnu_triplet};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::flags::{FlagBag, apple_flags, conf_text, cross_building, is_msvc, is_true};
use crate::cmake::Consumer;
use crate::cmake::text::{Level, Message};
use crate::error::GeneratorError;

/// Which of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// AutotoolsToolchain
    #[default]
    Autotools,
    /// GnuToolchain
    Gnu,
}

/// Folders of the package's layout: `self.cpp.package`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the names are those of cpp_info")]
pub struct PackageLayout {
    pub includedirs: Vec<String>,
    pub libdirs: Vec<String>,
    pub bindirs: Vec<String>,
    pub resdirs: Vec<String>,
}

/// What a new toolchain object starts from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewToolchain {
    /// The package.
    pub consumer: Consumer,
    /// `self.cpp.package`
    pub layout: PackageLayout,
    /// `prefix` of the constructor.
    pub prefix: String,
    /// What `xcrun --show-sdk-path` says, where Apple's SDK is needed and no conf names it.
    pub apple_sdk: Option<String>,
}

/// The attributes of a new toolchain object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Toolchain {
    /// Flags.
    pub flags: FlagBag,
    /// Name and value of each argument for `configure`; without value the name is the argument.
    pub configure_args: Vec<(String, Option<String>)>,
    /// For `autoreconf`.
    pub autoreconf_args: Vec<(String, Option<String>)>,
    /// For `make`.
    pub make_args: Vec<(String, Option<String>)>,
    /// The triplet of the machine that the package is for.
    pub host: Option<Triplet>,
    /// The triplet of the machine that builds.
    pub build: Option<Triplet>,
}

/// A triplet; one given by a conf has no parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of triplets_info")]
pub struct Triplet {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    pub triplet: String,
}

impl From<GnuTriplet> for Triplet {
    fn from(gnu: GnuTriplet) -> Triplet {
        Triplet {
            machine: Some(gnu.machine),
            system: Some(gnu.system),
            triplet: gnu.triplet,
        }
    }
}

/// A new toolchain object.
pub fn new_toolchain(input: &NewToolchain) -> Result<Toolchain, GeneratorError> {
    let consumer = &input.consumer;
    let cross = cross_building(consumer)?;
    let host = triplet(consumer, "tools.gnu:host_triplet", cross, false)?;
    let build = triplet(consumer, "tools.gnu:build_triplet", cross, true)?;
    let mut configure_args: Vec<(String, Option<String>)> = Vec::new();
    if let Some(shared) = consumer.options.get_safe("shared") {
        let names = if is_true(shared) {
            ["--enable-shared", "--disable-static"]
        } else {
            ["--disable-shared", "--enable-static"]
        };
        configure_args.extend(names.map(|it| (it.to_owned(), None)));
    }
    let prefix = if input.prefix.is_empty() {
        "/"
    } else {
        &input.prefix
    };
    configure_args.push(("--prefix".to_owned(), Some(prefix.to_owned())));
    for (name, folders) in [
        ("--bindir", &input.layout.bindirs),
        ("--sbindir", &input.layout.bindirs),
        ("--libdir", &input.layout.libdirs),
        ("--includedir", &input.layout.includedirs),
        ("--oldincludedir", &input.layout.includedirs),
        ("--datarootdir", &input.layout.resdirs),
    ] {
        if let Some(folder) = folders.first() {
            configure_args.push((name.to_owned(), Some(format!("${{prefix}}/{folder}"))));
        }
    }
    for (name, triplet) in [("--host", &host), ("--build", &build)] {
        if let Some(triplet) = triplet {
            configure_args.push((name.to_owned(), Some(triplet.triplet.clone())));
        }
    }
    for arg in consumer.conf.get_list("tools.gnu:extra_configure_args")? {
        configure_args.push((arg, None));
    }
    Ok(Toolchain {
        flags: FlagBag::new(consumer, input.apple_sdk.as_deref())?,
        configure_args,
        autoreconf_args: vec![("--force".to_owned(), None), ("--install".to_owned(), None)],
        make_args: Vec::new(),
        host,
        build,
    })
}

fn triplet(
    consumer: &Consumer,
    conf: &str,
    cross: bool,
    of_build: bool,
) -> Result<Option<Triplet>, GeneratorError> {
    if let Some(triplet) = consumer.conf.get_str(conf)?.filter(|it| !it.is_empty()) {
        return Ok(Some(Triplet {
            machine: None,
            system: None,
            triplet,
        }));
    }
    if !cross {
        return Ok(None);
    }
    let setting = |name| {
        if of_build {
            consumer.setting_build(name)
        } else {
            consumer.setting(name)
        }
    };
    let (Some(os), Some(arch)) = (setting("os"), setting("arch")) else {
        return Ok(None);
    };
    // For several architectures at once there's no triplet.
    if arch.contains('|') {
        return Ok(None);
    }
    let compiler = setting("compiler").or(consumer.setting("compiler"));
    Ok(Some(gnu_triplet(os, arch, compiler)?.into()))
}

/// What the environment is made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToolchainEnvironment {
    /// The package.
    pub consumer: Consumer,
    /// The object's attributes.
    pub flags: FlagBag,
    /// Which toolchain.
    pub kind: Kind,
    /// GnuToolchain's `extra_env`: it goes first.
    pub extra_env: Environment,
}

/// An environment, and what to tell the user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ToolchainResult {
    /// Variables.
    pub environment: Environment,
    /// Warnings.
    pub messages: Vec<Message>,
}

/// The variables of a compiler's programs, by their name in `tools.build:compiler_executables`.
const PROGRAMS: [(&str, &str); 8] = [
    ("c", "CC"),
    ("cpp", "CXX"),
    ("cuda", "NVCC"),
    ("fortran", "FC"),
    ("rc", "RC"),
    ("objc", "OBJC"),
    ("objcpp", "OBJCXX"),
    ("asm", "AS"),
];

/// Those that GnuToolchain knows beside [`PROGRAMS`].
const GNU_PROGRAMS: [(&str, &str); 4] = [
    ("nm", "NM"),
    ("ranlib", "RANLIB"),
    ("objdump", "OBJDUMP"),
    ("strip", "STRIP"),
];

/// What GnuToolchain names instead of GNU's programs for msvc.
const MSVC_PROGRAMS: [(&str, &str); 8] = [
    ("CC", "cl -nologo"),
    ("CXX", "cl -nologo"),
    ("LD", "link -nologo"),
    ("AR", "lib"),
    ("NM", "dumpbin -symbols"),
    ("OBJDUMP", ":"),
    ("RANLIB", ":"),
    ("STRIP", ":"),
];

/// The environment of a toolchain.
pub fn environment(input: &ToolchainEnvironment) -> Result<ToolchainResult, GeneratorError> {
    let consumer = &input.consumer;
    let flags = input.flags.flags(consumer)?;
    let mut result = ToolchainResult {
        environment: input.extra_env.clone(),
        messages: Vec::new(),
    };
    add_programs(input, &mut result)?;
    let environment = &mut result.environment;
    let defines: Vec<String> = flags.defines.iter().map(|it| format!("-D{it}")).collect();
    environment.append("CPPFLAGS", &defines, None);
    environment.append("CXXFLAGS", &flags.cxxflags, None);
    environment.append("CFLAGS", &flags.cflags, None);
    environment.append("LDFLAGS", &flags.ldflags, None);
    for (name, flags) in [("ASFLAGS", &flags.asflags), ("RCFLAGS", &flags.rcflags)] {
        if !flags.is_empty() {
            environment.append(name, flags, None);
        }
    }
    environment.prepend_path(
        "PKG_CONFIG_PATH",
        std::slice::from_ref(&consumer.folders.generators),
    );
    if let Some(arc) = apple_flags(consumer, false, None)?.arc {
        environment.append("OBJCFLAGS", &[arc.to_owned()], None);
        environment.append("OBJCXXFLAGS", &[arc.to_owned()], None);
    }
    Ok(result)
}

fn add_programs(
    input: &ToolchainEnvironment,
    result: &mut ToolchainResult,
) -> Result<(), GeneratorError> {
    let consumer = &input.consumer;
    let mut programs: IndexMap<String, String> = IndexMap::new();
    if is_msvc(consumer) {
        match input.kind {
            Kind::Autotools => {
                programs.insert("CC".to_owned(), "cl".to_owned());
                programs.insert("CXX".to_owned(), "cl".to_owned());
            }
            Kind::Gnu => programs
                .extend(MSVC_PROGRAMS.map(|(name, program)| (name.to_owned(), program.to_owned()))),
        }
    }
    programs.extend(input.flags.android_cross_flags.clone());
    let executables = consumer.conf.get_dict("tools.build:compiler_executables")?;
    let known: Vec<(&str, &str)> = match input.kind {
        Kind::Autotools => PROGRAMS.to_vec(),
        Kind::Gnu => PROGRAMS.into_iter().chain(GNU_PROGRAMS).collect(),
    };
    for (key, name) in &known {
        if let Some(program) = executables.get(*key) {
            programs.insert((*name).to_owned(), conf_text(program));
        }
    }
    let quoted = |names: Vec<&str>| {
        let mut names: Vec<String> = names.into_iter().map(|it| format!("'{it}'")).collect();
        names.sort();
        names.join(", ")
    };
    let unknown: Vec<&str> = executables
        .keys()
        .map(String::as_str)
        .filter(|key| !known.iter().any(|(name, _)| name == key))
        .collect();
    if !unknown.is_empty() {
        result.messages.push(Message::new(
            Level::Warning,
            format!(
                "risk: tools.build:compiler_executables: ignoring unknown key(s) [{}], expected one of [{}]",
                quoted(unknown),
                quoted(known.iter().map(|(name, _)| *name).collect())
            ),
        ));
    }
    for (name, program) in programs {
        // What a recipe says in extra_env holds.
        if result.environment.get(&name).is_none() {
            result.environment.define(&name, &[program], " ");
        }
    }
    Ok(())
}
