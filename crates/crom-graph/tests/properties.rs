//! Random worlds, expanded and compared with a resolver that is as plain as can be.
//!
//! All requirements are visible and of plain packages, so the root sees every package, and each
//! package is in the graph once: the first requirement that is met chooses its version, unless a
//! consumer nearer to the root has said something about it.

mod world;

use std::collections::BTreeMap;

use crom_graph::{GraphOptions, GraphProblem, ProfilesInput, expand};
use crom_model::reporter::Silent;
use crom_recipe::fake::{FakeRecipe, FakeRequire};
use proptest::prelude::*;
use world::{Root, Scenario, World};

/// `[>=from <to]`, or exactly `from` where `to` is absent.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Wanted {
    package: usize,
    from: u8,
    to: Option<u8>,
}

impl Wanted {
    fn text(self) -> String {
        match self.to {
            None => format!("p{}/{}.0", self.package, self.from),
            Some(to) => format!("p{}/[>={} <{to}]", self.package, self.from),
        }
    }

    fn allows(self, version: u8) -> bool {
        match self.to {
            None => version == self.from,
            Some(to) => (self.from..to).contains(&version),
        }
    }
}

/// Packages by number; versions by number from 1; requirements only of packages with a higher
/// number, each once.
type Packages = Vec<Vec<Vec<Wanted>>>;

#[derive(Clone, Debug, PartialEq)]
enum Answer {
    Versions(BTreeMap<String, String>),
    Conflict,
    Missing,
}

struct Naive<'a> {
    packages: &'a Packages,
    chosen: BTreeMap<usize, u8>,
}

impl Naive<'_> {
    /// `chain`: what the consumers from the root on require.
    fn follow(&mut self, chain: &mut Vec<Vec<Wanted>>, wanted: Wanted) -> Result<(), Answer> {
        if let Some(version) = self.chosen.get(&wanted.package) {
            return if wanted.allows(*version) {
                Ok(())
            } else {
                Err(Answer::Conflict)
            };
        }
        let above = chain
            .split_last()
            .map_or(&[][..], |(_, above)| above)
            .iter()
            .flatten()
            .find(|it| it.package == wanted.package)
            .copied();
        let wanted = match above {
            None => wanted,
            Some(above) => both(wanted, above).ok_or(Answer::Conflict)?,
        };
        let versions = &self.packages[wanted.package];
        let version = (1..=versions.len())
            .rev()
            .filter_map(|it| u8::try_from(it).ok())
            .find(|it| wanted.allows(*it))
            .ok_or(Answer::Missing)?;
        self.chosen.insert(wanted.package, version);
        let requires = versions[usize::from(version) - 1].clone();
        chain.push(requires.clone());
        for require in requires {
            self.follow(chain, require)?;
        }
        chain.pop();
        Ok(())
    }
}

/// What satisfies both.
fn both(one: Wanted, other: Wanted) -> Option<Wanted> {
    match (one.to, other.to) {
        (None, _) => other.allows(one.from).then_some(one),
        (_, None) => one.allows(other.from).then_some(other),
        (Some(a), Some(b)) => {
            let (from, to) = (one.from.max(other.from), a.min(b));
            (from < to).then_some(Wanted {
                from,
                to: Some(to),
                ..one
            })
        }
    }
}

fn naive(packages: &Packages, root: &[Wanted]) -> Answer {
    let mut resolver = Naive {
        packages,
        chosen: BTreeMap::new(),
    };
    let mut chain = vec![root.to_vec()];
    for wanted in root {
        if let Err(answer) = resolver.follow(&mut chain, *wanted) {
            return answer;
        }
    }
    let named = |(package, version): (usize, u8)| (format!("p{package}"), format!("{version}.0"));
    Answer::Versions(resolver.chosen.into_iter().map(named).collect())
}

fn expanded(packages: &Packages, root: &[Wanted]) -> Answer {
    let mut recipes = Vec::new();
    for (number, versions) in packages.iter().enumerate() {
        for (version, requires) in versions.iter().enumerate() {
            recipes.push(FakeRecipe {
                reference: format!("p{number}/{}.0", version + 1),
                requires: requires
                    .iter()
                    .map(|it| FakeRequire::Plain(it.text()))
                    .collect(),
                ..FakeRecipe::default()
            });
        }
    }
    let scenario = Scenario {
        recipes,
        root: Root {
            requires: root.iter().map(|it| it.text()).collect(),
            ..Root::default()
        },
        ..Scenario::default()
    };
    let world = World::new(&scenario);
    let profiles = ProfilesInput {
        host: world::profile("", &scenario),
        build: world::profile("", &scenario),
        settings_definition: world::settings_definition(),
    };
    let options = GraphOptions::default();
    let root = world.root(&scenario);
    let graph = expand(&root, &profiles, &options, &world.host, &world, &Silent)
        .expect("these recipes raise nothing");
    match &graph.error {
        None => Answer::Versions(
            graph
                .nodes
                .iter()
                .skip(1)
                .map(|node| {
                    let reference = &node.reference;
                    (reference.name.clone(), reference.version.to_string())
                })
                .collect(),
        ),
        Some(GraphProblem::Conflict(_)) => Answer::Conflict,
        Some(GraphProblem::Missing { .. }) => Answer::Missing,
        Some(other) => panic!("unexpected: {other}"),
    }
}

const PACKAGES: usize = 7;
const VERSIONS: u8 = 3;

/// Some of the packages from `first` on, each once.
fn requirements(first: usize) -> impl Strategy<Value = Vec<Wanted>> {
    let one = |package: usize| {
        prop_oneof![
            3 => Just(None),
            1 => (1..=VERSIONS).prop_map(move |from| Some(Wanted { package, from, to: None })),
            3 => (1..=VERSIONS, 1..=VERSIONS + 1).prop_map(move |(a, b)| {
                let (from, to) = if a < b { (a, b) } else { (1, VERSIONS + 1) };
                Some(Wanted { package, from, to: Some(to) })
            }),
        ]
    };
    let all: Vec<_> = (first..PACKAGES).map(one).collect();
    all.prop_map(|found| found.into_iter().flatten().collect::<Vec<_>>())
        .prop_shuffle()
}

fn worlds() -> impl Strategy<Value = Packages> {
    let package = |number: usize| {
        proptest::collection::vec(requirements(number + 1), 1..=usize::from(VERSIONS))
    };
    (0..PACKAGES).map(package).collect::<Vec<_>>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn graphs_are_those_of_a_naive_resolver(packages in worlds(), root in requirements(0)) {
        prop_assume!(!root.is_empty());
        prop_assert_eq!(expanded(&packages, &root), naive(&packages, &root));
    }
}
