//! A home in turn with Conan itself. `CROM_ORACLE` names Conan's executable; without it these tests
//! only say so.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crom_model::package_list::PackageList;
use crom_model::reference::{PackageReference, RecipeReference, RefPattern, RefPatternDefaults};
use crom_model::reporter::Silent;
use crom_store::cache::{Cache, RecipeLayout, SaveOptions, Selection};
use crom_store::detect::Detector;
use crom_store::editables::{Editable, Editables};
use crom_store::export::{ExportFolders, ExportInput, ExportStep, export_recipe};
use crom_store::profile::{ContextArgs, Profiles, save_detected_profile};
use crom_store::remotes::{RemoteConfig, Remotes};
use crom_store::{Home, StoreError, Variables, config};

struct Oracle {
    program: PathBuf,
    folder: tempfile::TempDir,
}

impl Oracle {
    fn new() -> Option<Self> {
        match std::env::var_os("CROM_ORACLE") {
            Some(program) => Some(Self {
                program: program.into(),
                folder: tempfile::tempdir().unwrap(),
            }),
            None => {
                #[expect(clippy::print_stdout, reason = "tells why nothing was tested")]
                {
                    println!("skipped: CROM_ORACLE doesn't name Conan's executable");
                }
                None
            }
        }
    }

    fn home(&self) -> Home {
        Home::at(self.folder.path().join("home"))
    }

    fn cache(&self) -> Cache {
        Cache::at(self.home().default_cache_folder())
    }

    /// Runs Conan on the home. Returns stdout and stderr; panics if it fails.
    fn run(&self, arguments: &[&str]) -> (String, String) {
        let output = Command::new(&self.program)
            .args(arguments)
            .env("CONAN_HOME", self.home().root())
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{arguments:?}\n{out}\n{err}");
        (out, err)
    }

    /// A recipe that needs no compiler.
    fn recipe(&self) -> PathBuf {
        let folder = self.folder.path().join("recipe");
        let text = "from conan import ConanFile\nfrom conan.tools.files import copy\nclass A(ConanFile):\n    name='aa'\n    version='1.0'\n    settings='os'\n    exports='*.txt'\n    exports_sources='src/*'\n    def package(self):\n        copy(self, 'src/*', self.source_folder, self.package_folder)\n";
        for (path, text) in [("conanfile.py", text), ("n.txt", "1"), ("src/a.c", "2")] {
            let path = folder.join(path);
            crom_fs::create_dir_all(path.parent().unwrap()).unwrap();
            crom_fs::write(path, text).unwrap();
        }
        folder.join("conanfile.py")
    }

    fn export(&self) -> RecipeLayout {
        let (exports, sources) = (["*.txt".to_owned()], ["src/*".to_owned()]);
        let input = ExportInput {
            reference: RecipeReference::loads("aa/1.0").unwrap(),
            conanfile: &self.recipe(),
            exports: &exports,
            exports_sources: &sources,
            trim_conandata: false,
            revision: None,
            later: false,
        };
        let run = &mut |_: ExportStep, _: &ExportFolders| -> Result<(), StoreError> { Ok(()) };
        export_recipe(&self.cache(), &input, run).unwrap().layout
    }

    fn detect_profile(&self) {
        let variables = Variables::from_process();
        let settings = Detector::new(&variables, &Silent).default_settings();
        save_detected_profile(&self.home(), "default", &settings, false).unwrap();
    }

    fn select(&self, pattern: &str) -> PackageList {
        let pattern = RefPattern::parse(pattern, &RefPatternDefaults::none()).unwrap();
        self.cache()
            .select(&pattern, &Selection::default(), &Silent)
            .unwrap()
    }
}

fn no_warnings(output: &(String, String)) {
    assert!(
        !output.0.contains("WARN") && !output.1.contains("WARN"),
        "{output:?}"
    );
}

#[test]
fn conan_goes_on_with_a_home_of_ours() {
    let Some(oracle) = Oracle::new() else { return };
    oracle.detect_profile();
    let home = oracle.home();
    let mut remotes = Remotes::load(&home).unwrap();
    remotes.set_disabled("conancenter", true).unwrap();
    remotes
        .add(
            RemoteConfig::new("b", "https://b.invalid"),
            None,
            false,
            Path::new("/"),
        )
        .unwrap();
    remotes.set_disabled("b", true).unwrap();
    remotes.save(&home).unwrap();
    let mut editables = Editables::load(&home).unwrap();
    editables.add(
        "ed/1.0",
        Editable {
            path: oracle.recipe(),
            output_folder: None,
        },
    );
    editables.save(&home).unwrap();
    let recipe = oracle.export();
    let lock = oracle
        .cache()
        .lock_recipe(&recipe.reference, &Silent)
        .unwrap();
    no_warnings(&oracle.run(&["list", "*#*:*#*"]));
    let shown = oracle.run(&["profile", "show"]);
    no_warnings(&shown);
    assert!(shown.0.contains("build_type=Release"), "{shown:?}");
    let listed = oracle.run(&["remote", "list"]);
    assert!(
        listed
            .0
            .contains("b: https://b.invalid [Verify SSL: True, Enabled: False]")
    );
    assert!(oracle.run(&["editable", "list"]).0.contains("ed/1.0"));
    oracle.run(&["editable", "remove", "-r=ed/*"]);
    assert!(Editables::load(&home).unwrap().is_empty());
    drop(lock);
    oracle.run(&["cache", "clean"]);
    let installed = oracle.run(&["install", "--requires=aa/1.0", "--build=missing", "-nr"]);
    no_warnings(&installed);
    assert!(
        oracle
            .run(&["cache", "check-integrity", "*"])
            .1
            .contains("Integrity check: ok")
    );
    let packages = oracle.cache().package_ids(&recipe.reference).unwrap();
    assert_eq!(packages.len(), 1);
    let package = oracle.cache().package(&packages[0]).unwrap();
    assert!(package.package().join("src/a.c").is_file());
}

#[test]
fn we_go_on_with_a_home_of_conan() {
    let Some(oracle) = Oracle::new() else { return };
    oracle.run(&["profile", "detect"]);
    let conanfile = oracle.recipe();
    oracle.run(&["create", conanfile.to_str().unwrap()]);
    let home = oracle.home();
    // The same detection, the same settings.
    let variables = Arc::new(Variables::from_process());
    let settings = Detector::new(&variables, &Silent).default_settings();
    let written = crom_fs::read_text(home.profiles_folder().join("default")).unwrap();
    assert_eq!(crom_store::detect::profile_text(&settings), written);
    let conf = config::load_global_conf(&home, &variables, &[], &Silent).unwrap();
    let definition = config::load_settings(&home).unwrap();
    let profiles = Profiles::new(&home, &variables, home.root(), &conf, &definition, &Silent);
    let args = ContextArgs::default();
    let profile = profiles
        .load(crom_model::view::Context::Host, &args, &mut |_, _| {
            panic!("it isn't edited")
        })
        .unwrap();
    let shown = oracle.run(&["profile", "show", "-cx", "host"]).0;
    assert_eq!(shown.trim(), profile.dumps().trim());
    // The same revision in the same folder.
    let before = oracle
        .cache()
        .recipe(&RecipeReference::loads("aa/1.0").unwrap())
        .unwrap();
    let exported = oracle.export();
    assert_eq!(exported.root, before.root);
    assert_eq!(exported.reference, before.reference);
    let listed = oracle.run(&["list", "*#*:*#*", "--format=json"]).0;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    // As text: the order of keys counts.
    assert_eq!(
        oracle.select("*#*:*#*").to_json().to_string(),
        listed["Local Cache"].to_string()
    );
    assert!(
        oracle
            .cache()
            .check_integrity(&oracle.select("*#*:*#*"), &crom_model::reporter::Silent)
            .unwrap()
            .is_ok()
    );
}

#[test]
fn saved_files_are_read_by_both() {
    let Some(oracle) = Oracle::new() else { return };
    oracle.run(&["profile", "detect"]);
    let conanfile = oracle.recipe();
    oracle.run(&["create", conanfile.to_str().unwrap()]);
    let theirs = oracle.folder.path().join("theirs.tgz");
    let ours = oracle.folder.path().join("ours.tgz");
    oracle.run(&[
        "cache",
        "save",
        "*#*:*#*",
        "--file",
        theirs.to_str().unwrap(),
    ]);
    let mut list = oracle.select("*#*:*#*");
    oracle
        .cache()
        .save(&mut list, &ours, SaveOptions::default(), &Silent)
        .unwrap();
    let before = oracle.select("*#*:*#*");

    let other = Oracle::new().unwrap();
    let restored = other.cache().restore(&theirs, &Silent).unwrap();
    assert_eq!(restored.refs().unwrap(), before.refs().unwrap());
    no_warnings(&other.run(&["cache", "check-integrity", "*"]));
    let package = other.select("*#*:*#*");
    let reference = &package.refs().unwrap()[0];
    let (package, _): (PackageReference, _) = package.prefs(reference).remove(0);
    assert!(
        other
            .cache()
            .package(&package)
            .unwrap()
            .package()
            .join("src/a.c")
            .is_file()
    );

    let third = Oracle::new().unwrap();
    third.run(&["cache", "restore", ours.to_str().unwrap()]);
    assert!(
        third
            .cache()
            .check_integrity(&third.select("*#*:*#*"), &crom_model::reporter::Silent)
            .unwrap()
            .is_ok()
    );
    assert_eq!(third.select("*:*").refs().unwrap(), before.refs().unwrap());
}
