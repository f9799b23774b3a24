//! Command lines of the `Qbs` build helper.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cmake::Consumer;
use crate::cmake::text::{python_repr, python_str};
use crate::gnu::args::cmd_args_to_string;

/// A call of a build helper.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Qbs {
    /// The package.
    pub consumer: Consumer,
    /// The project's file, or its folder.
    pub project_file: String,
    /// `--settings-dir` isn't used: the profile is one of `qbs config`.
    pub profile: Option<String>,
    /// Parallel jobs.
    pub jobs: Option<u64>,
    /// Configurations with their properties.
    pub configurations: IndexMap<String, IndexMap<String, Value>>,
    /// As many jobs as there are to be; else one.
    pub parallel: bool,
    /// Products to build.
    pub products: Vec<String>,
    /// Also those that aren't built by default.
    pub all_products: bool,
}

impl Qbs {
    fn start(&self, verb: &str) -> Vec<String> {
        let mut words = vec!["qbs".to_owned(), verb.to_owned()];
        let mut option = |name: &str, value: &str| {
            words.extend([name.to_owned(), value.to_owned()]);
        };
        option("--build-directory", &self.consumer.folders.build);
        option("--file", &self.project_file);
        words
    }

    fn names(&self) -> impl Iterator<Item = String> {
        self.configurations.keys().map(|it| format!("config:{it}"))
    }

    fn jobs(&self) -> String {
        self.jobs.unwrap_or(self.consumer.jobs as u64).to_string()
    }

    /// `qbs resolve`
    pub fn resolve(&self) -> String {
        let mut words = self.start("resolve");
        let jobs = if self.parallel {
            self.jobs()
        } else {
            "1".to_owned()
        };
        words.extend(["--jobs".to_owned(), jobs]);
        if let Some(profile) = &self.profile {
            words.push(format!("profile:{profile}"));
        }
        for (name, properties) in &self.configurations {
            words.push(format!("config:{name}"));
            words.extend(
                properties
                    .iter()
                    .map(|(key, value)| format!("{key}:{}", property(value))),
            );
        }
        cmd_args_to_string(&words, false)
    }

    /// `qbs build`
    pub fn build(&self) -> String {
        let mut words = self.start("build");
        words.push("--no-install".to_owned());
        if self.all_products {
            words.push("--all-products".to_owned());
        } else if !self.products.is_empty() {
            words.extend(["--products".to_owned(), self.products.join(",")]);
        }
        words.extend(["--jobs".to_owned(), self.jobs()]);
        words.extend(self.names());
        cmd_args_to_string(&words, false)
    }

    /// `qbs install`
    pub fn install(&self) -> String {
        let mut words = self.start("install");
        let folder = self.consumer.folders.package.clone();
        words.extend(["--no-build".to_owned(), "--install-root".to_owned(), folder]);
        words.extend(self.names());
        cmd_args_to_string(&words, false)
    }
}

/// A value as Qbs reads it from a command line.
fn property(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Array(_) => python_repr(value),
        other => python_str(other),
    }
}
