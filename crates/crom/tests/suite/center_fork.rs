//! A small fork of an index in a git checkout, with a list.

use std::path::Path;
use std::process::Command;

use crate::home::{Outcome, Scratch};

/// A recipe of the fork.
pub struct Recipe<'a> {
    pub name: &'a str,
    /// `name/version` or nothing.
    pub requires: Option<&'a str>,
    pub license: &'a str,
}

impl Recipe<'_> {
    /// Its `conanfile.py`.
    pub fn text(&self) -> String {
        let requires = self.requires.map_or(String::new(), |it| {
            format!("    def requirements(self):\n        self.requires(\"{it}\")\n\n")
        });
        format!(
            "from conan import ConanFile\nfrom conan.tools.files import export_conandata_patches, get\n\n\n\
             class Recipe(ConanFile):\n    name = \"{}\"\n    license = \"{}\"\n    settings = \"os\", \"arch\"\n\n\
             {requires}    def export_sources(self):\n        export_conandata_patches(self)\n\n\
             \x20   def source(self):\n        get(self, **self.conan_data[\"sources\"][self.version])\n",
            self.name, self.license
        )
    }

    /// Writes it below a folder of the work folder, with versions and `conandata.yml`.
    pub fn write(&self, scratch: &Scratch, fork: &str, versions: &[&str], conandata: &str) {
        let folder = format!("{fork}/recipes/{}", self.name);
        let versions: String = versions
            .iter()
            .map(|it| format!("  \"{it}\":\n    folder: all\n"))
            .collect();
        scratch.write(
            &format!("{folder}/config.yml"),
            &format!("versions:\n{versions}"),
        );
        scratch.write(&format!("{folder}/all/conanfile.py"), &self.text());
        scratch.write(&format!("{folder}/all/conandata.yml"), conandata);
    }
}

/// Runs git in a folder below the work folder, as somebody with a name.
pub fn git(scratch: &Scratch, folder: &str, arguments: &[&str]) -> Outcome {
    let names = [
        "-c",
        "user.name=Tester",
        "-c",
        "user.email=tester@example.org",
    ];
    let settings = [
        "-c",
        "init.defaultBranch=master",
        "-c",
        "commit.gpgsign=false",
    ];
    let all = names.iter().chain(&settings).chain(arguments);
    scratch.run(Path::new("git"), folder, all).success()
}

/// Commits everything.
pub fn commit(scratch: &Scratch, folder: &str, message: &str) {
    let _ = git(scratch, folder, &["add", "--all"]);
    let _ = git(scratch, folder, &["commit", "--quiet", "-m", message]);
}

/// Whether there's a git that merges beside the checkout (2.38).
pub fn has_git() -> bool {
    let help = Command::new("git").args(["merge-tree", "-h"]).output();
    let known = help.is_ok_and(|it| {
        [it.stdout, it.stderr]
            .concat()
            .windows(12)
            .any(|it| it == b"--write-tree")
    });
    if !known {
        eprintln!("skipped: there's no git with merge-tree --write-tree");
    }
    known
}
