//! `conandeps.props` and one property sheet per package or component (MSBuildDeps).

use crom_model::cpp_info::Component;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::toolchain::{imports_of, xml};
use crate::cmake::Consumer;
use crate::cmake::text::inside;
use crate::error::GeneratorError;
use crate::file::File;
use crate::packages::{Package, build, host_and_test, packages_of};

/// The generator's attributes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MsBuildDeps {
    /// The package.
    pub consumer: Consumer,
    /// `Release`
    pub configuration: String,
    /// The property that names the configuration: `Configuration`.
    pub configuration_key: String,
    /// `x64`
    pub platform: Option<String>,
    /// The property that names the platform: `Platform`.
    pub platform_key: String,
    /// Patterns of packages whose headers aren't analyzed.
    pub exclude_code_analysis: Option<Vec<String>>,
    /// Property sheets that are in the generators folder, by name: other configurations stay.
    pub existing: IndexMap<String, String>,
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Project ToolsVersion=\"4.0\" xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\">\n";

/// Renders the files.
pub fn render(input: &MsBuildDeps) -> Result<Vec<File>, GeneratorError> {
    if input.configuration.is_empty() {
        return Err(GeneratorError::invalid(
            "MSBuildDeps.configuration is None, it should have a value",
        ));
    }
    if input.platform.as_deref().unwrap_or_default().is_empty() {
        return Err(GeneratorError::invalid(
            "MSBuildDeps.platform is None, it should have a value",
        ));
    }
    let mut files = Vec::new();
    let host = host_and_test(&input.consumer);
    let tools = build(&input.consumer);
    for package in host.iter().chain(&tools) {
        input.package(package, &mut files)?;
    }
    let mut imports = Vec::new();
    for package in host.iter().chain(&tools).filter(|it| it.require.direct()) {
        let name = sheet_name(package);
        imports.push(import_once(&name));
    }
    files.push(File::new("conandeps.props", index_sheet(&imports, None)));
    files.push(File::new("conan_dedup.props", DEDUP));
    Ok(files)
}

/// `my.lib` to `my_lib`; tools of the build context end with `_build`.
fn sheet_name(package: &Package<'_>) -> String {
    let suffix = if package.require.build { "_build" } else { "" };
    format!("{}{suffix}", clean(package.name()))
}

fn clean(name: &str) -> String {
    name.replace(['.', '-', '+'], "_")
}

fn import_once(name: &str) -> String {
    format!(
        "\t\t<Import Condition=\"'$(conan_{name}_props_imported)' != 'True'\" Project=\"conan_{name}.props\"/>"
    )
}

const IMPORT_DEDUP: &str = "\t\t<Import Condition=\"'$(ConanDedupPropsImported)' != 'True'\" Project=\"conan_dedup.props\"/>";

/// A sheet that only imports others.
fn index_sheet(imports: &[String], imported: Option<&str>) -> String {
    let mut lines = vec![
        "<?xml version=\"1.0\" ?>".to_owned(),
        "<Project xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\" ToolsVersion=\"4.0\">".to_owned(),
        "\t<ImportGroup Label=\"PropertySheets\">".to_owned(),
    ];
    lines.extend(imports.iter().cloned());
    if !imports.iter().any(|it| it == IMPORT_DEDUP) {
        lines.push(IMPORT_DEDUP.to_owned());
    }
    lines.push("\t</ImportGroup>".to_owned());
    if let Some(name) = imported {
        lines.push("\t<PropertyGroup>".to_owned());
        lines.push(format!(
            "\t\t<conan_{name}_props_imported>True</conan_{name}_props_imported>"
        ));
        lines.push("\t</PropertyGroup>".to_owned());
    }
    lines.push("</Project>".to_owned());
    lines.join("\n")
}

impl MsBuildDeps {
    /// `_release_x64`
    fn suffix(&self) -> String {
        let platform = self.platform.as_deref().unwrap_or_default();
        format!("_{}_{platform}", self.configuration)
            .to_lowercase()
            .replace(['.', '-'], "_")
    }

    fn condition(&self) -> String {
        format!(
            "'$({})' == '{}' And '$({})' == '{}'",
            self.configuration_key,
            self.configuration,
            self.platform_key,
            self.platform.as_deref().unwrap_or_default()
        )
    }

    fn package(&self, package: &Package<'_>, files: &mut Vec<File>) -> Result<(), GeneratorError> {
        let info = &package.view.cpp_info;
        let name = sheet_name(package);
        if info.has_components() && !package.require.build {
            let mut imports = Vec::new();
            for (component, own) in &info.components {
                let own_name = format!("{name}_{}", clean(component));
                let required = self.requires(package, own);
                self.sheets(package, &own_name, own, &required, files);
                imports.push(import_once(&own_name));
            }
            files.push(File::new(
                format!("conan_{name}.props"),
                index_sheet(&imports, Some(&name)),
            ));
            return Ok(());
        }
        let own = package.aggregated()?;
        // Whole packages, whatever parts of them `requires` names.
        let required: Vec<String> = packages_of(&self.consumer.graph, package.index)
            .iter()
            .filter(|it| !it.require.build && !it.require.test() && it.require.direct())
            .map(|it| {
                format!(
                    "{}{}",
                    clean(it.name()),
                    if package.require.build { "_build" } else { "" }
                )
            })
            .collect();
        self.sheets(package, &name, &own, &required, files);
        Ok(())
    }

    fn requires(&self, package: &Package<'_>, info: &Component) -> Vec<String> {
        info.parsed_requires()
            .into_iter()
            .map(|(other, component)| match other {
                None => format!("{}_{}", clean(package.name()), clean(&component)),
                Some(other) if other == component => clean(&other),
                Some(other) => {
                    let has = packages_of(&self.consumer.graph, package.index)
                        .iter()
                        .any(|it| {
                            it.name() == other
                                && it.view.cpp_info.components.contains_key(&component)
                        });
                    if has {
                        format!("{}_{}", clean(&other), clean(&component))
                    } else {
                        clean(&other)
                    }
                }
            })
            .collect()
    }

    /// The three sheets of a package or component: index, configuration and variables.
    fn sheets(
        &self,
        package: &Package<'_>,
        name: &str,
        info: &Component,
        required: &[String],
        files: &mut Vec<File>,
    ) {
        let suffix = self.suffix();
        let path = format!("conan_{name}.props");
        let mut imports = self
            .existing
            .get(&path)
            .map(|it| imports_of(it))
            .unwrap_or_default();
        let import = format!(
            "\t\t<Import Condition=\"{}\" Project=\"conan_{name}{suffix}.props\"/>",
            self.condition()
        );
        if !imports.contains(&import) {
            imports.insert(0, import);
        }
        files.push(File::new(path, index_sheet(&imports, Some(name))));
        files.push(File::new(
            format!("conan_{name}_vars{suffix}.props"),
            variables(package, name, info),
        ));
        files.push(File::new(
            format!("conan_{name}{suffix}.props"),
            self.configuration_sheet(package, name, required),
        ));
    }

    fn configuration_sheet(
        &self,
        package: &Package<'_>,
        name: &str,
        required: &[String],
    ) -> String {
        let mut text = format!("{HEAD}  <ImportGroup Label=\"PropertySheets\">\n");
        for other in required {
            text.push_str(&format!(
                "    <Import Condition=\"'$(conan_{other}_props_imported)' != 'True'\" Project=\"conan_{other}.props\"/>\n"
            ));
        }
        text.push_str(&format!(
            "  </ImportGroup>\n  <ImportGroup Label=\"PropertySheets\">\n    <Import Project=\"conan_{name}_vars{}.props\"/>\n  </ImportGroup>\n",
            self.suffix()
        ));
        if package.require.build {
            text.push_str(&format!(
                "  <PropertyGroup>\n    <ExecutablePath>$(Conan{name}BinaryDirectories)$(ExecutablePath)</ExecutablePath>\n  </PropertyGroup>\n</Project>"
            ));
            return text;
        }
        text.push_str(&format!(
            "  <PropertyGroup>\n    <ConanDebugPath>$(Conan{name}BinaryDirectories);$(ConanDebugPath)</ConanDebugPath>\n    <LocalDebuggerEnvironment>PATH=$(ConanDebugPath);%PATH%</LocalDebuggerEnvironment>\n"
        ));
        if self.excluded(package.name()) {
            text.push_str(&format!(
                "    <CAExcludePath>$(Conan{name}IncludeDirectories);$(CAExcludePath)</CAExcludePath>\n"
            ));
        }
        text.push_str("  </PropertyGroup>\n  <ItemDefinitionGroup>\n");
        let include = format!(
            "      <AdditionalIncludeDirectories>$(Conan{name}IncludeDirectories)%(AdditionalIncludeDirectories)</AdditionalIncludeDirectories>\n"
        );
        let defines = format!(
            "      <PreprocessorDefinitions>$(Conan{name}PreprocessorDefinitions)%(PreprocessorDefinitions)</PreprocessorDefinitions>\n"
        );
        text.push_str(&format!(
            "    <ClCompile>\n{include}{defines}      <AdditionalOptions>$(Conan{name}CompilerFlags) %(AdditionalOptions)</AdditionalOptions>\n    </ClCompile>\n"
        ));
        text.push_str(&format!(
            "    <Link>\n      <AdditionalLibraryDirectories>$(Conan{name}LibraryDirectories)%(AdditionalLibraryDirectories)</AdditionalLibraryDirectories>\n      <AdditionalDependencies>$(Conan{name}Libraries)%(AdditionalDependencies)</AdditionalDependencies>\n      <AdditionalDependencies>$(Conan{name}SystemLibs)%(AdditionalDependencies)</AdditionalDependencies>\n      <AdditionalOptions>$(Conan{name}LinkerFlags) %(AdditionalOptions)</AdditionalOptions>\n    </Link>\n"
        ));
        text.push_str(&format!(
            "    <Midl>\n{include}    </Midl>\n    <ResourceCompile>\n{include}{defines}    </ResourceCompile>\n  </ItemDefinitionGroup>\n</Project>"
        ));
        text
    }

    fn excluded(&self, name: &str) -> bool {
        self.exclude_code_analysis.as_ref().is_some_and(|patterns| {
            patterns.iter().any(|pattern| {
                crom_model::conf::matches_package(
                    &format!("{pattern}/*"),
                    Some(&crom_model::reference::RecipeReference::new(name, "0")),
                    false,
                )
            })
        })
    }
}

/// The values of a package, as properties. What the requirement's traits rule out is empty.
fn variables(package: &Package<'_>, name: &str, info: &Component) -> String {
    let root = package.folder();
    let traits = package.require;
    let tool = traits.build;
    let paths = |wanted: bool, folders: &[String]| -> String {
        if !wanted {
            return String::new();
        }
        folders
            .iter()
            .map(|folder| {
                let path = package.path(folder);
                match inside(&path, &root) {
                    Some("") => format!("$(Conan{name}RootFolder);"),
                    Some(rest) => format!("$(Conan{name}RootFolder)/{};", xml(rest)),
                    None => format!("{};", xml(&path)),
                }
            })
            .collect()
    };
    let libraries = |wanted: bool, names: &[String]| -> String {
        if !wanted {
            return String::new();
        }
        names
            .iter()
            .map(|it| {
                if it.ends_with(".lib") {
                    format!("{it};")
                } else {
                    format!("{it}.lib;")
                }
            })
            .collect()
    };
    let line =
        |what: &str, value: &str| format!("    <Conan{name}{what}>{value}</Conan{name}{what}>\n");
    let mut text = format!("{HEAD}  <PropertyGroup Label=\"ConanVariables\">\n");
    text.push_str(&line("RootFolder", &xml(&root)));
    text.push_str(&line(
        "BinaryDirectories",
        &paths(tool || traits.run(), info.bindirs()),
    ));
    if !tool {
        let compiler = [info.cxxflags(), info.cflags()].concat().join(" ");
        let linker = [info.sharedlinkflags(), info.exelinkflags()]
            .concat()
            .join(" ");
        let defines: String = info
            .defines()
            .iter()
            .map(|it| format!("{};", xml(it)))
            .collect();
        text.push_str(&line("CompilerFlags", &xml(&compiler)));
        text.push_str(&line("LinkerFlags", &xml(&linker)));
        text.push_str(&line("PreprocessorDefinitions", &defines));
        text.push_str(&line(
            "IncludeDirectories",
            &paths(traits.headers(), info.includedirs()),
        ));
        text.push_str(&line("ResourceDirectories", &paths(true, info.resdirs())));
        text.push_str(&line(
            "LibraryDirectories",
            &paths(traits.libs(), info.libdirs()),
        ));
        text.push_str(&line("Libraries", &libraries(traits.libs(), info.libs())));
        text.push_str(&line("SystemLibs", &libraries(true, info.system_libs())));
    }
    text.push_str("  </PropertyGroup>\n</Project>");
    text
}

/// Folders that several packages bring are listed once: command lines have limits.
const DEDUP: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Project ToolsVersion="4.0" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <PropertyGroup>
    <ConanDedupPropsImported>True</ConanDedupPropsImported>
  </PropertyGroup>
  <Target Name="ConanDeduplicatePaths" BeforeTargets="ClCompile;Link;Midl;ResourceCompile" Condition="'$(ConanDedupTargetDefined)' != 'True'">
    <PropertyGroup>
      <ConanDedupTargetDefined>True</ConanDedupTargetDefined>
    </PropertyGroup>
    <ItemGroup>
      <_ConanIncludes Include="%(ClCompile.AdditionalIncludeDirectories)" />
      <_ConanLibs Include="%(Link.AdditionalLibraryDirectories)" />
    </ItemGroup>
    <RemoveDuplicates Inputs="@(_ConanIncludes)">
      <Output TaskParameter="Filtered" ItemName="_ConanOnceIncludes" />
    </RemoveDuplicates>
    <RemoveDuplicates Inputs="@(_ConanLibs)">
      <Output TaskParameter="Filtered" ItemName="_ConanOnceLibs" />
    </RemoveDuplicates>
    <ItemGroup>
      <ClCompile Condition="'@(_ConanOnceIncludes)' != ''">
        <AdditionalIncludeDirectories>@(_ConanOnceIncludes)</AdditionalIncludeDirectories>
      </ClCompile>
      <Link Condition="'@(_ConanOnceLibs)' != ''">
        <AdditionalLibraryDirectories>@(_ConanOnceLibs)</AdditionalLibraryDirectories>
      </Link>
    </ItemGroup>
  </Target>
</Project>
"#;
