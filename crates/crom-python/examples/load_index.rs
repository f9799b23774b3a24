//! Loads and inspects every recipe of a recipe index, and says how long it took and what failed.
//!
//! ```text
//! cargo run -p crom-python --example load_index -- path/to/index/recipes [filter] [phases]
//! ```
//!
//! With `phases`, each recipe is also configured, identified and described for gcc on Linux, as a
//! package without dependencies.
//! Recipes of Conan 1 (`conans` is imported) are left out.
#![expect(clippy::print_stdout, reason = "an example reports on the terminal")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crom_model::conaninfo::ConanInfo;
use crom_model::conf::Conf;
use crom_model::options::Options;
use crom_model::reference::RecipeReference;
use crom_model::reporter::Silent;
use crom_model::settings::SettingsDefinition;
use crom_model::view::{Context, GraphView, PackageFolders, PackageView, SettingValues};
use crom_python::{HostConfig, PythonHost};
use crom_recipe::{
    ConfigureInput, ConfigureOutput, DescribeInput, GivenReference, IdentifyInput, InspectInput,
    InstanceId, RecipeError, RecipeFile, RecipeHost, RecipeSource, Role,
};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let root = PathBuf::from(arguments.next().unwrap_or_else(|| "recipes".to_owned()));
    let filter = arguments.next().unwrap_or_default();
    let phases = arguments.next().is_some();
    let config = HostConfig {
        reporter: Arc::new(Silent),
        bytecode_cache: std::env::var_os("CROM_BYTECODE").map(PathBuf::from),
        home: PathBuf::new(),
        global_conf: Arc::new(Conf::new()),
    };
    let host = PythonHost::new(config);
    let recipes: Vec<PathBuf> = conanfiles(&root)
        .into_iter()
        .filter(|it| it.to_string_lossy().contains(&filter))
        .collect();
    let start = Instant::now();
    let mut failures: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut first = None;
    for path in &recipes {
        if let Err(error) = run(&host, path, phases) {
            let text = error.to_string();
            let method = error.method.as_deref().unwrap_or("-");
            let line = format!("{method}: {}", text.lines().last().unwrap_or_default());
            let name = path
                .strip_prefix(&root)
                .unwrap_or(path)
                .display()
                .to_string();
            failures.entry(line).or_default().push(name);
        }
        first.get_or_insert_with(|| start.elapsed());
    }
    let elapsed = start.elapsed();
    let failed: usize = failures.values().map(Vec::len).sum();
    for (text, names) in &failures {
        println!(
            "{:5} {text}\n        {}",
            names.len(),
            names[..names.len().min(5)].join(" ")
        );
    }
    println!(
        "{} recipes, {failed} failed, {elapsed:.2?}, first after {first:.2?}",
        recipes.len()
    );
}

fn run(host: &PythonHost, path: &Path, phases: bool) -> Result<(), RecipeError> {
    let folder = path.parent().unwrap_or(path).to_owned();
    let version = first_version(&folder);
    let recipe = RecipeFile {
        source: RecipeSource::Python(path.to_owned()),
        folder,
        digest: None,
    };
    let given = GivenReference {
        version: Some(version),
        ..GivenReference::default()
    };
    let inspect = Arc::new(InspectInput {
        recipe,
        given,
        python_requires: Vec::new(),
    });
    let attributes = host.inspect(&inspect)?;
    if !phases {
        return Ok(());
    }
    let configure = Arc::new(configure_input(inspect, attributes));
    let configured = host.configure(&configure)?;
    let graph = Arc::new(GraphView {
        nodes: vec![Arc::new(view(&configure, &configured))],
    });
    let info = ConanInfo {
        settings: configured.settings.copy_for_info(),
        options: configured.options.copy_for_info(),
        ..ConanInfo::default()
    };
    let identify = IdentifyInput {
        instance: configure.instance,
        configure: configure.clone(),
        info,
        graph: graph.clone(),
        node: 0,
        first: true,
    };
    let identified = host.identify(&identify)?;
    host.describe(&DescribeInput {
        instance: configure.instance,
        configure: configure.clone(),
        layout: Arc::new(identified.layout),
        info: Some(Arc::new(identified.info)),
        folders: PackageFolders {
            package: "/nowhere".to_owned(),
            ..PackageFolders::default()
        },
        graph,
        node: 0,
        editable: false,
    })?;
    host.forget(configure.instance);
    Ok(())
}

fn configure_input(
    inspect: Arc<InspectInput>,
    attributes: Arc<crom_recipe::RecipeAttributes>,
) -> ConfigureInput {
    let settings: SettingValues = [
        ("os", "Linux"),
        ("arch", "x86_64"),
        ("compiler", "gcc"),
        ("compiler.version", "12"),
        ("compiler.libcxx", "libstdc++11"),
        ("compiler.cppstd", "gnu17"),
        ("build_type", "Release"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    let name = attributes.name.clone().unwrap_or_default();
    let version = attributes.version.clone().unwrap_or_default();
    let mut reference = RecipeReference::new(name, version.as_str());
    reference.revision = Some("0".repeat(32));
    ConfigureInput {
        instance: InstanceId::next(),
        inspect,
        attributes,
        reference,
        context: Context::Host,
        role: Role::Dependency,
        settings_definition: DEFINITION.clone(),
        settings: settings.clone(),
        settings_build: Arc::new(settings),
        settings_target: None,
        profile_options: Arc::default(),
        down_options: Options::default(),
        conf: Conf::new(),
        conf_build: crom_model::conf::Conf::default(),
        hidden_settings: false,
    }
}

static DEFINITION: std::sync::LazyLock<Arc<SettingsDefinition>> =
    std::sync::LazyLock::new(|| Arc::new(SettingsDefinition::builtin().unwrap_or_default()));

fn view(input: &ConfigureInput, configured: &ConfigureOutput) -> PackageView {
    PackageView {
        reference: input.reference.clone(),
        package_id: None,
        prev: None,
        context: Context::Host,
        package_type: configured.package_type,
        settings: configured.settings.clone(),
        options: configured.options.clone(),
        metadata: Arc::default(),
        folders: PackageFolders::default(),
        cpp_info: Arc::default(),
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

/// The first version in the recipe's `conandata.yml`, or any.
fn first_version(folder: &Path) -> String {
    let text = crom_fs::read_text(folder.join("conandata.yml")).unwrap_or_default();
    let data = crom_model::yaml::load(&text, "conandata.yml").unwrap_or_default();
    let sources = data.get("sources").and_then(|it| it.as_map());
    sources
        .and_then(|it| it.keys().next())
        .map_or_else(|| "system".to_owned(), |it| it.to_python_str())
}

/// `*/*/conanfile.py`
fn conanfiles(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in crom_fs::list(root).unwrap_or_default() {
        for version in crom_fs::list(root.join(&name)).unwrap_or_default() {
            let path = root.join(&name).join(&version).join("conanfile.py");
            let Ok(text) = crom_fs::read_text(&path) else {
                continue;
            };
            let old =
                |line: &str| line.starts_with("from conans") || line.starts_with("import conans");
            if !text.lines().any(|line| old(line.trim_start())) {
                found.push(path);
            }
        }
    }
    found
}
