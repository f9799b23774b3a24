//! Command lines of the `Autotools` build helper. The facade runs them with `self.run`, so that the
//! recipe's environment holds.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::args::cmd_args_to_string;
use crate::cmake::Consumer;
use crate::cmake::text::join;
use crate::error::GeneratorError;

/// What the helper knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Runner {
    /// The package.
    pub consumer: Consumer,
    /// The content of `conanbuild.conf`.
    pub args: IndexMap<String, String>,
    /// `build_script_folder` of `configure` and `autoreconf`.
    pub build_script_folder: Option<String>,
    /// `args` of the call.
    pub extra: Option<Vec<String>>,
    /// `target` of `make` and `install`.
    pub target: Option<String>,
    /// `makefile` of `make` and `install`.
    pub makefile: Option<String>,
    /// The shell of the machine is `cmd.exe`.
    pub windows: bool,
    /// Folders in a form that the shell knows, where it isn't the machine's: source and package.
    pub shell_source: Option<String>,
    /// As above.
    pub shell_package: Option<String>,
}

impl Runner {
    /// The folder of the `configure` script.
    pub fn script_folder(&self) -> String {
        let source = self
            .shell_source
            .as_deref()
            .unwrap_or(&self.consumer.folders.source);
        match self.build_script_folder.as_deref() {
            Some(folder) if !folder.is_empty() => join(source, folder),
            _ => source.to_owned(),
        }
    }

    fn saved(&self, name: &str) -> &str {
        self.args.get(name).map_or("", String::as_str)
    }

    fn extra(&self) -> String {
        cmd_args_to_string(self.extra.as_deref().unwrap_or_default(), self.windows)
    }

    /// `"<source>/configure" <args>`
    pub fn configure(&self) -> String {
        let script = format!("{}/configure", self.script_folder().trim_end_matches('/'));
        let script = if self.windows {
            script.replace('\\', "/")
        } else {
            script
        };
        format!(
            "\"{script}\" {} {}",
            self.saved("configure_args"),
            self.extra()
        )
    }

    /// `autoreconf <args>`, to be run in [`Self::script_folder`].
    pub fn autoreconf(&self) -> String {
        joined(&["autoreconf", self.saved("autoreconf_args"), &self.extra()])
    }

    /// `make <target> <args> -j4`
    pub fn make(&self) -> Result<String, GeneratorError> {
        let consumer = &self.consumer;
        let mingw = consumer.setting_build("os") == Some("Windows")
            && consumer.setting("compiler") == Some("gcc")
            && consumer
                .conf
                .get_str("tools.microsoft.bash:subsystem")?
                .is_none();
        let default = if mingw { "mingw32-make" } else { "make" };
        let program = consumer.conf.get_str("tools.gnu:make_program")?;
        let program = program
            .unwrap_or_else(|| default.to_owned())
            .replace('\\', "/");
        let program = if program.contains(' ') {
            format!("\"{program}\"")
        } else {
            program
        };
        let makefile = self
            .makefile
            .as_deref()
            .filter(|it| !it.is_empty())
            .map(|it| format!("--file={it}"));
        let unnumbered = consumer.jobs == 0 || consumer.jobserver;
        let jobs = if program.to_lowercase().contains("nmake") || unnumbered {
            String::new()
        } else {
            format!("-j{}", consumer.jobs)
        };
        let extra = self.extra.as_deref().unwrap_or_default().join(" ");
        Ok(joined(&[
            &program,
            makefile.as_deref().unwrap_or(""),
            self.target.as_deref().unwrap_or(""),
            self.saved("make_args"),
            &extra,
            &jobs,
        ]))
    }

    /// `make install DESTDIR=<package folder>`; with `tools.build:install_strip` the target
    /// `install-strip`.
    pub fn install(&self) -> Result<String, GeneratorError> {
        let mut call = self.clone();
        if call.target.is_none() {
            let strip = install_strip(&self.consumer, "autotools")?;
            call.target = Some(if strip { "install-strip" } else { "install" }.to_owned());
        }
        let args = call.extra.get_or_insert_default();
        if !args.iter().any(|it| it.contains("DESTDIR=")) {
            let folder = self
                .shell_package
                .as_deref()
                .unwrap_or(&self.consumer.folders.package);
            args.insert(0, format!("DESTDIR={folder}"));
        }
        call.make()
    }
}

/// Does `tools.build:install_strip` (a bool, or a list of tools) mean this tool?
pub(crate) fn install_strip(consumer: &Consumer, tool: &str) -> Result<bool, GeneratorError> {
    use crom_model::conf::ConfValue;
    Ok(match consumer.conf.get("tools.build:install_strip")? {
        Some(ConfValue::Bool(strip)) => strip,
        Some(ConfValue::List(tools)) => tools.iter().any(|it| it.to_python_str() == tool),
        Some(ConfValue::Str(text)) => super::flags::is_true(&text),
        _ => false,
    })
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|it| !it.is_empty()).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmake::consumer::ConsumerFolders;

    fn runner() -> Runner {
        Runner {
            consumer: Consumer {
                folders: ConsumerFolders {
                    source: "/b/src".into(),
                    package: "/p".into(),
                    ..ConsumerFolders::default()
                },
                jobs: 3,
                ..Consumer::default()
            },
            args: IndexMap::from([
                (
                    "configure_args".into(),
                    "--prefix=/ '--bindir=${prefix}/bin'".into(),
                ),
                ("make_args".into(), String::new()),
                ("autoreconf_args".into(), "--force --install".into()),
            ]),
            ..Runner::default()
        }
    }

    #[test]
    fn lines_of_the_reference() {
        let sub = Runner {
            build_script_folder: Some("sub".into()),
            extra: Some(vec!["--a=b c".into(), "$HOME".into()]),
            ..runner()
        };
        assert_eq!(
            sub.configure(),
            "\"/b/src/sub/configure\" --prefix=/ '--bindir=${prefix}/bin' '--a=b c' '$HOME'"
        );
        assert_eq!(runner().autoreconf(), "autoreconf --force --install");
        assert_eq!(runner().make().unwrap(), "make -j3");
        let make = Runner {
            target: Some("all".into()),
            makefile: Some("Mk".into()),
            extra: Some(vec!["X=1 2".into()]),
            ..runner()
        };
        assert_eq!(make.make().unwrap(), "make --file=Mk all X=1 2 -j3");
        assert_eq!(runner().install().unwrap(), "make install DESTDIR=/p -j3");
        let install = Runner {
            target: Some("inst".into()),
            extra: Some(vec!["DESTDIR=/q".into()]),
            ..runner()
        };
        assert_eq!(install.install().unwrap(), "make inst DESTDIR=/q -j3");
    }
}
