//! The graph as JSON: what `--format=json` of `graph info`, `install` and `create` prints.

use crom_model::conaninfo::ConanInfo;
use crom_model::cpp_info::CppInfo;
use crom_model::package_id::RequirementInfo;
use serde_json::{Map, Value, json};

use crate::catalog::RecipeStatus;
use crate::graph::{Binary, Graph, Node, NodeId};
use crate::problem::{Conflict, GraphProblem};

/// What later stages know of a node.
#[derive(Clone, Debug, Default)]
pub struct NodeExtras {
    /// `cpp_info` as JSON; that of a fresh recipe if none.
    pub cpp_info: Option<Value>,
    /// `conf_info`
    pub conf_info: Map<String, Value>,
    /// What `system_requirements()` did, by package manager.
    pub system_requires: Map<String, Value>,
    /// Absolute; empty where there is none.
    pub folders: crom_model::view::PackageFolders,
}

/// `{"graph": {"nodes": ..}}`. `extras` gives what the graph doesn't know itself.
pub fn graph_json(graph: &Graph, extras: Extras<'_>) -> Value {
    let mut nodes = Map::new();
    for id in graph.ids() {
        nodes.insert(id.0.to_string(), node_json(graph, id, extras(id)));
    }
    let mut root = Map::new();
    if let Some(node) = graph.root() {
        root.insert(String::from("0"), Value::String(node.python_ref()));
    }
    let ranges: Map<String, Value> = graph
        .resolved_ranges
        .iter()
        .map(|(range, found)| (range.clone(), Value::String(found.to_string())))
        .collect();
    let error = graph.error.as_ref();
    // `json!` would copy the nodes.
    let fields = [
        ("nodes", Value::Object(nodes)),
        ("root", Value::Object(root)),
        ("overrides", json!(graph.overrides())),
        ("resolved_ranges", Value::Object(ranges)),
        ("replaced_requires", json!(graph.replaced_requires)),
        (
            "error",
            error.map_or(Value::Null, |error| problem_json(graph, error, extras)),
        ),
    ];
    let graph: Map<String, Value> = fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Value::Object(Map::from_iter([(
        String::from("graph"),
        Value::Object(graph),
    )]))
}

fn text(value: Option<&str>) -> Value {
    value
        .filter(|it| !it.is_empty())
        .map_or(Value::Null, |it| Value::String(it.to_owned()))
}

fn number(value: Option<f64>) -> Value {
    value.map_or(Value::Null, |it| json!(it))
}

/// One node; the reference has no other order of keys.
fn node_json(graph: &Graph, id: NodeId, extras: NodeExtras) -> Value {
    let mut json = Map::new();
    put_identity(graph.node(id), id, &mut json);
    put_recipe(graph.node(id), &mut json);
    put_configuration(graph, id, extras, &mut json);
    Value::Object(json)
}

/// What it is and where it comes from.
fn put_identity(node: &Node, id: NodeId, json: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| {
        json.insert(name.to_owned(), value);
    };
    put("ref", Value::String(node_ref(node)));
    put("id", Value::String(id.0.to_string()));
    put("recipe", json!(node.recipe.as_str()));
    put("package_id", text(node.package_id.as_deref()));
    put("prev", text(node.prev.as_deref()));
    put("rrev", text(node.reference.revision.as_deref()));
    put("rrev_timestamp", number(node.reference.timestamp));
    // One that was built just now has none.
    let built = node.binary.is_some_and(Binary::is_build);
    put(
        "prev_timestamp",
        number(node.prev_timestamp.filter(|_| !built)),
    );
    put("remote", text(node.remote.as_deref()));
    put("binary_remote", text(node.binary_remote.as_deref()));
    put("build_id", text(node.build_id.as_deref()));
    put("binary", text(node.binary.map(|binary| binary.as_str())));
    put(
        "invalid_build",
        node.cant_build().map_or(json!(false), |it| json!(it)),
    );
    put("info_invalid", text(node.invalid()));
    let named = |value: &str| text(Some(value));
    let platform = node.recipe == RecipeStatus::Platform;
    put(
        "name",
        if platform {
            Value::Null
        } else {
            named(&node.reference.name)
        },
    );
    put("user", text(node.reference.user.as_deref()));
    put("channel", text(node.reference.channel.as_deref()));
}

/// What its recipe says of it.
fn put_recipe(node: &Node, json: &mut Map<String, Value>) {
    let attributes = &node.attributes;
    let metadata = &attributes.metadata;
    let named = |value: &str| text(Some(value));
    let platform = node.recipe == RecipeStatus::Platform;
    let mut put = |name: &str, value: Value| {
        json.insert(name.to_owned(), value);
    };
    put("url", text(metadata.url.as_deref()));
    put("license", metadata.license.clone());
    put("author", text(metadata.author.as_deref()));
    put("description", text(metadata.description.as_deref()));
    put("homepage", text(metadata.homepage.as_deref()));
    put("build_policy", text(attributes.build_policy.as_deref()));
    put("upload_policy", text(attributes.upload_policy.as_deref()));
    put("revision_mode", named(&attributes.revision_mode));
    put("provides", as_list(&metadata.provides));
    put("deprecated", metadata.deprecated.clone());
    put(
        "win_bash",
        attributes.win_bash.map_or(Value::Null, Value::Bool),
    );
    put(
        "win_bash_run",
        attributes.win_bash_run.map_or(Value::Null, Value::Bool),
    );
    let defaults: Map<String, Value> = attributes
        .default_options
        .iter()
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    put(
        "default_options",
        if defaults.is_empty() {
            Value::Null
        } else {
            Value::Object(defaults)
        },
    );
    put(
        "options_description",
        attributes.options_description.clone(),
    );
    put(
        "version",
        if platform {
            Value::Null
        } else {
            named(node.reference.version.as_str())
        },
    );
    put("topics", as_list(&metadata.topics));
    // A platform package has no recipe that could have a type.
    put(
        "package_type",
        if platform {
            json!("None")
        } else {
            json!(node.package_type.as_str())
        },
    );
}

/// How it is configured, where its files are, and what it depends on.
fn put_configuration(graph: &Graph, id: NodeId, extras: NodeExtras, json: &mut Map<String, Value>) {
    let node = graph.node(id);
    let attributes = &node.attributes;
    let metadata = &attributes.metadata;
    let named = |value: &str| text(Some(value));
    let mut put = |name: &str, value: Value| {
        json.insert(name.to_owned(), value);
    };
    put("languages", json!(node.languages));
    put("settings", json!(node.settings.serialize()));
    put("options", Value::Object(node.options.serialize()));
    put("options_definitions", json!(node.options.possible_values()));
    put("generators", json!(attributes.generators));
    put("python_requires", python_requires_json(node));
    put("system_requires", Value::Object(extras.system_requires));
    let folders = extras.folders;
    let recipe_folder = if node.is_text() { "" } else { &folders.recipe };
    put("recipe_folder", named(recipe_folder));
    put("source_folder", named(&folders.source));
    put("build_folder", named(&folders.build));
    put("generators_folder", named(&folders.generators));
    put("package_folder", named(&folders.package));
    put(
        "immutable_package_folder",
        named(&folders.immutable_package),
    );
    put(
        "cpp_info",
        extras
            .cpp_info
            .unwrap_or_else(|| CppInfo::with_defaults().to_json()),
    );
    put("conf_info", Value::Object(extras.conf_info));
    put("label", json!(node.display));
    if let Some(info) = &node.info {
        put("info", info_json(info));
    }
    put("vendor", json!(node.vendor));
    if !metadata.conan_data.is_null() {
        put("conandata", metadata.conan_data.clone());
    }
    put("dependencies", dependencies_json(graph, id));
    put("context", json!(node.context.as_str()));
    put("test", json!(node.test));
}

fn node_ref(node: &Node) -> String {
    match node.recipe {
        RecipeStatus::Cli => String::from("conanfile"),
        _ if node.is_text() => String::from("conanfile"),
        _ if !node.has_reference() => String::new(),
        _ => node.reference.repr_notime(),
    }
}

/// As in the package list, but dependencies in the order of the graph, and with what a compatible
/// configuration changed.
fn info_json(info: &ConanInfo) -> Value {
    let mut sections = info.serialize();
    let mut json = Map::new();
    for name in ["settings", "settings_target", "options"] {
        json.extend(sections.shift_remove_entry(name));
    }
    // One that doesn't enter the id is an empty text.
    let lines = |items: &[RequirementInfo]| -> Vec<String> {
        items
            .iter()
            .map(|it| it.dumps().unwrap_or_default())
            .collect()
    };
    let mut python_requires = lines(&info.python_requires.items);
    python_requires.sort();
    for (name, lines) in [
        ("requires", lines(&info.requires.items)),
        ("python_requires", python_requires),
        ("build_requires", lines(&info.build_requires.items)),
    ] {
        sections.shift_remove(name);
        if !lines.is_empty() {
            json.insert(name.to_owned(), json!(lines));
        }
    }
    json.extend(sections);
    if let Some(delta) = &info.compatibility_delta {
        let mut changed = Map::new();
        for (name, values) in [("settings", &delta.settings), ("options", &delta.options)] {
            if !values.is_empty() {
                changed.insert(name.to_owned(), json!(values));
            }
        }
        json.insert(String::from("compatibility_delta"), Value::Object(changed));
    }
    Value::Object(json)
}

fn python_requires_json(node: &Node) -> Value {
    if node.python_requires.is_empty() {
        return Value::Null;
    }
    let mut all = Map::new();
    for it in &node.python_requires {
        all.insert(
            it.reference.repr_notime(),
            json!({
                "remote": it.remote,
                "package_id": Value::Null,
                "prev": Value::Null,
                "recipe": it.recipe.as_str(),
                "path": it.file.folder.join("conanfile.py").display().to_string(),
            }),
        );
    }
    Value::Object(all)
}

fn dependencies_json(graph: &Graph, id: NodeId) -> Value {
    let mut all = Map::new();
    for (require, dep) in graph.dependencies_of(id) {
        all.insert(dep.0.to_string(), Value::Object(require.serialize_traits()));
    }
    Value::Object(all)
}

type Extras<'a> = &'a dyn Fn(NodeId) -> NodeExtras;

fn problem_json(graph: &Graph, problem: &GraphProblem, extras: Extras<'_>) -> Value {
    match problem {
        GraphProblem::Conflict(conflict) => conflict_json(conflict),
        GraphProblem::Missing {
            require,
            node,
            message,
            ..
        } => json!({
            "type": "missing",
            "node": short_node(graph, *node),
            "require": require.serialize_traits(),
            "error": message,
        }),
        GraphProblem::Loop(found) => {
            let mut require = found.require.serialize_traits();
            require.insert(String::from("name"), json!(found.require.reference.name));
            json!({
                "type": "loop",
                "require": require,
                "node": node_json(graph, found.node, extras(found.node)),
                "ancestor": node_json(graph, found.ancestor, extras(found.ancestor)),
            })
        }
        GraphProblem::Provides {
            first,
            second,
            provided,
            ..
        } => json!({
            "type": "provide_conflict",
            "node": short_node(graph, *first),
            "conflicting_node": short_node(graph, *second),
            "provided": provided,
        }),
    }
}

fn short_node(graph: &Graph, id: NodeId) -> Value {
    json!({ "id": id.0.to_string(), "ref": graph.node(id).python_ref() })
}

fn conflict_json(conflict: &Conflict) -> Value {
    json!({
        "type": "conflict",
        "name": conflict.require.reference.name,
        "branch1": {
            "src_id": conflict.base.0.to_string(),
            "src_ref": conflict.base_ref,
            "dst_id": conflict.previous.map(|it| it.0.to_string()),
            "require": conflict.previous_require.serialize_traits(),
        },
        "branch2": {
            "src_id": conflict.node.0.to_string(),
            "src_ref": conflict.node_ref,
            "require": conflict.require.serialize_traits(),
        },
    })
}

/// A single text is a list of one.
fn as_list(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::Array(vec![value.clone()]),
        other => other.clone(),
    }
}
