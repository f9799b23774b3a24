//! `conan.tools.env`, `gnu`, `meson`, `build`, `microsoft` and others as recipes use them. What is
//! expected was printed by Conan 2.34.0 for the same recipes.

mod support;

use crom_recipe::Action;
use support::Recipe;

const HEAD: &str = r#"
import os
from conan import ConanFile
from conan.tools.env import *
from conan.tools.gnu import *
from conan.tools.meson import *
from conan.tools.build import *
from conan.tools.microsoft import *
from conan.tools.apple import *
from conan.tools.android import android_abi
from conan.tools.google import *


class Pkg(ConanFile):
    name = "pkg"
    version = "1.0"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}

    def say(self, *values):
        self.output.info("SAY " + " ".join(str(it) for it in values))

    def attempt(self, call):
        try:
            self.say(call())
        except Exception as error:
            self.say(type(error).__name__, error)

"#;

fn run(body: &str, actions: Vec<Action>) -> (Recipe, String) {
    let mut text = HEAD.to_owned();
    for line in body.lines() {
        text.push_str(&format!("    {line}\n"));
    }
    let mut recipe = Recipe::from_text(&text);
    recipe
        .settings
        .insert("compiler.cppstd".to_owned(), "17".to_owned());
    for folder in ["b", "s", "p"] {
        crom_fs::create_dir_all(recipe.path(folder)).unwrap();
    }
    for action in actions {
        if let Err(error) = recipe.act(action) {
            panic!("{error:?}\n{}", recipe.log.text());
        }
    }
    let base = recipe.folder.path().to_string_lossy().into_owned();
    let said: Vec<String> = recipe
        .log
        .text()
        .lines()
        .filter_map(|line| line.split_once("SAY ").map(|(_, said)| said.to_owned()))
        .collect();
    let said = said.join("\n").replace(&base, "@");
    (recipe, said)
}

fn generate() -> Action {
    Action::Generate {
        extra_generators: Vec::new(),
        env_scripts: true,
    }
}

fn read(recipe: &Recipe, name: &str) -> String {
    let base = recipe.folder.path().to_string_lossy().into_owned();
    crom_fs::read_text(recipe.path(name))
        .unwrap()
        .replace(&base, "@")
}

#[test]
fn autotools_toolchain() {
    let (recipe, said) = run(
        r#"
def generate(self):
    tc = AutotoolsToolchain(self)
    self.say(tc.ndebug, tc.arch_flag, tc.fpic, tc.build_type_flags)
    tc.extra_cflags = ["-EC"]
    tc.extra_cxxflags.append("-ECXX")
    tc.extra_ldflags += ["-EL"]
    tc.extra_defines = ["ED=1"]
    self.say(tc.cflags, tc.cxxflags, tc.ldflags, tc.defines)
    tc.configure_args.append("--with-x=a b")
    tc.update_configure_args({"--enable-static": None, "--new": "1", "--bindir": "/q", "--novalue": ""})
    tc.update_make_args({"--m": "1"})
    tc.update_autoreconf_args({"--force": None})
    self.say(tc.configure_args, tc.make_args, tc.autoreconf_args)
    env = tc.environment()
    env.define("FOO", "bar")
    env.append("CFLAGS", "-more")
    self.say(tc.vars().get("CFLAGS"))
    tc.generate(env)
    gnu = GnuToolchain(self, prefix="/pp")
    self.say(gnu.yes_no("shared"), gnu.yes_no("nope", default=True), gnu.triplets_info["host"])
    gnu.configure_args["--zz"] = "v v"
    self.say(gnu.configure_args["--bindir"], "--disable-shared" in gnu.configure_args)
    self.say(self.env_scripts)
"#,
        vec![generate()],
    );
    insta::assert_snapshot!(said);
    insta::assert_snapshot!(format!(
        "{}{}\n{}",
        read(&recipe, "b/conanbuild.conf"),
        read(&recipe, "b/conanautotoolstoolchain.sh"),
        read(&recipe, "b/conanbuild.sh")
    ));
}

#[test]
fn build_helpers() {
    let (_recipe, said) = run(
        r#"
def layout(self):
    self.folders.source = "src"

def source(self):
    os.makedirs("sub", exist_ok=True)

def generate(self):
    AutotoolsToolchain(self).generate()
    MesonToolchain(self).generate()

def build(self):
    self.conf.define("tools.build:jobs", 3)
    self.run = lambda command, *a, **k: self.say(command, a, k)
    a = Autotools(self)
    a.autoreconf()
    a.configure()
    a.configure("sub", args=["--a=b c", "$HOME"])
    a.make()
    a.make("all", args=["X=1 2"], makefile="Mk")
    a.install()
    a.install(args=["DESTDIR=/q"], target="inst", makefile="Mk")
    m = Meson(self)
    m.configure()
    m.configure(reconfigure=True)
    m.build()
    m.build("tgt")
    m.install(cli_args=["--x"])
    m.test()
    MSBuild(self).build("p.sln", targets=["a", "b"])
    XcodeBuild(self).build("p.xcodeproj", target="t", configuration="C", cli_args=["-x"])
    Bazel(self).build(args=["--a"], target="//t")
"#,
        vec![Action::Source, generate(), Action::Build],
    );
    insta::assert_snapshot!(said);
}

#[test]
fn environments() {
    let (recipe, said) = run(
        r#"
def generate(self):
    env = Environment()
    env.define("DEF", 'va"lue')
    env.append_path("PATHS", [os.path.join(self.generators_folder, "x"), "/y"])
    env.unset("GONE")
    values = env.vars(self)
    values.save_script("mine")
    env.vars(self, scope="run").save_script("runner.sh")
    env.vars(self, scope=None).save_script("nobody")
    self.say(list(values.keys()), values.get("DEF"), dict(values.items())["PATHS"])
    with values.apply():
        self.say(os.environ.get("DEF"))
    create_env_script(self, "export CREATED=1", "created.sh")
    build = VirtualBuildEnv(self)
    build.environment().define("ADDED", "1")
    build.generate()
    self.say(self.virtualbuildenv, build.vars().get("ADDED"), build.basename, build.arch)
    self.say({scope: [os.path.basename(it) for it in paths]
              for scope, paths in self.env_scripts.items()})
    self.run("echo SAY $DEF $CREATED in build", env=None)

def build(self):
    from io import StringIO
    out = StringIO()
    self.run("echo $DEF $CREATED $ADDED", stdout=out)
    self.say(out.getvalue().strip())
"#,
        vec![generate(), Action::Build],
    );
    insta::assert_snapshot!(said);
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}\n{}",
        read(&recipe, "b/mine.sh"),
        read(&recipe, "b/conanbuild.sh"),
        read(&recipe, "b/deactivate_conanbuild.sh"),
        read(&recipe, "b/conanrun.sh")
    ));
}

#[test]
fn facts() {
    let (_recipe, said) = run(
        r#"
def generate(self):
    for check in (check_min_cppstd, check_max_cppstd, valid_min_cppstd, valid_max_cppstd):
        for value in ("17", "20", 14, "abc"):
            self.attempt(lambda: (check.__name__, value, check(self, value)))
    self.attempt(lambda: check_min_cppstd(self, 17, gnu_extensions=True))
    self.attempt(lambda: check_min_cstd(self, "99"))
    self.attempt(lambda: supported_cppstd(self, "gcc", "5"))
    self.attempt(lambda: (default_cppstd(self), default_cppstd(self, "foo", "5"), default_cstd(self)))
    self.attempt(lambda: (cross_building(self), can_run(self), stdcpp_library(self)))
    self.attempt(lambda: (cppstd_flag(self), architecture_bits(self)))
    self.attempt(lambda: check_min_compiler_version(self, [("gcc", "13", "reason x")]))
    self.attempt(lambda: check_min_compiler_version(self, [("gcc", 5, "reason x")]))
    self.attempt(lambda: (is_msvc(self), is_msvc_static_runtime(self), msvs_toolset(self)))
    self.attempt(lambda: (check_min_vs(self, "195"), unix_path(self, "c:\\x/y"), repr(msvc_runtime_flag(self))))
    self.attempt(lambda: (is_apple_os(self), to_apple_arch(self), android_abi(self)))
    self.attempt(lambda: android_abi(self, context="xx"))
    self.attempt(lambda: cmd_args_to_string(["a b", "c"]))
    save_toolchain_args({"x": "y z", "K": ""}, generators_folder=".", namespace="q")
    self.attempt(lambda: dict(load_toolchain_args(generators_folder=".", namespace="q")))
    self.attempt(lambda: load_toolchain_args(generators_folder=".", namespace="nono"))
    fix_apple_shared_install_name(self)
    VCVars(self).generate()
"#,
        vec![generate()],
    );
    insta::assert_snapshot!(said);
}

#[test]
fn dependencies_of_all_kinds_are_written() {
    let (recipe, said) = run(
        r#"
generators = "MakeDeps", "NMakeDeps", "MSBuildDeps", "MSBuildToolchain"

def generate(self):
    pc = PkgConfigDeps(self)
    pc.build_context_activated = ["tool"]
    pc.set_property("dep", "pkg_config_name", "x")
    pc.generate()
    deps = AutotoolsDeps(self)
    deps.environment.append("LDFLAGS", "-more")
    deps.generate()
    self.say(deps.vars()["LDFLAGS"], deps.ordered_deps)
"#,
        vec![generate()],
    );
    assert_eq!(said, "-more []");
    for name in [
        "conandeps.mk",
        "conanautotoolsdeps.sh",
        "conandeps.props",
        "conantoolchain.props",
    ] {
        assert!(crom_fs::is_file(recipe.path("b").join(name)), "{name}");
    }
}
