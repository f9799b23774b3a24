//! What is prepared goes to the server.

use std::collections::HashMap;

use crom_remote::{FileAddress, RemoteError, ServerRemote, UploadFile, UploadRevision, parallel};

use super::plan::{Item, Plan};
use super::{readable_size, scope};
use crate::{OpsError, Session};

/// Revisions up to this size are sent together: what they cost is the request, not the bytes.
const SMALL: u64 = 1024 * 1024;

/// A request with several of them ends at this size, or this number.
const BUNDLE: u64 = 4 * 1024 * 1024;
const BUNDLED: usize = 40;

/// A revision that is sent.
struct Parcel {
    revision: UploadRevision,
    size: u64,
    scope: String,
    title: String,
}

/// Revisions of one recipe or package. The server orders them by when they come, so they go one after
/// the other.
type Line = Vec<Parcel>;

/// What one thread sends.
enum Load {
    /// In one request.
    Together(Vec<Line>),
    /// File by file.
    Apart(Line),
}

/// Sends recipes, then packages, each side by side.
pub(super) fn send(session: &Session, server: &ServerRemote, plan: &Plan) -> Result<(), OpsError> {
    if !plan.has_uploads() {
        return Ok(());
    }
    // One question to the user now instead of several in the middle.
    server.check_credentials(false)?;
    let bundles = server.takes_bundles()?;
    let threads = server.transfer().upload_threads;
    for parcels in [recipes(server, plan), packages(server, plan)] {
        let loads = loads(lines(parcels), bundles);
        parallel(&loads, threads, |load| send_load(session, server, load))?;
    }
    Ok(())
}

fn send_load(session: &Session, server: &ServerRemote, load: &Load) -> Result<(), RemoteError> {
    let announce = |parcel: &Parcel| session.reporter().status(&parcel.scope, &parcel.title);
    match load {
        Load::Apart(line) => line.iter().try_for_each(|parcel| {
            announce(parcel);
            server.upload(&parcel.revision.files)
        }),
        Load::Together(lines) => {
            let parcels = || lines.iter().flatten();
            parcels().for_each(announce);
            let revisions: Vec<UploadRevision> =
                parcels().map(|parcel| parcel.revision.clone()).collect();
            if server.upload_bundle(&revisions)? {
                return Ok(());
            }
            revisions
                .iter()
                .try_for_each(|revision| server.upload(&revision.files))
        }
    }
}

fn recipes(server: &ServerRemote, plan: &Plan) -> Vec<Parcel> {
    let sent = plan.recipes.iter().filter(|recipe| recipe.item.sends());
    sent.map(|recipe| {
        let reference = &recipe.reference;
        let address = |name: &str| server.recipe_file(reference, name);
        let size = recipe.item.size();
        let name = reference.repr_notime();
        Parcel {
            size,
            scope: scope(reference),
            title: format!("Uploading recipe '{name}' ({})", readable_size(size)),
            revision: UploadRevision {
                recipe: reference.clone(),
                package: None,
                files: files(&recipe.item, &address),
            },
        }
    })
    .collect()
}

fn packages(server: &ServerRemote, plan: &Plan) -> Vec<Parcel> {
    let packages = plan.recipes.iter().flat_map(|recipe| &recipe.packages);
    let sent = packages.filter(|package| package.item.sends());
    sent.map(|package| {
        let reference = &package.reference;
        let address = |name: &str| server.package_file(reference, name);
        let size = package.item.size();
        let name = reference.repr_notime();
        Parcel {
            size,
            scope: scope(&reference.reference),
            title: format!("Uploading package '{name}' ({})", readable_size(size)),
            revision: UploadRevision {
                recipe: reference.reference.clone(),
                package: Some(reference.clone()),
                files: files(&package.item, &address),
            },
        }
    })
    .collect()
}

/// In the order of the first of each.
fn lines(parcels: Vec<Parcel>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for parcel in parcels {
        let key = match &parcel.revision.package {
            None => parcel.scope.clone(),
            Some(package) => {
                let recipe = package.reference.repr_notime();
                format!("{recipe}:{}", package.package_id)
            }
        };
        let at = *known.entry(key).or_insert(lines.len());
        match lines.get_mut(at) {
            Some(line) => line.push(parcel),
            None => lines.push(vec![parcel]),
        }
    }
    lines
}

/// Small lines together, if the server takes that.
fn loads(lines: Vec<Line>, bundles: bool) -> Vec<Load> {
    let (mut loads, mut open) = (Vec::new(), Vec::new());
    let (mut size, mut count) = (0, 0);
    for line in lines {
        let more: u64 = line.iter().map(|parcel| parcel.size).sum();
        if !bundles || more > SMALL || line.len() > BUNDLED {
            loads.push(Load::Apart(line));
            continue;
        }
        if size + more > BUNDLE || count + line.len() > BUNDLED {
            loads.push(Load::Together(std::mem::take(&mut open)));
            (size, count) = (0, 0);
        }
        size += more;
        count += line.len();
        open.push(line);
    }
    if !open.is_empty() {
        loads.push(Load::Together(open));
    }
    loads
}

/// In alphabetical order: the manifest, with which a revision is complete, comes after the archives.
fn files(item: &Item, address: &dyn Fn(&str) -> FileAddress) -> Vec<UploadFile> {
    let mut files: Vec<UploadFile> = item
        .files
        .iter()
        .map(|file| UploadFile {
            address: address(&file.name),
            path: file.path.clone(),
            sha1: file.sha1.clone(),
        })
        .collect();
    files.sort_by(|a, b| a.address.name().cmp(b.address.name()));
    files
}

#[cfg(test)]
mod tests {
    use crom_model::reference::RecipeReference;

    use super::*;

    fn parcel(reference: &str, size: u64) -> Parcel {
        let recipe = RecipeReference::loads(reference).unwrap();
        Parcel {
            size,
            scope: scope(&recipe),
            title: String::new(),
            revision: UploadRevision {
                recipe,
                package: None,
                files: Vec::new(),
            },
        }
    }

    fn shape(loads: &[Load]) -> Vec<(bool, Vec<Vec<String>>)> {
        let names = |line: &Line| {
            line.iter()
                .map(|it| it.revision.recipe.repr_notime())
                .collect()
        };
        loads
            .iter()
            .map(|load| match load {
                Load::Together(lines) => (true, lines.iter().map(names).collect()),
                Load::Apart(line) => (false, vec![names(line)]),
            })
            .collect()
    }

    fn parcels() -> Vec<Parcel> {
        vec![
            parcel("a/1#r1", 10),
            parcel("b/1#r1", 2 * SMALL),
            parcel("c/1#r1", 10),
            parcel("a/1#r2", 10),
        ]
    }

    #[test]
    fn small_revisions_go_together_and_those_of_one_recipe_in_order() {
        let text = |names: &[&[&str]]| -> Vec<Vec<String>> {
            let line = |it: &&[&str]| it.iter().map(ToString::to_string).collect();
            names.iter().map(line).collect()
        };
        let expected = vec![
            (false, text(&[&["b/1#r1"]])),
            (true, text(&[&["a/1#r1", "a/1#r2"], &["c/1#r1"]])),
        ];
        assert_eq!(shape(&loads(lines(parcels()), true)), expected);
        assert!(
            loads(lines(parcels()), false)
                .iter()
                .all(|load| matches!(load, Load::Apart(_)))
        );
    }

    #[test]
    fn a_bundle_has_a_limit() {
        let many: Vec<Parcel> = (0..100)
            .map(|it| parcel(&format!("a{it}/1#r"), 1))
            .collect();
        assert_eq!(loads(lines(many), true).len(), 3);
        let large: Vec<Parcel> = (0..9)
            .map(|it| parcel(&format!("a{it}/1#r"), SMALL))
            .collect();
        assert_eq!(loads(lines(large), true).len(), 3);
    }
}
