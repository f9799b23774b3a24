//! A run over an index: packages in parallel, findings in a fixed order.

use std::collections::HashMap;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::finding::{Finding, Severity};
use crate::index::{
    Catalogue, Folder, Loaded, Package, package_names, read_catalogue, read_package,
};
use crate::rule::{Check, FolderScope, Rule, Selection, Sink, UnknownRule};
use crate::source::SourceText;

/// What to look at, and with which rules.
#[derive(Clone, Debug, Default)]
pub struct LintRequest {
    /// The root of the index, which holds `recipes/`.
    pub root: PathBuf,
    /// Names of packages; all when empty. `*` stands for any characters.
    pub packages: Vec<String>,
    /// The rules.
    pub selection: Selection,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct LintOutcome {
    /// Sorted by path and place.
    pub findings: Vec<Finding>,
    /// How many packages were looked at.
    pub packages: usize,
    /// The rules that were used.
    pub rules: Vec<&'static Rule>,
}

impl LintOutcome {
    /// The number of findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|it| it.severity == severity)
            .count()
    }
}

/// Why there's nothing to say about an index.
#[derive(Debug, thiserror::Error)]
pub enum LintError {
    /// There's no `recipes/`.
    #[error("`{}` is no recipes index: it has no folder `recipes`", .0.display())]
    NoIndex(PathBuf),
    /// A package that was asked for.
    #[error("no package in `recipes` matches `{0}`")]
    NoPackage(String),
    /// A rule that was asked for.
    #[error(transparent)]
    Rule(#[from] UnknownRule),
    /// Reading or writing.
    #[error(transparent)]
    File(#[from] crom_fs::Error),
}

impl crom_model::hint::Hinted for LintError {
    fn hint(&self) -> Option<crom_model::hint::Hint> {
        match self {
            LintError::NoIndex(_) => Some(crom_model::hint::Hint::new(
                "run it in a checkout of a fork of conan-center-index, or name one with `--root`",
            )),
            LintError::Rule(error) => error.hint(),
            LintError::File(error) => error.hint().map(crom_model::hint::Hint::new),
            LintError::NoPackage(_) => None,
        }
    }
}

/// Looks at an index.
pub fn lint(request: &LintRequest) -> Result<LintOutcome, LintError> {
    let rules = request.selection.rules()?;
    if !crom_fs::is_dir(request.root.join("recipes")) {
        return Err(LintError::NoIndex(request.root.clone()));
    }
    let names = package_names(&request.root)?;
    let chosen = choose(&names, &request.packages)?;
    let catalogue = read_catalogue(&request.root, &names);
    let found: Vec<Vec<Finding>> = chosen
        .par_iter()
        .map(|name| {
            let package = read_package(&request.root, name)?;
            Ok(lint_package(&package, &catalogue, &rules))
        })
        .collect::<crom_fs::Result<_>>()?;
    let mut findings: Vec<Finding> = found.into_iter().flatten().collect();
    let key = |it: &Finding| (it.path.clone(), it.line, it.column, it.rule);
    findings.sort_by_cached_key(key);
    Ok(LintOutcome {
        findings,
        packages: chosen.len(),
        rules,
    })
}

fn choose(names: &[String], patterns: &[String]) -> Result<Vec<String>, LintError> {
    if patterns.is_empty() {
        return Ok(names.to_vec());
    }
    for pattern in patterns {
        if !names.iter().any(|name| matches(pattern, name)) {
            return Err(LintError::NoPackage(pattern.clone()));
        }
    }
    let wanted = |name: &&String| patterns.iter().any(|it| matches(it, name));
    Ok(names.iter().filter(wanted).cloned().collect())
}

/// Whether a name matches a pattern in which `*` stands for any characters.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            let ends = (0..=name.len()).filter(|it| name.is_char_boundary(*it));
            ends.into_iter().any(|at| matches(rest, &name[at..]))
        }),
    }
}

/// What rules say about one package.
pub fn lint_package(
    package: &Package,
    catalogue: &Catalogue,
    rules: &[&'static Rule],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let texts = package.texts();
    for rule in rules {
        let mut sink = Sink::new(rule, &mut findings);
        match rule.check {
            Check::Package(check) => check(package, &mut sink),
            Check::Text(check) => texts.iter().for_each(|it| check(it, &mut sink)),
            Check::Yaml(check) => {
                let conandata = package.folders.iter().map(|it| &it.conandata);
                std::iter::once(&package.config)
                    .chain(conandata)
                    .filter_map(Loaded::content)
                    .for_each(|it| check(it, &mut sink));
            }
            _ => {
                for folder in &package.folders {
                    let scope = FolderScope {
                        catalogue,
                        package,
                        folder,
                    };
                    check_folder(rule, folder, &scope, &mut sink);
                }
            }
        }
    }
    // Places of such a file aren't those of the bytes on disk.
    for finding in &mut findings {
        if package.not_text.contains(&finding.path) {
            finding.edits.clear();
        }
    }
    without_allowed(findings, &texts)
}

fn check_folder(rule: &Rule, folder: &Folder, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    match rule.check {
        Check::Folder(check) => check(scope, sink),
        Check::Conandata(check) => {
            if let Some(conandata) = folder.conandata.content() {
                check(conandata, scope, sink);
            }
        }
        Check::Recipe(check) => {
            if let Some(recipe) = folder.recipe.content() {
                check(recipe, scope, sink);
            }
        }
        Check::TestRecipe(check) => {
            for test in folder.tests.iter().filter_map(Loaded::content) {
                check(test, scope, sink);
            }
        }
        Check::Package(_) | Check::Yaml(_) | Check::Text(_) => {}
    }
}

/// Leaves out what the line itself allows: `# crom: allow(rule-id, other-rule)`.
fn without_allowed(findings: Vec<Finding>, texts: &[&SourceText]) -> Vec<Finding> {
    const MARK: &str = "# crom: allow(";
    let marked: HashMap<&str, &SourceText> = texts
        .iter()
        .filter(|it| it.text.contains(MARK))
        .map(|it| (it.path.as_str(), *it))
        .collect();
    if marked.is_empty() {
        return findings;
    }
    let allowed = |finding: &Finding| {
        let text = marked.get(finding.path.as_str())?;
        let line = text.line_of(text.offset(finding.line, 0));
        let (_, list) = line.split_once(MARK)?;
        let (list, _) = list.split_once(')')?;
        list.split(',')
            .find(|it| it.trim() == finding.rule)
            .map(|_| ())
    };
    findings
        .into_iter()
        .filter(|finding| allowed(finding).is_none())
        .collect()
}
