//! Command lines of the `Meson` build helper.

use serde::{Deserialize, Serialize};

use super::toolchain::{CROSS_FILE, NATIVE_FILE};
use crate::cmake::Consumer;
use crate::error::GeneratorError;
use crate::gnu::args::cmd_args_to_string;
use crate::gnu::runner::install_strip;

/// What the helper knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Runner {
    /// The package.
    pub consumer: Consumer,
    /// The generators folder has `conan_meson_cross.ini`.
    pub has_cross_file: bool,
    /// The generators folder has `conan_meson_native.ini`.
    pub has_native_file: bool,
    /// `target` of `build`.
    pub target: Option<String>,
    /// `cli_args` of `install`.
    pub cli_args: Vec<String>,
    /// The shell of the machine is `cmd.exe`.
    pub windows: bool,
}

impl Runner {
    fn build_folder(&self) -> &str {
        &self.consumer.folders.build
    }

    /// `tools.compilation:verbosity` for compilers, else nothing.
    fn verbose(&self) -> Result<bool, GeneratorError> {
        let verbosity = self.consumer.conf.get_str("tools.compilation:verbosity")?;
        verbosity_of("tools.compilation:verbosity", verbosity.as_deref())
    }

    fn quiet(&self) -> Result<bool, GeneratorError> {
        let verbosity = self.consumer.conf.get_str("tools.build:verbosity")?;
        let verbose = verbosity_of("tools.build:verbosity", verbosity.as_deref())?;
        Ok(verbosity.is_some() && !verbose)
    }

    /// `meson setup`
    pub fn configure(&self) -> Result<String, GeneratorError> {
        let generators = &self.consumer.folders.generators;
        let mut line = "meson setup".to_owned();
        let option = if self.has_cross_file {
            "--cross-file"
        } else {
            "--native-file"
        };
        // A cross build may also have a file for the programs of the build.
        if self.has_cross_file {
            line.push_str(&format!(" --cross-file \"{generators}/{CROSS_FILE}\""));
        }
        if self.has_native_file {
            line.push_str(&format!(" --native-file \"{generators}/{NATIVE_FILE}\""));
        }
        for file in self
            .consumer
            .conf
            .get_list("tools.meson.mesontoolchain:extra_machine_files")?
        {
            line.push_str(&format!(" {option} \"{file}\""));
        }
        line.push_str(&format!(
            " \"{}\" \"{}\"",
            self.build_folder(),
            self.consumer.folders.source
        ));
        line.push_str(" --prefix=/");
        Ok(line)
    }

    /// `meson compile`
    pub fn build(&self) -> Result<String, GeneratorError> {
        let mut line = format!("meson compile -C \"{}\"", self.build_folder());
        if self.consumer.jobs > 0 {
            line.push_str(&format!(" -j{}", self.consumer.jobs));
        }
        if let Some(target) = self.target.as_deref().filter(|it| !it.is_empty()) {
            line.push_str(&format!(" {target}"));
        }
        if self.verbose()? {
            line.push_str(" --verbose");
        }
        Ok(line)
    }

    /// `meson install`
    pub fn install(&self) -> Result<String, GeneratorError> {
        let package = &self.consumer.folders.package;
        let mut line = format!(
            "meson install -C \"{}\" --destdir \"{package}\"",
            self.build_folder()
        );
        if self.quiet()? {
            line.push_str(" --quiet");
        }
        if install_strip(&self.consumer, "meson")? {
            line.push_str(" --strip");
        }
        if !self.cli_args.is_empty() {
            line.push(' ');
            line.push_str(&cmd_args_to_string(&self.cli_args, self.windows));
        }
        Ok(line)
    }

    /// `meson test`; nothing if `tools.build:skip_test` says so.
    pub fn test(&self) -> Result<Option<String>, GeneratorError> {
        if self
            .consumer
            .conf
            .get_bool("tools.build:skip_test")?
            .unwrap_or(false)
        {
            return Ok(None);
        }
        Ok(Some(format!(
            "meson test -v -C \"{}\"",
            self.build_folder()
        )))
    }
}

fn verbosity_of(conf: &str, value: Option<&str>) -> Result<bool, GeneratorError> {
    match value {
        Some("verbose") => Ok(true),
        Some("quiet") | None => Ok(false),
        Some(other) => Err(GeneratorError::invalid(format!(
            "Unknown value '{other}' for '{conf}'"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmake::consumer::ConsumerFolders;

    #[test]
    fn lines_of_the_reference() {
        let runner = Runner {
            consumer: Consumer {
                folders: ConsumerFolders {
                    source: "/b/src".into(),
                    build: "/b/bld".into(),
                    generators: "/b/bld/gen".into(),
                    package: "/p".into(),
                    ..ConsumerFolders::default()
                },
                jobs: 3,
                ..Consumer::default()
            },
            has_native_file: true,
            target: Some("tgt".into()),
            cli_args: vec!["--x".into()],
            ..Runner::default()
        };
        assert_eq!(
            runner.configure().unwrap(),
            "meson setup --native-file \"/b/bld/gen/conan_meson_native.ini\" \"/b/bld\" \"/b/src\" --prefix=/"
        );
        assert_eq!(
            runner.build().unwrap(),
            "meson compile -C \"/b/bld\" -j3 tgt"
        );
        assert_eq!(
            runner.install().unwrap(),
            "meson install -C \"/b/bld\" --destdir \"/p\" --x"
        );
        assert_eq!(
            runner.test().unwrap().as_deref(),
            Some("meson test -v -C \"/b/bld\"")
        );
    }
}
