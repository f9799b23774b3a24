//! Which packages of a plan are complete: built, tested, and so is everything that they use.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{Plan, PlannedPackage, State};

/// Packages that may be released, and why others may not.
#[derive(Clone, Debug, Default)]
pub(super) struct Completeness {
    /// Keys.
    pub complete: BTreeSet<String>,
    /// Key and reason.
    pub left_out: BTreeMap<String, String>,
}

impl Completeness {
    pub fn of(plan: &Plan) -> Self {
        let mut left_out: BTreeMap<String, String> = BTreeMap::new();
        for (key, package) in &plan.packages {
            if package.state == State::Build {
                left_out.insert(key.clone(), String::from("it isn't built"));
            } else if is_needed(package) && package.test.is_some() {
                left_out.insert(key.clone(), String::from("its test package didn't pass"));
            }
        }
        // Until nothing more uses what is left out.
        loop {
            let mut more = Vec::new();
            for (key, package) in &plan.packages {
                if left_out.contains_key(key) {
                    continue;
                }
                let missing = package.depends.iter().find(|it| left_out.contains_key(*it));
                if let Some(dependency) = missing.and_then(|it| plan.packages.get(it)) {
                    more.push((key.clone(), format!("it uses {}", dependency.label())));
                }
            }
            if more.is_empty() {
                break;
            }
            left_out.extend(more);
        }
        let complete = plan
            .packages
            .iter()
            .filter(|(key, package)| is_needed(package) && !left_out.contains_key(*key))
            .map(|(key, _)| key.clone())
            .collect();
        left_out.retain(|key, _| plan.packages.get(key).is_some_and(is_needed));
        Self { complete, left_out }
    }

    /// Recipes that go with them: of the packages, and of those that only recipes use. A recipe with a
    /// package that is left out stays behind: its users would miss the package.
    pub fn recipes(&self, plan: &Plan) -> BTreeSet<String> {
        let recipe =
            |package: &PlannedPackage| format!("{}#{}", package.reference, package.revision);
        let mut held = BTreeSet::new();
        let mut unusable = BTreeSet::new();
        let mut usable = BTreeSet::new();
        for (key, package) in &plan.packages {
            if self.left_out.contains_key(key) && !self.complete.contains(key) {
                held.insert(recipe(package));
            } else if package.state == State::Invalid {
                unusable.insert(recipe(package));
            } else {
                usable.insert(recipe(package));
            }
        }
        plan.recipes
            .iter()
            .filter(|it| !held.contains(*it))
            .filter(|it| usable.contains(*it) || !unusable.contains(*it))
            .cloned()
            .collect()
    }
}

/// Also tools, which nobody needs once everything is built: who builds again has them at hand.
fn is_needed(package: &PlannedPackage) -> bool {
    match package.state {
        State::Cached | State::Remote | State::Build => true,
        State::Skipped => package.cached.is_some() || package.in_test.is_some(),
        State::Invalid => false,
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;
    use crate::plan::PlannedTest;
    use crate::plan::tests::package;

    #[test]
    fn what_uses_something_unfinished_waits() {
        let mut plan = Plan::default();
        let mut add = |name: &str, state: State, depends: &[&str], untested: bool| {
            let mut one = package(state, &[]);
            one.reference = format!("{name}/1");
            one.depends = depends.iter().map(|it| (*it).to_owned()).collect();
            one.test = untested.then(|| PlannedTest {
                needs: Vec::new(),
                options: Vec::new(),
            });
            plan.recipes.insert(format!("{name}/1#r"));
            plan.packages.insert(name.to_owned(), one);
        };
        add("zlib", State::Cached, &[], false);
        add("ssl", State::Build, &["zlib"], true);
        add("app", State::Cached, &["curl", "zlib"], false);
        add("curl", State::Remote, &["ssl"], false);
        add("png", State::Cached, &["zlib"], true);
        add("tool", State::Skipped, &[], false);
        add("win", State::Invalid, &[], false);
        let found = Completeness::of(&plan);
        assert_eq!(found.complete.into_iter().collect::<Vec<_>>(), ["zlib"]);
        let found = Completeness::of(&plan);
        let reasons: Vec<&str> = found.left_out.values().map(String::as_str).collect();
        assert_eq!(
            reasons,
            [
                "it uses curl/1:01234567",
                "it uses ssl/1:01234567",
                "its test package didn't pass",
                "it isn't built"
            ]
        );
        let recipes: Vec<String> = found.recipes(&plan).into_iter().collect();
        assert_eq!(recipes, ["tool/1#r", "zlib/1#r"]);
    }
}
