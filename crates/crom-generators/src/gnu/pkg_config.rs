//! What `pkg-config` says about a library (PkgConfig). The facade runs the program; here are its
//! arguments and what its answers mean.

use serde::{Deserialize, Serialize};

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are those of PkgConfig's properties")]
pub enum Question {
    Includedirs,
    Cflags,
    Defines,
    Libdirs,
    Libs,
    Linkflags,
    Provides,
    Version,
    Variables,
}

/// A question about a library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PkgConfigInput {
    /// What is asked.
    pub question: Question,
    /// The library, or for a variable's value its name too.
    pub library: String,
    /// Ask for this variable.
    #[serde(default)]
    pub variable: Option<String>,
    /// `tools.gnu:pkg_config`, `pkg-config` without it.
    #[serde(default)]
    pub program: Option<String>,
    /// The program's output, once there is one.
    #[serde(default)]
    pub output: String,
}

impl PkgConfigInput {
    /// The command line.
    pub fn command(&self) -> String {
        let program = self.program.as_deref().unwrap_or("pkg-config");
        let option = match (self.question, &self.variable) {
            (Question::Variables, Some(variable)) => format!("--variable={variable}"),
            (Question::Variables, None) => "--print-variables".to_owned(),
            (Question::Includedirs, _) => "--cflags-only-I".to_owned(),
            (Question::Cflags | Question::Defines, _) => "--cflags-only-other".to_owned(),
            (Question::Libdirs, _) => "--libs-only-L".to_owned(),
            (Question::Libs, _) => "--libs-only-l".to_owned(),
            (Question::Linkflags, _) => "--libs-only-other".to_owned(),
            (Question::Provides, _) => "--print-provides".to_owned(),
            (Question::Version, _) => "--modversion".to_owned(),
        };
        format!("{program} {option} {} --print-errors", self.library)
    }

    /// The pieces of the program's answer.
    pub fn answer(&self) -> Vec<String> {
        let output = self.output.trim();
        let words = || output.split_whitespace();
        let without = |prefix: &str| -> Vec<String> {
            words()
                .filter_map(|it| it.strip_prefix(prefix))
                .map(str::to_owned)
                .collect()
        };
        match self.question {
            Question::Includedirs => without("-I"),
            Question::Libdirs => without("-L"),
            Question::Libs => without("-l"),
            Question::Defines => without("-D"),
            Question::Cflags => words()
                .filter(|it| !it.starts_with("-D"))
                .map(str::to_owned)
                .collect(),
            Question::Linkflags | Question::Variables if self.variable.is_none() => {
                words().map(str::to_owned).collect()
            }
            _ => vec![output.to_owned()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let ask = |question, output: &str| PkgConfigInput {
            question,
            library: "lib".into(),
            variable: None,
            program: None,
            output: output.into(),
        };
        assert_eq!(
            ask(Question::Libs, "").command(),
            "pkg-config --libs-only-l lib --print-errors"
        );
        assert_eq!(ask(Question::Libs, "-la -lb\n").answer(), ["a", "b"]);
        assert_eq!(ask(Question::Defines, "-DA=1 -pthread").answer(), ["A=1"]);
        assert_eq!(
            ask(Question::Cflags, "-DA=1 -pthread").answer(),
            ["-pthread"]
        );
        assert_eq!(
            ask(Question::Provides, "lib = 1.0\n").answer(),
            ["lib = 1.0"]
        );
    }
}
