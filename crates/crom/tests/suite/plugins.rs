//! Plugins that sign packages and that know passwords.

use crate::home::Scratch;
use crate::recipes::{HEADER, HEADERS};
use crate::server::Started;

/// Signs with the names of the files, and refuses what `REFUSED` in the environment says.
const SIGNER: &str = r#"
import json, os

def sign(ref, artifacts_folder, signature_folder, **kwargs):
    assert sorted(os.listdir(signature_folder))[0] == "pkgsign-manifest.json"
    if os.environ.get("REFUSED"):
        raise Exception("no key for " + str(ref))
    with open(os.path.join(signature_folder, "names.sig"), "w") as file:
        file.write(str(ref))
    return [{"method": "names", "provider": "tests", "sign_artifacts": {"signature": "names.sig"}}]

def verify(ref, artifacts_folder, signature_folder, files, **kwargs):
    with open(os.path.join(signature_folder, "names.sig")) as file:
        assert file.read() == str(ref)
    for name, path in files.items():
        assert os.path.join(artifacts_folder, name) == path and os.path.isfile(path)
    print("VERIFIED", ref, sorted(files))
    if os.environ.get("REFUSED"):
        raise Exception("bad signature of " + str(ref))
"#;

/// A created package with exported sources, a server, and who may write there.
fn with_server() -> (Scratch, Started) {
    let scratch = Scratch::new();
    scratch.write("headers/conanfile.py", HEADERS);
    scratch.write("headers/include/headers.h", HEADER);
    scratch.crom("create headers").success();
    let server = Started::new(&scratch);
    let added = scratch
        .crom("server user add ann --data data -f json")
        .success()
        .json();
    scratch.write("password", added["password"].as_str().expect("a password"));
    scratch
        .crom("server grant ann main write --data data")
        .success();
    let url = server.url("main");
    scratch.crom(&format!("remote add srv {url}")).success();
    (scratch, server)
}

#[test]
fn packages_are_signed_and_what_is_downloaded_is_verified() {
    let (scratch, _server) = with_server();
    scratch
        .crom("cache sign headers/*")
        .fails_with(1)
        .says("The sign() function in the package sign plugin is not defined.");
    scratch.write_home("extensions/plugins/sign/sign.py", SIGNER);
    let refused = [("REFUSED", "1")];
    scratch
        .crom_with(&refused, "cache sign headers/*")
        .fails_with(1)
        .prints("ERROR: no key for headers/2.1")
        .prints("[Package sign] Summary: OK=0, FAILED=2")
        .says("There were some errors in the package signing process. Please check the output.");
    let signed = scratch
        .crom("cache sign headers/* -f json")
        .success()
        .json();
    let revision = signed["headers/2.1"]["revisions"]
        .as_object()
        .and_then(|revisions| revisions.values().next())
        .expect("a revision");
    let files: Vec<&String> = revision["files"]
        .as_object()
        .expect("files")
        .keys()
        .collect();
    assert_eq!(
        files,
        ["conanfile.py", "conanmanifest.txt", "conan_sources.tgz"]
    );
    scratch
        .crom("cache verify headers/*")
        .success()
        .says("[Package sign] Checksum verified for file conanfile.py (")
        .prints("[Package sign] Summary: OK=2, FAILED=0");

    let password = scratch.read("password");
    scratch
        .crom(&format!("remote login srv ann -p {password}"))
        .success();
    scratch
        .crom("upload headers/2.1 -r srv -c")
        .success()
        .says("Use 'conan cache sign' command before uploading instead.");
    scratch.crom("remove * -c").success();
    scratch
        .crom_with(&refused, "install --requires=headers/2.1")
        .fails_with(1)
        .says("bad signature of headers/2.1");
    let left = scratch.crom("list *#*:*#* -f json").success();
    assert_eq!(left.json(), serde_json::json!({"Local Cache": {}}));
    let installed = scratch.crom("install --requires=headers/2.1").success();
    assert!(
        installed
            .to_string()
            .contains("VERIFIED headers/2.1 ['conanfile.py', 'conanmanifest.txt']"),
        "{installed}"
    );
    let sources = scratch
        .crom("install --requires=headers/2.1 --build=headers/*")
        .success();
    assert!(
        sources
            .to_string()
            .contains("VERIFIED headers/2.1 ['conan_sources.tgz']"),
        "{sources}"
    );
}

#[test]
fn files_that_were_not_signed_are_refused() {
    let (scratch, _server) = with_server();
    scratch.write_home("extensions/plugins/sign/sign.py", SIGNER);
    scratch.crom("cache sign headers/*").success();
    let folder = scratch
        .crom("cache path headers/2.1 --folder=metadata")
        .success();
    let folder = folder
        .stdout
        .trim()
        .replace("<HOME>", &scratch.home().to_string_lossy());
    let manifest = format!("{folder}/sign/pkgsign-manifest.json");
    let text = std::fs::read_to_string(&manifest).expect("was written");
    let sums: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let sum = sums["files"][1]["sha256"].as_str().expect("a sum");
    std::fs::write(&manifest, text.replace(sum, &"0".repeat(64))).expect("is written");
    scratch
        .crom("cache verify headers/2.1")
        .fails_with(1)
        .prints("[Package sign] Checksum mismatch for file conanfile.py: expected 000")
        .prints("OK=1, FAILED=1");
    for (line, message) in [
        ("cache verify", "Missing pattern or package list file"),
        (
            "cache verify x -l y",
            "Cannot specify both pattern and list",
        ),
        (
            "cache sign nothing*",
            "No packages to process in the package list provided",
        ),
        ("cache sign nothing/1.0", "Recipe 'nothing/1.0' not found"),
    ] {
        scratch.crom(line).fails_with(1).says(message);
    }
}

#[test]
fn a_plugin_knows_the_password() {
    let (scratch, _server) = with_server();
    let plugin = |body: &str| {
        let text = format!("def auth_remote_plugin(remote, user=None):\n    {body}\n");
        scratch.write_home("extensions/plugins/auth_remote.py", &text);
    };
    plugin("raise Exception(f'Test Error {remote.name} {user}')");
    scratch
        .crom("remote login srv bob")
        .fails_with(1)
        .says("ERROR: Error while processing 'auth_remote.py' plugin, line 2")
        .says("Exception: Test Error srv bob");
    plugin("return 'ann', 'wrong'");
    scratch
        .crom("remote login srv")
        .fails_with(1)
        .says("Wrong user or password. [Remote: srv]");
    let password = scratch.read("password");
    plugin(&format!("return 'ann', '{password}'"));
    scratch
        .crom("upload headers/2.1 -r srv -c")
        .success()
        .says("Authenticated in remote 'srv' with user 'ann'");
    plugin("return None, None");
    scratch.crom("remote logout srv").success();
    let variables = [
        ("CONAN_LOGIN_USERNAME", "ann"),
        ("CONAN_PASSWORD", password.as_str()),
    ];
    scratch
        .crom_with(&variables, "remote login srv")
        .success()
        .says("Got username 'ann' from environment");
}
