//! XcodeDeps: `conandeps.xcconfig`, and below it files for packages and components.

use crom_model::cpp_info::{Component, CppInfo};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::xcconfig::{CONFIG_FILE, CONFIG_HEAD, Scope, clean, with_include};
use crate::cmake::Consumer;
use crate::error::GeneratorError;
use crate::file::File;
use crate::packages::{Package, host_and_test};

/// The attributes of an `XcodeDeps` object, and what is on the disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the names are those of the generator's attributes"
)]
pub struct XcodeDeps {
    pub consumer: Consumer,
    pub configuration: String,
    pub architecture: Option<String>,
    pub os_version: Option<String>,
    pub sdk: Option<String>,
    pub sdk_version: Option<String>,
    /// The `.xcconfig` files that are there already: other configurations are added to.
    pub existing: IndexMap<String, String>,
}

/// The attributes of a new object.
pub fn new_deps(consumer: &Consumer) -> XcodeDeps {
    let text = |name: &str| consumer.setting(name).map(str::to_owned);
    XcodeDeps {
        configuration: text("build_type").unwrap_or_default(),
        architecture: super::architecture(consumer),
        os_version: text("os.version"),
        sdk: text("os.sdk"),
        sdk_version: text("os.sdk_version"),
        ..XcodeDeps::default()
    }
}

/// The files of all direct dependencies.
///
/// # Errors
/// If there's no build type, or components require each other in a circle.
pub fn render(input: &XcodeDeps) -> Result<Vec<File>, GeneratorError> {
    if input.configuration.is_empty() {
        return Err(GeneratorError::invalid(
            "XcodeDeps.configuration is None, it should have a value",
        ));
    }
    if input.architecture.as_deref().unwrap_or_default().is_empty() {
        return Err(GeneratorError::invalid(
            "XcodeDeps.architecture is None, it should have a value",
        ));
    }
    let mut files = Vec::new();
    let mut all =
        String::from("// Conan XcodeDeps generated file\n// Includes all direct dependencies\n");
    let packages = host_and_test(&input.consumer);
    for package in packages.iter().filter(|it| it.require.direct()) {
        input.package(package, &packages, &mut files)?;
        all.push_str(&format!(
            "\n#include \"conan_{}.xcconfig\"\n",
            clean(package.name())
        ));
    }
    files.push(File::new("conandeps.xcconfig", all));
    files.push(File::new(
        CONFIG_FILE,
        with_include(
            input.existing.get(CONFIG_FILE).map(String::as_str),
            CONFIG_HEAD,
            "conandeps.xcconfig",
        ),
    ));
    Ok(files)
}

impl XcodeDeps {
    fn scope(&self) -> Scope<'_> {
        Scope {
            configuration: &self.configuration,
            architecture: self.architecture.as_deref().unwrap_or_default(),
            sdk: self.sdk.as_deref(),
            sdk_version: self.sdk_version.as_deref(),
        }
    }

    fn package(
        &self,
        package: &Package<'_>,
        packages: &[Package<'_>],
        files: &mut Vec<File>,
    ) -> Result<(), GeneratorError> {
        let info = &package.view.cpp_info;
        let name = clean(package.name());
        let names: Vec<String> = if info.has_components() {
            info.get_sorted_components()?.keys().cloned().collect()
        } else {
            vec![package.name().to_owned()]
        };
        let mut index = String::from(
            "// Conan XcodeDeps generated file\n// Includes all components for the package\n",
        );
        for component in &names {
            let parts = closure(package, component, packages)?;
            let own = clean(component);
            let variables = format!("conan_{name}_{own}{}.xcconfig", self.scope().suffix());
            files.push(File::new(&variables, self.variables(package, &own, &parts)));
            let of_component = format!("conan_{name}_{own}.xcconfig");
            let text = with_include(
                self.existing.get(&of_component).map(String::as_str),
                &component_text(&name, &own),
                &variables,
            );
            files.push(File::new(&of_component, text));
            index.push_str(&format!("\n#include \"{of_component}\"\n"));
        }
        files.push(File::new(format!("conan_{name}.xcconfig"), index));
        Ok(())
    }

    /// The values of one configuration, with those of everything that is required.
    fn variables(&self, package: &Package<'_>, component: &str, parts: &[Component]) -> String {
        let name = clean(package.name());
        let condition = self.scope().condition(&self.consumer);
        let collect = |of: fn(&Component) -> &[String]| -> Vec<String> {
            let mut found: Vec<String> = Vec::new();
            for value in parts.iter().flat_map(of) {
                if !found.contains(value) {
                    found.push(value.clone());
                }
            }
            found
        };
        let quoted = |of: fn(&Component) -> &[String]| {
            let values = collect(of).into_iter();
            values
                .map(|it| format!("\"{}\"", it.replace('"', "\\\"")))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let prefixed = |of: fn(&Component) -> &[String], prefix: &str| {
            let values = collect(of).into_iter();
            values
                .map(|it| format!("{prefix}{it}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let mut flags = quoted(Component::sharedlinkflags);
        for more in [
            prefixed(Component::libs, "-l"),
            prefixed(Component::system_libs, "-l"),
            prefixed(Component::frameworks, "-framework "),
        ] {
            flags.push(' ');
            flags.push_str(&more);
        }
        let line = |variable: &str, values: &str| {
            format!("{variable}_{name}_{component}{condition} = {values}\n")
        };
        let mut text = format!(
            "PACKAGE_ROOT_{name}{condition} = {}\n// Compiler options for {name}::{component}\n",
            package.folder()
        );
        text.push_str(&line(
            "SYSTEM_HEADER_SEARCH_PATHS",
            &quoted(Component::includedirs),
        ));
        text.push_str(&line(
            "GCC_PREPROCESSOR_DEFINITIONS",
            &quoted(Component::defines),
        ));
        text.push_str(&line("OTHER_CFLAGS", &quoted(Component::cflags)));
        text.push_str(&line("OTHER_CPLUSPLUSFLAGS", &quoted(Component::cxxflags)));
        text.push_str(&line(
            "FRAMEWORK_SEARCH_PATHS",
            &quoted(Component::frameworkdirs),
        ));
        text.push_str(&format!("\n// Link options for {name}::{component}\n"));
        text.push_str(&line("LIBRARY_SEARCH_PATHS", &quoted(Component::libdirs)));
        text.push_str(&line("OTHER_LDFLAGS", &flags));
        text
    }
}

/// Xcode's variables get the values of whichever configuration holds.
fn component_text(name: &str, component: &str) -> String {
    let line =
        |variable: &str| format!("{variable} = $(inherited) $({variable}_{name}_{component})\n");
    let mut text = format!(
        "// Conan XcodeDeps generated file for {name}::{component}\n\
         // Includes all configurations for each dependency\n\n\n"
    );
    for variable in [
        "SYSTEM_HEADER_SEARCH_PATHS",
        "GCC_PREPROCESSOR_DEFINITIONS",
        "OTHER_CFLAGS",
        "OTHER_CPLUSPLUSFLAGS",
        "FRAMEWORK_SEARCH_PATHS",
    ] {
        text.push_str(&line(variable));
    }
    text.push_str(&format!("\n// Link options for {name}_{component}\n"));
    text.push_str(&line("LIBRARY_SEARCH_PATHS"));
    text.push_str(&line("OTHER_LDFLAGS"));
    text
}

/// A component and what it requires, each once, dependents first; with absolute folders.
fn closure(
    package: &Package<'_>,
    component: &str,
    packages: &[Package<'_>],
) -> Result<Vec<Component>, GeneratorError> {
    let mut walk = Walk {
        packages,
        seen: Vec::new(),
        parts: Vec::new(),
    };
    walk.visit(package, component)?;
    Ok(walk.parts)
}

struct Walk<'a> {
    packages: &'a [Package<'a>],
    seen: Vec<(String, String)>,
    parts: Vec<Component>,
}

impl Walk<'_> {
    fn visit(&mut self, package: &Package<'_>, component: &str) -> Result<(), GeneratorError> {
        let info: &CppInfo = &package.view.cpp_info;
        let key = (package.name().to_owned(), component.to_owned());
        if self.seen.contains(&key) {
            return Ok(());
        }
        self.seen.push(key);
        let whole = component == package.name() && !info.components.contains_key(component);
        if whole && info.has_components() {
            for name in info.get_sorted_components()?.keys() {
                self.visit(package, name)?;
            }
            return Ok(());
        }
        let Some(own) = (if whole {
            Some(&info.root)
        } else {
            info.components.get(component)
        }) else {
            return Ok(());
        };
        let mut absolute = own.clone();
        absolute.set_relative_base_folder(&package.folder());
        self.parts.push(absolute);
        let mut required = own.parsed_requires();
        if whole && required.is_empty() {
            // What a package doesn't narrow down it requires as a whole.
            required = package
                .view
                .dependencies
                .iter()
                .filter(|(it, _)| it.direct() && !it.build && !it.test())
                .map(|(it, _)| (Some(it.reference.name.clone()), it.reference.name.clone()))
                .collect();
        }
        for (other, name) in required {
            let target = match &other {
                None => Some(*package),
                Some(other) => self.packages.iter().find(|it| it.name() == other).copied(),
            };
            if let Some(target) = target {
                self.visit(&target, &name)?;
            }
        }
        Ok(())
    }
}
