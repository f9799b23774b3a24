//! The phases on small recipes. Texts of errors are those that Conan 2.34.0 prints.

mod support;

use crom_model::options::Options;
use crom_recipe::RecipeHost as _;
use crom_recipe::{Action, RecipeErrorKind, RecipeMethod, RequirementDeclaration};
use support::Recipe;

#[test]
fn attributes_and_methods() {
    let recipe = Recipe::new(
        "settings = 'os', 'arch'\n\
         options = {'shared': [True, False], 'with': ['ANY', None]}\n\
         default_options = {'shared': False, 'zlib/*:shared': True}\n\
         license = 'MIT', 'BSD'\n\
         requires = 'zlib/1.3'\n\
         tool_requires = ['cmake/3.27']\n\
         generators = 'CMakeDeps'\n\
         def set_version(self):\n    self.version = '2.0'\n\
         def build(self):\n    pass\n",
    );
    let found = recipe.inspect().unwrap();
    assert_eq!(found.name.as_deref(), Some("pkg"));
    assert_eq!(found.version.as_deref(), Some("2.0"));
    assert_eq!(found.metadata.license, serde_json::json!(["MIT", "BSD"]));
    assert_eq!(
        found.options.possible["shared"],
        [Some("True".to_owned()), Some("False".to_owned())]
    );
    assert_eq!(
        found.options.possible["with"],
        [Some("ANY".to_owned()), None]
    );
    assert_eq!(
        found.default_options["zlib/*:shared"],
        serde_json::json!(true)
    );
    assert_eq!(
        found.requires,
        [
            RequirementDeclaration::Requires("zlib/1.3".to_owned()),
            RequirementDeclaration::ToolRequires("cmake/3.27".to_owned()),
        ]
    );
    assert_eq!(found.generators, ["CMakeDeps"]);
    assert!(found.has(RecipeMethod::Build) && found.has(RecipeMethod::SetVersion));
    assert!(!found.has(RecipeMethod::Package));
}

#[test]
fn loading_errors() {
    let fails = |text: &str| Recipe::from_text(text).inspect().unwrap_err();
    let error = fails("from conan import ConanFile\n");
    assert_eq!(error.kind, RecipeErrorKind::Load);
    assert!(
        error
            .to_string()
            .ends_with("conanfile.py: No subclass of ConanFile"),
        "{error}"
    );
    let two = "from conan import ConanFile\nclass A(ConanFile): pass\nclass B(ConanFile): pass\n";
    assert!(
        fails(two)
            .to_string()
            .ends_with("More than 1 conanfile in the file")
    );
    let error = fails("from conan import ConanFile\nclass P(ConanFile):\n    x = 1/0\n");
    let text = error.to_string();
    assert!(text.contains("Unable to load conanfile in "), "{text}");
    assert!(
        text.contains("ZeroDivisionError: division by zero"),
        "{text}"
    );
    assert!(text.contains("line 3, in P"), "{text}");
    let error = fails("class P:\n    x = 'a\n");
    assert!(error.to_string().contains("SyntaxError"), "{error}");
    let error = fails("from conan.tools.files import not_there_at_all\n");
    assert_eq!(error.kind, RecipeErrorKind::Unsupported);
    assert!(
        error
            .to_string()
            .contains("conan.tools.files.not_there_at_all is not supported")
    );
    let error = fails("from conan.tools.nothing import x\n");
    assert_eq!(error.kind, RecipeErrorKind::Unsupported);
}

#[test]
fn modules_beside_recipes_do_not_mix() {
    for number in [1, 2] {
        let recipe = Recipe::from_text(
            "from conan import ConanFile\nfrom helper import VALUE\nimport pack.inner\n\
             class P(ConanFile):\n    name = 'pkg'\n    version = VALUE + pack.inner.VALUE\n",
        );
        crom_fs::write(recipe.path("helper.py"), format!("VALUE = '{number}.'")).unwrap();
        crom_fs::create_dir_all(recipe.path("pack")).unwrap();
        crom_fs::write(recipe.path("pack/__init__.py"), "").unwrap();
        crom_fs::write(recipe.path("pack/inner.py"), format!("VALUE = '{number}'")).unwrap();
        let version = recipe.inspect().unwrap().version.clone();
        assert_eq!(version, Some(format!("{number}.{number}")));
    }
}

#[test]
fn settings_as_recipes_see_them() {
    let recipe = Recipe::new(
        "settings = 'os', 'arch', 'compiler', 'build_type'\n\
         def configure(self):\n\
         \x20   s = self.settings\n\
         \x20   assert s.os == 'Linux' and str(s.os) == 'Linux' and f'{s.compiler}' == 'gcc'\n\
         \x20   assert s.compiler.version == '12' and s.compiler.version in ['12', '13']\n\
         \x20   assert type(s.get_safe('os')) is str and s.get_safe('compiler.nope', 'd') == 'd'\n\
         \x20   assert s.compiler.get_safe('cppstd') == 'gnu17' and s.get_safe('os.version') is None\n\
         \x20   assert s.compiler and 'gcc' in s.compiler\n\
         \x20   assert s.compiler.value == 'gcc'\n\
         \x20   for bad in (lambda: s.nope, lambda: s.os == 'Foo', lambda: setattr(s, 'os', 'Macos')):\n\
         \x20       try:\n\
         \x20           bad()\n\
         \x20       except ConanException as e:\n\
         \x20           print(e)\n\
         \x20       else:\n\
         \x20           assert False\n\
         \x20   s.rm_safe('compiler.libcxx')\n\
         \x20   del s.compiler.cppstd\n",
    );
    let output = recipe.configure().unwrap();
    assert_eq!(
        output.settings.dumps(),
        "arch=x86_64\nbuild_type=Release\ncompiler=gcc\ncompiler.version=12\nos=Linux"
    );
}

#[test]
fn options_as_recipes_see_them() {
    let mut recipe = Recipe::new(
        "options = {'shared': [True, False], 'fPIC': [True, False], 'n': [1, 2], 'x': ['ANY', None]}\n\
         default_options = {'shared': False, 'fPIC': True, 'n': 1, 'zlib/*:shared': True}\n\
         def config_options(self):\n\
         \x20   o = self.options\n\
         \x20   assert not o.shared and o.fPIC and o.n == 1 and o.n == '1' and int(o.n) == 1\n\
         \x20   assert o.x == None and o.get_safe('nope', 5) == 5 and o.get_safe('fPIC')\n\
         \x20   assert 'shared' in o and o.shared != True and str(o.shared) == 'False'\n\
         \x20   assert dict(o.items())['n'] == '1'\n\
         \x20   for bad in (lambda: o.nope, lambda: setattr(o, 'n', 7), lambda: o.n == 7):\n\
         \x20       try:\n\
         \x20           bad()\n\
         \x20       except ConanException:\n\
         \x20           pass\n\
         \x20       else:\n\
         \x20           assert False\n\
         def configure(self):\n\
         \x20   assert self.options.shared\n\
         \x20   self.options.rm_safe('fPIC')\n\
         \x20   self.options['boost/*'].header_only = True\n",
    );
    recipe.profile_options = Options::loads("pkg/*:shared=True").unwrap();
    let output = recipe.configure().unwrap();
    assert_eq!(output.options.dumps(), "n=1\nshared=True");
    assert_eq!(
        output.up_options.dumps(),
        "boost/*:header_only=True\nzlib/*:shared=True"
    );
}

#[test]
fn automatic_behaviour() {
    let mut recipe = Recipe::new(
        "implements = ['auto_shared_fpic', 'auto_header_only']\n\
         settings = 'os', 'compiler'\n\
         package_type = 'library'\n\
         options = {'shared': [True, False], 'fPIC': [True, False]}\n\
         default_options = {'shared': True, 'fPIC': True}\n",
    );
    let output = recipe.configure().unwrap();
    assert_eq!(output.options.dumps(), "shared=True");
    assert_eq!(output.package_type.as_str(), "shared-library");
    recipe
        .settings
        .insert("compiler.cstd".to_owned(), "17".to_owned());
    assert_eq!(
        recipe
            .configure()
            .unwrap()
            .settings
            .get_safe("compiler.cstd"),
        None
    );
}

#[test]
fn requirements_with_traits() {
    let recipe = Recipe::new(
        "requires = 'first/1.0'\n\
         def requirements(self):\n\
         \x20   self.requires('zlib/[>=1.2 <2]', transitive_headers=True, options={'shared': True})\n\
         \x20   self.requires('fmt/10.0@me/here', visible=False, force=True)\n\
         \x20   self.test_requires('gtest/1.14')\n\
         def build_requirements(self):\n\
         \x20   self.tool_requires('cmake/3.27')\n",
    );
    let output = recipe.configure().unwrap();
    let shown: Vec<String> = output
        .requires
        .iter()
        .map(|it| it.reference.to_string())
        .collect();
    assert_eq!(
        shown,
        [
            "first/1.0",
            "zlib/[>=1.2 <2]",
            "fmt/10.0@me/here",
            "gtest/1.14",
            "cmake/3.27"
        ]
    );
    let [_, zlib, fmt, gtest, cmake] = output.requires.as_slice() else {
        panic!()
    };
    assert_eq!(zlib.transitive_headers, Some(true));
    assert_eq!(
        zlib.options.as_ref().unwrap()["shared"].as_deref(),
        Some("True")
    );
    assert!(!fmt.visible() && fmt.force());
    assert!(gtest.test() && !gtest.build && !gtest.visible());
    assert!(cmake.build && cmake.run() && !cmake.headers());
}

#[test]
fn errors_in_methods() {
    let recipe = Recipe::new(
        "def requirements(self):\n    self.requires('a/1')\n    self.requires('a/1')\n",
    );
    let error = recipe.configure().unwrap_err();
    assert_eq!(
        error.to_string(),
        "pkg/1.0: Error in requirements() method, line 11\n\tself.requires('a/1')\n\
         \tConanException: Duplicated requirement: a/1"
    );
    let recipe = Recipe::new(
        "def helper(self):\n    raise ValueError('my message')\n\
         def configure(self):\n    self.helper()\n",
    );
    let error = recipe.configure().unwrap_err();
    assert_eq!(
        error.to_string(),
        "pkg/1.0: Error in configure() method, line 12\n\tself.helper()\n\
         while calling 'helper', line 10\n\traise ValueError('my message')\n\
         \tValueError: my message"
    );
    assert_eq!(
        (error.line, error.exception.as_str()),
        (Some(10), "ValueError")
    );
    assert!(
        error
            .traceback
            .unwrap()
            .contains("Traceback (most recent call last)")
    );
}

#[test]
fn validity_and_package_id() {
    let recipe = Recipe::new(
        "settings = 'os', 'compiler'\n\
         options = {'a': [True, False]}\n\
         default_options = {'a': True}\n\
         def validate(self):\n\
         \x20   assert self.info.settings.os == 'Linux'\n\
         \x20   raise ConanInvalidConfiguration('not here')\n\
         def validate_build(self):\n\
         \x20   raise ConanInvalidConfiguration('cannot build')\n\
         def package_id(self):\n\
         \x20   del self.info.settings.compiler.version\n\
         \x20   self.info.settings.os = 'Any'\n\
         \x20   self.info.options.a = 'Whatever'\n\
         \x20   try:\n\
         \x20       self.settings.os\n\
         \x20   except ConanException as e:\n\
         \x20       assert str(e) == \"'self.settings' access in 'package_id()' method is forbidden\"\n\
         \x20   else:\n\
         \x20       assert False\n\
         def compatibility(self):\n\
         \x20   return [{'settings': [('compiler.version', v)]} for v in ('10', '11')]\n\
         def layout(self):\n\
         \x20   self.folders.build = 'bld'\n\
         \x20   self.cpp.source.includedirs = ['inc']\n",
    );
    let output = recipe.identify().unwrap();
    assert_eq!(output.invalid.as_deref(), Some("not here"));
    assert_eq!(output.cant_build.as_deref(), Some("cannot build"));
    assert_eq!(
        output.info.settings.dumps(),
        "compiler=gcc\ncompiler.cppstd=gnu17\ncompiler.libcxx=libstdc++11\nos=Any"
    );
    assert_eq!(output.info.options.dumps(), "a=Whatever");
    assert_eq!(output.alternatives.len(), 2);
    assert_eq!(output.alternatives[1].settings["compiler.version"], "11");
    assert!(output.layout.defined);
    assert_eq!(output.layout.build, "bld");
    assert_eq!(output.layout.cpp["source"].root.includedirs(), ["inc"]);
}

#[test]
fn cleared_info_has_the_empty_id() {
    let recipe = Recipe::new("settings = 'os'\ndef package_id(self):\n    self.info.clear()\n");
    let output = recipe.identify().unwrap();
    assert_eq!(
        output.info.package_id(),
        "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    );
}

#[test]
fn package_info() {
    let recipe = Recipe::new(
        "def package_info(self):\n\
         \x20   self.cpp_info.libs.append('a')\n\
         \x20   self.cpp_info.libs += ['b']\n\
         \x20   self.cpp_info.set_property('cmake_file_name', 'Pkg')\n\
         \x20   self.cpp_info.components['x'].requires = ['y']\n\
         \x20   self.cpp_info.components['x'].system_libs.extend(['m', 'dl'])\n\
         \x20   self.cpp_info.components['y'].libdirs = []\n\
         \x20   assert self.cpp_info.libdir == 'lib'\n\
         \x20   self.cpp_info.names['cmake'] = 'old'\n\
         \x20   self.env_info.PATH.append('old')\n\
         \x20   self.buildenv_info.define_path('TOOL', os.path.join(self.package_folder, 'bin'))\n\
         \x20   self.runenv_info.append('FLAGS', ['-a', '-b'])\n\
         \x20   self.conf_info.define('user.my:conf', {'a': [1, 2]})\n\
         \x20   try:\n\
         \x20       self.info\n\
         \x20   except ConanException:\n\
         \x20       pass\n\
         \x20   else:\n\
         \x20       assert False\n",
    );
    let output = recipe.describe().unwrap();
    let deprecated = recipe.host.deprecated_uses();
    assert_eq!(
        deprecated.keys().collect::<Vec<_>>(),
        ["cpp_info.names", "env_info"]
    );
    assert_eq!(deprecated["env_info"], ["pkg/1.0"]);
    assert_eq!(output.cpp_info.root.libs(), ["a", "b"]);
    assert_eq!(output.cpp_info.root.includedirs(), ["include"]);
    let properties = output.cpp_info.root.properties.as_ref().unwrap();
    assert_eq!(properties["cmake_file_name"], serde_json::json!("Pkg"));
    assert_eq!(output.cpp_info.components["x"].system_libs(), ["m", "dl"]);
    assert_eq!(output.cpp_info.components["x"].libdirs(), ["lib"]);
    assert_eq!(output.cpp_info.components["y"].libdirs(), [""; 0]);
    assert_eq!(output.runenv_info.dumps(), "FLAGS+=-a\nFLAGS+=-b");
    let conf = output.conf_info.get("user.my:conf").unwrap().unwrap();
    assert_eq!(conf.to_python_repr(), "{'a': [1, 2]}");
}

#[test]
fn actions_run_in_their_folders() {
    let recipe = Recipe::new(
        "def source(self):\n\
         \x20   open('file.txt', 'w').write('content')\n\
         \x20   assert os.getcwd() == self.source_folder\n\
         \x20   try:\n\
         \x20       self.settings\n\
         \x20   except ConanException as e:\n\
         \x20       assert 'forbidden' in str(e)\n\
         def build(self):\n\
         \x20   import io\n\
         \x20   out = io.StringIO()\n\
         \x20   self.run('echo hello; exit 3', out, ignore_errors=True)\n\
         \x20   assert out.getvalue() == 'hello\\n'\n\
         \x20   self.run('exit 4')\n",
    );
    recipe.act(Action::Source).unwrap();
    assert_eq!(
        crom_fs::read_text(recipe.path("s/file.txt")).unwrap(),
        "content"
    );
    let error = recipe.act(Action::Build).unwrap_err();
    assert_eq!(
        error.to_string(),
        "pkg/1.0: Error in build() method, line 21\n\tself.run('exit 4')\n\
         \tConanException: Error 4 while executing"
    );
    assert!(recipe.act(Action::Package).unwrap().absent);
}

#[test]
fn resolving_has_no_effects() {
    for (code, what) in [
        (
            "open(os.path.join(self.recipe_folder, 'x'), 'w')",
            "write files",
        ),
        (
            "os.mkdir(os.path.join(self.recipe_folder, 'x'))",
            "change files",
        ),
        ("os.system('true')", "run programs"),
        (
            "import subprocess; subprocess.run(['true'])",
            "run programs",
        ),
    ] {
        let recipe = Recipe::new(&format!("def configure(self):\n    {code}\n"));
        let error = recipe.configure().unwrap_err();
        assert_eq!(error.kind, RecipeErrorKind::Denied, "{code}: {error}");
        assert!(
            error.message.contains(what) && error.message.contains("configure()"),
            "{error}"
        );
        assert!(!recipe.path("x").exists());
    }
}

#[test]
fn reads_are_noted() {
    let recipe = Recipe::new(
        "def configure(self):\n\
         \x20   os.environ.get('CROM_TEST_NOT_SET')\n\
         \x20   os.path.exists(os.path.join(self.recipe_folder, 'some-file'))\n",
    );
    let reads = recipe.configure().unwrap().reads;
    assert_eq!(reads.environment.get("CROM_TEST_NOT_SET"), Some(&None));
    assert!(
        reads.files.iter().any(|it| it.ends_with("some-file")),
        "{:?}",
        reads.files
    );
    assert!(!reads.opaque);
}

#[test]
fn dependencies() {
    let recipe = Recipe::new(
        "def generate(self):\n    pass\n\
         def build(self):\n\
         \x20   dep = self.dependencies['zlib']\n\
         \x20   assert str(dep.ref) == 'zlib/1.3' and dep.ref.version >= '1.2'\n\
         \x20   assert dep.cpp_info.libs == ['z'] and dep.cpp_info.includedirs == ['/pkg/include']\n\
         \x20   assert dep.package_folder == '/pkg' and dep.options.get_safe('shared') is None\n\
         \x20   assert 'zlib' in self.dependencies and 'nope' not in self.dependencies\n\
         \x20   assert [d.ref.name for d in self.dependencies.host.values()] == ['zlib']\n\
         \x20   for require, dep in self.dependencies.direct_host.items():\n\
         \x20       assert require.direct and require.ref.name == 'zlib' and not require.build\n\
         \x20   assert not self.dependencies.build\n\
         \x20   try:\n\
         \x20       self.dependencies['nope']\n\
         \x20   except KeyError as e:\n\
         \x20       assert 'not found in the dependency set' in str(e)\n",
    );
    let configured = recipe.configure().unwrap();
    let mut zlib = support::view("zlib/1.3", &configured);
    let mut info = crom_model::cpp_info::CppInfo::with_defaults();
    info.root.libs = Some(vec!["z".to_owned()]);
    zlib.cpp_info = std::sync::Arc::new(info);
    zlib.folders.package = "/pkg".to_owned();
    let graph = recipe.graph(&configured, vec![zlib]);
    recipe.act_in(Action::Build, graph).unwrap();
}

#[test]
fn python_requires() {
    use crom_recipe::{GivenReference, InspectInput, PythonRequire, RecipeHost};
    let base = Recipe::from_text(
        "from conan import ConanFile\n\
         def func():\n    return 'from base'\n\
         class Base:\n\
         \x20   settings = 'os', 'arch'\n\
         \x20   options = {'shared': [True, False]}\n\
         \x20   default_options = {'shared': False}\n\
         \x20   def build(self):\n        self.output.info('base build')\n\
         class Pkg(ConanFile):\n    name = 'base'\n    version = '1.1'\n    package_type = 'python-require'\n",
    );
    let recipe = Recipe::new(
        "python_requires = 'base/[>=1.0 <2]'\n\
         python_requires_extend = 'base.Base'\n\
         def init(self):\n\
         \x20   assert self.python_requires['base'].module.func() == 'from base'\n\
         \x20   assert str(self.python_requires['base'].ref) == 'base/1.1'\n\
         \x20   assert 'nope' not in self.python_requires\n",
    );
    let wanted = recipe
        .host
        .python_requires(&recipe.file())
        .unwrap()
        .references;
    assert_eq!(wanted, ["base/[>=1.0 <2]"]);
    let require = PythonRequire {
        reference: crom_model::reference::RecipeReference::loads("base/1.1").unwrap(),
        recipe: base.file(),
        requires: Vec::new(),
    };
    let input = InspectInput {
        recipe: recipe.file(),
        given: GivenReference::default(),
        python_requires: vec![std::sync::Arc::new(require)],
    };
    let found = recipe.host.inspect(&std::sync::Arc::new(input)).unwrap();
    assert!(found.has(RecipeMethod::Build));
    assert_eq!(
        found.options.possible.keys().collect::<Vec<_>>(),
        ["shared"]
    );
    assert_eq!(found.name.as_deref(), Some("pkg"));
}

#[test]
fn conandata_and_yaml() {
    let recipe = Recipe::from_text(
        "import yaml\nfrom conan import ConanFile\n\
         class P(ConanFile):\n    name = 'pkg'\n\
         \x20   def set_version(self):\n\
         \x20       assert yaml.safe_load('a: [1, yes, 1.5]') == {'a': [1, True, 1.5]}\n\
         \x20       assert yaml.dump({'b': 1, 'a': 'x'}) == 'a: x\\nb: 1\\n'\n\
         \x20       self.version = list(self.conan_data['sources'])[0]\n",
    );
    crom_fs::write(
        recipe.path("conandata.yml"),
        "sources:\n  \"1.2\":\n    url: x\n",
    )
    .unwrap();
    let found = recipe.inspect().unwrap();
    assert_eq!(found.version.as_deref(), Some("1.2"));
    assert_eq!(
        found.metadata.conan_data["sources"]["1.2"]["url"],
        serde_json::json!("x")
    );
}

#[test]
fn required_version_of_conan() {
    let recipe = Recipe::from_text(
        "from conan import ConanFile\nrequired_conan_version = '>=99'\nfrom conan.tools.new import X\n\
         class P(ConanFile):\n    name = 'pkg'\n",
    );
    let error = recipe.inspect().unwrap_err();
    let text = "Current Conan version (2.34.0) does not satisfy the defined one (>=99).";
    assert!(error.to_string().ends_with(text), "{error}");
}

#[test]
fn bytecode_cache() {
    use crom_recipe::RecipeHost;
    let recipe = Recipe::new("def build(self):\n    raise ValueError('where')\n");
    let cache = recipe.path("cache");
    let host = || {
        crom_python::PythonHost::new(crom_python::HostConfig {
            reporter: std::sync::Arc::new(crom_model::reporter::Silent),
            bytecode_cache: Some(cache.clone()),
            home: cache.clone(),
            global_conf: std::sync::Arc::default(),
        })
    };
    let inspect = |host: crom_python::PythonHost| host.inspect(&recipe.inspect_input()).unwrap();
    let first = inspect(host());
    let entries: Vec<_> = crom_fs::walk(&cache)
        .unwrap()
        .into_iter()
        .filter(|it| crom_fs::is_file(&it.path))
        .collect();
    assert_eq!(entries.len(), 1);
    assert_eq!(inspect(host()), first);
    // Damaged entries are made again.
    let entry = &entries[0].path;
    let good = crom_fs::read(entry).unwrap();
    let mut bad = good.clone();
    let last = bad.len() - 1;
    bad[last] ^= 1;
    crom_fs::write(entry, bad).unwrap();
    assert_eq!(inspect(host()), first);
    assert_eq!(crom_fs::read(entry).unwrap(), good);
}

#[test]
fn recipes_without_code() {
    use crom_recipe::{GivenReference, InspectInput, RecipeFile, RecipeHost, RecipeSource};
    let recipe = Recipe::new("");
    let source = RecipeSource::Declared {
        display: "cli".to_owned(),
        requires: vec!["zlib/1.3".to_owned()],
        tool_requires: vec!["cmake/3.27".to_owned()],
        test_requires: Vec::new(),
        generators: vec!["CMakeDeps".to_owned()],
        options: Box::new(Options::loads("zlib/*:shared=True").unwrap()),
        layout: None,
    };
    let file = RecipeFile {
        source,
        folder: recipe.path(""),
        digest: None,
    };
    let input = InspectInput {
        recipe: file,
        given: GivenReference::default(),
        python_requires: Vec::new(),
    };
    let mut configure = (*recipe.configure_input()).clone();
    configure.inspect = std::sync::Arc::new(input);
    configure.attributes = recipe.host.inspect(&configure.inspect).unwrap();
    assert_eq!(configure.attributes.generators, ["CMakeDeps"]);
    configure.instance = crom_recipe::InstanceId::next();
    configure.role = crom_recipe::Role::Consumer;
    configure.reference = Default::default();
    let output = recipe
        .host
        .configure(&std::sync::Arc::new(configure))
        .unwrap();
    assert_eq!(output.requires.len(), 2);
    assert_eq!(output.up_options.dumps(), "zlib/*:shared=True");
    assert_eq!(output.settings.get_safe("os"), Some("Linux"));
}

#[test]
fn replay_gives_the_same() {
    let recipe = Recipe::new(
        "settings = 'os'\n\
         def layout(self):\n    self.folders.build = 'bld'\n\
         def package_info(self):\n    self.cpp_info.libs = [str(self.settings.os), self.folders.build]\n",
    );
    let first = recipe.describe().unwrap();
    crom_recipe::RecipeHost::forget(&recipe.host, recipe.instance);
    assert_eq!(recipe.describe().unwrap().cpp_info, first.cpp_info);
    assert_eq!(first.cpp_info.root.libs(), ["Linux", "bld"]);
}

#[test]
fn generating() {
    let recipe = Recipe::new(
        "class Gen:\n\
         \x20   def __init__(self, conanfile):\n        self.conanfile = conanfile\n\
         \x20   def generate(self):\n\
         \x20       open('gen.txt', 'w').write(self.conanfile.name)\n\
         generators = [Gen]\n\
         def generate(self):\n    assert os.path.exists('gen.txt')\n    self.output.info('mine')\n",
    );
    let action = Action::Generate {
        extra_generators: Vec::new(),
        env_scripts: false,
    };
    recipe.act(action).unwrap();
    let place = recipe.path("b").display().to_string();
    assert_eq!(
        recipe.log.text(),
        format!(
            "Status/Plain : Generators folder: {place}\n\
             Status/Plain : Generator 'Gen' calling 'generate()'\n\
             Status/Plain : Calling generate() method in recipe\n\
             Status/Plain : mine"
        )
    );
    let action = Action::Generate {
        extra_generators: vec!["Nope".to_owned()],
        env_scripts: false,
    };
    let error = recipe.act(action).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("Invalid generator 'Nope'. Available types: "),
        "{error}"
    );
}

#[test]
fn exporting_sees_raw_settings() {
    let recipe = Recipe::new(
        "settings = 'os'\n\
         def export(self):\n\
         \x20   assert self.settings == ['os'] and self.info is None\n\
         \x20   open(os.path.join(self.export_folder, 'x'), 'w').write('')\n",
    );
    crom_fs::create_dir_all(recipe.path("e")).unwrap();
    let place = |name: &str| recipe.path(name).to_string_lossy().into_owned();
    let output = crom_recipe::RecipeHost::act(
        &recipe.host,
        &crom_recipe::ActInput {
            instance: recipe.instance,
            inspect: recipe.inspect_input(),
            configure: None,
            layout: None,
            info: None,
            graph: Default::default(),
            node: 0,
            folders: crom_recipe::FolderBases {
                recipe: place(""),
                export: place("e"),
                export_sources: place("es"),
                ..Default::default()
            },
            buildenv: Default::default(),
            runenv: Default::default(),
            action: Action::Export,
        },
    );
    assert!(!output.unwrap().absent);
    assert!(crom_fs::is_file(recipe.path("e/x")));
    assert_eq!(recipe.log.text(), "Status/Plain pkg/1.0: Calling export()");
}

#[test]
fn what_inspect_shows() {
    let recipe = Recipe::new(
        "settings = 'os'\nlicense = 'MIT'\ntopics = 'a', 'b'\npackage_type = 'library'\n\
         options = {'shared': [True, False]}\ndefault_options = {'shared': False}\n\
         generators = 'CMakeDeps'\nlanguages = 'C'\nprovides = 'x'\ndeprecated = True\n\
         requires = 'zlib/1.0'\ntool_requires = 'cmake/1.0'\n",
    );
    let shown = recipe.inspect().unwrap().inspect.clone();
    let text = serde_json::to_string(&shown).unwrap();
    // From `conan inspect -f json`.
    assert_eq!(
        text,
        concat!(
            r#"{"name":"pkg","user":null,"channel":null,"url":null,"license":"MIT","author":null,"#,
            r#""description":null,"homepage":null,"build_policy":null,"upload_policy":null,"#,
            r#""revision_mode":"hash","provides":["x"],"deprecated":true,"win_bash":null,"#,
            r#""win_bash_run":null,"default_options":{"shared":false},"options_description":null,"#,
            r#""version":"1.0","topics":["a","b"],"package_type":"library","languages":["C"],"#,
            r#""settings":["os"],"options":{"shared":"False"},"#,
            r#""options_definitions":{"shared":["True","False"]},"generators":["CMakeDeps"],"#,
            r#""requires":[{"ref":"zlib/1.0","require":"zlib/1.0","run":false,"libs":true,"#,
            r#""skip":false,"test":false,"force":false,"direct":true,"build":false,"#,
            r#""transitive_headers":null,"transitive_libs":null,"headers":true,"#,
            r#""package_id_mode":null,"visible":true},{"ref":"cmake/1.0","require":"cmake/1.0","#,
            r#""run":true,"libs":false,"skip":false,"test":false,"force":false,"direct":true,"#,
            r#""build":true,"transitive_headers":null,"transitive_libs":null,"headers":false,"#,
            r#""package_id_mode":null,"visible":false}],"python_requires":null,"#,
            r#""source_folder":null,"build_folder":null,"generators_folder":null,"#,
            r#""package_folder":null,"immutable_package_folder":null,"label":"","vendor":false}"#,
        )
    );
}
