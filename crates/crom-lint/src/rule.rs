//! What a rule is, and which rules a run uses.

use crate::finding::{Edit, Finding, Severity};
use crate::index::{Catalogue, Folder, Package};
use crate::source::{Recipe, SourceText, Span, YamlFile};

/// A rule: what it's called, why it is there, and the function that finds its violations.
#[derive(Debug)]
pub struct Rule {
    /// Stable name, in lower case with `-`.
    pub id: &'static str,
    /// How much a violation matters.
    pub severity: Severity,
    /// One line: what must hold.
    pub summary: &'static str,
    /// Why, with an example of the remedy; what `--explain` shows.
    pub why: &'static str,
    /// Whether (some of) its findings can be repaired by `--fix`.
    pub fixable: bool,
    /// How violations are found.
    pub check: Check,
}

/// The function of a rule, by what it looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Once per folder in `recipes/`.
    Package(fn(&Package, &mut Sink<'_>)),
    /// Once per folder with recipes of a package: `all/`.
    Folder(fn(&FolderScope<'_>, &mut Sink<'_>)),
    /// Once per `conandata.yml` that could be read.
    Conandata(fn(&YamlFile, &FolderScope<'_>, &mut Sink<'_>)),
    /// Once per `conanfile.py` of a folder that could be read.
    Recipe(fn(&Recipe, &FolderScope<'_>, &mut Sink<'_>)),
    /// Once per `conanfile.py` in a `test_package` that could be read.
    TestRecipe(fn(&Recipe, &FolderScope<'_>, &mut Sink<'_>)),
    /// Once per YAML file that could be read: `config.yml`, `conandata.yml`.
    Yaml(fn(&YamlFile, &mut Sink<'_>)),
    /// Once per text: YAML files, recipes, `CMakeLists.txt`.
    Text(fn(&SourceText, &mut Sink<'_>)),
}

/// Where a folder with recipes stands.
#[derive(Clone, Copy, Debug)]
pub struct FolderScope<'a> {
    /// All packages of the index with their versions.
    pub catalogue: &'a Catalogue,
    /// The package.
    pub package: &'a Package,
    /// The folder.
    pub folder: &'a Folder,
}

/// Takes the findings of one rule.
#[derive(Debug)]
pub struct Sink<'a> {
    rule: &'static Rule,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(rule: &'static Rule, findings: &'a mut Vec<Finding>) -> Self {
        Self { rule, findings }
    }

    /// A finding at a place in a text.
    pub fn at(&mut self, text: &SourceText, span: Span, message: impl Into<String>) {
        self.with_edits(text, span, message, Vec::new());
    }

    /// A finding that one replacement of bytes repairs.
    pub fn with_edit(
        &mut self,
        text: &SourceText,
        span: Span,
        message: impl Into<String>,
        edit: Edit,
    ) {
        self.with_edits(text, span, message, vec![edit]);
    }

    /// A finding that some replacements of bytes repair; none: a person has to.
    pub fn with_edits(
        &mut self,
        text: &SourceText,
        span: Span,
        message: impl Into<String>,
        edits: Vec<Edit>,
    ) {
        let (line, column) = text.position(span.start);
        self.push(&text.path, (line, column), message.into(), edits);
    }

    /// A finding about a file or folder as a whole.
    pub fn whole(&mut self, path: &str, message: impl Into<String>) {
        self.push(path, (1, 1), message.into(), Vec::new());
    }

    fn push(
        &mut self,
        path: &str,
        (line, column): (usize, usize),
        message: String,
        edits: Vec<Edit>,
    ) {
        self.findings.push(Finding {
            rule: self.rule.id,
            severity: self.rule.severity,
            path: path.to_owned(),
            line,
            column,
            message: message.replace('\n', "\\n"),
            edits,
        });
    }
}

/// Which rules a run uses.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these; all when empty.
    pub only: Vec<String>,
    /// Not these.
    pub without: Vec<String>,
    /// Nothing below this.
    pub at_least: Option<Severity>,
}

/// A rule that isn't.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown lint rule `{id}`")]
pub struct UnknownRule {
    /// As it was given.
    pub id: String,
    /// A rule with a similar name.
    pub similar: Option<&'static str>,
}

impl crom_model::hint::Hinted for UnknownRule {
    fn hint(&self) -> Option<crom_model::hint::Hint> {
        Some(crom_model::hint::Hint::new(match self.similar {
            Some(similar) => format!("did you mean `{similar}`?"),
            None => "`--list-rules` shows all of them".to_owned(),
        }))
    }
}

impl Selection {
    /// The rules that are selected, in the order of the registry.
    pub fn rules(&self) -> Result<Vec<&'static Rule>, UnknownRule> {
        for id in self.only.iter().chain(&self.without) {
            find(id)?;
        }
        let wanted = |rule: &&'static Rule| {
            let named = |list: &[String]| list.iter().any(|it| it == rule.id);
            (self.only.is_empty() || named(&self.only))
                && !named(&self.without)
                && self.at_least.is_none_or(|least| rule.severity >= least)
        };
        Ok(crate::rules::all().filter(wanted).collect())
    }
}

/// The rule of an id.
pub fn find(id: &str) -> Result<&'static Rule, UnknownRule> {
    crate::rules::all()
        .find(|rule| rule.id == id)
        .ok_or_else(|| UnknownRule {
            id: id.to_owned(),
            similar: similar(id),
        })
}

/// The rule that shares the most words with `id`, if it shares any.
fn similar(id: &str) -> Option<&'static str> {
    let words: Vec<&str> = id.split('-').filter(|word| word.len() > 2).collect();
    crate::rules::all()
        .map(|rule| {
            let shared = rule.id.split('-').filter(|it| words.contains(it)).count();
            (shared, rule.id)
        })
        .filter(|(shared, _)| *shared > 0)
        .max_by_key(|(shared, _)| *shared)
        .map(|(_, id)| id)
}
