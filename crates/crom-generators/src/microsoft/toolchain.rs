//! `conantoolchain.props` (MSBuildToolchain).

use crom_model::flags::msvc;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::facts::{msvs_toolset, platform};
use crate::cmake::Consumer;
use crate::cmake::text::python_str;
use crate::error::GeneratorError;
use crate::file::File;
use crate::gnu::flags::flag_input;
use crate::lenient;

/// The toolchain's attributes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the names are those of the toolchain's attributes"
)]
pub struct MsBuildToolchain {
    pub preprocessor_definitions: IndexMap<String, Value>,
    pub compile_options: IndexMap<String, Value>,
    #[serde(deserialize_with = "lenient::list")]
    pub cxxflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub cflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub ldflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub rcflags: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub configuration: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub runtime_library: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub cppstd: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub cstd: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub toolset: Option<String>,
    pub properties: IndexMap<String, Value>,
    #[serde(deserialize_with = "lenient::text")]
    pub toolset_version_full_path: Option<String>,
}

/// A new object's attributes.
pub fn new_toolchain(consumer: &Consumer) -> Result<MsBuildToolchain, GeneratorError> {
    let runtime = flag_input(consumer, msvc::msvc_runtime_flag)?;
    let runtime = match runtime.as_str() {
        "MT" => "MultiThreaded",
        "MTd" => "MultiThreadedDebug",
        "MD" => "MultiThreadedDLL",
        "MDd" => "MultiThreadedDebugDLL",
        _ => "",
    };
    let setting = |name: &str| consumer.setting(name).map(str::to_owned);
    Ok(MsBuildToolchain {
        configuration: setting("build_type"),
        runtime_library: Some(runtime.to_owned()),
        cppstd: setting("compiler.cppstd"),
        cstd: setting("compiler.cstd"),
        toolset: msvs_toolset(&consumer.settings)?,
        ..MsBuildToolchain::default()
    })
}

/// A changed object, to be rendered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RenderMsBuild {
    /// The package.
    pub consumer: Consumer,
    /// The object's attributes.
    pub toolchain: MsBuildToolchain,
    /// `conantoolchain.props` as it is in the generators folder: other configurations stay in it.
    pub existing: Option<String>,
}

fn condition(input: &RenderMsBuild) -> (String, String) {
    let configuration = input.toolchain.configuration.clone().unwrap_or_default();
    let platform = platform(input.consumer.setting("arch")).unwrap_or_default();
    (configuration, platform.to_owned())
}

/// Renders `conantoolchain.props` and the file of this configuration.
pub fn render(input: &RenderMsBuild) -> Result<Vec<File>, GeneratorError> {
    let (configuration, platform) = condition(input);
    let name = format!("conantoolchain_{configuration}_{platform}.props").to_lowercase();
    let mut files = vec![File::new(name.clone(), configuration_file(input)?)];
    let import = format!(
        "\t\t<Import Condition=\"'$(Configuration)' == '{configuration}' And '$(Platform)' == '{platform}'\" Project=\"{name}\"/>"
    );
    let mut imports: Vec<String> = imports_of(input.existing.as_deref().unwrap_or_default());
    if !imports.contains(&import) {
        imports.push(import);
    }
    let consumer = &input.consumer;
    let content = format!(
        "<?xml version=\"1.0\" ?>\n<Project xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\" ToolsVersion=\"4.0\">\n\t<ImportGroup Label=\"PropertySheets\">\n{}\n\t</ImportGroup>\n\t<PropertyGroup Label=\"ConanPackageInfo\">\n\t\t<ConanPackageName>{}</ConanPackageName>\n\t\t<ConanPackageVersion>{}</ConanPackageVersion>\n\t</PropertyGroup>\n</Project>",
        imports.join("\n"),
        xml(consumer.name.as_deref().unwrap_or_default()),
        xml(consumer.version.as_deref().unwrap_or_default()),
    );
    files.push(File::new("conantoolchain.props", content));
    Ok(files)
}

/// The `<Import>` lines of a property sheet.
pub(super) fn imports_of(text: &str) -> Vec<String> {
    text.lines()
        .filter(|it| it.trim_start().starts_with("<Import "))
        .map(|it| format!("\t\t{}", it.trim()))
        .collect()
}

/// Text inside of an element or attribute.
pub(super) fn xml(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// What the file of a configuration is made of (`MSBuildToolchain.context_config_toolchain`).
pub fn context(input: &RenderMsBuild) -> Result<IndexMap<&'static str, Value>, GeneratorError> {
    let (consumer, toolchain) = (&input.consumer, &input.toolchain);
    let conf = &consumer.conf;
    let joined = |lists: &[&[String]]| Value::String(lists.concat().join(" "));
    let defines: String = defines(input)?.iter().map(|it| format!("{it};")).collect();
    let options: String = compile_options(input)?
        .iter()
        .map(|(name, value)| format!("\n{}", element(name, &xml(value))))
        .collect();
    let parallel: String = parallel(consumer)
        .iter()
        .map(|it| format!("\n{it}"))
        .collect();
    let standard = |value: &Option<String>, prefix: &str| {
        Value::String(
            value
                .as_ref()
                .map_or_else(String::new, |it| match it.as_str() {
                    "23" if prefix == "stdcpp" => "stdcpplatest".to_owned(),
                    it => format!("{prefix}{it}"),
                }),
        )
    };
    let text = |value: Option<String>| value.map_or(Value::Null, Value::String);
    Ok(IndexMap::from([
        ("defines", Value::String(defines)),
        (
            "compiler_flags",
            joined(&[
                &toolchain.cxxflags,
                &toolchain.cflags,
                &conf.get_list("tools.build:cxxflags")?,
                &conf.get_list("tools.build:cflags")?,
            ]),
        ),
        (
            "linker_flags",
            joined(&[
                &toolchain.ldflags,
                &conf.get_list("tools.build:sharedlinkflags")?,
                &conf.get_list("tools.build:exelinkflags")?,
            ]),
        ),
        (
            "rc_flags",
            joined(&[&toolchain.rcflags, &conf.get_list("tools.build:rcflags")?]),
        ),
        ("cppstd", standard(&toolchain.cppstd, "stdcpp")),
        ("cstd", standard(&toolchain.cstd, "stdc")),
        ("runtime_library", text(toolchain.runtime_library.clone())),
        ("toolset", text(toolchain.toolset.clone())),
        ("compile_options", Value::String(options)),
        ("parallel", Value::String(parallel)),
        (
            "properties",
            Value::Object(toolchain.properties.clone().into_iter().collect()),
        ),
        (
            "winsdk_version",
            text(conf.get_str("tools.microsoft:winsdk_version")?),
        ),
        (
            "toolset_version_full_path",
            text(toolchain.toolset_version_full_path.clone()),
        ),
    ]))
}

fn defines(input: &RenderMsBuild) -> Result<Vec<String>, GeneratorError> {
    let mut defines: Vec<String> = input
        .toolchain
        .preprocessor_definitions
        .iter()
        .map(|(name, value)| match value {
            Value::Null => name.clone(),
            value => format!("{name}={}", python_str(value)),
        })
        .collect();
    defines.extend(input.consumer.conf.get_list("tools.build:defines")?);
    Ok(defines)
}

fn compile_options(input: &RenderMsBuild) -> Result<IndexMap<String, String>, GeneratorError> {
    let name = "tools.microsoft.msbuildtoolchain:compile_options";
    let of_conf = input.consumer.conf.get_dict(name)?;
    let mut options: IndexMap<String, String> = input
        .toolchain
        .compile_options
        .iter()
        .map(|(name, value)| (name.clone(), python_str(value)))
        .collect();
    options.extend(
        of_conf
            .iter()
            .map(|(name, value)| (name.clone(), value.to_python_str())),
    );
    Ok(options)
}

fn parallel(consumer: &Consumer) -> Vec<String> {
    if consumer.jobs == 0 {
        return Vec::new();
    }
    vec![
        element("MultiProcessorCompilation", "True"),
        element("ProcessorNumber", &consumer.jobs.to_string()),
    ]
}

fn configuration_file(input: &RenderMsBuild) -> Result<String, GeneratorError> {
    let (consumer, toolchain) = (&input.consumer, &input.toolchain);
    let conf = &consumer.conf;
    let defines: String = defines(input)?
        .iter()
        .map(|it| format!("{};", xml(it)))
        .collect();
    let flags = |lists: &[&[String]]| xml(&lists.concat().join(" "));
    let compiler = flags(&[
        &toolchain.cxxflags,
        &toolchain.cflags,
        &conf.get_list("tools.build:cxxflags")?,
        &conf.get_list("tools.build:cflags")?,
    ]);
    let linker = flags(&[
        &toolchain.ldflags,
        &conf.get_list("tools.build:sharedlinkflags")?,
        &conf.get_list("tools.build:exelinkflags")?,
    ]);
    let resources = flags(&[&toolchain.rcflags, &conf.get_list("tools.build:rcflags")?]);
    let mut compile = vec![
        element(
            "PreprocessorDefinitions",
            &format!("{defines}%(PreprocessorDefinitions)"),
        ),
        element(
            "AdditionalOptions",
            &format!("{compiler} %(AdditionalOptions)"),
        ),
        element(
            "RuntimeLibrary",
            toolchain.runtime_library.as_deref().unwrap_or_default(),
        ),
    ];
    if let Some(cppstd) = &toolchain.cppstd {
        let name = match cppstd.as_str() {
            "23" => "stdcpplatest".to_owned(),
            other => format!("stdcpp{other}"),
        };
        compile.push(element("LanguageStandard", &name));
    }
    if let Some(cstd) = &toolchain.cstd {
        compile.push(element("LanguageStandard_C", &format!("stdc{cstd}")));
    }
    compile.extend(parallel(consumer));
    for (name, value) in &compile_options(input)? {
        compile.push(element(name, &xml(value)));
    }
    let mut resource = vec![element(
        "PreprocessorDefinitions",
        &format!("{defines}%(PreprocessorDefinitions)"),
    )];
    if !resources.is_empty() {
        resource.push(element(
            "AdditionalOptions",
            &format!("{resources} %(AdditionalOptions)"),
        ));
    }
    let link = vec![element(
        "AdditionalOptions",
        &format!("{linker} %(AdditionalOptions)"),
    )];
    let mut properties: Vec<String> = Vec::new();
    if let Some(sdk) = conf.get_str("tools.microsoft:winsdk_version")? {
        properties.push(element_at(4, "WindowsTargetPlatformVersion", &sdk));
    }
    properties.push(element_at(
        4,
        "PlatformToolset",
        toolchain.toolset.as_deref().unwrap_or_default(),
    ));
    for (name, value) in &toolchain.properties {
        properties.push(element_at(4, name, &xml(&python_str(value))));
    }
    let group = |name: &str, lines: &[String]| {
        format!("    <{name}>\n{}\n    </{name}>\n", lines.join("\n"))
    };
    let toolset_import = toolchain
        .toolset_version_full_path
        .as_ref()
        .map(|path| format!("  <ImportGroup Label=\"PropertySheets\">\n    <Import Project=\"{}\"/>\n  </ImportGroup>\n", xml(path)))
        .unwrap_or_default();
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Project xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\">\n{toolset_import}  <ItemDefinitionGroup>\n{}{}{}  </ItemDefinitionGroup>\n  <PropertyGroup Label=\"Configuration\">\n{}\n  </PropertyGroup>\n</Project>",
        group("ClCompile", &compile),
        group("Link", &link),
        group("ResourceCompile", &resource),
        properties.join("\n"),
    ))
}

fn element(name: &str, content: &str) -> String {
    element_at(6, name, content)
}

fn element_at(indent: usize, name: &str, content: &str) -> String {
    format!("{:indent$}<{name}>{content}</{name}>", "")
}
