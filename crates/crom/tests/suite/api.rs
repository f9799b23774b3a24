//! Every name of Conan's recipe API is there, with its parameters and defaults.
//!
//! `api/surface.json` lists them: facts read off Conan 2.34.0, in which the check passes too.

use crate::home::Scratch;

const CHECK: &str = include_str!("api/conanfile.py");
const FACTS: &str = include_str!("api/facts.py");
const SURFACE: &str = include_str!("api/surface.json");

const DEPENDENCY: &str = r#"from conan import ConanFile


class Dep(ConanFile):
    name = "dep"
    version = "1.0"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False]}
    default_options = {"shared": False}
"#;

#[test]
fn every_name_is_there() {
    let scratch = Scratch::new();
    scratch.write("dep/conanfile.py", DEPENDENCY);
    scratch.write("check/conanfile.py", CHECK);
    scratch.write("check/surface.json", SURFACE);
    scratch.crom("create dep").success();
    scratch.crom("create dep --build-require").success();
    let output = scratch.crom("install check").success();
    let missing: Vec<&str> = output
        .stderr
        .lines()
        .filter(|line| line.contains("MISSING "))
        .collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    // In package_id() and in generate().
    assert_eq!(output.stderr.matches("CHECKED 0 missing").count(), 2);
}

#[test]
fn rare_names_do_their_job() {
    let scratch = Scratch::new();
    scratch.write("dep/conanfile.py", DEPENDENCY);
    scratch.write("facts/conanfile.py", FACTS);
    scratch.crom("create dep").success();
    let output = scratch.crom("install facts").success();
    assert!(output.stderr.contains("FACTS hold"), "{}", output.stderr);
    assert!(output.stderr.contains("DIFF build_type=Debug, shared=True"));
}
