//! Runs a command of administration where it belongs, and shows the answer.

use std::future::Future;

use anyhow::Context;
use crom_server::{AdminClient, AdminRequest, Config, Server};
use serde_json::Value;

use crate::args::{Format, OutputArgs, ServerArgs, variables};
use crate::commands::context::CommandContext;

/// Runs it offline on the data folder, or online.
pub fn administrate(target: &ServerArgs, request: &AdminRequest) -> anyhow::Result<Value> {
    let variables = variables();
    if let Some(url) = &target.url {
        let token = target
            .token
            .clone()
            .or_else(|| variables.get("CROM_SERVER_TOKEN").cloned())
            .context("no token: give one with `--token`, or in CROM_SERVER_TOKEN")?;
        return block_on(async {
            let client = AdminClient::new(url, &token)?;
            Ok(client.administrate(request).await?)
        });
    }
    with_server(target, async |server| {
        Ok(server.administrate(request).await?)
    })
}

/// Opens the data folder, which must be one.
pub fn with_server<T>(
    target: &ServerArgs,
    work: impl AsyncFnOnce(&Server) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let variables = variables();
    let data = target.data_folder(&variables)?;
    let config = Config::load(&data, None, &variables)?;
    if config.database.url.is_none() && !crom_fs::exists(config.sqlite_file()) {
        anyhow::bail!(
            "`{}` is no data folder of a server: start one with `crom server start --data DIR`",
            data.display()
        );
    }
    block_on(async {
        let server = Server::open(config).await?;
        let outcome = work(&server).await;
        server.close().await;
        outcome
    })
}

/// Runs asynchronous work to its end.
pub fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime can't be started")?
        .block_on(work)
}

/// Prints an answer as JSON, or one line per item.
pub fn show(context: &CommandContext, output: &OutputArgs, answer: &Value) -> anyhow::Result<()> {
    match output.format(&[Format::Text, Format::Json])? {
        Format::Json => context.printer.json(answer),
        _ => context.printer.text(&as_text(answer)),
    }
}

fn as_text(answer: &Value) -> String {
    match answer {
        Value::Array(items) => items.iter().map(|item| line(item) + "\n").collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| format!("{name}: {}\n", plain(value)))
            .collect(),
        other => plain(other),
    }
}

/// `ann  admin=false password=true`: the first value is what the line is about.
fn line(item: &Value) -> String {
    let Value::Object(fields) = item else {
        return plain(item);
    };
    let mut words = Vec::new();
    for (position, (name, value)) in fields.iter().enumerate() {
        let value = plain(value);
        if position == 0 {
            words.push(format!("{value} "));
        } else if !value.is_empty() {
            words.push(format!("{name}={value}"));
        }
    }
    words.join(" ").trim_end().to_owned()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().map(plain).collect::<Vec<_>>().join(",")
        }
        Value::Object(fields) if fields.is_empty() => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_are_lines() {
        let list = json!([{"name": "main", "kind": "hosted", "members": [], "retention": {}}]);
        assert_eq!(as_text(&list), "main  kind=hosted\n");
        let report = json!({"blobs": 3, "missing": ["a", "b"]});
        assert_eq!(as_text(&report), "blobs: 3\nmissing: a,b\n");
    }
}
