//! JSON bodies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `.../latest`: `{"revision": "ba77...", "time": "2026-11-21T05:59:45.323402+00:00"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Recipe or package revision.
    pub revision: String,
    /// When the server got it; see [`time`](crate::time).
    pub time: String,
}

impl Revision {
    /// The time in seconds since 1970; none if it isn't a timestamp.
    pub fn timestamp(&self) -> Option<f64> {
        crate::time::parse(&self.time)
    }
}

/// `.../revisions`: the newest first. Other servers add fields like `reference`; they are skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revisions {
    /// The revisions.
    pub revisions: Vec<Revision>,
}

/// `.../files`: `{"files": {"conanfile.py": {}, ...}}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Files {
    /// Name (with `/` for metadata) to what the server says about it: nothing, or other servers'
    /// additions.
    pub files: BTreeMap<String, Map<String, Value>>,
}

impl Files {
    /// A list of names.
    pub fn of_names(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            files: names
                .into_iter()
                .map(|name| (name.into(), Map::new()))
                .collect(),
        }
    }
}

/// `conans/search`: `{"results": ["name/version[@user/channel]", ...]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchResults {
    /// References without revisions.
    pub results: Vec<String>,
}

/// `.../search`: the binaries of a recipe revision by package id.
pub type Packages = BTreeMap<String, PackageContent>;

/// A binary in [`Packages`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageContent {
    /// The text of its `conaninfo.txt`.
    pub content: String,
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    /// As the reference server answered.
    #[test]
    fn recorded_answers_are_read() {
        let latest: Revision = serde_json::from_str(
            r#"{"revision": "57dfaf60c54c7d8799f3f84039499cc5", "time": "2026-11-21T05:59:45.343397+00:00"}"#,
        )
        .expect("is a revision");
        assert_eq!(latest.revision, "57dfaf60c54c7d8799f3f84039499cc5");
        assert_eq!(latest.timestamp(), Some(1_795_240_785.343_397));
        let files: Files = serde_json::from_str(
            r#"{"files": {"conanfile.py": {}, "metadata/logs/build.log": {}}}"#,
        )
        .expect("is a list of files");
        assert_eq!(
            files,
            Files::of_names(["metadata/logs/build.log", "conanfile.py"])
        );
        let packages: Packages =
            serde_json::from_str(r#"{"3fe8": {"content": "[settings]\nos=Linux\n"}}"#)
                .expect("is a search result");
        assert_eq!(packages["3fe8"].content, "[settings]\nos=Linux\n");
    }
}
