//! What people see of a graph while a command runs: the packages with their recipes, then with
//! their binaries.

use std::collections::BTreeMap;

use crom_graph::{Binary, Graph, Node, RecipeStatus};
use crom_model::reporter::{Level, Reporter};
use crom_model::view::Context;

/// Recipes: what `Computing dependency graph` ends with.
pub fn recipes(graph: &Graph, reporter: &dyn Reporter) {
    let say = |text: &str| reporter.status("", text);
    if let Some(root) = graph.nodes.first() {
        say("Graph root");
        say(&format!("    {}", root_line(root)));
    }
    let lines = |wanted: &dyn Fn(&Node) -> bool| {
        let mut lines = BTreeMap::new();
        for node in graph.nodes.iter().skip(1).filter(|node| wanted(node)) {
            lines.insert(node.reference.clone(), recipe_line(node));
        }
        lines.into_values().collect::<Vec<_>>()
    };
    section(
        reporter,
        "Requirements",
        &lines(&|node| node.context == Context::Host && !node.test),
    );
    section(
        reporter,
        "Test requirements",
        &lines(&|node| node.context == Context::Host && node.test),
    );
    section(
        reporter,
        "Build requirements",
        &lines(&|node| node.context == Context::Build),
    );
    let mut python = BTreeMap::new();
    for requires in graph.nodes.iter().flat_map(|node| &node.python_requires) {
        let line = status_line(
            &requires.reference.repr_notime(),
            requires.recipe,
            requires.remote.as_deref(),
        );
        python.insert(requires.reference.clone(), line);
    }
    section(
        reporter,
        "Python requires",
        &python.into_values().collect::<Vec<_>>(),
    );
    let mut ranges: Vec<_> = graph
        .resolved_ranges
        .iter()
        .map(|(range, found)| (range.clone(), found.to_string()))
        .collect();
    ranges.sort();
    pairs(reporter, "Resolved version ranges", ranges.into_iter());
    let overrides = graph.overrides().into_iter().map(|(from, to)| {
        let list: Vec<_> = to
            .iter()
            .map(|to| {
                to.as_ref()
                    .map_or("None".to_owned(), |to| format!("'{to}'"))
            })
            .collect();
        (from, format!("[{}]", list.join(", ")))
    });
    pairs(reporter, "Overrides", overrides);
    pairs(
        reporter,
        "Replaced requires",
        graph
            .replaced_requires
            .iter()
            .map(|(from, to)| (from.clone(), to.clone())),
    );
    let deprecated: Vec<_> = graph
        .nodes
        .iter()
        .filter(|node| !node.recipe.is_root())
        .filter_map(|node| {
            let value = &node.attributes.metadata.deprecated;
            match value {
                serde_json::Value::String(by) if !by.is_empty() => {
                    Some(format!("    {}: {by}", node.reference.without_revision()))
                }
                serde_json::Value::Bool(true) => {
                    Some(format!("    {}", node.reference.without_revision()))
                }
                _ => None,
            }
        })
        .collect();
    if !deprecated.is_empty() {
        say("Deprecated");
        deprecated.iter().for_each(|line| say(line));
    }
    conflicts(graph, reporter);
}

/// Disagreements that were settled, but maybe not as everybody wants.
fn conflicts(graph: &Graph, reporter: &dyn Reporter) {
    let say = |text: &str| reporter.status("", text);
    if !graph.options_conflicts.is_empty() {
        say("Options conflicts");
        for conflict in &graph.options_conflicts {
            let value = conflict.value.as_deref().unwrap_or("None");
            let (reference, option) = (&conflict.reference, &conflict.option);
            say(&format!("    {reference}:{option}={value} (current value)"));
            for (consumer, wanted) in &conflict.conflicts {
                say(&format!("        {consumer}->{option}={wanted}"));
            }
        }
        say("    It is recommended to define options values in profiles, not in recipes");
        let text = "There are options conflicts in the dependency graph";
        reporter.warning(Some("risk"), "", text);
    }
    if !graph.visibility_conflicts.is_empty() {
        let text = "Packages required both with visible=True and visible=False";
        reporter.warning(Some("risk"), "", text);
        for (package, consumers) in &graph.visibility_conflicts {
            say(&format!(
                "    {package}: Required by {}",
                consumers.join(", ")
            ));
        }
    }
}

/// Binaries: what `Computing necessary packages` ends with.
pub fn packages(graph: &Graph, reporter: &dyn Reporter) {
    // Skipped packages are listed among the others or in short.
    let verbose = reporter.shows(Level::Verbose);
    let group = |wanted: &dyn Fn(&Node) -> bool| {
        let mut shown = BTreeMap::new();
        let mut skipped = BTreeMap::new();
        for node in graph.nodes.iter().skip(1).filter(|node| wanted(node)) {
            let Some(binary) = node.binary else { continue };
            let reference = node.reference.without_revision();
            if binary == Binary::Skip && !verbose {
                skipped.insert(reference.clone(), reference.to_string());
            } else {
                shown.insert(
                    (node.reference.clone(), node.package_id.clone()),
                    binary_line(node, binary),
                );
            }
        }
        // A package that is needed somewhere isn't listed as skipped.
        skipped.retain(|reference, _| {
            !shown
                .keys()
                .any(|(found, _)| found.without_revision() == *reference)
        });
        (
            shown.into_values().collect::<Vec<_>>(),
            skipped.into_values().collect::<Vec<_>>(),
        )
    };
    let host = group(&|node| node.context == Context::Host && !node.test);
    let test = group(&|node| node.context == Context::Host && node.test);
    let build = group(&|node| node.context == Context::Build);
    let groups = [
        ("Requirements", host, "host"),
        ("Test requirements", test, "test"),
        ("Build requirements", build, "build"),
    ];
    for (title, (shown, skipped), _) in &groups {
        if !shown.is_empty() || !skipped.is_empty() {
            reporter.status("", title);
            shown.iter().for_each(|line| reporter.status("", line));
        }
    }
    for (_, (_, skipped), of) in &groups {
        if !skipped.is_empty() {
            reporter.status("", &format!("Skipped {of} binaries"));
            reporter.status("", &format!("    {}", skipped.join(", ")));
        }
    }
}

fn root_line(root: &Node) -> String {
    match (root.recipe, &root.file) {
        (RecipeStatus::Cli, _) | (_, None) => root.display.clone(),
        (_, Some(file)) => {
            let path = match &file.source {
                crom_recipe::RecipeSource::Python(path) => path.display().to_string(),
                crom_recipe::RecipeSource::Declared { display, .. } => {
                    file.folder.join(display).display().to_string()
                }
            };
            format!("{}: {path}", root.display)
        }
    }
}

fn recipe_line(node: &Node) -> String {
    status_line(
        &node.reference.repr_notime(),
        node.recipe,
        node.remote.as_deref(),
    )
}

fn status_line(reference: &str, status: RecipeStatus, remote: Option<&str>) -> String {
    let remote = remote
        .map(|remote| format!(" ({remote})"))
        .unwrap_or_default();
    format!("    {reference} - {}{remote}", status.as_str())
}

fn binary_line(node: &Node, binary: Binary) -> String {
    let mut line = format!("    {}", node.reference.repr_notime());
    if binary == Binary::Platform {
        return format!("    {} - Platform", node.reference.without_revision());
    }
    if let Some(id) = &node.package_id {
        line.push_str(&format!(":{id}"));
    }
    if let Some(revision) = &node.prev {
        line.push_str(&format!("#{revision}"));
    }
    line.push_str(&format!(" - {}", binary.as_str()));
    if let Some(remote) = &node.binary_remote {
        line.push_str(&format!(" ({remote})"));
    }
    line
}

fn section(reporter: &dyn Reporter, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        reporter.status("", title);
        lines.iter().for_each(|line| reporter.status("", line));
    }
}

fn pairs(reporter: &dyn Reporter, title: &str, pairs: impl Iterator<Item = (String, String)>) {
    let lines: Vec<_> = pairs
        .map(|(from, to)| format!("    {from}: {to}"))
        .collect();
    section(reporter, title, &lines);
}
