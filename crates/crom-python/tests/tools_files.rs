//! `conan.tools.files`, `scm` and `system` as recipes use them. What is expected was printed by Conan
//! 2.34.0 for the same recipes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crom_model::conf::{Conf, ConfValue};
use crom_model::reporter::{Level, Reporter, Style};
use crom_python::{HostConfig, PythonHost};
use crom_recipe::{
    ActInput, Action, FolderBases, GivenReference, InspectInput, InstanceId, RecipeError,
    RecipeFile, RecipeHost, RecipeSource,
};

/// Actions change the current folder, of which a process has one.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[derive(Debug, Default)]
struct Recorder(Mutex<Vec<String>>);

impl Reporter for Recorder {
    fn message(&self, level: Level, _: Style, _: &str, text: &str) {
        let mark = if level == Level::Warning {
            "WARN: "
        } else {
            ""
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

/// `t` tells what a call returned or raised.
const HEAD: &str = r#"
import os
from conan import ConanFile
from conan.errors import ConanException
from conan.tools.files import *

def t(self, label, call):
    try:
        self.output.info(f"{label} -> {call()!r}")
    except Exception as e:
        self.output.info(f"{label} !! {type(e).__name__}: {e}")

"#;

struct Recipe {
    _guard: MutexGuard<'static, ()>,
    dir: tempfile::TempDir,
    recorder: Arc<Recorder>,
    host: PythonHost,
}

impl Recipe {
    /// A recipe `foo/1.0` with this body after the imports.
    fn new(body: &str, confs: &[(&str, &str)]) -> Self {
        let guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let dir = tempfile::tempdir().unwrap();
        for folder in ["r", "home", "e", "es", "s", "b", "p"] {
            crom_fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        crom_fs::write(dir.path().join("r/conanfile.py"), format!("{HEAD}{body}")).unwrap();
        let mut global_conf = Conf::new();
        for (name, value) in confs {
            global_conf.define(name, ConfValue::evaluate(value));
        }
        let recorder = Arc::new(Recorder::default());
        let host = PythonHost::new(HostConfig {
            reporter: recorder.clone(),
            bytecode_cache: None,
            home: dir.path().join("home"),
            global_conf: Arc::new(global_conf),
        });
        Self {
            _guard: guard,
            dir,
            recorder,
            host,
        }
    }

    fn path(&self, relative: &str) -> PathBuf {
        crom_fs::canonical(self.dir.path()).unwrap().join(relative)
    }

    fn write(&self, relative: &str, content: &str) {
        let path = self.path(relative);
        crom_fs::create_dir_all(path.parent().unwrap()).unwrap();
        crom_fs::write(path, content).unwrap();
    }

    fn act(&self, action: Action) -> Result<(), RecipeError> {
        let folder = self.path("r");
        let text = |relative: &str| self.path(relative).to_string_lossy().into_owned();
        let inspect = InspectInput {
            recipe: RecipeFile {
                source: RecipeSource::Python(folder.join("conanfile.py")),
                folder,
                digest: None,
            },
            given: GivenReference {
                name: Some("foo".to_owned()),
                version: Some("1.0".to_owned()),
                ..GivenReference::default()
            },
            python_requires: Vec::new(),
        };
        let exports = matches!(action, Action::Export | Action::ExportSources);
        let folders = FolderBases {
            recipe: text("r"),
            export: if exports { text("e") } else { String::new() },
            export_sources: if exports { text("es") } else { text("s") },
            source: if exports { String::new() } else { text("s") },
            ..FolderBases::default()
        };
        let input = ActInput {
            instance: InstanceId::next(),
            inspect: Arc::new(inspect),
            configure: None,
            layout: None,
            info: None,
            graph: Arc::default(),
            node: 0,
            folders,
            buildenv: Arc::default(),
            runenv: Arc::default(),
            action,
        };
        self.host.act(&input).map(|_| ())
    }

    /// Runs it; the messages after `Calling source()`, with this folder named `@`.
    fn messages(&self, action: Action) -> String {
        self.act(action).unwrap_or_else(|error| panic!("{error:?}"));
        let lines = std::mem::take(&mut *self.recorder.0.lock().unwrap());
        let own = usize::from(lines.first().is_some_and(|it| it.starts_with("Calling ")));
        lines[own..]
            .join("\n")
            .replace(&self.path("").to_string_lossy().into_owned(), "@/")
    }
}

/// `root/a.txt` and `root/sub/b.txt`
fn archive(recipe: &Recipe) {
    recipe.write("root/a.txt", "hello\n");
    recipe.write("root/sub/b.txt", "line1\nline2\nline3\n");
    let status = std::process::Command::new("tar")
        .args(["czf", "src.tgz", "root"])
        .current_dir(recipe.path(""))
        .status()
        .unwrap();
    assert!(status.success());
}

/// Compares lines without the blanks around them.
#[track_caller]
fn assert_lines(found: &str, expected: &str) {
    let plain = |text: &str| {
        let lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(plain(found), plain(expected));
}

#[test]
fn sources_are_downloaded_and_unpacked() {
    let recipe = Recipe::new(
        r#"
class R(ConanFile):
    def source(self):
        base = "file://" + os.path.dirname(self.recipe_folder)
        src = base + "/src.tgz"
        t(self, "get", lambda: get(self, src))
        t(self, "strip", lambda: get(self, src, destination="z", strip_root=True))
        t(self, "mirror", lambda: get(self, [base + "/none.tgz", src], destination="m", retry=0))
        t(self, "query", lambda: get(self, src + "?x=1"))
        t(self, "download", lambda: download(self, src, "x/y.tgz"))
        t(self, "sum", lambda: download(self, src, "x/z.tgz", md5="00"))
        t(self, "missing", lambda: download(self, base + "/none", "n", retry=0))
        t(self, "unzip", lambda: unzip(self, "x/y.tgz", "u", pattern="*/sub/*"))
        t(self, "none", lambda: unzip(self, "nofile.tgz"))
        t(self, "files", lambda: sorted(os.path.join(d, x) for d, _, fs in os.walk(".") for x in fs))
"#,
        &[],
    );
    archive(&recipe);
    let found = recipe.messages(Action::Source);
    let sum = crom_fs::digest::md5(recipe.path("src.tgz")).unwrap();
    let found = found.replace(&sum, "SUM");
    let (head, rest) = found.split_once("missing !! ").unwrap();
    assert_lines(
        head,
        "Sources correctly downloaded from file://@/src.tgz
         Uncompressing src.tgz to .
         get -> None
         Sources correctly downloaded from file://@/src.tgz
         Uncompressing src.tgz to z
         strip -> None
         WARN: Could not download from the URL file://@/none.tgz: failed to open `@/none.tgz`: no such file or directory.
         Trying another mirror.
         Sources correctly downloaded from file://@/src.tgz
         Uncompressing none.tgz to m
         mirror -> None
         query !! ConanException: Cannot deduce file name from the url: 'file://@/src.tgz?x=1'. Use 'filename' parameter.
         Sources correctly downloaded from file://@/src.tgz
         download -> None
         sum !! ConanException: md5 hash failed for 'z.tgz' file. 
 Provided hash: 00  
 Computed hash: SUM",
    );
    assert!(rest.starts_with("FileNotFoundError: "), "{rest}");
    assert!(rest.contains("\nnone !! FileNotFoundError: "), "{rest}");
    assert!(
        rest.ends_with(
            "files -> ['./m/root/a.txt', './m/root/sub/b.txt', './root/a.txt', './root/sub/b.txt', \
             './u/root/sub/b.txt', './x/y.tgz', './z/a.txt', './z/sub/b.txt']"
        ),
        "{rest}"
    );
}

#[test]
fn downloads_go_through_the_cache_of_sources() {
    let recipe = Recipe::new(
        r#"
class R(ConanFile):
    def source(self):
        import hashlib
        base = os.path.dirname(self.recipe_folder)
        sum = hashlib.sha256(open(base + "/src.tgz", "rb").read()).hexdigest()
        get(self, f"file://{base}/src.tgz", sha256=sum)
        get(self, f"file://{base}/src.tgz", sha256=sum)
"#,
        &[("core.sources:download_cache", "/nowhere")],
    );
    archive(&recipe);
    let mut conf = Conf::new();
    let cache = recipe.path("cache").to_string_lossy().into_owned();
    conf.define("core.sources:download_cache", ConfValue::Str(cache));
    let host = PythonHost::new(HostConfig {
        reporter: recipe.recorder.clone(),
        bytecode_cache: None,
        home: recipe.path("home"),
        global_conf: Arc::new(conf),
    });
    let recipe = Recipe { host, ..recipe };
    assert_lines(
        &recipe.messages(Action::Source),
        "Sources correctly downloaded from file://@/src.tgz
         Uncompressing src.tgz to .
         Source file://@/src.tgz retrieved from local download cache
         Uncompressing src.tgz to .",
    );
    let sum = crom_fs::digest::sha256(recipe.path("src.tgz")).unwrap();
    let summary = crom_fs::read_text(recipe.path(&format!("cache/s/{sum}.json"))).unwrap();
    let url = format!("file://{}", recipe.path("src.tgz").display());
    assert!(
        summary.starts_with(&format!("{{\"references\": {{\"foo/1.0\": [\"{url}\"]}}")),
        "{summary}"
    );
}

#[test]
fn contents_and_folders() {
    let recipe = Recipe::new(
        r#"
import pathlib
class R(ConanFile):
    def source(self):
        t(self, "save", lambda: save(self, "n/e/w.txt", "hé\nx", encoding="latin-1"))
        t(self, "append", lambda: (save(self, "a.txt", "a"), save(self, "a.txt", "b\n", append=True), load(self, pathlib.Path("a.txt"))))
        t(self, "latin", lambda: load(self, "n/e/w.txt", encoding="latin-1"))
        save(self, "b.txt", "line1\nline2\nline3\n")
        t(self, "rep", lambda: replace_in_file(self, "b.txt", "line1", "LINE"))
        t(self, "repmiss", lambda: replace_in_file(self, "b.txt", "line1", "LINE"))
        t(self, "reploose", lambda: replace_in_file(self, "b.txt", "line1", "LINE", strict=False))
        t(self, "repre", lambda: replace_in_file(self, "b.txt", r"^line(\d)$", r"L\1", regex=True))
        t(self, "text", lambda: load(self, "b.txt"))
        save(self, "root/a.txt", "x"); save(self, "root/sub/b.txt", "y")
        t(self, "copy", lambda: copy(self, "*", "root", "cc"))
        t(self, "copyflat", lambda: copy(self, "*.txt", os.path.join(self.source_folder, "root"), "cc2", keep_path=False))
        t(self, "copytuple", lambda: copy(self, ("*a.txt", "*.md"), "root", "cc3", excludes=("*b*",)))
        t(self, "copydot", lambda: copy(self, "../x", "root", "cc3"))
        t(self, "copyinto", lambda: copy(self, "a.txt", "root", "root/copy"))
        t(self, "copynone", lambda: copy(self, "a.txt", "rootx", "root/copy"))
        t(self, "copyNone", lambda: copy(self, "a.txt", None, "root/copy"))
        t(self, "rm", lambda: (rm(self, "*.txt", "cc", recursive=True, excludes="a*"), sorted(os.listdir("cc")), os.listdir("cc/sub")))
        t(self, "mkdir", lambda: (mkdir(self, "a/b/c"), rmdir(self, "a"), rmdir(self, "a"), os.path.exists("a")))
        t(self, "rename", lambda: rename(self, "cc", "dd"))
        t(self, "renex", lambda: rename(self, "root", "dd"))
        t(self, "md5", lambda: check_md5(self, "root/a.txt", "abc"))
        t(self, "chmod", lambda: chmod(self, "b.txt"))
        t(self, "chmod", lambda: chmod(self, "nope.txt", read=True))
        t(self, "chmod", lambda: (chmod(self, "b.txt", execute="yes"), os.access("b.txt", os.X_OK)))
        def cd():
            with chdir(self, "root") as x:
                here = os.path.basename(os.getcwd())
            return x, here, os.getcwd() == self.source_folder
        t(self, "chdir", cd)
        t(self, "move", lambda: (move_folder_contents(self, "root", self.source_folder), sorted(os.listdir("."))))
        t(self, "load", lambda: load(self, "root/nn.txt"))
"#,
        &[],
    );
    assert_lines(
        &recipe.messages(Action::Source),
        r#"save -> None
        append -> (None, None, 'ab\n')
        latin -> 'hé\nx'
        rep -> True
        repmiss !! ConanException: replace_in_file didn't find pattern 'line1' in 'b.txt' file.
        WARN: replace_in_file didn't find pattern 'line1' in 'b.txt' file.
        reploose -> False
        repre -> True
        text -> 'LINE\nL2\nL3\n'
        copy -> ['cc/a.txt', 'cc/sub/b.txt']
        copyflat -> ['cc2/a.txt', 'cc2/b.txt']
        copytuple -> ['cc3/a.txt']
        copydot !! ConanException: copy() it is not possible to use relative patterns starting with '..'
        copyinto -> ['root/copy/a.txt']
        copynone -> []
        copyNone !! ConanException: copy() received 'src=None' argument
        rm -> (None, ['a.txt', 'sub'], [])
        mkdir -> (None, None, None, False)
        rename -> None
        renex !! ConanException: rename root to dd failed, dst exists.
        md5 !! ConanException: md5 hash failed for 'a.txt' file. 
 Provided hash: abc  
 Computed hash: 9dd4e461268c8034f5c8564e155c67a6
        chmod !! ConanException: Could not change permission: At least one of the permissions should be set.
        chmod !! ConanException: Could not change permission: Path "nope.txt" does not exist.
        chmod -> (None, True)
        chdir -> (None, 'root', True)
        move -> (None, ['a.txt', 'b.txt', 'cc2', 'cc3', 'copy', 'dd', 'n', 'sub'])
        load !! FileNotFoundError: [Errno 2] failed to read `root/nn.txt`: no such file or directory"#,
    );
}

#[cfg(unix)]
#[test]
fn links() {
    let recipe = Recipe::new(
        r#"
from conan.tools.files import symlinks
class R(ConanFile):
    def source(self):
        save(self, "root/a.txt", "x")
        os.symlink(os.path.abspath("root/a.txt"), "root/abs")
        os.symlink("/etc/passwd", "root/ext")
        os.symlink("nothing", "root/broken")
        t(self, "get", lambda: sorted(symlinks.get_symlinks("root")))
        t(self, "copy", lambda: (sorted(copy(self, "*", "root", "cp")), os.path.islink("cp/ext")))
        t(self, "relative", lambda: (symlinks.absolute_to_relative_symlinks(self, "root"), os.readlink("root/abs")))
        t(self, "external", lambda: (symlinks.remove_external_symlinks(self, "root"), sorted(os.listdir("root"))))
        t(self, "broken", lambda: (symlinks.remove_broken_symlinks(self, os.path.abspath("root")), sorted(os.listdir("root"))))
"#,
        &[],
    );
    assert_lines(
        &recipe.messages(Action::Source),
        "get -> ['root/abs', 'root/broken', 'root/ext']
         copy -> (['cp/a.txt', 'cp/abs', 'cp/broken', 'cp/ext'], True)
         relative -> (None, 'a.txt')
         external -> (None, ['a.txt', 'abs', 'broken'])
         broken -> (None, ['a.txt', 'abs'])",
    );
}

const CONANDATA: &str = r#"sources:
  "1.0":
    url: ["u", 'b']
  "2.0": {a: 1}
patches:
  "1.0":
    - patch_file: "patches/p.patch"
      patch_type: "conan"
      patch_description: "fix it"
      base_path: "root"
  "2.0": [1]
general: x
date: 2020-01-01
scm: {commit: a, url: b}
nothing:
lst: [1, 2.0, true]
intkey:
  1.0: x
"#;

#[test]
fn conandata_is_trimmed_and_updated() {
    let recipe = Recipe::new(
        r#"
class R(ConanFile):
    def export(self):
        t(self, "trim", lambda: trim_conandata(self))
        t(self, "data", lambda: sorted(self.conan_data))
        t(self, "update", lambda: update_conandata(self, {"sources": {"1.0": {"n": "é"}, "b": 1.5}, "new": [1]}))
        t(self, "data", lambda: list(self.conan_data["sources"]))
    def source(self):
        t(self, "update", lambda: update_conandata(self, {}))
        t(self, "trim", lambda: trim_conandata(self))
"#,
        &[],
    );
    recipe.write("r/conandata.yml", CONANDATA);
    recipe.write("e/conandata.yml", CONANDATA);
    assert_lines(
        &recipe.messages(Action::Export),
        "trim -> None
         data -> ['date', 'general', 'lst', 'nothing', 'patches', 'scm', 'sources']
         update -> None
         data -> ['1.0']",
    );
    assert_eq!(
        crom_fs::read_text(recipe.path("e/conandata.yml")).unwrap(),
        r#"date: 2020-01-01
general: x
lst:
- 1
- 2.0
- true
new:
- 1
nothing: null
patches:
  '1.0':
  - base_path: root
    patch_description: fix it
    patch_file: patches/p.patch
    patch_type: conan
scm:
  commit: a
  url: b
sources:
  '1.0':
    n: "\xE9"
    url:
    - u
    - b
  b: 1.5
"#
    );
    assert_lines(
        &recipe.messages(Action::Source),
        "update !! ConanException: The 'update_conandata()' can only be used in the 'export()' method
         trim !! ConanException: The 'trim_conandata()' tool can only be used in the 'export()' method or 'post_export()' hook",
    );
    crom_fs::remove_file(recipe.path("e/conandata.yml")).unwrap();
    let error = recipe.messages(Action::Export);
    assert!(
        error.starts_with("trim !! ConanException: conandata.yml file doesn't exist"),
        "{error}"
    );
}

const PATCH: &str = "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-hello\n+bye\n";

#[test]
fn patches_are_exported_and_applied() {
    let recipe = Recipe::new(
        r#"
class R(ConanFile):
    def export_sources(self):
        t(self, "export", lambda: export_conandata_patches(self))
    def source(self):
        save(self, "root/a.txt", "hello\n")
        t(self, "apply", lambda: apply_conandata_patches(self))
        t(self, "text", lambda: load(self, "root/a.txt"))
        back = "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-bye\n+hi\n"
        with chdir(self, "root"):
            t(self, "patch", lambda: patch(self, base_path="root", patch_string=back, patch_type="x", patch_description="d", other=2))
        t(self, "text", lambda: load(self, "root/a.txt"))
        t(self, "junk", lambda: patch(self, base_path="root", patch_string="junk"))
        t(self, "none", lambda: patch(self, base_path="root", patch_file="nopatch"))
        self.conan_data = {"patches": {"1.0": None}}
        t(self, "apply", lambda: apply_conandata_patches(self))
        self.conan_data = None
        t(self, "apply", lambda: apply_conandata_patches(self))
"#,
        &[],
    );
    recipe.write("r/conandata.yml", CONANDATA);
    recipe.write("r/patches/p.patch", PATCH);
    assert_lines(&recipe.messages(Action::ExportSources), "export -> None");
    assert_eq!(
        crom_fs::read_text(recipe.path("es/patches/p.patch")).unwrap(),
        PATCH
    );
    recipe.write("s/patches/p.patch", PATCH);
    let found = recipe.messages(Action::Source);
    let (head, rest) = found.split_once("junk !! ").unwrap();
    assert_lines(
        head,
        r"Apply patch (conan): fix it
         apply -> None
         text -> 'bye\n'
         Apply patch (x): d
         patch -> None
         text -> 'hi\n'
         Apply patch (string)",
    );
    assert!(
        rest.starts_with("ConanException: Failed to parse patch: string"),
        "{rest}"
    );
    assert!(
        rest.contains("\nApply patch (file)\nnone !! FileNotFoundError: "),
        "{rest}"
    );
    assert!(
        rest.ends_with(
            "WARN: apply_conandata_patches(): No patches defined for version 1.0 in conandata.yml\n\
             apply -> None\napply !! ConanException: conandata.yml not defined"
        ),
        "{rest}"
    );
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = std::process::Command::new("git")
        .args([
            "-c",
            "user.name=n",
            "-c",
            "user.email=a@b.c",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn coordinates_of_git() {
    let recipe = Recipe::new(
        r#"
from conan.tools.scm import Git, Version
class R(ConanFile):
    def export(self):
        git = Git(self, self.recipe_folder)
        t(self, "folders", lambda: (git.folder == self.recipe_folder, Git(self).folder))
        t(self, "same", lambda: git.get_url_and_commit()[1] == git.get_commit() == git.run("rev-parse HEAD"))
        t(self, "url", lambda: git.get_remote_url("nope"))
        t(self, "dirty", lambda: git.is_dirty())
        t(self, "files", lambda: git.included_files())
        t(self, "shell", lambda: git.run("nonsense SECRET 2>/dev/null || echo x", hidden_output="SECRET"))
        t(self, "coordinates", lambda: git.coordinates_to_conandata())
        save(self, os.path.join(self.recipe_folder, "new.txt"), "")
        t(self, "dirty", lambda: git.get_url_and_commit())
        t(self, "version", lambda: Version("1.2") < "1.10")
    def source(self):
        import yaml
        base = os.path.dirname(self.recipe_folder)
        self.conan_data = yaml.safe_load(load(self, base + "/e/conandata.yml"))
        Git(self).checkout_from_conandata_coordinates()
        t(self, "sources", lambda: sorted(os.listdir(".")))
"#,
        &[],
    );
    git(&recipe.path("r"), &["init", "-q"]);
    git(&recipe.path("r"), &["add", "."]);
    git(&recipe.path("r"), &["commit", "-q", "-m", "1"]);
    let found = recipe.messages(Action::Export);
    let commit = found
        .split_once("Current commit ")
        .unwrap()
        .1
        .split(' ')
        .next()
        .unwrap();
    assert_lines(
        &found.replace(commit, "COMMIT"),
        "folders -> (True, '.')
         WARN: Current commit COMMIT doesn't exist in remote origin
This revision will not be buildable in other computer
         RUN: git rev-parse HEAD
         same -> True
         url -> None
         dirty -> False
         files -> ['conanfile.py']
         RUN: git nonsense <hidden> 2>/dev/null || echo x
         shell -> 'x'
         WARN: Current commit COMMIT doesn't exist in remote origin
This revision will not be buildable in other computer
         coordinates -> None
         dirty !! ConanException: Repo is dirty, cannot capture url and commit: @/r
         version -> True",
    );
    assert_eq!(
        crom_fs::read_text(recipe.path("e/conandata.yml")).unwrap(),
        format!(
            "scm:\n  commit: {commit}\n  url: {}\n",
            recipe.path("r").display()
        )
    );
    let found = recipe.messages(Action::Source);
    assert_lines(
        &found.replace(commit, "COMMIT"),
        "Cloning git repo
         Checkout: COMMIT
         sources -> ['.git', 'conanfile.py']",
    );
}

#[test]
fn commits_that_only_exist_here_may_be_blocked() {
    let recipe = Recipe::new(
        r#"
from conan.tools.scm import Git
class R(ConanFile):
    def export(self):
        t(self, "git", lambda: Git(self, self.recipe_folder, excluded=["z*"]).get_url_and_commit())
"#,
        &[
            ("core.scm:local_url", "block"),
            ("core.scm:excluded", "['new*']"),
        ],
    );
    git(&recipe.path("r"), &["init", "-q"]);
    git(&recipe.path("r"), &["add", "."]);
    git(&recipe.path("r"), &["commit", "-q", "-m", "1"]);
    recipe.write("r/new.txt", "");
    recipe.write("r/z.txt", "");
    let found = recipe.messages(Action::Export);
    assert!(
        found.starts_with("git !! ConanException: Current commit "),
        "{found}"
    );
    assert!(
        found.ends_with(
            "doesn't exist in remote origin\nFailing according to 'core.scm:local_url=block' conf"
        ),
        "{found}"
    );
}

#[test]
fn packages_of_the_system_are_reported() {
    let recipe = Recipe::new(
        r#"
from conan.tools.system.package_manager import Apt, Yum
class R(ConanFile):
    settings = "os", "arch"
    def system_requirements(self):
        self.conf.define("tools.system.package_manager:tool", "apt-get")
        self.conf.define("tools.system.package_manager:mode", "report")
        self.conf.define("tools.system.package_manager:sudo", True)
        apt = Apt(self)
        t(self, "install", lambda: apt.install(["bash", "nopkg"]))
        t(self, "install", lambda: apt.install(["bash", "more"], update=True))
        t(self, "update", lambda: apt.update())
        t(self, "substitutes", lambda: apt.install_substitutes(["a", "b"], ["c"]))
        t(self, "other", lambda: (Yum(self).install(["x"]), Yum(self).check(["x"])))
        t(self, "sudo", lambda: apt.sudo_str)
        t(self, "noted", lambda: self.system_requires)
"#,
        &[],
    );
    assert_lines(
        &recipe.messages(Action::SystemRequirements),
        "install -> None
         install -> None
         update -> None
         substitutes -> None
         other -> (None, None)
         sudo -> 'sudo '
         noted -> {'apt-get': {'install': ['bash', 'nopkg', 'more', 'a', 'b']}}",
    );
}

#[test]
fn names_that_recipes_import() {
    let recipe = Recipe::new(
        r#"
from conan.tools.files.symlinks import get_symlinks
from conan.tools.files.symlinks.symlinks import remove_broken_symlinks
from conan.tools.files.files import chdir as c
from conan.tools.files.patches import patch as p
from conan.tools.files.conandata import update_conandata as u
from conan.tools.files.copy_pattern import copy as cp
from conan.tools.scm.git import Git
from conan.tools.system import package_manager, PipEnv, PyEnv
from conan.tools.system.package_manager import (Apk, Apt, Brew, Chocolatey, Dnf, PacMan, Pkg, PkgUtil,
                                                Yum, Zypper)
from conan.tools import files
class R(ConanFile):
    def source(self):
        t(self, "tools", lambda: [it.tool_name for it in (Apk, Apt, Brew, Chocolatey, Dnf, PacMan, Pkg, PkgUtil, Yum, Zypper)])
        t(self, "ftp", lambda: ftp_download(self, "host", "a"))
"#,
        &[],
    );
    let found = recipe.messages(Action::Source);
    assert!(
        found.starts_with(
            "tools -> ['apk', 'apt-get', 'brew', 'choco', 'dnf', 'pacman', 'pkg', 'pkgutil', 'yum', \
             'zypper']\nftp !! ConanException: Error in FTP download from host"
        ),
        "{found}"
    );
}
