//! Pages for people, rendered on the server; they work without scripts.

use minijinja::{AutoEscape, Environment, Value};

use crate::error::{Error, Result};

/// The style sheet.
pub const STYLE: &str = include_str!("style.css");
/// Keys and buttons; nothing depends on it.
pub const SCRIPT: &str = include_str!("script.js");

const TEMPLATES: [(&str, &str); 7] = [
    ("base.html", include_str!("base.html")),
    ("index.html", include_str!("index.html")),
    ("search.html", include_str!("search.html")),
    ("repository.html", include_str!("repository.html")),
    ("package.html", include_str!("package.html")),
    ("recipe.html", include_str!("recipe.html")),
    ("binary.html", include_str!("binary.html")),
];

/// All templates.
pub struct Pages {
    environment: Environment<'static>,
}

impl Pages {
    /// Parses them.
    ///
    /// # Errors
    /// One is malformed; a bug.
    pub fn new() -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.add_filter("bytes", human_bytes);
        environment.add_filter("segment", |text: String| {
            crom_protocol::route::encode(&text)
        });
        for (name, text) in TEMPLATES {
            environment
                .add_template(name, text)
                .map_err(|error| Error::Internal(format!("{name}: {error:#}")))?;
        }
        Ok(Self { environment })
    }

    /// A page.
    ///
    /// # Errors
    /// The template fails; a bug.
    pub fn render(&self, name: &str, values: Value) -> Result<String> {
        self.environment
            .get_template(name)
            .and_then(|template| template.render(values))
            .map_err(|error| Error::Internal(format!("{name}: {error:#}")))
    }
}

/// `1.5 MB`
fn human_bytes(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1000.0 {
            return if unit == "B" {
                format!("{bytes} B")
            } else {
                format!("{value:.1} {unit}")
            };
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}

#[cfg(test)]
mod tests {
    use minijinja::context;
    use pretty_assertions::assert_eq;

    use super::*;

    #[test]
    fn templates_are_well_formed_and_escape() {
        let pages = Pages::new().expect("templates parse");
        let page = pages
            .render(
                "search.html",
                context! { query => "<script>alert(1)</script>", results => Vec::<String>::new() },
            )
            .expect("is rendered");
        assert!(!page.contains("<script>alert"), "{page}");
    }

    #[test]
    fn sizes_are_readable() {
        assert_eq!(human_bytes(999), "999 B");
        assert_eq!(human_bytes(1_500_000), "1.5 MB");
        assert_eq!(human_bytes(2_000_000_000_000), "2.0 TB");
    }
}
