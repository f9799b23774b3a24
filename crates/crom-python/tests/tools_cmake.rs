//! `conan.tools.cmake` and `conan.tools.layout` as recipes use them. What is expected was printed by
//! Conan 2.34.0 for the same recipes.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crom_model::conaninfo::ConanInfo;
use crom_model::conf::Conf;
use crom_model::options::Options;
use crom_model::reference::RecipeReference;
use crom_model::reporter::{Level, Reporter, Style};
use crom_model::settings::SettingsDefinition;
use crom_model::view::Context;
use crom_python::{HostConfig, PythonHost};
use crom_recipe::{
    ActInput, Action, ConfigureInput, FolderBases, GivenReference, IdentifyInput, InspectInput,
    InstanceId, RecipeFile, RecipeHost, RecipeSource, Role,
};

#[derive(Debug, Default)]
struct Recorder(Mutex<Vec<String>>);

impl Reporter for Recorder {
    fn message(&self, level: Level, _: Style, _: &str, text: &str) {
        let mark = match level {
            Level::Warning => "WARN: ",
            Level::Error => "ERROR: ",
            _ => "",
        };
        self.0.lock().unwrap().push(format!("{mark}{text}"));
    }
    fn raw(&self, bytes: &[u8]) {
        self.0
            .lock()
            .unwrap()
            .push(String::from_utf8_lossy(bytes).into_owned());
    }
}

const RECIPE: &str = r#"
from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout

class Foo(ConanFile):
    name = "foo"
    version = "1.0"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "n": [1, 2]}
    default_options = {"shared": False, "fPIC": True, "n": 2}
    generators = "CMakeDeps"

    def layout(self):
        cmake_layout(self, src_folder="src")
        self.output.info(f"LAYOUT {self.folders.source} {self.folders.build} {self.cpp.build.libdirs}")

    def generate(self):
        tc = CMakeToolchain(self)
        tc.variables["ON"] = True
        tc.variables["SHARED"] = self.options.shared
        tc.variables.debug["LOUD"] = "yes"
        tc.cache_variables["N"] = self.options.n
        tc.preprocessor_definitions["TEXT"] = 'a "b"'
        tc.extra_cflags.append("-extra")
        tc.blocks.remove("rpath")
        tc.blocks["generic_system"].values["cmake_system_name"] = "Potato"
        tc.blocks["cmake_flags_init"].template += '\n# mine {{ nothing }}'

        class Mine:
            template = "Hello {{ who }}!"
            def context(self):
                return {"who": "World"}
        tc.blocks["mine"] = Mine
        tc.generate()
        self.output.info(f"BLOCKS {list(tc.blocks.keys())[:3]} {tc.is_multi_configuration} {tc.generator}")
        try:
            CMakeDeps(self).generate()
        except Exception as e:
            self.output.info(f"{type(e).__name__}: {e}")

    def run(self, command, **kwargs):
        import os
        self.output.info(f"RUN {os.path.basename(os.getcwd())} {command} {kwargs}")

    def build(self):
        cmake = CMake(self)
        cmake.configure(variables={"A": "b c", "S": self.options.shared}, cli_args=["-Wdev"])
        cmake.build(target=["x", "y"], build_tool_args=["-k"])
        cmake.build(build_type="Debug")
        cmake.test()
        cmake.ctest(cli_args=["-V"])

    def package(self):
        CMake(self).install(component="dev")
"#;

struct Recipe {
    dir: tempfile::TempDir,
    recorder: Arc<Recorder>,
    host: PythonHost,
}

impl Recipe {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["r/src", "home", "b", "p"] {
            crom_fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        crom_fs::write(dir.path().join("r/conanfile.py"), RECIPE).unwrap();
        crom_fs::write(dir.path().join("r/src/CMakeLists.txt"), "").unwrap();
        let recorder = Arc::new(Recorder::default());
        let host = PythonHost::new(HostConfig {
            reporter: recorder.clone(),
            bytecode_cache: None,
            home: dir.path().join("home"),
            global_conf: Arc::new(Conf::new()),
        });
        Self {
            dir,
            recorder,
            host,
        }
    }

    fn path(&self, relative: &str) -> PathBuf {
        crom_fs::canonical(self.dir.path()).unwrap().join(relative)
    }

    fn act(&self, action: Action) -> String {
        let folder = self.path("r");
        let text = |relative: &str| self.path(relative).to_string_lossy().into_owned();
        let instance = InstanceId::next();
        let inspect = Arc::new(InspectInput {
            recipe: RecipeFile {
                source: RecipeSource::Python(folder.join("conanfile.py")),
                folder,
                digest: None,
            },
            given: GivenReference::default(),
            python_requires: Vec::new(),
        });
        let attributes = self
            .host
            .inspect(&inspect)
            .unwrap_or_else(|error| panic!("{error:?}"));
        let settings = "os=Linux arch=x86_64 compiler=gcc compiler.version=12 \
                        compiler.libcxx=libstdc++11 compiler.cppstd=gnu17 build_type=Release";
        let settings: indexmap::IndexMap<String, String> = settings
            .split_whitespace()
            .filter_map(|it| it.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut conf = Conf::new();
        conf.define("tools.build:jobs", crom_model::conf::ConfValue::Int(3));
        let configure = ConfigureInput {
            instance,
            inspect: inspect.clone(),
            attributes,
            reference: RecipeReference::loads("foo/1.0").unwrap(),
            context: Context::Host,
            role: Role::Dependency,
            settings_definition: Arc::new(SettingsDefinition::builtin().unwrap()),
            settings_build: Arc::new(settings.clone()),
            settings,
            settings_target: None,
            profile_options: Arc::new(Options::default()),
            down_options: Options::default(),
            conf,
            conf_build: crom_model::conf::Conf::default(),
            hidden_settings: false,
        };
        let configure = Arc::new(configure);
        let identify = IdentifyInput {
            instance,
            configure: configure.clone(),
            info: ConanInfo::default(),
            graph: Arc::default(),
            node: 0,
            first: true,
        };
        let identified = self
            .host
            .identify(&identify)
            .unwrap_or_else(|error| panic!("{error:?}"));
        let input = ActInput {
            instance,
            inspect,
            configure: Some(configure),
            layout: Some(Arc::new(identified.layout)),
            info: None,
            graph: Arc::default(),
            node: 0,
            folders: FolderBases {
                recipe: text("r"),
                source: text("r"),
                build: text("b"),
                generators: text("b"),
                package: text("p"),
                ..FolderBases::default()
            },
            buildenv: Arc::default(),
            runenv: Arc::default(),
            action,
        };
        self.host
            .act(&input)
            .unwrap_or_else(|error| panic!("{error:?}"));
        let lines = std::mem::take(&mut *self.recorder.0.lock().unwrap());
        lines.join("\n").replace(&text(""), "@/")
    }
}

/// One test: actions change the current folder, of which a process has one.
#[test]
fn a_recipe_generates_builds_and_installs() {
    let recipe = Recipe::new();
    let generated = recipe.act(Action::Generate {
        extra_generators: Vec::new(),
        env_scripts: false,
    });
    for text in [
        "LAYOUT src build/Release ['.']",
        "Generator 'CMakeDeps' calling 'generate()'",
        "CMakeToolchain generated: conan_toolchain.cmake",
        "CMakeToolchain: Preset 'conan-release' added to CMakePresets.json.",
        "    (cmake>=3.23) cmake --preset conan-release",
        "-DN=2 -DCMAKE_POLICY_DEFAULT_CMP0091=NEW -DCMAKE_BUILD_TYPE=Release",
        "CMakeToolchain generated: @/b/build/Release/generators/CMakePresets.json",
        "CMakeToolchain generated: @/r/src/CMakeUserPresets.json",
        "BLOCKS ['user_toolchain', 'generic_system', 'compilers'] False Unix Makefiles",
        "ConanException: CMakeDeps is declared in the generators attribute, but was instantiated in \
         the generate() method too. It should only be present in one of them.",
    ] {
        assert!(generated.contains(text), "{text} isn't in\n{generated}");
    }
    let folder = recipe.path("b/build/Release/generators");
    let toolchain = crom_fs::read_text(folder.join("conan_toolchain.cmake")).unwrap();
    for text in [
        "set(ON ON CACHE BOOL \"Variable ON conan-toolchain defined\")",
        "set(SHARED \"False\" CACHE STRING",
        "set(CONAN_DEF_debugLOUD \"yes\")",
        "add_compile_definitions(\"TEXT=a \\\"b\\\"\")",
        "string(APPEND CONAN_C_FLAGS \" -extra\")",
        "set(CMAKE_SYSTEM_NAME Potato)",
        "# mine",
        "########## 'mine' block #############\nHello World!",
        "set(CMAKE_POSITION_INDEPENDENT_CODE ON CACHE BOOL",
        "set(BUILD_SHARED_LIBS OFF CACHE BOOL",
    ] {
        assert!(toolchain.contains(text), "{text} isn't in\n{toolchain}");
    }
    assert!(!toolchain.contains("'rpath' block"), "{toolchain}");
    assert!(crom_fs::is_file(folder.join("cmakedeps_macros.cmake")));

    let built = recipe.act(Action::Build);
    for text in [
        "Running CMake.configure()",
        "RUN Release cmake -G \"Unix Makefiles\" \
         -DCMAKE_TOOLCHAIN_FILE=\"generators/conan_toolchain.cmake\" \
         -DCMAKE_INSTALL_PREFIX=\"@/p\" -DN=\"2\" -DCMAKE_POLICY_DEFAULT_CMP0091=\"NEW\" \
         -DCMAKE_BUILD_TYPE=\"Release\" -DA=\"b c\" -DS=\"False\" \"@/r/src\" -Wdev",
        "cmake --build \"@/b/build/Release\" --target x y -- -j3 -k {'env': ''",
        "ERROR: Don't specify 'build_type' at build time for single-config build systems",
        "cmake --build \"@/b/build/Release\" --target test -- -j3 {'env': ['conanbuild', 'conanrun']",
        "ctest --parallel 3 -V {'env': ['conanbuild', 'conanrun']",
    ] {
        assert!(built.contains(text), "{text} isn't in\n{built}");
    }
    let packaged = recipe.act(Action::Package);
    let text = "cmake --install \"@/b/build/Release\" --prefix \"@/p\" --component dev";
    assert!(packaged.contains(text), "{text} isn't in\n{packaged}");
}
