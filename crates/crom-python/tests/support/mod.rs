//! A recipe in a temporary folder and a host to run it.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crom_model::conaninfo::ConanInfo;
use crom_model::conf::Conf;
use crom_model::options::Options;
use crom_model::reference::RecipeReference;
use crom_model::reporter::{Level, Reporter, Style};
use crom_model::settings::SettingsDefinition;
use crom_model::view::{Context, GraphView, PackageView, SettingValues};
use crom_python::{HostConfig, PythonHost};
use crom_recipe::{
    ActInput, ActOutput, Action, ConfigureInput, ConfigureOutput, DescribeInput, DescribeOutput,
    FolderBases, GivenReference, IdentifyInput, IdentifyOutput, InspectInput, InstanceId, Layout,
    RecipeAttributes, RecipeError, RecipeFile, RecipeHost, RecipeSource, Role,
};

/// Keeps what was reported.
#[derive(Debug, Default)]
pub struct Log(Mutex<Vec<String>>);

impl Log {
    /// Everything so far, one line each.
    pub fn text(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }
}

impl Reporter for Log {
    fn message(&self, level: Level, style: Style, scope: &str, text: &str) {
        self.0
            .lock()
            .unwrap()
            .push(format!("{level:?}/{style:?} {scope}: {text}"));
    }

    fn raw(&self, bytes: &[u8]) {
        self.0
            .lock()
            .unwrap()
            .push(format!("raw {:?}", String::from_utf8_lossy(bytes)));
    }
}

pub struct Recipe {
    pub folder: tempfile::TempDir,
    pub log: Arc<Log>,
    pub host: PythonHost,
    pub instance: InstanceId,
    pub profile_options: Options,
    pub settings: SettingValues,
}

impl Recipe {
    /// `body` is what's inside of the class, without indentation.
    pub fn new(body: &str) -> Self {
        let mut text = String::from(
            "import os\nfrom conan import ConanFile\nfrom conan.errors import *\n\n\nclass Pkg(ConanFile):\n    name = 'pkg'\n    version = '1.0'\n",
        );
        for line in body.lines() {
            text.push_str("    ");
            text.push_str(line);
            text.push('\n');
        }
        Self::from_text(&text)
    }

    pub fn from_text(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        crom_fs::write(folder.path().join("conanfile.py"), text).unwrap();
        let log = Arc::new(Log::default());
        let host = PythonHost::new(HostConfig {
            reporter: log.clone(),
            bytecode_cache: None,
            home: folder.path().join("home"),
            global_conf: Arc::new(Conf::new()),
        });
        let settings = [
            ("os", "Linux"),
            ("arch", "x86_64"),
            ("compiler", "gcc"),
            ("compiler.version", "12"),
            ("compiler.libcxx", "libstdc++11"),
            ("compiler.cppstd", "gnu17"),
            ("build_type", "Release"),
        ];
        let settings = settings
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Self {
            folder,
            log,
            host,
            instance: InstanceId::next(),
            profile_options: Options::default(),
            settings,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self) -> RecipeFile {
        RecipeFile {
            source: RecipeSource::Python(self.path("conanfile.py")),
            folder: self.folder.path().to_owned(),
            digest: None,
        }
    }

    pub fn inspect_input(&self) -> Arc<InspectInput> {
        Arc::new(InspectInput {
            recipe: self.file(),
            given: GivenReference::default(),
            python_requires: Vec::new(),
        })
    }

    pub fn inspect(&self) -> Result<Arc<RecipeAttributes>, RecipeError> {
        self.host.inspect(&self.inspect_input())
    }

    pub fn configure_input(&self) -> Arc<ConfigureInput> {
        let attributes = self.inspect().unwrap();
        let name = attributes.name.clone().unwrap_or_default();
        let version = attributes.version.clone().unwrap_or_default();
        let mut reference = RecipeReference::new(name, version.as_str());
        reference.revision = Some("0123456789abcdef0123456789abcdef".to_owned());
        Arc::new(ConfigureInput {
            instance: self.instance,
            inspect: self.inspect_input(),
            attributes,
            reference,
            context: Context::Host,
            role: Role::Dependency,
            settings_definition: Arc::new(SettingsDefinition::builtin().unwrap()),
            settings: self.settings.clone(),
            settings_build: Arc::new(self.settings.clone()),
            settings_target: None,
            profile_options: Arc::new(self.profile_options.clone()),
            down_options: Options::default(),
            conf: Conf::new(),
            conf_build: crom_model::conf::Conf::default(),
            hidden_settings: false,
        })
    }

    pub fn configure(&self) -> Result<ConfigureOutput, RecipeError> {
        self.host.configure(&self.configure_input())
    }

    /// A graph of this package and, below it, `dependencies`.
    pub fn graph(
        &self,
        configured: &ConfigureOutput,
        dependencies: Vec<PackageView>,
    ) -> Arc<GraphView> {
        let mut root = view("pkg/1.0", configured);
        for (index, dependency) in dependencies.iter().enumerate() {
            let requirement =
                crom_model::requirement::Requirement::new(dependency.reference.clone());
            root.dependencies.push((requirement, index + 1));
        }
        let mut nodes = vec![Arc::new(root)];
        nodes.extend(dependencies.into_iter().map(Arc::new));
        Arc::new(GraphView { nodes })
    }

    pub fn identify(&self) -> Result<IdentifyOutput, RecipeError> {
        let configured = self.configure()?;
        self.host.identify(&IdentifyInput {
            instance: self.instance,
            configure: self.configure_input(),
            info: info(&configured),
            graph: self.graph(&configured, Vec::new()),
            node: 0,
            first: true,
        })
    }

    pub fn describe(&self) -> Result<DescribeOutput, RecipeError> {
        let configured = self.configure()?;
        let identified = self.identify()?;
        let folders = crom_model::view::PackageFolders {
            package: self.folder.path().to_string_lossy().into_owned(),
            ..Default::default()
        };
        self.host.describe(&DescribeInput {
            instance: self.instance,
            configure: self.configure_input(),
            layout: Arc::new(identified.layout),
            info: Some(Arc::new(identified.info)),
            folders,
            graph: self.graph(&configured, Vec::new()),
            node: 0,
            editable: false,
        })
    }

    pub fn act(&self, action: Action) -> Result<ActOutput, RecipeError> {
        let configured = self.configure()?;
        let graph = self.graph(&configured, Vec::new());
        self.act_in(action, graph)
    }

    pub fn act_in(&self, action: Action, graph: Arc<GraphView>) -> Result<ActOutput, RecipeError> {
        let place = |name: &str| self.path(name).to_string_lossy().into_owned();
        self.host.act(&ActInput {
            instance: self.instance,
            inspect: self.inspect_input(),
            configure: Some(self.configure_input()),
            layout: Some(Arc::new(Layout::default())),
            info: None,
            graph,
            node: 0,
            folders: FolderBases {
                recipe: place(""),
                export: place("e"),
                export_sources: place("es"),
                source: place("s"),
                build: place("b"),
                generators: place("b"),
                package: place("p"),
                ..FolderBases::default()
            },
            buildenv: Arc::default(),
            runenv: Arc::default(),
            action,
        })
    }
}

/// `self.info` before `package_id()`.
pub fn info(configured: &ConfigureOutput) -> ConanInfo {
    ConanInfo {
        settings: configured.settings.copy_for_info(),
        options: configured.options.copy_for_info(),
        ..ConanInfo::default()
    }
}

/// A package with nothing but its configuration.
pub fn view(reference: &str, configured: &ConfigureOutput) -> PackageView {
    PackageView {
        reference: RecipeReference::loads(reference).unwrap(),
        package_id: Some("0".repeat(40)),
        prev: None,
        context: Context::Host,
        package_type: configured.package_type,
        settings: configured.settings.clone(),
        options: configured.options.clone(),
        metadata: Arc::default(),
        folders: Default::default(),
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
