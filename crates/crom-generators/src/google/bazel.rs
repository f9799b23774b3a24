//! Command lines of the `Bazel` build helper.

use serde::{Deserialize, Serialize};

use super::toolchain::{RC_CONFIG, RC_FILE};
use crate::cmake::Consumer;
use crate::cmake::text::join;
use crate::error::GeneratorError;

/// A call of a build helper.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bazel {
    /// The package.
    pub consumer: Consumer,
    /// `conan_bzl.rc` is in the generators folder.
    pub has_rc: bool,
    /// More arguments for `bazel build`.
    pub args: Vec<String>,
    /// What to build or test.
    pub target: Option<String>,
    /// Clean first.
    pub clean: bool,
}

impl Bazel {
    fn startup(&self) -> Result<String, GeneratorError> {
        let mut files = self
            .consumer
            .conf
            .get_list("tools.google.bazel:bazelrc_path")?;
        if self.has_rc {
            files.push(join(&self.consumer.folders.generators, RC_FILE));
        }
        Ok(files.iter().map(|it| format!(" --bazelrc={it}")).collect())
    }

    fn configs(&self) -> Result<String, GeneratorError> {
        let mut configs = self.consumer.conf.get_list("tools.google.bazel:configs")?;
        if self.has_rc {
            configs.push(RC_CONFIG.to_owned());
        }
        Ok(configs.iter().map(|it| format!(" --config={it}")).collect())
    }

    /// `bazel clean`, if wanted, and `bazel build`.
    ///
    /// # Errors
    /// If a conf has a wrong type.
    pub fn build(&self) -> Result<Vec<String>, GeneratorError> {
        let startup = self.startup()?;
        let mut commands = Vec::new();
        if self.clean {
            commands.push(format!("bazel{startup} clean"));
        }
        let args: String = self.args.iter().map(|it| format!(" {it}")).collect();
        let target = self.target.as_deref().unwrap_or("//...");
        commands.push(format!(
            "bazel{startup} build{}{args} {target}",
            self.configs()?
        ));
        Ok(commands)
    }

    /// `bazel test`; nothing without a target, and where tests are skipped.
    ///
    /// # Errors
    /// If a conf has a wrong type.
    pub fn test(&self) -> Result<Option<String>, GeneratorError> {
        let skip = self
            .consumer
            .conf
            .get_bool("tools.build:skip_test")?
            .unwrap_or(false);
        let Some(target) = self.target.as_deref().filter(|_| !skip) else {
            return Ok(None);
        };
        Ok(Some(format!(
            "bazel{} test{} {target}",
            self.startup()?,
            self.configs()?
        )))
    }
}
