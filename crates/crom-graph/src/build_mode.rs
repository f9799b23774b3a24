//! `--build`: which packages are built.

use crom_model::reference::RecipeReference;

use crate::expand::matches_node;
use crate::graph::Node;

/// `--build` given without `never` and with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--build=never not compatible with other options")]
pub struct NeverAndOthers;

/// What the values of `--build` say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildMode {
    missing: bool,
    never: bool,
    cascade: bool,
    editable: bool,
    forced: Patterns,
    missing_patterns: Patterns,
    compatible: Patterns,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Patterns {
    included: Vec<String>,
    excluded: Vec<String>,
}

impl Patterns {
    fn add(&mut self, pattern: &str) {
        match pattern.strip_prefix(['!', '~']) {
            Some(negated) => self.excluded.push(negated.to_owned()),
            None => self.included.push(pattern.to_owned()),
        }
    }

    /// For lists where exclusions alone mean "all others".
    fn wants(&self, reference: &RecipeReference, is_consumer: bool) -> bool {
        if !self.excluded.is_empty() {
            return !self.excluded.iter().any(|it| reference.matches(it, false));
        }
        self.included
            .iter()
            .any(|it| reference.matches(it, is_consumer))
    }
}

impl BuildMode {
    /// From the values of `--build`; none: nothing is built.
    ///
    /// # Errors
    /// For `never` together with others.
    pub fn new<S: AsRef<str>>(values: &[S]) -> Result<Self, NeverAndOthers> {
        let mut mode = Self::default();
        for value in values {
            match value.as_ref() {
                "missing" => mode.missing = true,
                "never" => mode.never = true,
                "cascade" => mode.cascade = true,
                "editable" => mode.editable = true,
                "compatible" => mode.compatible.included.push(String::from("*")),
                other => {
                    if let Some(pattern) = other.strip_prefix("missing:") {
                        mode.missing_patterns.add(pattern);
                    } else if let Some(pattern) = other.strip_prefix("compatible:") {
                        mode.compatible.add(pattern);
                    } else {
                        mode.forced.add(other);
                    }
                }
            }
        }
        if mode.never && (mode.missing || mode.cascade || !mode.forced.included.is_empty()) {
            return Err(NeverAndOthers);
        }
        Ok(mode)
    }

    /// `--build=never`.
    pub fn never() -> Self {
        Self {
            never: true,
            ..Self::default()
        }
    }

    /// `--build=cascade`, which is worth a warning.
    pub fn is_cascade(&self) -> bool {
        self.cascade
    }

    /// `--build=never`.
    pub(crate) fn is_never(&self) -> bool {
        self.never
    }

    /// `--build=editable`.
    pub(crate) fn builds_editables(&self) -> bool {
        self.editable
    }

    /// Must it be built although there may be a binary?
    pub(crate) fn forces(&self, node: &Node, dependency_is_built: bool) -> Forced {
        if self.forced.excluded.iter().any(|it| matches_node(node, it)) {
            return Forced::Excluded;
        }
        if node.attributes.build_policy.as_deref() == Some("never") || self.never {
            return Forced::No;
        }
        if self.forced.included.iter().any(|it| matches_node(node, it))
            || (self.cascade && dependency_is_built)
        {
            return Forced::Yes;
        }
        Forced::No
    }

    /// May it be built if there's no binary? A compatible binary comes first.
    pub(crate) fn allows(&self, node: &Node) -> bool {
        let policy = node.attributes.build_policy.as_deref();
        if self.never || policy == Some("never") {
            return false;
        }
        self.missing
            || policy == Some("missing")
            || self.builds_if_missing(node)
            || self.allows_compatible(node)
    }

    /// `missing:pattern`: it is built if exactly its binary isn't there.
    pub(crate) fn builds_if_missing(&self, node: &Node) -> bool {
        self.missing_patterns.wants(&node.reference, false)
    }

    /// `compatible:pattern`: a compatible configuration may be built instead.
    pub(crate) fn allows_compatible(&self, node: &Node) -> bool {
        self.compatible.wants(&node.reference, node.is_consumer)
    }
}

/// The answer of [`BuildMode::forces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forced {
    Yes,
    No,
    /// `--build=!pattern`
    Excluded,
}
