//! `conan.tools.system.package_manager`: packages of the operating system.

use std::collections::BTreeMap;

use crom_model::reporter::Reporter;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::process::{RunInput, run};

/// A package manager that can't do what it should.
#[derive(Debug, thiserror::Error)]
pub enum SystemError {
    /// Packages are missing and may not be installed.
    #[error(
        "System requirements: '{}' are missing but can't install because tools.system.package_manager:mode is 'check'.Please update packages manually or set 'tools.system.package_manager:mode' to 'install' in the [conf] section of the profile, or in the command line using '-c tools.system.package_manager:mode=install'", missing.join(", ")
    )]
    Missing {
        /// The packages.
        missing: Vec<String>,
    },
    /// A command failed.
    #[error("Command '{command}' failed with exit code {code}")]
    Command {
        /// What ran.
        command: String,
        /// Its exit code.
        code: i32,
    },
    /// None of several alternatives could be installed.
    #[error("None of the installs for the package substitutes succeeded.")]
    NoSubstitute,
    /// A class of a package manager that isn't known.
    #[error("unknown system package manager '{0}'")]
    UnknownTool(String),
}

impl SystemError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Command { command, .. } if !command.starts_with("sudo") => Some(
                "if it needs to be root, set tools.system.package_manager:sudo=True".to_owned(),
            ),
            _ => None,
        }
    }
}

/// What to do with packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Install what is missing.
    Install,
    /// Tell what is missing.
    Check,
    /// Update the list of packages.
    Update,
    /// Install one of several sets, the first that works.
    #[serde(rename = "install_substitutes")]
    Substitutes,
}

/// The input of [`system_packages`].
#[derive(Debug, Clone, Deserialize)]
pub struct SystemInput {
    /// The tool of the class that the recipe uses: `apt-get`, `yum`, `dnf`, `brew`, `pkg`,
    /// `pkgutil`, `choco`, `pacman`, `apk`, `zypper`.
    pub tool: String,
    /// The tool that counts here: the conf, or [`default_tool`]. Another one than `tool` means
    /// that nothing happens.
    pub active_tool: Option<String>,
    /// What to do.
    pub action: Action,
    /// The packages; with [`Action::Substitutes`] sets of them.
    #[serde(default)]
    pub packages: Vec<String>,
    /// Sets of packages for [`Action::Substitutes`].
    #[serde(default)]
    pub substitutes: Vec<Vec<String>>,
    /// `tools.system.package_manager:mode`: `check`, `install`, `report`, `report-installed`.
    #[serde(default = "check_mode")]
    pub mode: String,
    /// `tools.system.package_manager:sudo`
    #[serde(default)]
    pub sudo: bool,
    /// `tools.system.package_manager:sudo_askpass`
    #[serde(default)]
    pub sudo_askpass: bool,
    /// Update the list of packages before.
    #[serde(default)]
    pub update: bool,
    /// Install only what is missing.
    #[serde(default = "yes")]
    pub check: bool,
    /// Packages for where the program runs, not for where it is built.
    #[serde(default = "yes")]
    pub host_package: bool,
    /// apt: recommended packages too.
    #[serde(default)]
    pub recommends: bool,
    /// `settings.arch` of what is built.
    #[serde(default)]
    pub arch_host: Option<String>,
    /// `settings_build.arch`.
    #[serde(default)]
    pub arch_build: Option<String>,
    /// Names of architectures of the recipe, instead of the tool's own.
    #[serde(default)]
    pub arch_names: Option<BTreeMap<String, String>>,
}

fn check_mode() -> String {
    "check".to_owned()
}

fn yes() -> bool {
    true
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SystemResult {
    /// What is missing; of what was asked for.
    pub missing: Option<Vec<String>>,
    /// What was asked for.
    pub install: Vec<String>,
    /// The commands that ran.
    pub commands: Vec<String>,
    /// The exit code of the last installation or update; `None` when none ran.
    pub code: Option<i32>,
}

/// Installs, checks or updates with the package manager of the system.
pub fn system_packages(
    input: &SystemInput,
    reporter: &dyn Reporter,
    scope: &str,
) -> Result<SystemResult> {
    let mut shell = |command: &str| -> Result<i32> {
        let one = RunInput {
            command: command.to_owned(),
            ignore_errors: true,
            ..RunInput::default()
        };
        Ok(run(&one, reporter)?.code)
    };
    system_packages_with(input, &mut shell, reporter, scope)
}

/// [`system_packages`] with another way to run commands, which gives the exit code back.
pub fn system_packages_with(
    input: &SystemInput,
    shell: &mut dyn FnMut(&str) -> Result<i32>,
    reporter: &dyn Reporter,
    scope: &str,
) -> Result<SystemResult> {
    let tool =
        tool_named(&input.tool).ok_or_else(|| SystemError::UnknownTool(input.tool.clone()))?;
    let mut job = Job {
        input,
        tool,
        shell,
        reporter,
        scope,
        result: SystemResult::default(),
    };
    if input.active_tool.as_deref() != Some(tool.name) {
        return Ok(job.result);
    }
    match input.action {
        Action::Install => job.install(&input.packages)?,
        Action::Check => {
            let missing = job.missing(&input.packages)?;
            job.result.missing = Some(missing);
        }
        Action::Update => job.update()?,
        Action::Substitutes => job.substitutes()?,
    }
    Ok(job.result)
}

/// How a package manager is called. `{p}` is a package with architecture and version, `{b}` its
/// bare name, `{v}` its version, `{a}` its architecture; `{s}` is sudo, `{l}` the list, `{r}` the
/// flag against recommended packages.
struct Tool {
    name: &'static str,
    install: &'static str,
    update: &'static str,
    check: &'static str,
    check_version: &'static str,
    version_separator: &'static str,
    full_name: &'static str,
    arch_separator: &'static str,
    arch_names: &'static [(&'static str, &'static str)],
    update_codes: &'static [i32],
}

const APT_ARCHS: &[(&str, &str)] = &[
    ("x86_64", "amd64"),
    ("x86", "i386"),
    ("ppc32", "powerpc"),
    ("ppc64le", "ppc64el"),
    ("armv7", "arm"),
    ("armv7hf", "armhf"),
    ("armv8", "arm64"),
    ("s390x", "s390x"),
    ("riscv64", "riscv64"),
    ("loongarch64", "loong64"),
];

const RPM_ARCHS: &[(&str, &str)] = &[
    ("x86_64", "x86_64"),
    ("x86", "i?86"),
    ("ppc32", "powerpc"),
    ("ppc64le", "ppc64le"),
    ("armv7", "armv7"),
    ("armv7hf", "armv7hl"),
    ("armv8", "aarch64"),
    ("s390x", "s390x"),
    ("riscv64", "riscv64"),
    ("loongarch64", "loongarch64"),
];

const PLAIN: Tool = Tool {
    name: "",
    install: "",
    update: "",
    check: "",
    check_version: "",
    version_separator: "",
    full_name: "{b}{vs}{v}",
    arch_separator: "",
    arch_names: &[],
    update_codes: &[0],
};

static TOOLS: [Tool; 10] = [
    Tool {
        name: "apt-get",
        install: "{s}apt-get install -y {r}{l}",
        update: "{s}apt-get update",
        check: "dpkg-query -W -f='${Architecture}\\n' {b} | grep -qEx '({a}|all)'",
        check_version: "dpkg-query -W -f='${Architecture} ${Version}\\n' {b} | grep -qEx '({a}|all) {v}'",
        version_separator: "=",
        full_name: "{b}{as}{an}{vs}{v}",
        arch_separator: ":",
        arch_names: APT_ARCHS,
        ..PLAIN
    },
    Tool {
        name: "yum",
        install: "{s}yum install -y {l}",
        update: "{s}yum check-update -y",
        check: "rpm -q {p}",
        check_version: "rpm -q {p}-{v}",
        version_separator: "-",
        full_name: "{b}{vs}{v}{as}{an}",
        arch_separator: ".",
        arch_names: RPM_ARCHS,
        update_codes: &[0, 100],
    },
    Tool {
        name: "dnf",
        install: "{s}dnf install -y {l}",
        update: "{s}dnf check-update -y",
        check: "rpm -q {p}",
        check_version: "rpm -q {p}-{v}",
        version_separator: "-",
        full_name: "{b}{vs}{v}{as}{an}",
        arch_separator: ".",
        arch_names: RPM_ARCHS,
        update_codes: &[0, 100],
    },
    Tool {
        name: "brew",
        install: "{s}brew install {l}",
        update: "{s}brew update",
        check: "test -n \"$(brew ls --versions {p})\"",
        check_version: "brew list --versions {p} | grep \"{v}\"",
        version_separator: "@",
        ..PLAIN
    },
    Tool {
        name: "pkg",
        install: "{s}pkg install -y {l}",
        update: "{s}pkg update",
        check: "pkg info {p}",
        check_version: "pkg info {p} | grep \"Version: {v}\"",
        version_separator: "-",
        ..PLAIN
    },
    Tool {
        name: "pkgutil",
        install: "{s}pkgutil --install --yes {l}",
        update: "{s}pkgutil --catalog",
        check: "test -n \"`pkgutil --list {p}`\"",
        version_separator: "@",
        ..PLAIN
    },
    Tool {
        name: "choco",
        install: "choco install --yes {l}",
        update: "choco outdated",
        check: "choco list --exact {p} | findstr /c:\"1 packages installed.\"",
        check_version: "choco list --local-only {p} | findstr /i \"{v}\"",
        version_separator: " --version ",
        ..PLAIN
    },
    Tool {
        name: "pacman",
        install: "{s}pacman -S --noconfirm {l}",
        update: "{s}pacman -Syyu --noconfirm",
        check: "pacman -Qi {p}",
        full_name: "{b}{as}{an}",
        arch_separator: "-",
        arch_names: &[("x86", "lib32")],
        ..PLAIN
    },
    Tool {
        name: "apk",
        install: "{s}apk add --no-cache {l}",
        update: "{s}apk update",
        check: "apk info -e {p}",
        check_version: "apk info {p} | grep \"{v}\"",
        version_separator: "=",
        ..PLAIN
    },
    Tool {
        name: "zypper",
        install: "{s}zypper --non-interactive in {l}",
        update: "{s}zypper --non-interactive ref",
        check: "rpm -q {p}",
        check_version: "rpm -q {p}-{v}",
        version_separator: "=",
        full_name: "{b}{as}{an}{vs}{v}",
        ..PLAIN
    },
];

fn tool_named(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// The name that the tool has for a package, with architecture and version.
///
/// # Errors
/// If there's no such tool.
pub fn package_name(input: &SystemInput, package: &str, reporter: &dyn Reporter) -> Result<String> {
    let tool =
        tool_named(&input.tool).ok_or_else(|| SystemError::UnknownTool(input.tool.clone()))?;
    let job = Job {
        input,
        tool,
        shell: &mut |_| Ok(0),
        reporter,
        scope: "",
        result: SystemResult::default(),
    };
    Ok(job.full_name(package))
}

struct Job<'a> {
    input: &'a SystemInput,
    tool: &'static Tool,
    shell: &'a mut dyn FnMut(&str) -> Result<i32>,
    reporter: &'a dyn Reporter,
    scope: &'a str,
    result: SystemResult,
}

impl Job<'_> {
    fn run(&mut self, command: String) -> Result<i32> {
        let code = (self.shell)(&command)?;
        self.result.commands.push(command);
        Ok(code)
    }

    /// Runs a command that must end with one of `codes`.
    fn run_checked(&mut self, command: String, codes: &[i32]) -> Result<()> {
        let code = self.run(command.clone())?;
        if !codes.contains(&code) {
            return Err(SystemError::Command { command, code }.into());
        }
        self.result.code = Some(code);
        Ok(())
    }

    fn sudo(&self) -> &'static str {
        match (self.input.sudo, self.input.sudo_askpass) {
            (true, true) => "sudo -A ",
            (true, false) => "sudo ",
            (false, _) => "",
        }
    }

    fn update(&mut self) -> Result<()> {
        if self.input.mode == "check" || self.input.mode.starts_with("report") {
            return Ok(());
        }
        let command = self.tool.update.replace("{s}", self.sudo());
        self.run_checked(command, self.tool.update_codes)
    }

    fn missing(&mut self, packages: &[String]) -> Result<Vec<String>> {
        let mut missing = Vec::new();
        for package in packages {
            let command = self.check_command(package);
            if self.run(command)? != 0 {
                missing.push(package.clone());
            }
        }
        Ok(missing)
    }

    fn install(&mut self, packages: &[String]) -> Result<()> {
        self.result.install = packages.to_vec();
        let mode = self.input.mode.as_str();
        if mode == "report" {
            return Ok(());
        }
        let mut wanted = packages.to_vec();
        if self.input.check || matches!(mode, "check" | "report-installed") {
            wanted = self.missing(packages)?;
            self.result.missing = Some(wanted.clone());
        }
        if mode == "report-installed" {
            return Ok(());
        }
        if mode == "check" && !wanted.is_empty() {
            return Err(SystemError::Missing { missing: wanted }.into());
        }
        if wanted.is_empty() {
            let text = format!(
                "System requirements: {} already installed",
                packages.join(" ")
            );
            self.reporter.status(self.scope, &text);
            return Ok(());
        }
        if self.input.update {
            self.update()?;
        }
        let names: Vec<String> = wanted
            .iter()
            .map(|package| self.full_name(package))
            .collect();
        let recommends = if self.input.recommends {
            ""
        } else {
            "--no-install-recommends "
        };
        let command = self
            .tool
            .install
            .replace("{s}", self.sudo())
            .replace("{r}", recommends)
            .replace("{l}", &names.join(" "));
        self.run_checked(command, &[0])
    }

    /// In the modes that only look, a set with everything there is the one.
    fn substitutes(&mut self) -> Result<()> {
        let mut failures = Vec::new();
        for packages in &self.input.substitutes {
            match self.install(packages) {
                Ok(()) => return Ok(()),
                Err(error) => failures.push(error.to_string()),
            }
        }
        for failure in failures {
            self.reporter.warning(None, self.scope, &failure);
        }
        Err(SystemError::NoSubstitute.into())
    }

    fn arch(&self) -> Option<&str> {
        let host = self.input.arch_host.as_deref();
        let build = self.input.arch_build.as_deref();
        if self.input.host_package {
            host
        } else {
            build.or(host)
        }
    }

    fn arch_name(&self, arch: &str) -> Option<&str> {
        match &self.input.arch_names {
            Some(names) => names.get(arch).map(String::as_str),
            None => self
                .tool
                .arch_names
                .iter()
                .find(|(name, _)| *name == arch)
                .map(|(_, name)| *name),
        }
    }

    /// The name of the architecture when packages of another one are wanted.
    fn foreign_arch(&self) -> Option<&str> {
        let arch = self.arch()?;
        if self.input.arch_build.as_deref() == Some(arch) {
            return None;
        }
        self.arch_name(arch)
    }

    fn split<'p>(&self, package: &'p str) -> (&'p str, &'p str) {
        match self.tool.version_separator {
            // A `-` is in many names: what follows it is no version.
            "" | "-" => (package, ""),
            separator => package.split_once(separator).unwrap_or((package, "")),
        }
    }

    fn full_name(&self, package: &str) -> String {
        let (name, version) = self.split(package);
        let arch = self.foreign_arch();
        let template = self
            .tool
            .full_name
            .replace(
                "{as}",
                if arch.is_some() {
                    self.tool.arch_separator
                } else {
                    ""
                },
            )
            .replace("{an}", arch.unwrap_or_default())
            .replace(
                "{vs}",
                if version.is_empty() {
                    ""
                } else {
                    self.tool.version_separator
                },
            );
        template.replace("{v}", version).replace("{b}", name)
    }

    fn check_command(&self, package: &str) -> String {
        let (name, version) = self.split(package);
        let template = if version.is_empty() || self.tool.check_version.is_empty() {
            self.tool.check
        } else {
            self.tool.check_version
        };
        let arch = self
            .arch()
            .and_then(|arch| self.arch_name(arch))
            .unwrap_or_default();
        template
            .replace("{a}", arch)
            .replace("{b}", name)
            .replace("{v}", version)
            .replace("{p}", &self.full_name(name))
    }
}

/// The package manager of a system: by Python's or Rust's name of the system, and on Linux the `ID`
/// of `/etc/os-release`. `None` for those that Conan doesn't know; see [`NO_TOOL`].
pub fn default_tool(system: &str, distribution: &str) -> Option<&'static str> {
    let by_distribution = match distribution {
        "ubuntu" | "debian" | "raspbian" | "linuxmint" | "astra" | "elbrus" | "altlinux"
        | "pop" => "apt-get",
        "alpine" => "apk",
        "fedora" | "rhel" | "centos" | "mageia" | "nobara" | "almalinux" | "rocky" | "oracle"
        | "tencentos" => "dnf",
        "amzn" | "amazon" | "pidora" | "scientific" | "xenserver" => "yum",
        "arch" | "manjaro" | "msys2" | "endeavouros" | "cachyos" => "pacman",
        "sles" => "zypper",
        suse if suse.starts_with("opensuse") => "zypper",
        "freebsd" => "pkg",
        _ => "",
    };
    match system {
        "Windows" | "windows" => Some("choco"),
        "Darwin" | "macos" => Some("brew"),
        "FreeBSD" | "freebsd" => Some("pkg"),
        "Solaris" | "solaris" => Some("pkgutil"),
        _ => Some(by_distribution).filter(|tool| !tool.is_empty()),
    }
}

/// What to tell when [`default_tool`] finds none; `{}` is the distribution.
pub const NO_TOOL: &str = "A default system package manager couldn't be found for {}, system \
                           packages will not be installed.";

/// The `ID` in the text of `/etc/os-release`.
pub fn distribution_id(os_release: &str) -> Option<String> {
    os_release
        .lines()
        .find_map(|line| line.strip_prefix("ID="))
        .map(|id| id.trim_matches(['"', '\'']).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crom_model::reporter::Silent;

    fn input(tool: &str, text: &str) -> SystemInput {
        let mut input: SystemInput = serde_json::from_value(serde_json::json!({
            "tool": tool, "active_tool": tool, "action": "install",
            "packages": ["p1"], "mode": "install", "arch_host": "x86_64", "arch_build": "x86_64",
        }))
        .unwrap();
        for word in text.split_whitespace() {
            match word.split_once('=').unwrap_or((word, "")) {
                ("mode", mode) => input.mode = mode.to_owned(),
                ("arch", arch) => input.arch_host = Some(arch.to_owned()),
                ("packages", names) => {
                    input.packages = names.split(',').map(|it| it.replace("==", "=")).collect();
                }
                ("sudo", _) => input.sudo = true,
                ("askpass", _) => input.sudo_askpass = true,
                ("update", _) => input.update = true,
                ("nocheck", _) => input.check = false,
                ("recommends", _) => input.recommends = true,
                ("build", _) => input.host_package = false,
                other => panic!("{other:?}"),
            }
        }
        input
    }

    fn commands(tool: &str, text: &str, installed: &[&str]) -> (String, Vec<String>) {
        let mut ran = Vec::new();
        let mut shell = |command: &str| {
            ran.push(command.to_owned());
            let asks = [
                "query",
                "rpm -q",
                " info",
                "-Q",
                "ls --versions",
                "--list",
                "list --",
            ];
            let code = if asks.iter().any(|ask| command.contains(ask)) {
                i32::from(!installed.iter().any(|name| command.contains(name)))
            } else {
                0
            };
            Ok(code)
        };
        let done = system_packages_with(&input(tool, text), &mut shell, &Silent, "");
        (
            done.map_or_else(|error| error.to_string(), |_| String::new()),
            ran,
        )
    }

    /// The commands that the reference runs.
    #[test]
    fn command_lines() {
        let query = "dpkg-query -W -f='${Architecture}\\n' p1 | grep -qEx '(amd64|all)'";
        let i386 = query.replace("amd64", "i386");
        let version =
            "dpkg-query -W -f='${Architecture} ${Version}\\n' p1 | grep -qEx '(amd64|all) 1.0'";
        let cases: [(&str, &str, &[&str]); 22] = [
            (
                "apt-get",
                "",
                &[query, "apt-get install -y --no-install-recommends p1"],
            ),
            ("apt-get", "recommends", &[query, "apt-get install -y p1"]),
            (
                "apt-get",
                "nocheck",
                &["apt-get install -y --no-install-recommends p1"],
            ),
            (
                "apt-get",
                "arch=x86",
                &[&i386, "apt-get install -y --no-install-recommends p1:i386"],
            ),
            (
                "apt-get",
                "arch=x86 build",
                &[query, "apt-get install -y --no-install-recommends p1"],
            ),
            (
                "apt-get",
                "packages=p1==1.0",
                &[version, "apt-get install -y --no-install-recommends p1=1.0"],
            ),
            (
                "apt-get",
                "sudo update",
                &[
                    query,
                    "sudo apt-get update",
                    "sudo apt-get install -y --no-install-recommends p1",
                ],
            ),
            (
                "apt-get",
                "sudo askpass",
                &[
                    query,
                    "sudo -A apt-get install -y --no-install-recommends p1",
                ],
            ),
            ("apt-get", "mode=report", &[]),
            ("apt-get", "mode=report-installed", &[query]),
            (
                "yum",
                "sudo update",
                &[
                    "rpm -q p1",
                    "sudo yum check-update -y",
                    "sudo yum install -y p1",
                ],
            ),
            (
                "yum",
                "arch=x86",
                &["rpm -q p1.i?86", "yum install -y p1.i?86"],
            ),
            (
                "dnf",
                "arch=armv8",
                &["rpm -q p1.aarch64", "dnf install -y p1.aarch64"],
            ),
            (
                "brew",
                "",
                &["test -n \"$(brew ls --versions p1)\"", "brew install p1"],
            ),
            (
                "pkg",
                "update",
                &["pkg info p1", "pkg update", "pkg install -y p1"],
            ),
            (
                "pkgutil",
                "",
                &[
                    "test -n \"`pkgutil --list p1`\"",
                    "pkgutil --install --yes p1",
                ],
            ),
            (
                "choco",
                "",
                &[
                    "choco list --exact p1 | findstr /c:\"1 packages installed.\"",
                    "choco install --yes p1",
                ],
            ),
            (
                "pacman",
                "update",
                &[
                    "pacman -Qi p1",
                    "pacman -Syyu --noconfirm",
                    "pacman -S --noconfirm p1",
                ],
            ),
            (
                "pacman",
                "arch=x86",
                &["pacman -Qi p1-lib32", "pacman -S --noconfirm p1-lib32"],
            ),
            (
                "apk",
                "sudo",
                &["apk info -e p1", "sudo apk add --no-cache p1"],
            ),
            (
                "zypper",
                "arch=x86",
                &["rpm -q p1", "zypper --non-interactive in p1"],
            ),
            (
                "zypper",
                "update",
                &[
                    "rpm -q p1",
                    "zypper --non-interactive ref",
                    "zypper --non-interactive in p1",
                ],
            ),
        ];
        for (tool, text, expected) in cases {
            assert_eq!(
                commands(tool, text, &[]),
                (
                    String::new(),
                    expected.iter().map(|it| (*it).to_owned()).collect()
                ),
                "{tool} {text}"
            );
        }
    }

    #[test]
    fn check_mode_names_what_is_missing() {
        let (error, ran) = commands("apt-get", "mode=check packages=p1,p2,p3", &["p2"]);
        assert!(
            error.starts_with(
                "System requirements: 'p1, p3' are missing but can't install because \
                 tools.system.package_manager:mode is 'check'.Please update packages manually or set \
                 'tools.system.package_manager:mode' to 'install'"
            ),
            "{error}"
        );
        assert_eq!(ran.len(), 3);
        assert_eq!(
            commands("apt-get", "mode=check packages=p1,p2", &["p1", "p2"]).0,
            ""
        );
        let (_, ran) = commands("apk", "packages=p1,p2", &["p1"]);
        assert_eq!(
            ran,
            ["apk info -e p1", "apk info -e p2", "apk add --no-cache p2"]
        );
    }

    #[test]
    fn substitutes_and_failures() {
        let mut one = input("apt-get", "nocheck");
        one.action = Action::Substitutes;
        one.substitutes = vec![vec!["a1".into()], vec!["b1".into(), "b2".into()]];
        let mut fail_a = |command: &str| Ok(i32::from(command.contains("a1")));
        let done = system_packages_with(&one, &mut fail_a, &Silent, "").unwrap();
        assert_eq!(done.install, ["b1", "b2"]);
        let mut fail = |_: &str| Ok(1);
        let error = system_packages_with(&one, &mut fail, &Silent, "").unwrap_err();
        assert_eq!(error.to_string(), SystemError::NoSubstitute.to_string());
        one.action = Action::Install;
        let error = system_packages_with(&one, &mut fail, &Silent, "").unwrap_err();
        assert_eq!(
            error.to_string(),
            "Command 'apt-get install -y --no-install-recommends p1' failed with exit code 1"
        );
        one.active_tool = Some("yum".to_owned());
        let done = system_packages_with(&one, &mut fail, &Silent, "").unwrap();
        assert_eq!(done, SystemResult::default());
    }

    #[test]
    fn tools_of_systems() {
        for (system, distribution, expected) in [
            ("Linux", "debian", Some("apt-get")),
            ("Linux", "opensuse-leap", Some("zypper")),
            ("Linux", "rocky", Some("dnf")),
            ("Linux", "amzn", Some("yum")),
            ("Linux", "gentoo", None),
            ("Darwin", "", Some("brew")),
            ("Windows", "", Some("choco")),
        ] {
            assert_eq!(default_tool(system, distribution), expected);
        }
        assert_eq!(
            distribution_id("NAME=\"X\"\nID=\"Ubuntu\"\n").as_deref(),
            Some("ubuntu")
        );
    }
}
