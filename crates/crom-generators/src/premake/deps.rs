//! PremakeDeps: the dependencies as tables of Lua, and functions that apply them.

use crom_model::cpp_info::Component;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{architecture, escape, list};
use crate::cmake::Consumer;
use crate::error::GeneratorError;
use crate::packages::{Package, build, host_and_test, topological};

/// The attributes of a `PremakeDeps` object, and what is on the disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PremakeDeps {
    /// The package.
    pub consumer: Consumer,
    /// The build type.
    pub configuration: String,
    /// The `arch` setting.
    pub architecture: String,
    /// The `.premake5.lua` files that are there already: other configurations are added to.
    pub existing: IndexMap<String, String>,
}

const SUFFIX: &str = ".premake5.lua";

/// Texts by the name of their file.
///
/// # Errors
/// If Premake has no name for the architecture, or components require each other in a circle.
pub fn content(input: &PremakeDeps) -> Result<IndexMap<String, String>, GeneratorError> {
    let key = format!(
        "{}_{}",
        input.configuration.to_lowercase(),
        architecture(&input.architecture)?
    );
    let packages = ordered(&input.consumer);
    let mut files = IndexMap::from([(format!("conanutils{SUFFIX}"), UTILITIES.to_owned())]);
    for package in &packages {
        let name = package.name();
        let variables = format!("conan_{name}_vars_{key}{SUFFIX}");
        files.insert(variables.clone(), of_package(&key, package)?);
        let index = format!("conan_{name}{SUFFIX}");
        let text = input.with_include(&index, &variables);
        files.insert(index, text);
    }
    let of_configuration = format!("conanconfig_{key}{SUFFIX}");
    let configurations = format!("conanconfig{SUFFIX}");
    let config_index = input.with_include(&configurations, &of_configuration);
    let keys: Vec<String> = config_index
        .lines()
        .filter_map(|it| {
            let file = it.strip_prefix("include \"conanconfig_")?;
            Some(file.strip_suffix(&format!("{SUFFIX}\""))?.to_owned())
        })
        .collect();
    files.insert(format!("conandeps{SUFFIX}"), functions(&packages, &keys));
    let names: Vec<String> = packages
        .iter()
        .rev()
        .map(|it| it.name().to_owned())
        .collect();
    files.insert(
        of_configuration,
        format!(
            "{HEAD}t_conan_deps_order = {{}}\nt_conan_deps_order[\"{key}\"] = {{{}}}\n\n\
             if conan_deps_order == nil then conan_deps_order = {{}} end\n\
             conan_premake_tmerge(conan_deps_order, t_conan_deps_order)\n",
            list(&names)
        ),
    );
    files.insert(configurations, config_index);
    Ok(files)
}

/// What requires nothing first, then those for tests and tools.
fn ordered(consumer: &Consumer) -> Vec<Package<'_>> {
    let (tests, host): (Vec<_>, Vec<_>) = host_and_test(consumer)
        .into_iter()
        .partition(|it| it.require.test());
    let mut packages = topological(&consumer.graph, &host);
    packages.extend(topological(&consumer.graph, &tests));
    packages.extend(build(consumer));
    packages
}

impl PremakeDeps {
    fn with_include(&self, file: &str, included: &str) -> String {
        let line = format!("include \"{included}\"");
        let mut text = self
            .existing
            .get(file)
            .cloned()
            .unwrap_or_else(|| "#!lua\n".to_owned());
        if !text.lines().any(|it| it == line) {
            if !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&line);
            text.push('\n');
        }
        text
    }
}

const HEAD: &str = "#!lua\n\ninclude \"conanutils.premake5.lua\"\n\n";

/// One list of a component.
type Values = fn(&Component) -> &[String];

/// What a package gives, as far as the consumer may use it.
fn of_package(key: &str, package: &Package<'_>) -> Result<String, GeneratorError> {
    let mut info = package.aggregated()?;
    info.set_relative_base_folder(&package.folder());
    let require = package.require;
    let (headers, libs, run) = (require.headers(), require.libs(), require.run());
    let flags: [(&str, bool, Values); 10] = [
        ("includedirs", headers, Component::includedirs),
        ("libdirs", libs, Component::libdirs),
        ("bindirs", run, Component::bindirs),
        ("libs", libs, Component::libs),
        ("system_libs", libs, Component::system_libs),
        ("defines", headers, Component::defines),
        ("cxxflags", headers, Component::cxxflags),
        ("cflags", headers, Component::cflags),
        ("sharedlinkflags", libs, Component::sharedlinkflags),
        ("exelinkflags", libs, Component::exelinkflags),
    ];
    let table = format!("t_conandeps[\"{key}\"]");
    let own = format!("{table}[\"{}\"]", escape(package.name()));
    let mut text = format!("{HEAD}t_conandeps = {{}}\n{table} = {{}}\n{own} = {{}}\n");
    let mut line = |name: &str, values: &[String]| {
        text.push_str(&format!("{own}[\"{name}\"] = {{{}}}\n", list(values)));
    };
    for (name, given, of) in flags {
        let values: Vec<String> = if given { of(&info) } else { &[] }
            .iter()
            .map(|it| {
                if name.ends_with("dirs") {
                    it.replace('\\', "/")
                } else {
                    it.clone()
                }
            })
            .collect();
        line(name, &values);
    }
    let frameworks: Vec<String> = if libs { info.frameworks() } else { &[] }
        .iter()
        .map(|it| format!("{it}.framework"))
        .collect();
    line("frameworks", &frameworks);
    text.push_str("\nif conandeps == nil then conandeps = {} end\n");
    text.push_str("conan_premake_tmerge(conandeps, t_conandeps)\n");
    Ok(text)
}

/// `conan_setup()` and its halves: for the current configuration, one configuration, one package.
fn functions(packages: &[Package<'_>], keys: &[String]) -> String {
    let mut text = String::from("#!lua\n");
    for package in packages {
        text.push_str(&format!("include \"conan_{}{SUFFIX}\"\n", package.name()));
    }
    text.push_str(&format!("include \"conanconfig{SUFFIX}\"\n"));
    let build = ["includedirs", "bindirs", "defines"].map(|it| (it, it));
    let link = [
        ("libdirs", "libdirs"),
        ("links", "libs"),
        ("links", "system_libs"),
        ("links", "frameworks"),
    ];
    text.push_str(&function("conan_setup_build", keys, &build));
    text.push_str(&function("conan_setup_link", keys, &link));
    text.push_str(
        "\nfunction conan_setup(conf, pkg)\n    conan_setup_build(conf, pkg)\n    \
         conan_setup_link(conf, pkg)\nend\n",
    );
    text
}

fn function(name: &str, keys: &[String], applied: &[(&str, &str)]) -> String {
    let mut text = format!("\nfunction {name}(conf, pkg)\n    if conf == nil then\n");
    for key in keys {
        // `release_x86_64`: build types have no underscore
        let (configuration, arch) = key.split_once('_').unwrap_or((key, ""));
        text.push_str(&format!(
            "        filter {{ \"configurations:{configuration}\", \"architecture:{arch}\" }}\n            \
             {name}(\"{key}\")\n        filter {{}}\n"
        ));
    }
    text.push_str(&format!(
        "    elseif pkg == nil then\n        for index, lib in ipairs(conan_deps_order[conf]) do\n            \
         {name}(conf, lib)\n        end\n    else\n"
    ));
    for (of_premake, list) in applied {
        text.push_str(&format!(
            "        {of_premake}(conandeps[conf][pkg][\"{list}\"])\n"
        ));
    }
    text.push_str("    end\nend\n");
    text
}

const UTILITIES: &str = r#"#!lua

-- Adds the tables in "src" to those in "dst", at any depth.
function conan_premake_tmerge(dst, src)
    for key, value in pairs(src) do
        if type(value) == "table" and type(dst[key]) == "table" then
            conan_premake_tmerge(dst[key], value)
        else
            dst[key] = value
        end
    end
    return dst
end
"#;
