//! A graph for tests: a consumer that requires `libb` (shared) and by it `liba` (static, with
//! components), and uses `tool`. What generators make of it was compared with Conan 2.34.0.

use std::sync::Arc;

use crom_model::conf::Conf;
use crom_model::cpp_info::CppInfo;
use crom_model::environment::Environment;
use crom_model::options::PackageOptions;
use crom_model::package_type::PackageType;
use crom_model::reference::RecipeReference;
use crom_model::requirement::Requirement;
use crom_model::settings::Settings;
use crom_model::view::{Context, GraphView, PackageFolders, PackageView};
use serde_json::json;

use crate::cmake::Consumer;
use crate::cmake::consumer::ConsumerFolders;

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|it| (*it).to_owned()).collect()
}

fn package(name: &str, version: &str, context: Context, settings: &Settings) -> PackageView {
    let mut cpp_info = CppInfo::default();
    cpp_info.root.includedirs = Some(texts(&["include"]));
    cpp_info.root.libdirs = Some(texts(&["lib"]));
    cpp_info.root.bindirs = Some(texts(&["bin"]));
    PackageView {
        reference: RecipeReference::new(name, version),
        package_id: None,
        prev: None,
        context,
        package_type: PackageType::Unknown,
        settings: settings.clone(),
        options: PackageOptions::default(),
        metadata: Arc::default(),
        folders: PackageFolders {
            package: format!("/pkg/{name}"),
            ..PackageFolders::default()
        },
        cpp_info: Arc::new(cpp_info),
        buildenv_info: Environment::new(),
        runenv_info: Environment::new(),
        conf_info: Conf::default(),
        generator_info: Vec::new(),
        conf: Conf::default(),
        info: None,
        platform: false,
        skipped: false,
        facts: Default::default(),
        dependencies: Vec::new(),
    }
}

fn liba_info() -> CppInfo {
    let mut info = CppInfo::default();
    let mut default = info.root.clone();
    default.includedirs = Some(texts(&["include"]));
    default.libdirs = Some(texts(&["lib"]));
    default.bindirs = Some(texts(&["bin"]));
    info.root = default.clone();
    info.root.set_property("pkg_config_name", json!("lib-a"));
    info.root
        .set_property("pkg_config_aliases", json!(["ali1"]));
    let mut one = default.clone();
    one.libs = Some(texts(&["a"]));
    one.defines = Some(texts(&["ONE=1", "TWO"]));
    one.system_libs = Some(texts(&["m"]));
    one.cflags = Some(texts(&["-fa"]));
    one.cxxflags = Some(texts(&["-fxa"]));
    one.sharedlinkflags = Some(texts(&["-sl"]));
    one.exelinkflags = Some(texts(&["-el"]));
    info.components.insert("one".into(), one);
    let mut two = default.clone();
    two.libs = Some(texts(&["a2"]));
    two.requires = Some(texts(&["one"]));
    two.includedirs = Some(texts(&["include", "include/two"]));
    two.set_property("pkg_config_name", json!("a-two"));
    two.set_property("pkg_config_aliases", json!(["a-two-alias"]));
    two.set_property("component_version", json!("9.9"));
    two.set_property(
        "pkg_config_custom_content",
        json!("datadir=${prefix}/share\nfoo=bar"),
    );
    info.components.insert("two".into(), two);
    let mut three = default;
    three.libs = Some(texts(&["acomp"]));
    three.frameworks = Some(texts(&["CoreFoundation"]));
    three.resdirs = Some(texts(&["res"]));
    info.components.insert("three".into(), three);
    info
}

fn require(name: &str, version: &str, change: impl FnOnce(&mut Requirement)) -> Requirement {
    let mut require = Requirement::new(RecipeReference::new(name, version));
    require.headers = Some(true);
    require.libs = Some(true);
    require.run = Some(false);
    require.visible = Some(true);
    require.direct = Some(true);
    require.test = Some(false);
    change(&mut require);
    require
}

/// The settings of a gcc 12 on Linux.
pub(crate) fn linux() -> Settings {
    Settings::from_values([
        ("os", "Linux"),
        ("arch", "x86_64"),
        ("compiler", "gcc"),
        ("compiler.version", "12"),
        ("compiler.libcxx", "libstdc++11"),
        ("compiler.cppstd", "17"),
        ("build_type", "Release"),
    ])
}

/// The consumer with these settings, built on Linux.
pub(crate) fn consumer(settings: &Settings) -> Consumer {
    let mut libb = package("libb", "0.1", Context::Host, settings);
    let mut info = (*libb.cpp_info).clone();
    info.root.libs = Some(texts(&["b"]));
    info.root.requires = Some(texts(&["liba::two"]));
    info.root
        .set_property("system_package_version", json!("7.7"));
    libb.cpp_info = Arc::new(info);
    libb.options = PackageOptions::from_values([("shared".to_owned(), Some("True".to_owned()))]);
    libb.dependencies = vec![(require("liba", "1.2", |_| ()), 2)];
    let mut liba = package("liba", "1.2", Context::Host, settings);
    liba.cpp_info = Arc::new(liba_info());
    liba.buildenv_info.define("A_BUILD", &texts(&["no"]), " ");
    liba.runenv_info.define("A_RUN", &texts(&["yes"]), " ");
    liba.runenv_info
        .prepend_path("MYRUNPATH", &texts(&["/pkg/liba/run"]));
    let mut tool = package("tool", "3.0", Context::Build, &linux());
    tool.buildenv_info
        .define("TOOLVAR", &texts(&["a \"quote\""]), " ");
    tool.buildenv_info
        .append("TOOLFLAGS", &texts(&["a", "b"]), None);
    tool.buildenv_info
        .prepend("TOOLFLAGS", &texts(&["zero"]), Some(","));
    tool.runenv_info.define("TOOLRUN", &texts(&["1"]), " ");
    let mut root = package("cons", "1.0", Context::Host, settings);
    root.dependencies = vec![
        (require("libb", "0.1", |it| it.run = Some(true)), 1),
        (require("liba", "1.2", |it| it.direct = Some(false)), 2),
        (
            require("tool", "3.0", |it| {
                it.build = true;
                it.headers = Some(false);
                it.libs = Some(false);
                it.run = Some(true);
            }),
            3,
        ),
    ];
    let nodes = vec![
        Arc::new(root),
        Arc::new(libb),
        Arc::new(liba),
        Arc::new(tool),
    ];
    Consumer {
        name: Some("cons".into()),
        version: Some("1.0".into()),
        settings: settings.clone(),
        settings_build: linux(),
        options: PackageOptions::from_values([
            ("shared".to_owned(), Some("False".to_owned())),
            ("fPIC".to_owned(), Some("True".to_owned())),
        ]),
        graph: Arc::new(GraphView { nodes }),
        node: 0,
        folders: ConsumerFolders {
            source: "/w/src".into(),
            build: "/w/build".into(),
            generators: "/w/build/gen".into(),
            base_generators: "/w/build".into(),
            package: "/w/package".into(),
            ..ConsumerFolders::default()
        },
        jobs: 2,
        jobserver: false,
        platform: "Linux".into(),
        ..Consumer::default()
    }
}

/// Files one after the other, for snapshots.
pub(crate) fn listing(files: &[crate::file::File]) -> String {
    let mut files: Vec<&crate::file::File> = files.iter().collect();
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
        .iter()
        .map(|it| format!("=== {}\n{}\n", it.path, it.content))
        .collect()
}
