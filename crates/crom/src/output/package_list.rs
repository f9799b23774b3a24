//! Package lists as people read them.

use crom_model::package_list::{MultiPackageList, PackageList};
use crom_ops::{ExplainReport, PromoteReport, SigningReport};
use serde_json::{Map, Value};

use super::python_text;

/// A tree by origin, name, reference, revision, package and package revision.
pub fn text(lists: &MultiPackageList) -> String {
    let mut text = String::new();
    for (origin, list) in &lists.lists {
        text.push_str(&format!("{origin}\n"));
        match list {
            Err(error) => text.push_str(&format!("  ERROR: {error}\n")),
            Ok(list) if list.is_empty() => {
                text.push_str("  WARN: There are no matching recipe references\n");
            }
            Ok(list) => origin_tree(list, &mut text),
        }
    }
    text
}

/// What was removed: one line per recipe or package.
pub fn removed(lists: &MultiPackageList) -> String {
    let mut text = String::from("Remove summary:\n");
    for (origin, list) in &lists.lists {
        text.push_str(&format!("{origin}\n"));
        let Ok(list) = list else { continue };
        for (reference, recipe) in list.recipes() {
            let revisions = recipe.get("revisions").and_then(Value::as_object);
            for (revision, content) in revisions.into_iter().flatten() {
                let line = match packages(content) {
                    None => "Removed recipe and all binaries".to_owned(),
                    Some(packages) => {
                        format!(
                            "Removed binaries: [{}]",
                            packages
                                .keys()
                                .map(|id| format!("'{id}'"))
                                .collect::<Vec<_>>()
                                .join(", ")
                        )
                    }
                };
                text.push_str(&format!("  {reference}#{revision}: {line}\n"));
            }
        }
    }
    text
}

/// The binaries closest to a missing one.
pub fn closest(report: &ExplainReport) -> String {
    let short = report.reference.without_revision();
    let mut text = format!("{short}\n");
    let revision = report.reference.repr_notime();
    let content = serde_json::json!({"timestamp": report.reference.timestamp});
    let timestamp = content
        .get("timestamp")
        .map(|value| format!("%{value}"))
        .unwrap_or_default();
    text.push_str(&format!("  {revision}{timestamp}{}\n", time(&content)));
    if report.packages.is_empty() {
        text.push_str("    ERROR: No package binaries exist\n");
    }
    for package in &report.packages {
        text.push_str(&format!("    {revision}:{}\n", package.package_id));
        text.push_str(&format!("      remote: {}\n", package.origin));
        for (section, value) in &package.info {
            text.push_str(&format!(
                "      {section}: {}\n",
                info_values(section, value)
            ));
        }
        text.push_str("      diff\n");
        let difference = package.difference.to_json();
        for (section, value) in difference.as_object().into_iter().flatten() {
            match value {
                Value::Object(sides) if !sides.is_empty() => {
                    text.push_str(&format!("        {section}\n"));
                    for (side, values) in sides {
                        text.push_str(&format!("          {side}: {}\n", joined(values)));
                    }
                }
                Value::String(explanation) => {
                    text.push_str(&format!("        {section}: {explanation}\n"));
                }
                _ => {}
            }
        }
    }
    text
}

fn info_values(section: &str, value: &Value) -> String {
    match value {
        Value::Object(map) if section == "settings" => setting_values(map),
        Value::Object(map) => {
            let values: Vec<_> = map
                .iter()
                .map(|(name, value)| format!("{name}={}", python_text::text(value)))
                .collect();
            values.join(", ")
        }
        other => joined(other),
    }
}

fn joined(values: &Value) -> String {
    let values = values.as_array().into_iter().flatten();
    values.map(python_text::text).collect::<Vec<_>>().join(", ")
}

/// What was uploaded, as a tree; what the server had is named, too.
pub fn uploaded(lists: &MultiPackageList) -> String {
    states(lists, upload_state)
}

/// What was promoted, as a tree; what was there before is named, too.
pub fn promoted(report: &PromoteReport) -> String {
    let dry_run = report.dry_run;
    states(&report.list, move |content| {
        let new = content.get("promoted").and_then(Value::as_bool) == Some(true);
        match (new, dry_run) {
            (true, false) => " (Promoted)",
            (true, true) => " (Would be promoted)",
            (false, _) => " (Already there)",
        }
    })
}

/// What was signed or verified, as a tree with the errors of each, and their number.
pub fn signatures(report: &SigningReport) -> String {
    let mut text = String::from("[Package sign] Results:\n\n");
    let error = |content: &Value, indent: usize, text: &mut String| {
        if let Some(error) = content.get("pkgsign_error").and_then(Value::as_str) {
            text.push_str(&format!("{:indent$}ERROR: {error}\n", ""));
        }
    };
    for (reference, recipe) in report.list.recipes() {
        text.push_str(&format!("{reference}\n"));
        let Some(revisions) = recipe.get("revisions").and_then(Value::as_object) else {
            continue;
        };
        text.push_str("  revisions\n");
        for (revision, content) in revisions {
            text.push_str(&format!("    {revision}\n"));
            let packages = packages(content).filter(|packages| !packages.is_empty());
            if packages.is_some() {
                text.push_str("      packages\n");
            }
            for (id, package) in packages.into_iter().flatten() {
                text.push_str(&format!("        {id}\n"));
                let Some(revisions) = package.get("revisions").and_then(Value::as_object) else {
                    continue;
                };
                text.push_str("          revisions\n");
                for (revision, content) in revisions {
                    text.push_str(&format!("            {revision}\n"));
                    error(content, 14, &mut text);
                }
            }
            error(content, 6, &mut text);
        }
    }
    let (good, failed) = (report.good, report.failed);
    text.push_str(&format!(
        "\n[Package sign] Summary: OK={good}, FAILED={failed}\n"
    ));
    text
}

/// A tree of revisions with a word on each.
fn states(lists: &MultiPackageList, state: impl Fn(&Value) -> &'static str) -> String {
    let mut text = String::new();
    for (origin, list) in &lists.lists {
        text.push_str(&format!("{origin}\n"));
        let Ok(list) = list else { continue };
        for (reference, recipe) in list.recipes() {
            text.push_str(&format!("  {reference}\n"));
            let Some(revisions) = recipe.get("revisions").and_then(Value::as_object) else {
                continue;
            };
            text.push_str("    revisions\n");
            for (revision, content) in revisions {
                text.push_str(&format!("      {revision}{}\n", state(content)));
                let Some(packages) = packages(content).filter(|packages| !packages.is_empty())
                else {
                    continue;
                };
                text.push_str("        packages\n");
                for (id, package) in packages {
                    text.push_str(&format!("          {id}\n"));
                    let Some(revisions) = package.get("revisions").and_then(Value::as_object)
                    else {
                        continue;
                    };
                    text.push_str("            revisions\n");
                    for (revision, content) in revisions {
                        let state = state(content);
                        text.push_str(&format!("              {revision}{state}\n"));
                    }
                }
            }
        }
    }
    text
}

fn upload_state(content: &Value) -> &'static str {
    let is = |key: &str| content.get(key).and_then(Value::as_bool) == Some(true);
    match (is("upload"), is("force_upload")) {
        (true, true) => " (Uploaded - forced)",
        (true, false) => " (Uploaded)",
        _ => " (Skipped, already in server)",
    }
}

/// One line per item.
pub fn compact(lists: &MultiPackageList) -> String {
    let mut text = String::new();
    for (origin, list) in &lists.lists {
        text.push_str(&format!("{origin}\n"));
        match list {
            Err(error) => text.push_str(&format!("  ERROR: {error}\n")),
            Ok(list) if list.is_empty() => {
                text.push_str("  WARN: There are no matching recipe references\n");
            }
            Ok(list) => {
                for (reference, recipe) in list.recipes() {
                    text.push_str(&format!("  {reference}\n"));
                    let revisions = recipe.get("revisions").and_then(Value::as_object);
                    for (revision, content) in revisions.into_iter().flatten() {
                        compact_revision(reference, revision, content, &mut text);
                    }
                }
            }
        }
    }
    text
}

/// A page with the lists as tables.
pub fn html(lists: &MultiPackageList) -> String {
    let mut body = String::new();
    for (origin, list) in &lists.lists {
        body.push_str(&format!("<h2>{}</h2>\n", escape(origin)));
        match list {
            Err(error) => body.push_str(&format!("<p class=\"error\">{}</p>\n", escape(error))),
            Ok(list) => {
                body.push_str("<table><tr><th>Reference</th><th>Revision</th><th>Package</th><th>Settings and options</th></tr>\n");
                for (reference, recipe) in list.recipes() {
                    html_rows(reference, recipe, &mut body);
                }
                body.push_str("</table>\n");
            }
        }
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Packages</title><style>\
         :root {{ color-scheme: light dark }} body {{ font: 15px sans-serif; margin: 2em }} \
         table {{ border-collapse: collapse }} td, th {{ border: 1px solid #8888; padding: .3em .6em; text-align: left; \
         vertical-align: top }} code {{ font-size: 90% }} .error {{ color: #c33 }}</style></head>\n<body>\n{body}</body></html>\n"
    )
}

fn origin_tree(list: &PackageList, text: &mut String) {
    let mut last_name = "";
    for (reference, recipe) in list.recipes() {
        let name = reference.split('/').next().unwrap_or(reference);
        if name != last_name {
            text.push_str(&format!("  {name}\n"));
            last_name = name;
        }
        text.push_str(&format!("    {reference}\n"));
        let Some(revisions) = recipe.get("revisions").and_then(Value::as_object) else {
            continue;
        };
        text.push_str("      revisions\n");
        for (revision, content) in revisions {
            text.push_str(&format!("        {revision}{}\n", time(content)));
            revision_tree(content, text);
        }
    }
}

fn revision_tree(content: &Value, text: &mut String) {
    for (key, value) in content.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("timestamp", _) => {}
            ("packages", Value::Object(packages)) => {
                text.push_str("          packages\n");
                if packages.is_empty() {
                    text.push_str("            No packages found for this revision\n");
                }
                for (id, package) in packages {
                    text.push_str(&format!("            {id}\n"));
                    package_tree(package, text);
                }
            }
            (key, Value::Object(map)) => {
                text.push_str(&format!("          {key}\n"));
                text.push_str(&bare_tree(map, 12));
            }
            (key, value) => {
                text.push_str(&format!("          {key}: {}\n", python_text::text(value)))
            }
        }
    }
}

fn package_tree(package: &Value, text: &mut String) {
    for (key, value) in package.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("revisions", Value::Object(revisions)) => {
                text.push_str("              revisions\n");
                for (revision, content) in revisions {
                    text.push_str(&format!("                {revision}{}\n", time(content)));
                }
            }
            (key, Value::Object(map)) => {
                text.push_str(&format!("              {key}\n"));
                text.push_str(&bare_tree(map, 16));
            }
            (key, value) => text.push_str(&format!(
                "              {key}: {}\n",
                python_text::text(value)
            )),
        }
    }
}

/// Maps as headings without a colon, lists one item per line.
fn bare_tree(map: &Map<String, Value>, indent: usize) -> String {
    let mut text = String::new();
    for (key, value) in map {
        match value {
            Value::Object(nested) => {
                text.push_str(&format!("{:indent$}{key}\n", ""));
                text.push_str(&bare_tree(nested, indent + 2));
            }
            Value::Array(items) => {
                text.push_str(&format!("{:indent$}{key}\n", ""));
                for item in items {
                    text.push_str(&format!("{:indent$}  {}\n", "", python_text::text(item)));
                }
            }
            value => text.push_str(&format!(
                "{:indent$}{key}: {}\n",
                "",
                python_text::text(value)
            )),
        }
    }
    text
}

/// `Linux, x86_64, Release, gcc, gnu17, 12`: what tells packages apart first, the others by name.
fn setting_values(settings: &Map<String, Value>) -> String {
    const FIRST: [&str; 4] = ["os", "arch", "build_type", "compiler"];
    let mut settings: Vec<_> = settings.iter().collect();
    settings.sort_by_key(|(name, _)| {
        let place = FIRST.iter().position(|first| *first == name.as_str());
        (place.unwrap_or(FIRST.len()), *name)
    });
    let values: Vec<_> = settings
        .into_iter()
        .map(|(_, value)| python_text::text(value))
        .collect();
    values.join(", ")
}

fn compact_revision(reference: &str, revision: &str, content: &Value, text: &mut String) {
    let timestamp = content
        .get("timestamp")
        .map(|value| format!("%{value}"))
        .unwrap_or_default();
    text.push_str(&format!(
        "    {reference}#{revision}{timestamp}{}\n",
        time(content)
    ));
    for (id, package) in packages(content).into_iter().flatten() {
        text.push_str(&format!("      {reference}#{revision}:{id}\n"));
        let revisions = package.get("revisions").and_then(Value::as_object);
        if let Some(revisions) = revisions {
            text.push_str("        revisions\n");
            for (revision, content) in revisions {
                text.push_str(&format!("          {revision}\n"));
                for (key, value) in content.as_object().into_iter().flatten() {
                    let value = python_text::text(value);
                    text.push_str(&format!("            {key}\n              {value}\n"));
                }
            }
        }
        let Some(info) = package.get("info").and_then(Value::as_object) else {
            continue;
        };
        let map = |name: &str| info.get(name).and_then(Value::as_object);
        if let Some(settings) = map("settings") {
            text.push_str(&format!("        settings: {}\n", setting_values(settings)));
        }
        if let Some(options) = map("options") {
            let values: Vec<_> = options
                .iter()
                .map(|(name, value)| format!("{name}={}", python_text::text(value)))
                .collect();
            text.push_str(&format!("        options: {}\n", values.join(", ")));
        }
    }
}

fn html_rows(reference: &str, recipe: &Value, body: &mut String) {
    let mut row = |cells: [&str; 4]| {
        let cells: String = cells
            .iter()
            .map(|cell| format!("<td>{cell}</td>"))
            .collect();
        body.push_str(&format!("<tr>{cells}</tr>\n"));
    };
    let reference = escape(reference);
    let Some(revisions) = recipe.get("revisions").and_then(Value::as_object) else {
        return row([&reference, "", "", ""]);
    };
    for (revision, content) in revisions {
        let shown = format!(
            "<code>{}</code>{}",
            escape(revision),
            escape(&time(content))
        );
        let packages: Vec<_> = packages(content).into_iter().flatten().collect();
        if packages.is_empty() {
            row([&reference, &shown, "", ""]);
        }
        for (id, package) in packages {
            let info = package
                .get("info")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default();
            let values: Vec<_> = ["settings", "options"]
                .iter()
                .filter_map(|name| info.get(*name).and_then(Value::as_object))
                .flatten()
                .map(|(name, value)| escape(&format!("{name}={}", python_text::text(value))))
                .collect();
            row([
                &reference,
                &shown,
                &format!("<code>{}</code>", escape(id)),
                &values.join("<br>"),
            ]);
        }
    }
}

fn packages(revision: &Value) -> Option<&Map<String, Value>> {
    revision.get("packages").and_then(Value::as_object)
}

/// ` (2026-01-31 12:00:00 UTC)`
fn time(content: &Value) -> String {
    const FORMAT: &[time::format_description::BorrowedFormatItem<'_>] =
        time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    content
        .get("timestamp")
        .and_then(Value::as_f64)
        .and_then(|seconds| time::OffsetDateTime::from_unix_timestamp(seconds as i64).ok())
        .and_then(|time| time.format(FORMAT).ok())
        .map(|text| format!(" ({text})"))
        .unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_of_the_compact_list_are_in_the_order_of_conan() {
        let settings = json!({
            "abc": "x1", "arch": "x86_64", "build_type": "Release", "compiler": "gcc", "compiler.cppstd": "gnu17",
            "compiler.libcxx": "libstdc++11", "compiler.version": "12", "os": "Linux", "zed": "z1"
        });
        let values = settings.as_object().map(setting_values);
        // Seen in the reference for a recipe with these settings.
        let seen = "Linux, x86_64, Release, gcc, x1, gnu17, libstdc++11, 12, z1";
        assert_eq!(values.as_deref(), Some(seen));
        let values = json!({"abc": "x1", "build_type": "Release"});
        assert_eq!(
            values.as_object().map(setting_values).as_deref(),
            Some("Release, x1")
        );
    }
}
