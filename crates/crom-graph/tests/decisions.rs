//! What depends on remotes, lockfiles and updates, and the texts and orders made of a graph.

mod world;

use std::fmt;
use std::sync::Mutex;

use crom_graph::{
    Binary, BuildChoice, BuildMode, Decider, DefaultRules, Graph, GraphError, GraphOptions,
    InstallLevel, NodeId, Outcome, ProfilesInput, RecipeStatus, UpdatePolicy, check, decide,
    expand, install_order,
};
use crom_model::lockfile::Lockfile;
use crom_model::reporter::{Level, Reporter, Style};
use world::{Remote, Scenario, World};

/// Keeps what was said.
#[derive(Debug, Default)]
struct Log(Mutex<Vec<String>>);

impl Reporter for Log {
    fn message(&self, _level: Level, _style: Style, scope: &str, text: &str) {
        self.0.lock().unwrap().push(format!("{scope}: {text}"));
    }

    fn raw(&self, _bytes: &[u8]) {}
}

/// A scenario that is computed in different ways.
struct Case {
    scenario: Scenario,
    world: World,
    options: GraphOptions,
    log: Log,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.log.0.lock().unwrap().join("\n"))
    }
}

fn case(json: &str) -> Case {
    let scenario: Scenario = serde_json::from_str(json).unwrap();
    let world = World::new(&scenario);
    Case {
        scenario,
        world,
        options: GraphOptions::default(),
        log: Log::default(),
    }
}

impl Case {
    fn graph(&self) -> Result<Graph, GraphError> {
        let profiles = ProfilesInput {
            host: world::profile(&self.scenario.host_profile, &self.scenario),
            build: world::profile(&self.scenario.build_profile, &Scenario::default()),
            settings_definition: world::settings_definition(),
        };
        let root = self.world.root(&self.scenario);
        let host = &self.world.host;
        let mut graph = expand(
            &root,
            &profiles,
            &self.options,
            host,
            &self.world,
            &self.log,
        )?;
        if graph.error.is_none() {
            let choice = BuildChoice::new(BuildMode::new(&self.scenario.build).unwrap());
            let decider = Decider {
                options: &self.options,
                host,
                catalog: &self.world,
                rules: &DefaultRules,
                reporter: &self.log,
            };
            decide(&mut graph, &choice, decider)?;
        }
        Ok(graph)
    }

    fn remote(mut self, name: &str, binaries: &[(&str, &str, f64)]) -> Self {
        let binaries = binaries
            .iter()
            .map(|(key, revision, time)| ((*key).to_owned(), ((*revision).to_owned(), *time)))
            .collect();
        self.world.remotes.push((
            name.to_owned(),
            Remote {
                binaries,
                ..Remote::default()
            },
        ));
        self
    }
}

const ONE: &str = r#"{"recipes": [{"ref": "aa/1.0"}], "root": {"requires": ["aa/1.0"]},
    "expect": {"revisions": {"aa/1.0": "rev"}}}"#;
const ONE_CACHED: &str = r#"{"recipes": [{"ref": "aa/1.0"}], "root": {"requires": ["aa/1.0"]},
    "expect": {"revisions": {"aa/1.0": "rev"},
               "binaries": ["aa/1.0#rev:da39a3ee5e6b4b0d3255bfef95601890afd80709#local"]}}"#;
const PACKAGE: &str = "aa/1.0#rev:da39a3ee5e6b4b0d3255bfef95601890afd80709";

#[test]
fn a_binary_comes_from_the_first_remote_that_has_it() {
    let case = case(ONE)
        .remote("empty", &[])
        .remote("one", &[(PACKAGE, "old", 1.0)])
        .remote("two", &[(PACKAGE, "new", 9.0)]);
    let graph = case.graph().unwrap();
    let node = graph.node(NodeId(1));
    assert_eq!(node.binary, Some(Binary::Download));
    assert_eq!(node.binary_remote.as_deref(), Some("one"));
    assert_eq!(
        (node.prev.as_deref(), node.prev_timestamp),
        (Some("old"), Some(1.0))
    );
}

#[test]
fn an_update_takes_the_newest_of_all_remotes() {
    let mut case = case(ONE_CACHED)
        .remote("one", &[(PACKAGE, "older", 5.0)])
        .remote("two", &[(PACKAGE, "newest", 9.0)]);
    assert_eq!(
        case.graph().unwrap().node(NodeId(1)).binary,
        Some(Binary::Cache)
    );
    case.options.update = UpdatePolicy::All;
    let graph = case.graph().unwrap();
    let node = graph.node(NodeId(1));
    assert_eq!(node.binary, Some(Binary::Update));
    assert_eq!(node.prev.as_deref(), Some("newest"));
    assert!(
        case.to_string()
            .contains("Current package revision is older than the remote one")
    );
    case.options.update = UpdatePolicy::Names(vec![String::from("bb")]);
    assert_eq!(
        case.graph().unwrap().node(NodeId(1)).binary,
        Some(Binary::Cache)
    );
}

#[test]
fn an_update_keeps_a_newer_binary_of_the_cache() {
    let mut case = case(ONE_CACHED).remote("one", &[(PACKAGE, "older", 0.5)]);
    case.options.update = UpdatePolicy::Names(vec![String::from("aa")]);
    let graph = case.graph().unwrap();
    let node = graph.node(NodeId(1));
    assert_eq!(
        (node.binary, node.prev.as_deref()),
        (Some(Binary::Cache), Some("local"))
    );
    assert_eq!(node.binary_remote, None);
    assert!(
        case.to_string()
            .contains("Current package revision is newer than the remote one")
    );
}

const TYPED: &str = r#"{"recipes": [{"ref": "aa/1.0", "settings": ["compiler"]}],
    "root": {"requires": ["aa/1.0"]}, "expect": {"revisions": {"aa/1.0": "rev"}}}"#;

/// The id for `compiler.cppstd=14`, from the reference.
const WITH_14: &str = "compiler.cppstd=14";

#[test]
fn nothing_is_tried_where_no_binary_of_the_recipe_exists() {
    let case = case(TYPED);
    let graph = case.graph().unwrap();
    assert_eq!(graph.node(NodeId(1)).binary, Some(Binary::Missing));
    let said = case.to_string();
    assert!(said.contains("aa/1.0: Main binary package"), "{said}");
    assert!(
        said.contains("aa/1.0: No compatible configuration found"),
        "{said}"
    );
    assert!(!said.contains("Checking"), "{said}");
}

#[test]
fn compatible_binaries_are_looked_for_in_remotes() {
    let missing = case(TYPED).remote("one", &[]);
    let graph = missing.graph().unwrap();
    assert_eq!(graph.node(NodeId(1)).binary, Some(Binary::Missing));
    let said = missing.to_string();
    assert!(said.contains("Checking 11 compatible configurations") || said.contains("Checking 6 "));
    let line = said
        .lines()
        .find(|line| line.ends_with(WITH_14))
        .unwrap()
        .to_owned();
    let id = line.split('\'').nth(1).unwrap();
    assert!(said.contains("core.graph:compatibility_mode=optimized"));
    for optimized in [false, true] {
        let key = format!("aa/1.0#rev:{id}");
        let mut case = case(TYPED).remote("one", &[(key.as_str(), "prev", 3.0)]);
        case.options.optimized_compatibility = optimized;
        let graph = case.graph().unwrap();
        let node = graph.node(NodeId(1));
        assert_eq!(
            node.binary,
            Some(Binary::Download),
            "optimized: {optimized}"
        );
        assert_eq!(node.package_id.as_deref(), Some(id));
        assert_eq!(node.settings.get_safe("compiler.cppstd"), Some("14"));
        let found = format!("aa/1.0: Found compatible package '{id}': compiler.cppstd=14");
        assert!(case.to_string().contains(&found), "{case}");
    }
}

const RANGE: &str = r#"{"recipes": [{"ref": "aa/1.0"}, {"ref": "aa/1.5"}],
    "root": {"requires": ["aa/[>=1.0 <2]"]},
    "expect": {"revisions": {"aa/1.0": "rev0", "aa/1.5": "rev5"}}}"#;

#[test]
fn ranges_look_into_remotes_only_for_updates() {
    let mut case = case(RANGE);
    case.world.remotes.push((
        String::from("one"),
        Remote {
            versions: vec![String::from("aa/1.9")],
            ..Remote::default()
        },
    ));
    let graph = case.graph().unwrap();
    assert_eq!(graph.node(NodeId(1)).reference.version, "1.5");
    case.options.update = UpdatePolicy::All;
    let graph = case.graph().unwrap();
    // The remote's version was chosen; this world has no recipe for it.
    let problem = graph.error.unwrap().to_string();
    assert!(
        problem.starts_with("Package 'aa/1.9' not resolved"),
        "{problem}"
    );
}

#[test]
fn a_lockfile_decides_versions() {
    let mut case = case(RANGE);
    let text = r#"{"version": "0.5", "requires": ["aa/1.0#rev0%1.0"], "build_requires": [],
        "python_requires": [], "config_requires": []}"#;
    case.options.lockfile = Some(Lockfile::loads(text).unwrap());
    let graph = case.graph().unwrap();
    assert_eq!(graph.node(NodeId(1)).reference.repr_notime(), "aa/1.0#rev0");
    let empty = text.replace("\"aa/1.0#rev0%1.0\"", "");
    case.options.lockfile = Some(Lockfile::loads(&empty).unwrap());
    let error = case.graph().unwrap_err().to_string();
    assert!(
        error.contains("Requirement 'aa/[>=1.0 <2]' not in lockfile 'requires'"),
        "{error}"
    );
}

const CHAIN: &str = r#"{"recipes": [
    {"ref": "cmake/3.0", "type": "application"},
    {"ref": "aa/1.0", "type": "static-library", "requires": [{"ref": "cmake/3.0", "kind": "tool_requires"}]},
    {"ref": "bb/1.0", "type": "static-library", "requires": ["aa/1.0"]}],
    "root": {"requires": ["bb/1.0"]}, "build": ["aa/*"],
    "expect": {"revisions": {"cmake/3.0": "c", "aa/1.0": "a", "bb/1.0": "b"}}}"#;

#[test]
fn missing_packages_are_named_with_a_remedy() {
    let graph = case(CHAIN).graph().unwrap();
    let Err(Outcome::Missing(missing)) = check(&graph, "install") else {
        panic!()
    };
    let named: Vec<&str> = missing
        .lines
        .iter()
        .filter_map(|line| line.rsplit_once(':').map(|it| it.0))
        .collect();
    assert_eq!(
        named,
        ["Missing binary: bb/1.0", "Missing binary: cmake/3.0"]
    );
    assert_eq!(missing.warning.0, "cmake/3.0");
    assert_eq!(
        missing.to_string(),
        "Missing prebuilt package for 'bb/1.0', 'cmake/3.0'. You can try:\n    - List all \
         available packages using 'conan list \"cmake/3.0:*\" -r=remote'\n    - Explain missing \
         binaries: replace 'conan install ...' with 'conan graph explain ...'\n    - Try to build \
         locally from sources using the '--build=bb/1.0 --build=cmake/3.0' argument\n\nMore Info at \
         'https://docs.conan.io/2/knowledge/faq.html#error-missing-prebuilt-package'\n"
    );
}

#[test]
fn invalid_packages_come_before_missing_ones() {
    let text = CHAIN.replace(
        r#"{"ref": "bb/1.0","#,
        r#"{"ref": "bb/1.0", "invalid": {"message": "not here"},"#,
    );
    let graph = case(&text).graph().unwrap();
    let Err(outcome @ Outcome::Invalid(_)) = check(&graph, "install") else {
        panic!()
    };
    assert_eq!(
        outcome.to_string(),
        "There are invalid packages:\nbb/1.0: Invalid: not here"
    );
}

#[test]
fn installation_goes_from_leaves_to_consumers() {
    let graph = case(CHAIN).graph().unwrap();
    let names = |level: &InstallLevel| -> Vec<String> {
        level
            .items
            .iter()
            .map(|item| item.reference.name.clone())
            .collect()
    };
    let order: Vec<Vec<String>> = install_order(&graph).iter().map(names).collect();
    assert_eq!(order, [["cmake"], ["aa"], ["bb"]]);
    // A package that is its own tool in another context is kept apart.
    let text = r#"{"recipes": [{"ref": "pb/1.0", "settings": ["os"]},
        {"ref": "aa/1.0", "requires": ["pb/1.0", {"ref": "pb/1.0", "kind": "tool_requires"}]}],
        "root": {"requires": ["aa/1.0"]}, "build": ["missing"],
        "host_profile": "[settings]\nos=Windows\narch=x86_64\n",
        "expect": {"revisions": {"pb/1.0": "p", "aa/1.0": "a"}}}"#;
    let graph = case(text).graph().unwrap();
    let order = install_order(&graph);
    assert_eq!(order.len(), 2);
    assert_eq!(order[0].items[0].packages.len(), 2);
}

#[test]
fn packages_of_the_tested_graph_are_not_built_again() {
    let case = case(CHAIN);
    let tested = case.graph().unwrap();
    let choice = BuildChoice::for_test(BuildMode::new(&["*"]).unwrap(), &tested);
    let mut graph = tested.clone();
    for node in &mut graph.nodes {
        node.binary = None;
    }
    let decider = Decider {
        options: &case.options,
        host: &case.world.host,
        catalog: &case.world,
        rules: &DefaultRules,
        reporter: &case.log,
    };
    decide(&mut graph, &choice, decider).unwrap();
    assert!(
        graph
            .nodes
            .iter()
            .all(|node| node.binary != Some(Binary::Build))
    );
    let choice = BuildChoice::new(BuildMode::new(&["*"]).unwrap());
    decide(&mut graph, &choice, decider).unwrap();
    let built = graph
        .nodes
        .iter()
        .filter(|node| node.binary == Some(Binary::Build))
        .count();
    assert_eq!(built, 3);
}

#[test]
fn never_excludes_others() {
    assert!(BuildMode::new(&["never", "missing"]).is_err());
    assert!(BuildMode::new(&["never", "aa/*"]).is_err());
    assert!(BuildMode::new(&["never"]).is_ok());
}

/// A ladder: every node is reached in two ways, and each sees all below it. No more requirements
/// are kept than there are pairs of nodes that see each other.
#[test]
fn long_chains_expand() {
    let recipes: Vec<String> = (0..100)
        .map(|at| {
            let requires: Vec<String> = (1..=2)
                .filter(|by| *by <= at)
                .map(|by| format!("\"n{}/1.0\"", at - by))
                .collect();
            let type_ = "\"type\": \"static-library\"";
            format!(
                "{{\"ref\": \"n{at}/1.0\", {type_}, \"requires\": [{}]}}",
                requires.join(",")
            )
        })
        .collect();
    let text = format!(
        "{{\"recipes\": [{}], \"root\": {{\"requires\": [\"n99/1.0\"]}}}}",
        recipes.join(",")
    );
    let graph = case(&text).graph().unwrap();
    assert_eq!(graph.nodes.len(), 101);
    assert_eq!(graph.levels().len(), 101);
    assert!(
        graph.requirements.len() < 101 * 101 / 2 + 200,
        "{}",
        graph.requirements.len()
    );
    assert_eq!(graph.dependencies_of(NodeId(0)).count(), 100);
    assert_eq!(graph.node(NodeId(0)).recipe, RecipeStatus::Cli);
}

#[test]
fn hidden_and_shown_packages_are_noted() {
    let recipes = |requires: &str| {
        format!(
            r#"{{"recipes": [{{"ref": "aa/1.0"}}, {{"ref": "bb/1.0", "requires": ["aa/1.0"]}},
                {{"ref": "cc/1.0", "requires": [{requires}]}}], "root": {{"requires": ["cc/1.0"]}}}}"#
        )
    };
    let conflicts = |requires: &str| {
        let graph = case(&recipes(requires)).graph().unwrap();
        let found: Vec<_> = graph.visibility_conflicts.into_iter().collect();
        found
    };
    let noted = vec![(String::from("aa/1.0"), vec![String::from("cc/1.0")])];
    assert_eq!(
        conflicts(r#"{"ref": "aa/1.0", "visible": false}, "bb/1.0""#),
        noted
    );
    assert_eq!(
        conflicts(r#""bb/1.0", {"ref": "aa/1.0", "visible": false}"#),
        noted
    );
    let test = r#"{"ref": "aa/1.0", "visible": false, "test": true}, "bb/1.0""#;
    assert_eq!(conflicts(test), []);
}

#[test]
fn consumers_that_disagree_about_options_are_noted() {
    let text = r#"{"recipes": [
        {"ref": "aa/1.0", "options": {"shared": ["True", "False"]}, "default_options": {"shared": "False"}},
        {"ref": "bb/1.0", "requires": ["aa/1.0"], "default_options": {"aa/*:shared": "True"}},
        {"ref": "cc/1.0", "requires": ["aa/1.0"], "default_options": {"aa/*:shared": "False"}}],
        "root": {"requires": ["bb/1.0", "cc/1.0"]}}"#;
    let graph = case(text).graph().unwrap();
    let [conflict] = graph.options_conflicts.as_slice() else {
        panic!()
    };
    assert_eq!(
        (conflict.reference.as_str(), conflict.option.as_str()),
        ("aa/1.0", "shared")
    );
    assert_eq!(conflict.value.as_deref(), Some("True"));
    assert_eq!(
        conflict.conflicts,
        [(String::from("cc/1.0"), String::from("False"))]
    );
}

/// Contexts, host settings, build settings and target settings as the reference hands them out,
/// also where the profiles have patterns.
#[test]
fn tools_get_the_settings_of_both_machines() {
    let text = r#"{"recipes": [
        {"ref": "zz/1.0"}, {"ref": "t0/1.0"},
        {"ref": "t1/1.0", "requires": [{"ref": "t0/1.0", "kind": "tool_requires"}]},
        {"ref": "t2/1.0", "requires": ["zz/1.0", {"ref": "t1/1.0", "kind": "tool_requires"}]},
        {"ref": "aa/1.0", "requires": ["zz/1.0", {"ref": "t2/1.0", "kind": "tool_requires"}]}],
        "root": {"requires": ["aa/1.0"]},
        "host_profile": "[settings]\nos=Windows\narch=x86_64\nzz/*:arch=armv8\n",
        "build_profile": "[settings]\nos=Linux\narch=x86_64\nt2/*:arch=armv8\n"}"#;
    let graph = case(text).graph().unwrap();
    let lines: Vec<String> = graph.nodes.iter().skip(1).map(contexts).collect();
    assert_eq!(
        lines,
        [
            "aa/1.0 host Windows/x86_64 build Linux/x86_64 target none",
            "zz/1.0 host Windows/armv8 build Linux/x86_64 target none",
            "t2/1.0 build Linux/armv8 build Linux/armv8 target Windows/x86_64",
            "zz/1.0 build Linux/x86_64 build Linux/x86_64 target Windows/x86_64",
            "t1/1.0 build Linux/x86_64 build Linux/x86_64 target Linux/x86_64",
            "t0/1.0 build Linux/x86_64 build Linux/x86_64 target Linux/x86_64",
        ]
    );
}

fn contexts(node: &crom_graph::Node) -> String {
    let input = node.configure.as_ref().unwrap();
    let short = |settings: &crom_model::view::SettingValues| {
        format!("{}/{}", settings["os"], settings["arch"])
    };
    let target = input
        .settings_target
        .as_deref()
        .map_or(String::from("none"), short);
    format!(
        "{} {} {} build {} target {target}",
        node.label(),
        node.context.as_str(),
        short(&input.settings),
        short(&input.settings_build),
    )
}
