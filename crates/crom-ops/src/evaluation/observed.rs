//! What a phase saw outside its input, in a form that can be checked later.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crom_recipe::Reads;
use crom_store::Variables;
use serde::{Deserialize, Serialize};

/// Environment variables and files, as they were.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Observed {
    environment: BTreeMap<String, Option<String>>,
    files: Vec<(String, Stamp)>,
}

/// Enough to notice that a file or folder is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stamp {
    Missing,
    /// Length in bytes and modification time in nanoseconds.
    File(u64, u128),
    /// A folder's time changes with its entries.
    Folder(u128),
}

impl Observed {
    /// None where the answer can't be kept. What is below `immutable` never changes.
    pub(super) fn of(reads: &Reads, immutable: Option<&str>) -> Option<Self> {
        if reads.opaque {
            return None;
        }
        let changeable = |path: &&String| {
            immutable.is_none_or(|folder| {
                path.strip_prefix(folder)
                    .is_none_or(|rest| !rest.is_empty() && !rest.starts_with('/'))
            })
        };
        Some(Self {
            environment: reads.environment.clone(),
            files: reads
                .files
                .iter()
                .filter(changeable)
                .map(|path| (path.clone(), Stamp::of(path)))
                .collect(),
        })
    }

    /// Is all as it was?
    pub(super) fn holds(&self, variables: &Variables) -> bool {
        let same =
            |(name, value): (&String, &Option<String>)| variables.get(name) == value.as_deref();
        self.environment.iter().all(same)
            && self
                .files
                .iter()
                .all(|(path, seen)| Stamp::of(path) == *seen)
    }
}

impl Stamp {
    pub(super) fn of(path: impl AsRef<Path>) -> Self {
        let Ok(metadata) = crom_fs::metadata(path) else {
            return Stamp::Missing;
        };
        let modified = metadata.modified().ok();
        let time = modified
            .and_then(|it| it.duration_since(UNIX_EPOCH).ok())
            .map_or(0, |it| it.as_nanos());
        if metadata.is_dir() {
            Stamp::Folder(time)
        } else {
            Stamp::File(metadata.len(), time)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(files: &[&std::path::Path]) -> Reads {
        Reads {
            files: files
                .iter()
                .map(|path| path.to_string_lossy().into_owned())
                .collect(),
            ..Reads::default()
        }
    }

    #[test]
    fn files_that_change_come_or_go_are_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let (file, absent) = (folder.path().join("file"), folder.path().join("absent"));
        crom_fs::write(&file, "one").unwrap();
        let observed = Observed::of(&reads(&[&file, &absent]), None).unwrap();
        assert!(observed.holds(&Variables::default()));
        crom_fs::write(&file, "other").unwrap();
        assert!(!observed.holds(&Variables::default()));

        let observed = Observed::of(&reads(&[&file, &absent]), None).unwrap();
        crom_fs::write(&absent, "").unwrap();
        assert!(!observed.holds(&Variables::default()));

        let observed = Observed::of(&reads(&[folder.path()]), None).unwrap();
        crom_fs::remove_file(&file).unwrap();
        assert!(!observed.holds(&Variables::default()));
    }

    #[test]
    fn immutable_folders_are_not_looked_at_again() {
        let observed = Observed::of(
            &reads(&[
                "/r/e/conandata.yml".as_ref(),
                "/r/e2/x".as_ref(),
                "/r/e".as_ref(),
            ]),
            Some("/r/e"),
        )
        .unwrap();
        assert_eq!(observed.files, [("/r/e2/x".to_owned(), Stamp::Missing)]);
    }

    #[test]
    fn environment_variables_are_compared_with_what_was_seen() {
        let with = |value: Option<&str>| Observed {
            environment: BTreeMap::from([(
                "CROM_TEST_SURELY_UNSET".to_owned(),
                value.map(str::to_owned),
            )]),
            files: Vec::new(),
        };
        assert!(with(None).holds(&Variables::default()));
        assert!(!with(Some("x")).holds(&Variables::default()));
    }

    #[test]
    fn opaque_answers_are_not_kept() {
        let reads = Reads {
            opaque: true,
            ..Reads::default()
        };
        assert_eq!(Observed::of(&reads, None), None);
    }
}
