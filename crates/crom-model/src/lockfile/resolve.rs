use super::{LockKind, Lockfile, LockfileError};
use crate::reference::RecipeReference;
use crate::requirement::Requirement;

impl Lockfile {
    /// Gives a requirement of a recipe its locked reference. `build_context` tells that the recipe
    /// itself is in the build context: all its requirements are in `build_requires`. A strict
    /// lockfile without entry is an error; requirements that ask for a revision keep it.
    pub fn resolve_locked(
        &self,
        require: &mut Requirement,
        build_context: bool,
        resolve_prereleases: Option<bool>,
    ) -> Result<(), LockfileError> {
        let kind = if require.build || build_context {
            LockKind::BuildRequires
        } else {
            LockKind::Requires
        };
        self.resolve(require, kind, resolve_prereleases)
    }

    /// The same for a python require.
    pub fn resolve_locked_pyrequires(
        &self,
        require: &mut Requirement,
        resolve_prereleases: Option<bool>,
    ) -> Result<(), LockfileError> {
        self.resolve(require, LockKind::PythonRequires, resolve_prereleases)
    }

    /// Looks a requirement up in one list.
    pub fn resolve(
        &self,
        require: &mut Requirement,
        kind: LockKind,
        resolve_prereleases: Option<bool>,
    ) -> Result<(), LockfileError> {
        let wanted = &require.reference;
        let found = match wanted.version_range() {
            Some(range) => {
                let range = range?;
                self.list(kind).refs().find(|locked| {
                    locked.name == wanted.name
                        && locked.user == wanted.user
                        && locked.channel == wanted.channel
                        && range.contains(&locked.version, resolve_prereleases)
                })
            }
            None => self.list(kind).refs().find(|locked| locked.is_same(wanted)),
        };
        match found {
            Some(locked) if wanted.revision.is_none() => require.reference = locked.clone(),
            Some(_) => {}
            None if self.partial => {}
            None => {
                return Err(LockfileError::NotLocked {
                    requirement: wanted.repr_notime(),
                    kind: kind.as_str(),
                });
            }
        }
        Ok(())
    }

    /// Replaces a requirement that the locked graph replaced in one way only.
    pub fn resolve_overrides(&self, require: &mut Requirement) -> Result<(), LockfileError> {
        let Some(replaced) = self.overrides.get(&require.reference.to_string()) else {
            return Ok(());
        };
        if let [Some(only)] = replaced.iter().collect::<Vec<_>>().as_slice() {
            let replacement = RecipeReference::loads(only)?;
            require.overriden_ref = Some(require.reference.clone());
            require.override_ref = Some(replacement.clone());
            require.reference = replacement;
        }
        Ok(())
    }

    /// The locked package revision of a package, of a lockfile that locks packages.
    pub fn resolve_prev(
        &self,
        reference: &RecipeReference,
        package_id: &str,
        build_context: bool,
    ) -> Option<String> {
        let kind = if build_context {
            LockKind::BuildRequires
        } else {
            LockKind::Requires
        };
        self.list(kind)
            .packages(reference)?
            .get(package_id)?
            .clone()
    }
}
