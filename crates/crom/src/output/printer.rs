use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use serde::Serialize;

/// Where results go: standard output, or the file named by `--out-file`.
#[derive(Clone, Debug, Default)]
pub struct Printer {
    out_file: Option<PathBuf>,
}

impl Printer {
    /// `out_file` is the value of `--out-file`.
    pub fn new(out_file: Option<PathBuf>) -> Self {
        Self { out_file }
    }

    /// The whole result as text, with a final newline where it has none.
    ///
    /// # Errors
    /// The file can't be written, or standard output is closed.
    pub fn text(&self, text: &str) -> anyhow::Result<()> {
        let newline = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        match &self.out_file {
            Some(path) => crom_fs::write_atomic(path, format!("{text}{newline}").as_bytes())
                .context("could not write the result"),
            None => {
                let mut out = std::io::stdout().lock();
                match out
                    .write_all(text.as_bytes())
                    .and_then(|()| out.write_all(newline.as_bytes()))
                    .and_then(|()| out.flush())
                {
                    // `crom list ... | head` is not a failure.
                    Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
                    other => other.context("could not write to standard output"),
                }
            }
        }
    }

    /// The result as JSON on one line, as Python's `json.dumps` writes it.
    ///
    /// # Errors
    /// As for [`Self::text`].
    pub fn json_line(&self, value: &serde_json::Value) -> anyhow::Result<()> {
        self.text(&python_json(value))
    }

    /// The result as JSON with an indent of four, as Conan prints it.
    ///
    /// # Errors
    /// As for [`Self::text`].
    pub fn json(&self, value: &impl Serialize) -> anyhow::Result<()> {
        if self.out_file.is_some() {
            let mut bytes = Vec::new();
            write_json(&mut bytes, value).context("could not write the result as JSON")?;
            return self
                .text(&String::from_utf8(bytes).context("could not write the result as JSON")?);
        }
        // As it is made: the text of a large graph is larger than the graph.
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        match write_json(&mut out, value)
            .and_then(|()| out.write_all(b"\n"))
            .and_then(|()| out.flush())
        {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.context("could not write to standard output"),
        }
    }
}

/// With an indent of four.
fn write_json(out: impl Write, value: &impl Serialize) -> std::io::Result<()> {
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(out, formatter);
    value
        .serialize(&mut serializer)
        .map_err(std::io::Error::from)
}

/// JSON with a blank behind each comma and colon.
fn python_json(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(python_json).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let pairs: Vec<_> = map
                .iter()
                .map(|(key, value)| {
                    format!("{}: {}", Value::from(key.as_str()), python_json(value))
                })
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
        other => other.to_string(),
    }
}
