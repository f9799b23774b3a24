//! A plan for people.

use std::fmt;

use super::{Combination, Outcome, Plan, PlannedPackage, State};

/// How many characters of a package id are enough to tell packages apart.
const SHORT: usize = 8;

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for combination in &self.combinations {
            writeln!(f, "{combination}")?;
        }
        let count = self.to_build().count();
        if count == 0 {
            writeln!(f, "\nNothing to build")?;
        } else {
            let packages = if count == 1 { "package" } else { "packages" };
            writeln!(f, "\nTo build: {count} {packages}, in this order")?;
        }
        for (number, level) in self.levels().iter().enumerate() {
            for key in level {
                if let Some(package) = self.packages.get(*key) {
                    let why = package.why.as_ref().map_or("", |why| &why.text);
                    writeln!(f, "  {:>3}  {}  {why}", number + 1, package.label())?;
                }
            }
        }
        for key in &self.stuck {
            writeln!(f, "  waits for itself: {key}")?;
        }
        let have = |place: fn(&PlannedPackage) -> bool| {
            let needed =
                |it: &&PlannedPackage| !matches!(it.state, State::Skipped | State::Invalid);
            self.packages
                .values()
                .filter(needed)
                .filter(|it| place(it))
                .count()
        };
        let needed = have(|_| true);
        write!(
            f,
            "\nNeeded: {needed}; in the cache: {}, in test: {}, in production: {}",
            have(|it| it.cached.is_some()),
            have(|it| it.in_test.is_some()),
            have(|it| it.in_production.is_some()),
        )
    }
}

impl fmt::Display for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.listed, self.profile)?;
        for option in &self.options {
            write!(f, " -o {option}")?;
        }
        match &self.outcome {
            Outcome::Ready => f.write_str(": ready"),
            Outcome::Build => f.write_str(": to build"),
            Outcome::Invalid(reason) => write!(f, ": invalid: {reason}"),
            Outcome::Failed(reason) => write!(f, ": FAILED: {reason}"),
        }
    }
}

impl PlannedPackage {
    /// `zlib/1.3.1:4fd4a1a2`
    pub fn label(&self) -> String {
        let id: String = self.package_id.chars().take(SHORT).collect();
        format!("{}:{id}", self.reference)
    }
}
