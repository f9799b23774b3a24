//! The folders of `cmake_layout` and `basic_layout`.

use crom_model::conf::Conf;
use crom_model::options::PackageOptions;
use crom_model::settings::Settings;
use serde::{Deserialize, Serialize};

use super::generator::is_multi_configuration;
use super::text::join;
use super::{CMakeError, Consumer, generator};

/// Arguments of `cmake_layout()` and what it stands on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CMakeLayoutInput {
    /// The package; its folders aren't read.
    pub consumer: Consumer,
    /// `generator`
    pub generator: Option<String>,
    /// `src_folder`
    pub src_folder: String,
    /// `build_folder`
    pub build_folder: String,
    /// `self.folders.subproject`
    pub subproject: Option<String>,
    /// What decides the variable part of the folder's name.
    pub variables: FolderVariablesInput,
    /// True for a test package.
    pub is_test_package: bool,
    /// A fresh temporary folder, for `$TMP` as test folder.
    pub temporary_folder: Option<String>,
}

/// What the layout sets on `self.folders` and `self.cpp`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Folders {
    /// `self.folders.source`
    pub source: String,
    /// `self.folders.build`
    pub build: String,
    /// `self.folders.generators`
    pub generators: String,
    /// `self.folders.test_output`: base of a test package's build folder.
    pub test_output: Option<String>,
    /// `self.cpp.source.includedirs`
    pub source_includedirs: Vec<String>,
    /// `self.cpp.build.libdirs` and `bindirs`
    pub build_dirs: Vec<String>,
}

/// What `build_folder_vars` is evaluated from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FolderVariablesInput {
    /// `self.folders.build_folder_vars`
    pub of_recipe: Option<Vec<String>>,
    /// True for a conanfile in the user's folder or an editable package: the conf holds.
    pub is_local: bool,
    /// True for a test package: there are variables by default.
    pub is_test_package: bool,
    /// Values for `self.<name>`.
    pub attributes: indexmap::IndexMap<String, Option<String>>,
}

/// The values of `build_folder_vars`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FolderVariables {
    /// `gcc-12-static`
    pub text: String,
    /// True if the setting `build_type` is part of it.
    pub has_build_type: bool,
}

const TEST_PACKAGE_VARIABLES: [&str; 6] = [
    "settings.compiler",
    "settings.compiler.version",
    "settings.arch",
    "settings.compiler.cppstd",
    "settings.build_type",
    "options.shared",
];

/// Evaluates `build_folder_vars`.
///
/// # Errors
/// If a variable isn't `settings.x`, `options.x`, `self.x` or `const.x`.
pub fn folder_variables(
    input: &FolderVariablesInput,
    settings: &Settings,
    options: &PackageOptions,
    conf: &Conf,
) -> Result<FolderVariables, CMakeError> {
    let names = variable_names(input, conf)?;
    let mut values = Vec::new();
    for name in &names {
        let (group, variable) = name.split_once('.').ok_or_else(|| {
            CMakeError::invalid(format!("Invalid 'tools.cmake.cmake_layout:build_folder_vars' value, it has to be 'group.name': {name}"))
        })?;
        let value = match group {
            "settings" => settings.get_safe(variable).map(str::to_lowercase),
            "options" => options
                .get_safe(variable)
                .map(|value| match (variable, value) {
                    ("shared", "True") => "shared".to_owned(),
                    ("shared", _) => "static".to_owned(),
                    (variable, value) => format!("{variable}_{value}").to_lowercase(),
                }),
            "self" => input
                .attributes
                .get(variable)
                .cloned()
                .flatten()
                .map(|it| it.to_lowercase()),
            "const" => Some(variable.to_owned()),
            _ => {
                return Err(CMakeError::invalid(format!(
                    "Invalid 'tools.cmake.cmake_layout:build_folder_vars' value, it has to start with 'settings.', \
                     'options.', 'self.' or 'const.': {name}"
                )));
            }
        };
        values.extend(value.filter(|it| !it.is_empty()));
    }
    Ok(FolderVariables {
        text: values.join("-"),
        has_build_type: names.iter().any(|name| name == "settings.build_type"),
    })
}

fn variable_names(input: &FolderVariablesInput, conf: &Conf) -> Result<Vec<String>, CMakeError> {
    const CONF: &str = "tools.cmake.cmake_layout:build_folder_vars";
    let from_conf = match conf.get(CONF)? {
        Some(_) => Some(conf.get_list(CONF)?),
        None => None,
    };
    let of_recipe = input.of_recipe.clone();
    let names = if input.is_test_package {
        let default = || TEST_PACKAGE_VARIABLES.map(str::to_owned).to_vec();
        Some(from_conf.or(of_recipe).unwrap_or_else(default))
    } else if input.is_local {
        from_conf.or(of_recipe)
    } else {
        of_recipe
    };
    Ok(names.unwrap_or_default())
}

/// `cmake_layout()`
///
/// # Errors
/// If a conf has a wrong type or `build_folder_vars` a wrong name.
pub fn cmake_layout(input: &CMakeLayoutInput) -> Result<Folders, CMakeError> {
    let consumer = &input.consumer;
    let conf = &consumer.conf;
    let generator = generator::choose(consumer, input.generator.as_deref())?;
    let multi = is_multi_configuration(&generator);
    let subproject = input.subproject.as_deref().unwrap_or_default();
    let below = |folder: &str| join(subproject, folder);
    let variables = folder_variables(
        &input.variables,
        &consumer.settings,
        &consumer.options,
        conf,
    )?;

    let mut folders = Folders {
        source: below(&input.src_folder),
        ..Folders::default()
    };
    let mut build = input.build_folder.clone();
    if input.is_test_package {
        folders.test_output = test_folder(input)?;
        if let Some(folder) = &folders.test_output {
            build.clone_from(folder);
        }
    } else if let Some(folder) = conf.get_str("tools.cmake.cmake_layout:build_folder")? {
        build = folder;
    }
    let build = below(&build);
    let build = if variables.text.is_empty() {
        build
    } else {
        format!("{build}/{}", variables.text)
    };
    let build_type = consumer.setting("build_type");
    if !multi && !consumer.settings.exists("build_type") {
        return Err(CMakeError::invalid(
            "'build_type' setting not defined, it is necessary for cmake_layout()",
        ));
    }
    folders.build = match build_type {
        Some(build_type) if !multi && !variables.has_build_type => format!("{build}/{build_type}"),
        _ => build,
    };
    folders.generators = format!("{}/generators", folders.build);
    folders.source_includedirs = vec!["include".to_owned()];
    folders.build_dirs = vec![match build_type {
        Some(build_type) if multi => build_type.to_owned(),
        _ => ".".to_owned(),
    }];
    Ok(folders)
}

/// Where test packages build: `tools.cmake.cmake_layout:test_folder`.
fn test_folder(input: &CMakeLayoutInput) -> Result<Option<String>, CMakeError> {
    let folder = input
        .consumer
        .conf
        .get_str("tools.cmake.cmake_layout:test_folder")?;
    Ok(match folder.as_deref() {
        Some("$TMP") => input.temporary_folder.clone(),
        Some(folder) => Some(folder.to_owned()),
        None => None,
    })
}

/// `basic_layout()`
pub fn basic_layout(
    settings: &Settings,
    subproject: Option<&str>,
    src_folder: &str,
    build_folder: Option<&str>,
) -> Folders {
    let below = |folder: &str| join(subproject.unwrap_or_default(), folder);
    let build = match build_folder.filter(|it| !it.is_empty()) {
        Some(folder) => folder.to_owned(),
        None => match settings.get_safe("build_type") {
            Some(build_type) => format!("build-{}", build_type.to_lowercase()),
            None => "build".to_owned(),
        },
    };
    let build = below(&build);
    Folders {
        source: below(src_folder),
        generators: format!("{build}/conan"),
        build,
        test_output: None,
        source_includedirs: vec!["include".to_owned()],
        build_dirs: vec![".".to_owned()],
    }
}
