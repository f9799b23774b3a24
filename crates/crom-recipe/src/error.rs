use serde::{Deserialize, Serialize};

/// A recipe failed.
///
/// The text is `{scope}: Error in {method}() method, line {line}` and what follows in the words of
/// Conan for errors in methods, or the bare message where Conan prints that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", self.text())]
pub struct RecipeError {
    /// What kind of failure it is; decides the exit code.
    pub kind: RecipeErrorKind,
    /// The reference or path of the recipe, as shown to people; empty if unknown.
    pub scope: String,
    /// The method that was running, e.g. `build`.
    pub method: Option<String>,
    /// File of the deepest frame that is in the recipe.
    pub file: Option<String>,
    /// One-based line in `file`.
    pub line: Option<u32>,
    /// The exception's own message.
    pub message: String,
    /// Frames of the recipe from outermost to innermost: (line, function or source text).
    pub frames: Vec<(u32, String)>,
    /// The class of the exception, e.g. `AttributeError`.
    pub exception: String,
    /// The full Python traceback, shown with `-vtrace` and for unexpected exceptions.
    pub traceback: Option<String>,
}

/// What kind of failure a [`RecipeError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecipeErrorKind {
    /// `ConanInvalidConfiguration`: exit code 6 where a command ends with it.
    InvalidConfiguration,
    /// `ConanException` or any other exception raised while a method ran.
    Exception,
    /// The file can't be loaded: syntax error, no recipe class, a failing import.
    Load,
    /// The recipe asks for something that Crom doesn't have.
    Unsupported,
    /// The recipe tried to write, run or connect while it was only being resolved.
    Denied,
}

impl RecipeError {
    /// An error without a place in a recipe.
    pub fn new(
        kind: RecipeErrorKind,
        scope: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            scope: scope.into(),
            method: None,
            file: None,
            line: None,
            message: message.into(),
            frames: Vec::new(),
            exception: String::from("ConanException"),
            traceback: None,
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        if !self.scope.is_empty() {
            text.push_str(&self.scope);
            text.push_str(": ");
        }
        let Some(method) = &self.method else {
            text.push_str(&self.message);
            return text;
        };
        if self.kind == RecipeErrorKind::InvalidConfiguration {
            text.push_str("Invalid configuration: ");
            text.push_str(&self.message);
            return text;
        }
        text.push_str(&format!("Error in {method}() method"));
        text.push_str(&self.place_and_cause());
        text
    }

    /// `, line 3`, the lines of the recipe from there to where it failed, and the exception.
    pub fn place_and_cause(&self) -> String {
        let mut text = String::new();
        if let Some((line, _)) = self.frames.first() {
            text.push_str(&format!(", line {line}"));
        }
        for (index, (line, source)) in self.frames.iter().enumerate() {
            if index > 0 {
                text.push_str(&format!(", line {line}"));
            }
            text.push_str(&format!("\n\t{source}"));
        }
        text.push_str(&format!("\n\t{}: {}", self.exception, self.message));
        text
    }
}
