//! An empty home with the settings, profiles and logins of the user's, and one remote.

use std::path::{Path, PathBuf};

use crom_ops::Session;
use crom_store::remotes::RemoteConfig;
use serde_json::json;

use crate::CenterError;

/// What consumers need beside packages.
const FILES: [&str; 5] = [
    "settings.yml",
    "settings_user.yml",
    "credentials.json",
    ".conan.db",
    "extensions/plugins/profile.py",
];

/// Confs that would let something in from elsewhere.
const ELSEWHERE: [&str; 3] = [
    "core.cache:storage_path",
    "core.download:download_cache",
    "core.sources:download_cache",
];

/// Makes it below `scratch`.
pub(super) fn make(
    session: &Session,
    test: &RemoteConfig,
    scratch: &Path,
) -> Result<PathBuf, CenterError> {
    let from = session.home().root();
    let home = scratch.join("home");
    crom_fs::create_dir_all(&home)?;
    for name in FILES {
        if crom_fs::is_file(from.join(name)) {
            let target = home.join(name);
            if let Some(above) = target.parent() {
                crom_fs::create_dir_all(above)?;
            }
            crom_fs::copy_file(from.join(name), target)?;
        }
    }
    if crom_fs::is_dir(from.join("profiles")) {
        let options = crom_fs::CopyOptions::default();
        crom_fs::copy_tree(from.join("profiles"), home.join("profiles"), options)?;
    }
    if crom_fs::is_file(from.join("global.conf")) {
        let text = crom_fs::read_text(from.join("global.conf"))?;
        crom_fs::write(home.join("global.conf"), without_elsewhere(&text))?;
    }
    let remote = json!({"name": test.name, "url": test.url, "verify_ssl": test.verify_ssl});
    let remotes = json!({"remotes": [remote]}).to_string();
    crom_fs::write(home.join("remotes.json"), remotes)?;
    Ok(home)
}

fn without_elsewhere(conf: &str) -> String {
    conf.lines()
        .filter(|line| {
            let line = line.trim_start();
            !ELSEWHERE.iter().any(|name| line.starts_with(name))
        })
        .map(|line| format!("{line}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_comes_from_other_caches() {
        let conf =
            "tools.build:jobs=2\n core.download:download_cache=/x\ncore.cache:storage_path = /y\n";
        assert_eq!(super::without_elsewhere(conf), "tools.build:jobs=2\n");
    }
}
