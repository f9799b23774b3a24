//! Promotion between different servers: each file is downloaded and uploaded as it is.

use std::collections::BTreeMap;
use std::path::Path;

use crom_model::reference::{PackageReference, RecipeReference};
use crom_protocol::{file, promotion::PromotionReport};
use crom_remote::{FileAddress, ServerRemote, UploadFile, parallel};

use super::Item;
use crate::source::Source;
use crate::{OpsError, Session};

/// A revision of the source.
#[derive(Clone, Debug)]
enum Revision {
    Recipe(RecipeReference),
    Package(PackageReference),
}

/// What is known of a [`Revision`] before it is sent.
#[derive(Clone, Debug)]
struct Step {
    revision: Revision,
    /// The target has it.
    present: bool,
}

/// Copies recipes, then packages, so that no package is without its recipe.
pub(super) fn transfer(
    session: &Session,
    from: &Source,
    to: &Source,
    items: &[Item],
    dry_run: bool,
) -> Result<PromotionReport, OpsError> {
    let (source, target) = (from.server("promotion")?, to.server("promotion")?);
    let threads = target.transfer().upload_threads;
    let steps = parallel(items, threads, |item| look_up(session, from, to, item))?;
    let steps: Vec<Step> = steps.into_iter().flatten().collect();
    if !dry_run {
        // One question to the user now instead of several in the middle.
        target.check_credentials(false)?;
        for recipes in [true, false] {
            let groups = lines(steps.iter().filter(|step| step.is_recipe() == recipes));
            parallel(&groups, threads, |group| {
                group
                    .iter()
                    .try_for_each(|step| send(session, source, target, step))
            })?;
        }
    }
    let (present, promoted): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(|step| step.present);
    let names = |steps: Vec<&Step>| steps.into_iter().map(|step| step.revision.name()).collect();
    Ok(PromotionReport {
        promoted: names(promoted),
        present: names(present),
    })
}

/// What the source has of an item, and whether the target has it, too.
fn look_up(
    session: &Session,
    from: &Source,
    to: &Source,
    item: &Item,
) -> Result<Vec<Step>, OpsError> {
    let missing = |name: String| {
        OpsError::message(format!(
            "nothing was promoted, as '{}' doesn't have '{name}'",
            from.name()
        ))
    };
    let recipe = from
        .find(session, &item.recipe)?
        .ok_or_else(|| missing(item.recipe.repr_notime()))?;
    let mut steps = vec![Step {
        present: to.find(session, &item.recipe)?.is_some(),
        revision: Revision::Recipe(recipe),
    }];
    for package in &item.packages {
        let found = from
            .find_package(package)?
            .ok_or_else(|| missing(package.repr_notime()))?;
        steps.push(Step {
            present: to.find_package(package)?.is_some(),
            revision: Revision::Package(found),
        });
    }
    Ok(steps)
}

/// Revisions of one recipe or package together, oldest first: servers order them by when they come.
fn lines<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<Vec<&'a Step>> {
    let mut lines: BTreeMap<String, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        lines.entry(step.revision.line()).or_default().push(step);
    }
    for line in lines.values_mut() {
        line.sort_by(|a, b| a.revision.time().total_cmp(&b.revision.time()));
    }
    lines.into_values().collect()
}

fn send(
    session: &Session,
    source: &ServerRemote,
    target: &ServerRemote,
    step: &Step,
) -> Result<(), OpsError> {
    let mut names = step.revision.files(source)?;
    if step.present {
        // Metadata may have been added since; everything else is as it was.
        let known = step.revision.files(target)?;
        names.retain(|name| name.starts_with(file::METADATA) && !known.contains(name));
    } else if !names.iter().any(|name| name == file::MANIFEST) {
        return Err(OpsError::message(format!(
            "'{}' is incomplete in '{}': it has no {}",
            step.revision.name(),
            source.name(),
            file::MANIFEST
        )));
    }
    if names.is_empty() {
        return Ok(());
    }
    // The manifest, with which a revision is complete, comes after the archives.
    names.sort();
    session
        .reporter()
        .status("", &format!("Promoting '{}'", step.revision.name()));
    let folder = session.cache()?.temporary_folder()?;
    let sent = carry(source, target, &step.revision, &names, &folder);
    // What resists is removed by `cache clean`.
    let _ = crom_fs::remove_tree(&folder);
    sent
}

fn carry(
    source: &ServerRemote,
    target: &ServerRemote,
    revision: &Revision,
    names: &[String],
    folder: &Path,
) -> Result<(), OpsError> {
    let numbered: Vec<(usize, &String)> = names.iter().enumerate().collect();
    let threads = source.transfer().download_threads;
    let files = parallel(&numbered, threads, |(number, name)| {
        let path = folder.join(number.to_string());
        source.download(&revision.address(source, name), &path)?;
        let sha1 = crom_fs::digest::sha1(&path)?;
        Ok::<_, OpsError>(UploadFile {
            address: revision.address(target, name),
            path,
            sha1,
        })
    })?;
    Ok(target.upload(&files)?)
}

impl Step {
    fn is_recipe(&self) -> bool {
        matches!(self.revision, Revision::Recipe(_))
    }
}

impl Revision {
    /// `name/version#rrev`, `name/version#rrev:package_id#prev`
    fn name(&self) -> String {
        match self {
            Self::Recipe(recipe) => recipe.repr_notime(),
            Self::Package(package) => package.repr_notime(),
        }
    }

    /// The same for all revisions of a recipe or package.
    fn line(&self) -> String {
        match self {
            Self::Recipe(recipe) => recipe.without_revision().to_string(),
            Self::Package(package) => {
                let recipe = package.reference.repr_notime();
                format!("{recipe}:{}", package.package_id)
            }
        }
    }

    fn time(&self) -> f64 {
        let time = match self {
            Self::Recipe(recipe) => recipe.timestamp,
            Self::Package(package) => package.timestamp,
        };
        time.unwrap_or_default()
    }

    fn files(&self, server: &ServerRemote) -> Result<Vec<String>, OpsError> {
        Ok(match self {
            Self::Recipe(recipe) => server.recipe_files(recipe)?,
            Self::Package(package) => server.package_files(package)?,
        })
    }

    fn address(&self, server: &ServerRemote, name: &str) -> FileAddress {
        match self {
            Self::Recipe(recipe) => server.recipe_file(recipe, name),
            Self::Package(package) => server.package_file(package, name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(text: &str, time: f64) -> Step {
        let mut reference = RecipeReference::loads(text).unwrap();
        reference.timestamp = Some(time);
        Step {
            revision: Revision::Recipe(reference),
            present: false,
        }
    }

    #[test]
    fn the_newest_of_several_revisions_comes_last() {
        let steps = [
            recipe("a/1.0#new", 3.0),
            recipe("b/1.0#x", 2.0),
            recipe("a/1.0#old", 1.0),
        ];
        let names: Vec<Vec<String>> = lines(steps.iter())
            .into_iter()
            .map(|line| line.iter().map(|step| step.revision.name()).collect())
            .collect();
        assert_eq!(
            names,
            [
                vec!["a/1.0#old".to_owned(), "a/1.0#new".to_owned()],
                vec!["b/1.0#x".to_owned()]
            ]
        );
    }
}
