//! What people read when something goes wrong, and the exit codes that scripts read.

use crate::home::{Outcome, Scratch};
use crate::recipes::PLAIN;

/// A recipe with this body, below `class Pkg(ConanFile):`, on line 5.
fn recipe(body: &str) -> String {
    let mut text = "from conan import ConanFile\n\
                    from conan.errors import ConanException, ConanInvalidConfiguration\n\
                    \n\
                    class Pkg(ConanFile):\n\
                    \x20   name = \"pkg\"; version = \"1.0\"\n"
        .to_owned();
    for line in body.lines() {
        text.push_str("    ");
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// `create` of a recipe with this body.
fn create(body: &str) -> Outcome {
    let scratch = Scratch::new();
    scratch.write("pkg/conanfile.py", &recipe(body));
    scratch.crom("create pkg")
}

/// A home with `plain/1.0`, which [`PLAIN`] describes.
fn with_plain() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("plain/conanfile.py", PLAIN);
    scratch.crom("create plain").success();
    scratch
}

#[test]
fn a_failing_method_is_named_with_its_line() {
    create("def build(self):\n    value = 1\n    raise ConanException(\"it broke\")")
        .fails_with(1)
        .says("Calling build()")
        .says("pkg/1.0: Error in build() method, line 8")
        .says("raise ConanException(\"it broke\")")
        .says("ConanException: it broke");
    create("def configure(self):\n    raise ConanException(\"not today\")")
        .fails_with(1)
        .says("pkg/1.0: Error in configure() method, line 7")
        .says("ConanException: not today");
    create("def package(self):\n    self.nothing.here()")
        .fails_with(1)
        .says("pkg/1.0: Error in package() method, line 7")
        .says("AttributeError: 'Pkg' object has no attribute 'nothing'");
}

#[test]
fn a_failing_function_that_a_method_calls_is_named_too() {
    create(
        "def build(self):\n    self.helper()\ndef helper(self):\n    raise ValueError(\"deep\")",
    )
    .fails_with(1)
    .says("pkg/1.0: Error in build() method, line 7")
    .says("while calling 'helper', line 9")
    .says("ValueError: deep");
}

#[test]
fn a_failing_command_ends_the_build() {
    create("def build(self):\n    self.run(\"exit 5\")")
        .fails_with(1)
        .says("pkg/1.0: Error in build() method, line 7")
        .says("ConanException: Error 5 while executing");
}

#[test]
fn a_file_that_is_no_recipe() {
    let scratch = Scratch::new();
    scratch.write(
        "syntax/conanfile.py",
        "from conan import ConanFile\n\nclass Bad(ConanFile)\n    name = \"bad\"\n",
    );
    scratch
        .crom("create syntax")
        .fails_with(1)
        .says("Error loading conanfile at '<WORK>/syntax/conanfile.py'")
        .says("line 3")
        .says("SyntaxError");
    scratch.write("empty/conanfile.py", "import conan\n");
    scratch
        .crom("create empty")
        .fails_with(1)
        .says("<WORK>/empty/conanfile.py: No subclass of ConanFile");
    scratch.write(
        "import/conanfile.py",
        "from conan import ConanFile\nfrom conan.nowhere import thing\n",
    );
    scratch
        .crom("create import")
        .fails_with(1)
        .says("<WORK>/import/conanfile.py")
        .says("conan.nowhere");
    scratch
        .crom("create nowhere")
        .fails_with(1)
        .says("Conanfile not found at <WORK>/nowhere");
    scratch.write(
        "nameless/conanfile.py",
        "from conan import ConanFile\n\nclass A(ConanFile):\n    version = \"1\"\n",
    );
    scratch
        .crom("create nameless")
        .fails_with(1)
        .says("conanfile didn't specify name");
}

#[test]
fn an_invalid_configuration_ends_with_6() {
    let invalid = "settings = \"os\"\n\
                   def validate(self):\n    \
                       if self.settings.os == \"Linux\":\n        \
                           raise ConanInvalidConfiguration(\"no penguins\")";
    create(invalid)
        .fails_with(6)
        .says("ERROR: There are invalid packages:")
        .says("pkg/1.0: Invalid: no penguins");
    let cannot_build = "def validate_build(self):\n    \
                            raise ConanInvalidConfiguration(\"not built here\")";
    create(cannot_build)
        .fails_with(6)
        .says("pkg/1.0: Cannot build for this configuration: not built here");
    let in_configure = "def configure(self):\n    raise ConanInvalidConfiguration(\"never\")";
    create(in_configure).fails_with(6).says("never");
}

#[test]
fn settings_and_options_that_there_are_not() {
    let scratch = with_plain();
    scratch
        .crom("create plain -s os=Lunix")
        .fails_with(1)
        .says("Invalid setting 'Lunix' is not a valid 'settings.os' value.")
        .says("Possible values are ['Windows',");
    scratch
        .crom("create plain -s colour=red")
        .fails_with(1)
        .says("'settings.colour' doesn't exist");
    scratch
        .crom("create plain -o &:shared=maybe")
        .fails_with(1)
        .says("'maybe' is not a valid 'options.shared' value.")
        .says("Possible values are ['True', 'False']");
    scratch
        .crom("create plain -o &:colour=red")
        .fails_with(1)
        .says("option 'colour' doesn't exist")
        .says("Possible options are ['shared', 'fast']");
    create("settings = \"colour\"")
        .fails_with(1)
        .says("'settings.colour' doesn't exist");
}

#[test]
fn a_wrong_profile() {
    let scratch = with_plain();
    scratch.write_home("profiles/wrong", "[settings]\nos=Linux\nthis is wrong\n");
    scratch
        .crom("install --requires=plain/1.0 -pr wrong")
        .fails_with(1)
        .says("Error reading 'wrong' profile: Invalid setting line 'this is wrong'");
    scratch
        .crom("install --requires=plain/1.0 -pr nowhere")
        .fails_with(1)
        .says("Profile not found: nowhere");
    scratch.write_home("profiles/section", "[setings]\nos=Linux\n");
    scratch
        .crom("install --requires=plain/1.0 -pr section")
        .fails_with(1)
        .says("Error reading 'section' profile")
        .says("setings");
}

#[test]
fn no_default_profile() {
    let scratch = Scratch::bare();
    scratch.write("plain/conanfile.py", PLAIN);
    scratch
        .crom("create plain")
        .fails_with(1)
        .says("The default build profile '<HOME>/profiles/default' doesn't exist.")
        .says("conan profile detect");
}

#[test]
fn confs_that_there_are_not() {
    let scratch = with_plain();
    scratch.write_home("global.conf", "tools.build:jobs=2\ntools.nowhere:thing=1\n");
    scratch
        .crom("install --requires=plain/1.0")
        .fails_with(1)
        .says("<HOME>/global.conf:2")
        .says("'tools.nowhere:thing' does not exist in configuration list");
    scratch.write_home("global.conf", "");
    scratch
        .crom("install --requires=plain/1.0 -c tools.nowhere:thing=1")
        .fails_with(1)
        .says("'tools.nowhere:thing' does not exist in configuration list");
}

#[test]
fn references_that_cannot_be_resolved() {
    let scratch = with_plain();
    scratch
        .crom("install --requires=plain")
        .fails_with(1)
        .says("plain is not a valid recipe reference, provide a reference in the form name/version[@user/channel]");
    scratch
        .crom("install --requires=nope/1.0")
        .fails_with(1)
        .says("nope/1.0: Not found in local cache, looking in remotes...")
        .says("ERROR: Package 'nope/1.0' not resolved: No remote defined. Required by 'cli'");
    scratch
        .crom("install --requires=plain/[>=5]")
        .fails_with(1)
        .says("Version range '>=5' from requirement 'plain/[>=5]'")
        .says("could not be resolved");
    scratch
        .crom("list plain/9.0")
        .success()
        .prints("ERROR: Recipe 'plain/9.0' not found");
    scratch
        .crom("cache path plain/9.0")
        .fails_with(1)
        .says("plain/9.0");
}

#[test]
fn two_versions_of_one_package() {
    let scratch = Scratch::new();
    scratch.write("plain/conanfile.py", PLAIN);
    scratch.crom("create plain").success();
    scratch.crom("create plain --version=2.0").success();
    scratch.write("pkg/conanfile.py", &recipe("requires = \"plain/1.0\""));
    scratch.crom("create pkg").success();
    scratch
        .crom("install --requires=pkg/1.0 --requires=plain/2.0")
        .fails_with(1)
        .says("ERROR: Version conflict: Conflict between plain/1.0 and plain/2.0 in the graph.")
        .says("Conflict originates from");
}

#[test]
fn a_dependency_on_itself() {
    let scratch = Scratch::new();
    scratch.write("pkg/conanfile.py", &recipe("requires = \"pkg/1.0\""));
    scratch
        .crom("create pkg")
        .fails_with(1)
        .says("There is a cycle/loop in the graph");
}

#[test]
fn a_missing_package() {
    let scratch = with_plain();
    scratch
        .crom("install --requires=plain/1.0 -s build_type=Debug")
        .fails_with(1)
        .says("ERROR: Missing binary: plain/1.0:")
        .says("Can't find a 'plain/1.0' package binary")
        .says("build_type=Debug")
        .says("ERROR: Missing prebuilt package for 'plain/1.0'. You can try:")
        .says("Try to build locally from sources using the '--build=plain/1.0' argument");
}

#[test]
fn build_modes_that_exclude_each_other() {
    let scratch = with_plain();
    scratch
        .crom("install --requires=plain/1.0 --build=never --build=missing")
        .fails_with(1)
        .says("ERROR: --build=never not compatible with other options");
}

#[test]
fn a_wrong_checksum_shows_both() {
    let scratch = Scratch::new();
    let file = scratch.write("data.txt", "data\n");
    let wrong = "0".repeat(64);
    let right = "6667b2d1aab6a00caa5aee5af8ad9f1465e567abf1c209d15727d57b3e8f6e5f";
    let body = |sum: &str| {
        format!(
            "def source(self):\n    from conan.tools.files import download\n    \
             download(self, \"file://{}\", \"data.txt\", sha256=\"{sum}\")",
            file.display()
        )
    };
    scratch.write("pkg/conanfile.py", &recipe(&body(&wrong)));
    scratch
        .crom("create pkg")
        .fails_with(1)
        .says("pkg/1.0: Error in source() method, line 8")
        .says("sha256")
        .says(&wrong)
        .says(right);
    scratch.write("pkg/conanfile.py", &recipe(&body(right)));
    scratch.crom("create pkg").success();
}

#[test]
fn a_file_to_download_that_is_not_there() {
    let scratch = Scratch::new();
    let missing = scratch.work().join("missing.txt");
    let body = format!(
        "def source(self):\n    from conan.tools.files import download\n    \
         download(self, \"file://{}\", \"data.txt\")",
        missing.display()
    );
    scratch.write("pkg/conanfile.py", &recipe(&body));
    scratch
        .crom("create pkg")
        .fails_with(1)
        .says("pkg/1.0: Error in source() method, line 8")
        .says("missing.txt");
}

#[test]
fn an_archive_cannot_write_outside_of_its_folder() {
    let scratch = Scratch::new();
    let archive = scratch.work().join("evil.tar");
    std::fs::write(&archive, tar("../../evil.txt", b"evil")).expect("an archive");
    let body = format!(
        "def source(self):\n    from conan.tools.files import unzip\n    unzip(self, \"{}\")",
        archive.display()
    );
    scratch.write("pkg/conanfile.py", &recipe(&body));
    scratch
        .crom("create pkg")
        .fails_with(1)
        .says("pkg/1.0: Error in source() method, line 8")
        .says("../../evil.txt");
    assert!(!scratch.home().join("p/evil.txt").exists());
    // the same archive with a harmless path is unpacked
    std::fs::write(&archive, tar("fine/good.txt", b"good")).expect("an archive");
    scratch.crom("create pkg").success();
}

/// A tar archive with one file.
fn tar(path: &str, content: &[u8]) -> Vec<u8> {
    let mut header = [0_u8; 512];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, path.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{:011o}\0", content.len()).as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut archive = header.to_vec();
    archive.extend_from_slice(content);
    archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
    archive
}

#[test]
fn a_corrupted_database_comes_with_a_remedy() {
    let scratch = with_plain();
    scratch.write_home("p/cache.sqlite3", &"this is no database ".repeat(300));
    scratch
        .crom("install --requires=plain/1.0")
        .fails_with(1)
        .says("cache database '<HOME>/p/cache.sqlite3' is corrupted");
    scratch
        .crom("list *")
        .fails_with(1)
        .says("cache database '<HOME>/p/cache.sqlite3' is corrupted")
        .says("hint: move '<HOME>/p/cache.sqlite3' away");
}

#[test]
fn a_corrupted_package_is_found() {
    let scratch = with_plain();
    let listed = scratch.crom("list plain/1.0:* --format=json").success();
    let json = listed.json();
    let revisions = json["Local Cache"]["plain/1.0"]["revisions"].as_object();
    let (_, revision) = revisions.expect("revisions").iter().next().expect("one");
    let packages = revision["packages"].as_object().expect("packages");
    let (id, _) = packages.iter().next().expect("one");
    let path = scratch
        .crom(&format!("cache path plain/1.0:{id}"))
        .success();
    let folder = path
        .stdout
        .trim()
        .replace("<HOME>", &scratch.home().to_string_lossy());
    scratch
        .crom("cache check-integrity *:*")
        .success()
        .says("Integrity check: ok");
    std::fs::write(format!("{folder}/share/plain.txt"), "other").expect("a file");
    scratch
        .crom("cache check-integrity *:*")
        .fails_with(1)
        .says("Manifest mismatch")
        .says("share/plain.txt")
        .says("There are corrupted artifacts, check the error logs");
}

#[test]
fn arguments_that_there_are_not() {
    let scratch = Scratch::new();
    scratch
        .crom("list --nonsense")
        .fails_with(2)
        .says("--nonsense");
    scratch
        .crom("list * --format=poem")
        .fails_with(1)
        .says("poem is not a known format");
    scratch.crom("nonsense").fails_with(1).says("nonsense");
    scratch.crom("list *:* -p nonsense(").fails_with(1);
}

#[test]
fn a_server_that_may_have_the_binary_is_not_passed_over() {
    let scratch = Scratch::new();
    scratch
        .crom("remote add server http://127.0.0.1:1")
        .success();
    scratch.write("conanfile.py", PLAIN);
    scratch.crom("export .").success();
    scratch
        .crom("install --requires=plain/1.0")
        .fails_with(1)
        .says("Unable to connect to remote server=http://127.0.0.1:1")
        .says("Make sure the remote is reachable");
    scratch
        .crom("install --requires=plain/1.0 -nr")
        .fails_with(1)
        .says("Missing prebuilt package for 'plain/1.0'");
}

#[test]
fn an_argument_that_comes_twice_is_named_as_it_was_written() {
    let scratch = Scratch::new();
    for (line, message) in [
        (
            "remove x -r a -r b",
            "conan remove: error: -r can only be specified once",
        ),
        (
            "upload x --remote a --remote=b",
            "conan upload: error: --remote can only be specified once",
        ),
        (
            "cache clean -p x -p y",
            "conan cache clean: error: -p can only be specified once",
        ),
    ] {
        scratch.crom(line).fails_with(2).says(message);
    }
}
