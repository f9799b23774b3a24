use std::io::IsTerminal;

/// Whether and how text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Colours for standard error: `NO_COLOR` turns them off, `CLICOLOR_FORCE` on, otherwise a
    /// terminal decides. These are the variables that Conan looks at.
    pub fn for_stderr() -> Self {
        let set =
            |name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        let on = if std::env::var_os("NO_COLOR").is_some() {
            false
        } else {
            set("CLICOLOR_FORCE") || std::io::stderr().is_terminal()
        };
        Self { on }
    }

    /// The text of an error.
    pub fn error(self, text: &str) -> String {
        self.wrap("31", text)
    }

    /// The text of a warning.
    pub fn warning(self, text: &str) -> String {
        self.wrap("33", text)
    }

    /// A remedy.
    pub fn hint(self, text: &str) -> String {
        self.wrap("36", text)
    }

    /// A heading.
    pub fn heading(self, text: &str) -> String {
        self.wrap("95", text)
    }

    /// Good news.
    pub fn success(self, text: &str) -> String {
        self.wrap("32", text)
    }

    /// A reference or another name that the eye should find.
    pub fn name(self, text: &str) -> String {
        self.wrap("36", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.on && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
