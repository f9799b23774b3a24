//! Compares loading and trimming with PyYAML over every `conandata.yml` of a checkout of a recipe
//! index. Runs only if `CROM_CCI` names the checkout and Python (`CROM_PYTHON`, or `python3`) has
//! `yaml`; the tables beside the code are what normally tests this.

use std::process::Command;

use crom_model::{conandata, yaml};
use serde_json::Value;

/// Prints one JSON object per file: name, text, data, and the trimmed text of each version.
const SCRIPT: &str = r#"
import glob, json, sys, yaml

def plain(data):
    if isinstance(data, dict):
        return {str(k): plain(v) for k, v in data.items()}
    if isinstance(data, list):
        return [plain(v) for v in data]
    return data if isinstance(data, (str, int, float, type(None))) else str(data)

def trimmed(data, version):
    out = {}
    for key, value in data.items():
        if not isinstance(value, dict):
            out[key] = value
        elif value.get(version) is not None:
            out[key] = {version: value[version]}
    return yaml.safe_dump(out, default_flow_style=False)

for name in sorted(glob.glob(sys.argv[1] + "/recipes/*/*/conandata.yml")):
    text = open(name, encoding="utf-8").read()
    data = yaml.safe_load(text)
    versions = {str(v) for value in data.values() if isinstance(value, dict) for v in value}
    print(json.dumps({"name": name, "text": text, "data": plain(data),
                      "trimmed": {v: trimmed(data, v) for v in sorted(versions)}}))
"#;

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn recipes_load_and_trim_as_with_pyyaml() {
    let Ok(checkout) = std::env::var("CROM_CCI") else {
        eprintln!("skipped: CROM_CCI doesn't name a checkout of a recipe index");
        return;
    };
    let python = std::env::var("CROM_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_yaml = Command::new(&python).args(["-c", "import yaml"]).status();
    if !has_yaml.is_ok_and(|it| it.success()) {
        eprintln!("skipped: {python} has no yaml");
        return;
    }
    let output = Command::new(&python)
        .args(["-c", SCRIPT, &checkout])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    let mut files = 0;
    let mut failures = Vec::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let (name, text) = (
            case["name"].as_str().unwrap(),
            case["text"].as_str().unwrap(),
        );
        files += 1;
        match yaml::load(text, name) {
            Ok(data) if data.to_json() == case["data"] => {}
            Ok(_) => failures.push(format!("{name}: other data")),
            Err(error) => failures.push(error.to_string()),
        }
        for (version, expected) in case["trimmed"].as_object().unwrap() {
            match conandata::trim(text, name, version) {
                Ok(trimmed) if Some(trimmed.as_str()) == expected.as_str() => {}
                Ok(trimmed) => failures.push(format!(
                    "{name} {version}:\n{trimmed}\ninstead of\n{}",
                    expected.as_str().unwrap()
                )),
                Err(error) => failures.push(error.to_string()),
            }
        }
    }
    assert!(files > 0, "no conandata.yml in {checkout}");
    failures.truncate(20);
    assert!(
        failures.is_empty(),
        "of {files} files:\n{}",
        failures.join("\n")
    );
}
