//! Every line of the list with every profile and every set of options.

use std::collections::HashMap;
use std::rc::Rc;

use crom_ops::{ContextSelection, ProfileSelection, Profiles, Session, profiles};

use super::{Combination, Outcome};
use crate::list::ProfilePair;
use crate::{CenterError, Fork};

/// A combination to be resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct CombinationKey {
    /// As in the list.
    pub listed: String,
    /// Index of the profile in the list.
    pub profile: usize,
    /// `pattern:name=value`
    pub options: Vec<String>,
}

impl CombinationKey {
    pub(super) fn combination(&self, fork: &Fork) -> Combination {
        Combination {
            listed: self.listed.clone(),
            profile: pairs(fork)[self.profile].name.clone(),
            options: self.options.clone(),
            package: None,
            outcome: Outcome::Ready,
        }
    }
}

/// All combinations of the packages that `only` names, or of all.
pub(super) fn all(fork: &Fork, only: &[String]) -> Result<Vec<CombinationKey>, CenterError> {
    let wanted = |reference: &crom_model::reference::RecipeReference| {
        only.is_empty()
            || only
                .iter()
                .any(|it| *it == reference.name || *it == reference.to_string())
    };
    let mut keys = Vec::new();
    for package in &fork.list.packages {
        if !wanted(&package.reference) {
            continue;
        }
        for options in package.combinations() {
            for profile in 0..pairs(fork).len() {
                keys.push(CombinationKey {
                    listed: package.reference.to_string(),
                    profile,
                    options: options.clone(),
                });
            }
        }
    }
    if keys.is_empty() && !only.is_empty() {
        return Err(CenterError::message(format!(
            "no package of the list is called {}",
            only.join(" or ")
        ))
        .with_hint(format!("the list is '{}'", fork.file.display())));
    }
    Ok(keys)
}

/// The list's profiles, or the home's default ones.
pub(super) fn pairs(fork: &Fork) -> Vec<ProfilePair> {
    if !fork.list.profiles.is_empty() {
        return fork.list.profiles.clone();
    }
    let default = vec![String::from("default")];
    vec![ProfilePair {
        name: String::from("default"),
        host: default.clone(),
        build: default,
    }]
}

/// What commands say of profiles for a combination: files of the fork by their path.
pub fn profile_selection(fork: &Fork, profile: &str, options: &[String]) -> ProfileSelection {
    let pairs = pairs(fork);
    let pair = pairs.iter().find(|it| it.name == profile);
    let paths = |names: &[String]| -> Vec<String> {
        names
            .iter()
            .map(|name| {
                let path = fork.root.join(name);
                if crom_fs::is_file(&path) {
                    path.to_string_lossy().into_owned()
                } else {
                    name.clone()
                }
            })
            .collect()
    };
    ProfileSelection {
        host: ContextSelection {
            profiles: pair.map(|it| paths(&it.host)).unwrap_or_default(),
            options: options.to_vec(),
            ..ContextSelection::default()
        },
        build: ContextSelection {
            profiles: pair.map(|it| paths(&it.build)).unwrap_or_default(),
            ..ContextSelection::default()
        },
    }
}

/// Profiles with options, each loaded once.
pub(super) struct ProfileCache<'a> {
    session: &'a Session,
    fork: &'a Fork,
    names: Vec<String>,
    loaded: HashMap<(usize, Vec<String>), Rc<Profiles>>,
}

impl<'a> ProfileCache<'a> {
    pub fn new(session: &'a Session, fork: &'a Fork) -> Self {
        Self {
            session,
            fork,
            names: pairs(fork).into_iter().map(|pair| pair.name).collect(),
            loaded: HashMap::new(),
        }
    }

    pub fn get(&mut self, profile: usize, options: &[String]) -> Result<Rc<Profiles>, CenterError> {
        let key = (profile, options.to_vec());
        if let Some(known) = self.loaded.get(&key) {
            return Ok(Rc::clone(known));
        }
        let selection = profile_selection(self.fork, &self.names[profile], options);
        let loaded = Rc::new(profiles(self.session, &selection)?);
        self.loaded.insert(key, Rc::clone(&loaded));
        Ok(loaded)
    }
}

/// The names of all profiles of the list.
pub(crate) fn profile_names(fork: &Fork) -> Vec<String> {
    pairs(fork).into_iter().map(|pair| pair.name).collect()
}
