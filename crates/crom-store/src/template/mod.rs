//! Jinja2 templates as profiles and `global.conf` use them, with the Python modules they expect.
//!
//! The renderer prints values as Python does (`True`, `None`, `['a']`), strings have Python's
//! methods, and `platform`, `os`, `subprocess`, `hashlib`, `distro` and `detect_api` answer the
//! calls that make sense in a template. A call to anything else is an error that names it.

mod detect_api;
mod hashlib;
mod operating_system;
pub(crate) mod platform;
mod python;
mod subprocess;
mod version;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value};

use crate::home::CONAN_VERSION;
use crate::variables::Variables;

pub(crate) use version::VersionValue;

/// What a template may see.
#[derive(Clone, Debug)]
pub(crate) struct TemplateInput<'a> {
    /// `os.environ`
    pub(crate) variables: &'a Arc<Variables>,
    /// Where `{% include %}` and `{% import %}` look, in order.
    pub(crate) folders: Vec<PathBuf>,
    /// Names beside the modules: (name, value).
    pub(crate) names: Vec<(&'static str, String)>,
}

/// Messages of `detect_api` while a template is rendered: they are given to the reporter after.
pub(crate) type Messages = Arc<std::sync::Mutex<Vec<Message>>>;

/// One message of detection.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    pub(crate) level: crom_model::reporter::Level,
    pub(crate) scope: String,
    pub(crate) text: String,
}

/// A template that failed: the line, from 1, and what is wrong.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TemplateError {
    pub(crate) name: Option<String>,
    pub(crate) line: Option<usize>,
    pub(crate) problem: String,
}

/// Renders a text. A text without any Jinja syntax is returned as it is, but for one final newline,
/// which Jinja2 drops.
pub(crate) fn render(
    text: &str,
    name: &str,
    input: &TemplateInput<'_>,
    messages: &Messages,
) -> Result<String, TemplateError> {
    if !["{{", "{%", "{#"].iter().any(|mark| text.contains(mark)) {
        return Ok(text.strip_suffix('\n').unwrap_or(text).to_owned());
    }
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Lenient);
    environment.set_formatter(python::format);
    environment.set_unknown_method_callback(python::method);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_recursion_limit(100);
    let folders = input.folders.clone();
    environment.set_loader(move |name| load(&folders, name));
    environment.add_global("platform", Value::from_object(platform::Platform));
    let os = operating_system::Os::new(Arc::clone(input.variables));
    environment.add_global("os", Value::from_object(os));
    environment.add_global("subprocess", Value::from_object(subprocess::Subprocess));
    environment.add_global("hashlib", Value::from_object(hashlib::Hashlib));
    environment.add_global("distro", platform::distro());
    environment.add_global("conan_version", VersionValue::value(CONAN_VERSION));
    let api = detect_api::DetectApi::new(Arc::clone(input.variables), Arc::clone(messages));
    environment.add_global("detect_api", Value::from_object(api));
    for (name, value) in &input.names {
        environment.add_global(*name, Value::from(value.clone()));
    }
    environment.add_function(version::COMPARE, version::compare);
    environment
        .render_named_str(name, &version::with_comparisons(text), ())
        .map_err(|error| explain(&error))
}

fn load(folders: &[PathBuf], name: &str) -> Result<Option<String>, minijinja::Error> {
    for folder in folders {
        let path: PathBuf = folder.join(name);
        if !is_inside(Path::new(name)) {
            continue;
        }
        match crate::optional_file::read_if_exists(&path) {
            Ok(Some(text)) => return Ok(Some(version::with_comparisons(&text))),
            Ok(None) => {}
            Err(error) => {
                return Err(minijinja::Error::new(
                    ErrorKind::TemplateNotFound,
                    error.to_string(),
                ));
            }
        }
    }
    Ok(None)
}

/// Jinja2's file loader doesn't leave its folder.
fn is_inside(name: &Path) -> bool {
    name.components().all(|part| {
        matches!(
            part,
            std::path::Component::Normal(_) | std::path::Component::CurDir
        )
    })
}

/// The innermost cause, in the words of Jinja2 for the usual ones.
fn explain(error: &minijinja::Error) -> TemplateError {
    let mut cause: &minijinja::Error = error;
    while let Some(inner) = std::error::Error::source(cause)
        .and_then(|source| source.downcast_ref::<minijinja::Error>())
    {
        cause = inner;
    }
    let detail = cause.detail().unwrap_or_default();
    let problem = match cause.kind() {
        ErrorKind::UnknownFunction => {
            format!(
                "'{}' is undefined",
                detail.split(' ').next().unwrap_or(detail)
            )
        }
        ErrorKind::UndefinedError if detail.is_empty() => "value is undefined".to_owned(),
        ErrorKind::SyntaxError if detail.contains("unexpected end of input") => {
            format!("unexpected end of template: {detail}")
        }
        kind if detail.is_empty() => kind.to_string(),
        _ => detail.to_owned(),
    };
    TemplateError {
        name: cause.name().or_else(|| error.name()).map(str::to_owned),
        line: cause.line().or_else(|| error.line()),
        problem,
    }
}

#[cfg(test)]
mod tests;
