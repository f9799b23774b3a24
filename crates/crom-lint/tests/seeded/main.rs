//! A small fork without a fault, and with one violation of each rule.

#![allow(missing_docs, clippy::disallowed_methods)]

mod fork;
mod violations;

use std::collections::BTreeSet;

use crom_lint::{Finding, LintOutcome, LintRequest, Selection, Severity, apply_fixes, lint};
use fork::Fork;
use pretty_assertions::assert_eq;
use violations::VIOLATIONS;

fn run(fork: &Fork) -> LintOutcome {
    let request = LintRequest {
        root: fork.root().to_path_buf(),
        ..LintRequest::default()
    };
    lint(&request).expect("a lint")
}

fn ids(outcome: &LintOutcome) -> BTreeSet<&'static str> {
    outcome.findings.iter().map(|it| it.rule).collect()
}

#[test]
fn a_fork_without_faults_has_no_findings() {
    let outcome = run(&Fork::clean());
    assert_eq!(outcome.findings, Vec::new());
    assert_eq!(outcome.packages, 2);
}

#[test]
fn every_violation_is_found_and_nothing_else() {
    let mut wrong = Vec::new();
    for violation in VIOLATIONS {
        let fork = Fork::clean();
        fork.change(violation.changes);
        let outcome = run(&fork);
        let mut expected: BTreeSet<_> = violation.also.iter().copied().collect();
        expected.insert(violation.rule);
        let at = |it: &Finding| {
            it.rule == violation.rule
                && format!("{}:{}:{}", it.path, it.line, it.column) == violation.at
        };
        if ids(&outcome) != expected || !outcome.findings.iter().any(at) {
            let found = crom_lint::report::text(&outcome);
            wrong.push(format!("{} at {}:\n{found}", violation.rule, violation.at));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_violation() {
    let seeded: BTreeSet<_> = VIOLATIONS.iter().map(|it| it.rule).collect();
    let rules: BTreeSet<_> = crom_lint::rules::all().map(|it| it.id).collect();
    assert_eq!(seeded, rules);
    assert_eq!(
        crom_lint::rules::all().count(),
        rules.len(),
        "ids are unique"
    );
}

#[test]
fn all_violations_of_one_fork_are_found_together() {
    let fork = Fork::clean();
    let mut expected = BTreeSet::new();
    for violation in VIOLATIONS.iter().filter(|it| it.together) {
        fork.change(violation.changes);
        expected.insert(violation.rule);
    }
    let found = ids(&run(&fork));
    let missing: Vec<_> = expected.difference(&found).collect();
    assert!(missing.is_empty(), "not found: {missing:?}");
}

#[test]
fn what_is_fixable_is_fixed() {
    for violation in VIOLATIONS {
        let rule = crom_lint::rule::find(violation.rule).expect("a rule");
        let fork = Fork::clean();
        fork.change(violation.changes);
        let outcome = run(&fork);
        let fixable = outcome
            .findings
            .iter()
            .any(|it| it.rule == rule.id && it.is_fixable());
        assert_eq!(fixable, rule.fixable, "{}", rule.id);
        if !fixable {
            continue;
        }
        let summary = apply_fixes(fork.root(), &outcome.findings).expect("fixes");
        assert!(
            summary.findings > 0 && summary.postponed == 0,
            "{}: {summary:?}",
            rule.id
        );
        assert_eq!(run(&fork).findings, Vec::new(), "{}", rule.id);
        let again = apply_fixes(fork.root(), &run(&fork).findings).expect("fixes");
        assert_eq!(
            again.files,
            Vec::<String>::new(),
            "{}: nothing is left to do",
            rule.id
        );
    }
}

#[test]
fn fixes_that_meet_are_made_one_after_the_other() {
    let fork = Fork::clean();
    fork.write(
        "recipes/alpha/config.yml",
        "versions:\r\n  1.10:\r\n    folder: all",
    );
    let mut rounds = 0;
    loop {
        let outcome = run(&fork);
        if apply_fixes(fork.root(), &outcome.findings)
            .expect("fixes")
            .files
            .is_empty()
        {
            break;
        }
        rounds += 1;
        assert!(rounds < 5, "it ends");
    }
    assert_eq!(
        fork.read("recipes/alpha/config.yml"),
        "versions:\n  \"1.10\":\n    folder: all\n"
    );
}

#[test]
fn a_line_may_allow_a_rule() {
    let fork = Fork::clean();
    fork.write(
        "recipes/alpha/config.yml",
        "versions:\n  \"1.2.0\":\n    folder: all\n    extra: 1  # crom: allow(config-form)\n",
    );
    assert_eq!(run(&fork).findings, Vec::new());
}

#[test]
fn packages_and_rules_can_be_chosen() {
    let fork = Fork::clean();
    for violation in VIOLATIONS.iter().filter(|it| it.together) {
        fork.change(violation.changes);
    }
    let chosen = |packages: &[&str], selection: Selection| {
        lint(&LintRequest {
            root: fork.root().to_path_buf(),
            packages: packages.iter().map(ToString::to_string).collect(),
            selection,
        })
    };
    let beta = chosen(&["be*"], Selection::default()).expect("a lint");
    assert!(
        beta.findings
            .iter()
            .all(|it| it.path.starts_with("recipes/beta"))
    );
    assert_eq!(beta.packages, 1);
    let errors = Selection {
        at_least: Some(Severity::Error),
        ..Selection::default()
    };
    let errors = chosen(&[], errors).expect("a lint");
    assert_eq!(
        errors.count(Severity::Warning) + errors.count(Severity::Note),
        0
    );
    assert!(errors.count(Severity::Error) > 0);
    let unknown = Selection {
        only: vec!["source-sha-missing".to_owned()],
        ..Selection::default()
    };
    let error = chosen(&[], unknown).expect_err("no such rule");
    assert_eq!(error.to_string(), "unknown lint rule `source-sha-missing`");
    let error = chosen(&["omega"], Selection::default()).expect_err("no such package");
    assert_eq!(error.to_string(), "no package in `recipes` matches `omega`");
}

#[test]
fn reports_say_the_same() {
    let fork = Fork::clean();
    fork.write(
        "recipes/alpha/config.yml",
        "versions:\n  1.10:\n    folder: all\n",
    );
    let outcome = run(&fork);
    let text = crom_lint::report::text(&outcome);
    assert!(
        text.starts_with(
            "recipes/alpha/all/conandata.yml:1:1: error: no sources of `1.10`, which `config.yml` \
             lists [conandata-version-missing]\n"
        ) || text.contains(
            "recipes/alpha/config.yml:2:3: error: the version `1.10` is a number for YAML, quote it \
             [config-version-not-text] (fixable)\n"
        ),
        "{text}"
    );
    let json = crom_lint::report::json(&outcome);
    assert_eq!(
        json["findings"].as_array().map(Vec::len),
        Some(outcome.findings.len())
    );
    let sarif = crom_lint::report::sarif(&outcome, "1.0");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    for result in run["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().expect("an index");
        let rule = &run["tool"]["driver"]["rules"][usize::try_from(index).expect("small")];
        assert_eq!(rule["id"], result["ruleId"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64() >= Some(1));
    }
}

#[test]
fn a_checkout_without_recipes_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let request = LintRequest {
        root: folder.path().to_path_buf(),
        ..LintRequest::default()
    };
    let error = lint(&request).expect_err("no index");
    assert!(
        error.to_string().ends_with("it has no folder `recipes`"),
        "{error}"
    );
}

/// Places in such a file aren't those of its bytes.
#[test]
fn a_file_that_is_no_text_is_left_alone() {
    let fork = Fork::clean();
    let path = "recipes/alpha/config.yml";
    let bytes = b"# \xff\nversions:\n  1.10:\n    folder: all";
    fork.change(&[fork::Change::Bytes(path, bytes)]);
    let outcome = run(&fork);
    assert!(ids(&outcome).contains("text-encoding"));
    assert!(
        outcome
            .findings
            .iter()
            .all(|it| it.path != path || !it.is_fixable())
    );
    let summary = apply_fixes(fork.root(), &outcome.findings).expect("fixes");
    assert_eq!(summary.findings, 0);
}
