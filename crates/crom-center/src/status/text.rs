//! The state in a few lines.

use std::fmt;

use super::{Place, Status};

/// All places, the farthest first.
pub(super) const PLACES: [Place; 6] = [
    Place::Production,
    Place::Test,
    Place::Built,
    Place::Missing,
    Place::Failed,
    Place::Invalid,
];

impl Status {
    /// How many binaries are in a place.
    pub fn count(&self, place: Place) -> usize {
        let binaries = self.packages.iter().flat_map(|it| &it.binaries);
        binaries.filter(|it| it.place == place).count()
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for package in &self.packages {
            let newer = match package.newer.as_slice() {
                [] => String::new(),
                newer => format!("  (upstream has {})", newer.join(", ")),
            };
            writeln!(f, "{}#{}{newer}", package.reference, package.revision)?;
            for it in &package.binaries {
                let profiles: Vec<&str> = it.profiles.iter().map(String::as_str).collect();
                let (id, place) = (&it.package_id, it.place.as_str());
                write!(f, "  {id} {place:10} [{}]", profiles.join(", "))?;
                if let Some(run) = &it.build {
                    write!(f, " {:.1} s", run.seconds)?;
                }
                if let Some(size) = it.size {
                    write!(f, " {}", bytes(size))?;
                }
                writeln!(f)?;
            }
        }
        let counts: Vec<String> = PLACES
            .into_iter()
            .map(|place| format!("{} {}", self.count(place), place.as_str()))
            .collect();
        writeln!(f, "{}", counts.join(", "))?;
        match &self.upstream {
            Some(news) if news.commits > 0 => {
                writeln!(f, "Upstream is {} commits ahead", news.commits)
            }
            Some(_) => writeln!(f, "The fork has everything of upstream"),
            None => Ok(()),
        }
    }
}

/// A size for people.
#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
pub(super) fn bytes(size: u64) -> String {
    let size = size as f64;
    match size {
        size if size >= 1e9 => format!("{:.1} GB", size / 1e9),
        size if size >= 1e6 => format!("{:.1} MB", size / 1e6),
        size if size >= 1e3 => format!("{:.1} kB", size / 1e3),
        size => format!("{size} B"),
    }
}
