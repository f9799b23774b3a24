//! Files for CMake. What is expected was read off Conan 2.34.0.

mod build_helper;
mod config_deps;
mod deps;
mod layout;
mod presets;
mod toolchain;

use std::sync::Arc;

use crom_generators::cmake::Consumer;
use crom_generators::cmake::consumer::ConsumerFolders;
use crom_model::conf::{Conf, ConfValue};
use crom_model::cpp_info::{Component, CppInfo};
use crom_model::options::PackageOptions;
use crom_model::package_type::PackageType;
use crom_model::reference::RecipeReference;
use crom_model::requirement::Requirement;
use crom_model::settings::Settings;
use crom_model::view::{Context, GraphView, PackageFolders, PackageView};
use serde_json::Value;

const LINUX: &str = "os=Linux arch=x86_64 compiler=gcc compiler.version=12 \
                     compiler.libcxx=libstdc++11 compiler.cppstd=gnu17 build_type=Release";

fn settings(text: &str) -> Settings {
    Settings::from_values(text.split_whitespace().filter_map(|it| it.split_once('=')))
}

fn conf(values: &Value) -> Conf {
    let mut conf = Conf::new();
    for (name, value) in values.as_object().into_iter().flatten() {
        conf.define(name, ConfValue::from_json(value));
    }
    conf
}

/// A consumer in `/w`, with its generators in `/w/build/generators`.
fn consumer(text: &str, confs: Value) -> Consumer {
    Consumer {
        settings: settings(text),
        settings_build: settings(LINUX),
        conf: conf(&confs),
        folders: ConsumerFolders {
            source: "/w".into(),
            build: "/w/build".into(),
            package: String::new(),
            generators: "/w/build/generators".into(),
            base_generators: "/w".into(),
            base_source: "/w".into(),
        },
        jobs: 4,
        platform: "Linux".into(),
        ..Consumer::default()
    }
}

/// A requirement with final traits.
fn require(reference: &str, traits: &str) -> Requirement {
    let reference = RecipeReference::loads(reference).expect("a reference");
    let mut require = Requirement::new(reference);
    let has = |name: &str| traits.split_whitespace().any(|it| it == name);
    require.headers = Some(has("headers"));
    require.libs = Some(has("libs"));
    require.run = Some(has("run"));
    require.direct = Some(has("direct"));
    require.build = has("build");
    require
}

fn package(reference: &str, package_type: PackageType, cpp_info: CppInfo) -> PackageView {
    let reference = RecipeReference::loads(reference).expect("a reference");
    PackageView {
        folders: PackageFolders {
            package: format!("/p/{}", reference.name),
            ..PackageFolders::default()
        },
        reference,
        package_id: None,
        prev: None,
        context: Context::Host,
        package_type,
        settings: settings(LINUX),
        options: PackageOptions::default(),
        metadata: Arc::default(),
        cpp_info: Arc::new(cpp_info),
        buildenv_info: Default::default(),
        runenv_info: Default::default(),
        conf_info: Conf::new(),
        generator_info: Vec::new(),
        conf: Conf::new(),
        info: None,
        platform: false,
        skipped: false,
        facts: Default::default(),
        dependencies: Vec::new(),
    }
}

/// Adds packages that the consumer sees; the requirements come in the packages' order.
fn with_packages(mut consumer: Consumer, seen: Vec<(Requirement, PackageView)>) -> Consumer {
    let mut root = package("root/1.0", PackageType::Unknown, CppInfo::default());
    let mut nodes = vec![];
    for (index, (require, package)) in seen.into_iter().enumerate() {
        root.dependencies.push((require, index + 1));
        nodes.push(Arc::new(package));
    }
    nodes.insert(0, Arc::new(root));
    consumer.graph = Arc::new(GraphView { nodes });
    consumer
}

fn texts(values: &[&str]) -> Option<Vec<String>> {
    Some(values.iter().map(|it| (*it).to_owned()).collect())
}

fn library(libs: &[&str]) -> Component {
    Component {
        includedirs: texts(&["include"]),
        libdirs: texts(&["lib"]),
        bindirs: texts(&["bin"]),
        libs: texts(libs),
        ..Component::default()
    }
}

fn whole(root: Component) -> CppInfo {
    CppInfo {
        root,
        ..CppInfo::default()
    }
}

/// `engine` with two components over the static `base`, and a tool.
fn example() -> Vec<(Requirement, PackageView)> {
    let mut base = library(&["base"]);
    base.system_libs = texts(&["m"]);
    base.defines = texts(&["BASE=\"1\""]);
    base.set_property("cmake_find_mode", "both".into());
    base.set_property("cmake_target_aliases", serde_json::json!(["base_alias"]));
    let base = package("base/1.2", PackageType::StaticLibrary, whole(base));

    let mut core = library(&["core"]);
    core.requires = texts(&["base::base"]);
    core.cxxflags = texts(&["-fcore"]);
    core.set_property("cmake_target_name", "Engine::Core".into());
    let mut ui = library(&["ui"]);
    ui.requires = texts(&["core"]);
    let mut root = Component::default();
    root.set_property("cmake_file_name", "Engine".into());
    root.set_property("cmake_target_name", "Engine::Engine".into());
    let info = CppInfo {
        root,
        components: [("core".to_owned(), core), ("ui".to_owned(), ui)]
            .into_iter()
            .collect(),
        ..CppInfo::default()
    };
    let mut engine = package("engine/4.5.6", PackageType::SharedLibrary, info);
    engine.dependencies = vec![(require("base/1.2", "headers libs direct"), 2)];

    let mut tool = library(&[]);
    tool.builddirs = texts(&["cmake"]);
    let mut tool = package("tool/3.0", PackageType::Application, whole(tool));
    tool.context = Context::Build;
    vec![
        (require("engine/4.5.6", "headers libs run direct"), engine),
        (require("base/1.2", "headers libs"), base),
        (require("tool/3.0", "run direct build"), tool),
    ]
}
