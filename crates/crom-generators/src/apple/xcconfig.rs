//! What all `.xcconfig` files have in common: names, conditions, includes.

use crate::cmake::Consumer;

/// The build configuration that a line of an `.xcconfig` file holds for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub configuration: &'a str,
    /// Apple's name: `arm64`
    pub architecture: &'a str,
    pub sdk: Option<&'a str>,
    pub sdk_version: Option<&'a str>,
}

impl Scope<'_> {
    /// `[config=Release][arch=arm64][sdk=iphoneos15.0]`
    pub fn condition(&self, consumer: &Consumer) -> String {
        let sdk = match self.sdk {
            Some(sdk) => sdk,
            None if consumer.setting("os") == Some("Macos") => "macosx",
            None => "",
        };
        let version = match self.sdk_version {
            Some(version) if !sdk.is_empty() => version,
            _ => "*",
        };
        format!(
            "[config={}][arch={}][sdk={sdk}{version}]",
            self.configuration, self.architecture
        )
    }

    /// `_release_arm64_iphoneos_15_0`
    pub fn suffix(&self) -> String {
        [
            Some(self.configuration),
            Some(self.architecture),
            self.sdk,
            self.sdk_version,
        ]
        .into_iter()
        .flatten()
        .filter(|it| !it.is_empty())
        .map(|it| format!("_{}", clean(it).to_lowercase()))
        .collect()
    }
}

/// `my-lib.x` to `my_lib_x`.
pub(super) fn clean(name: &str) -> String {
    name.replace(['.', '-'], "_")
}

/// `text`, or what is there already, that also includes `file`. Includes stay together.
pub(super) fn with_include(existing: Option<&str>, text: &str, file: &str) -> String {
    let line = format!("#include \"{file}\"");
    let text = existing.unwrap_or(text);
    if text.lines().any(|it| it == line) {
        return text.to_owned();
    }
    let mut lines: Vec<&str> = text.lines().collect();
    let head = lines.iter().take_while(|it| it.starts_with("//")).count();
    let at = lines
        .iter()
        .rposition(|it| it.starts_with("#include"))
        .map_or(head + 1, |it| it + 1);
    lines.insert(at.min(lines.len()), &line);
    format!("{}\n", lines.join("\n"))
}

/// The file that projects name: it includes what toolchain and dependencies made.
pub(super) const CONFIG_FILE: &str = "conan_config.xcconfig";

/// How [`CONFIG_FILE`] begins.
pub(super) const CONFIG_HEAD: &str =
    "// Includes both the toolchain and the dependencies\n// files if they exist\n\n";
