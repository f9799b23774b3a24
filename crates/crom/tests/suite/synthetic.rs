//! Graphs of random recipes, as Crom and as Conan compute them.

use crate::home::{Outcome, Scratch};
use crate::oracle::conan;

/// The same numbers for the same seed, everywhere.
struct Dice(u64);

impl Dice {
    /// Below `sides`.
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.throw(sides) == 0
    }

    fn of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        let at = self.throw(items.len() as u64);
        items[usize::try_from(at).unwrap_or_default()]
    }
}

const PACKAGES: u64 = 9;

/// A folder of recipes, as a remote of the type local-recipes-index has them.
fn write_recipes(scratch: &Scratch, seed: u64) {
    let mut dice = Dice(seed);
    for number in 0..PACKAGES {
        let folder = format!("index/recipes/pkg{number}");
        scratch.write(
            &format!("{folder}/config.yml"),
            "versions:\n  \"1.0\":\n    folder: all\n  \"1.5\":\n    folder: all\n  \"2.0\":\n    folder: all\n",
        );
        scratch.write(
            &format!("{folder}/all/conanfile.py"),
            &recipe(number, &mut dice),
        );
    }
}

fn recipe(number: u64, dice: &mut Dice) -> String {
    let kind = dice.of(&[
        "library",
        "library",
        "static-library",
        "shared-library",
        "header-library",
        "application",
        "unknown",
    ]);
    let mut text = format!(
        "from conan import ConanFile\n\n\nclass Recipe(ConanFile):\n    name = \"pkg{number}\"\n    \
         package_type = \"{kind}\"\n    settings = \"os\", \"build_type\"\n"
    );
    let own = if kind == "library" {
        "\"shared\": [True, False], \"level\": [1, 2, 3]"
    } else {
        "\"level\": [1, 2, 3]"
    };
    text.push_str(&format!("    options = {{{own}}}\n"));
    let mut defaults = vec![String::from("\"level\": 1")];
    if kind == "library" {
        let shared = dice.of(&["True", "False"]);
        defaults.push(format!("\"shared\": {shared}"));
    }
    if number + 1 < PACKAGES && dice.one_in(3) {
        let other = number + 1 + dice.throw(PACKAGES - number - 1);
        defaults.push(format!("\"pkg{other}/*:level\": 2"));
    }
    text.push_str(&format!(
        "    default_options = {{{}}}\n",
        defaults.join(", ")
    ));
    let (mut requirements, mut tools) = (String::new(), String::new());
    for other in number + 1..PACKAGES {
        if !dice.one_in(2) {
            continue;
        }
        let version = dice.of(&["1.0", "[>=1.0 <2]", "[>=1.0 <3]", "[>=1.0]", "[>=1.5]"]);
        match dice.throw(8) {
            0 => tools.push_str(&format!(
                "        self.tool_requires(\"pkg{other}/{version}\")\n"
            )),
            1 => tools.push_str(&format!(
                "        self.test_requires(\"pkg{other}/{version}\")\n"
            )),
            _ => {
                let traits = dice.of(&[
                    "",
                    "",
                    ", transitive_headers=True",
                    ", transitive_libs=True",
                    ", visible=False",
                    ", force=True",
                    ", options={\"level\": 3}",
                ]);
                requirements.push_str(&format!(
                    "        self.requires(\"pkg{other}/{version}\"{traits})\n"
                ));
            }
        }
    }
    for (method, lines) in [
        ("requirements", requirements),
        ("build_requirements", tools),
    ] {
        if !lines.is_empty() {
            text.push_str(&format!("\n    def {method}(self):\n{lines}"));
        }
    }
    text
}

/// What has to be equal: nodes with ids, options and what they see, or the error. Which binaries are
/// skipped isn't compared: the reference keeps some hidden packages that others show.
fn essence(outcome: &Outcome) -> Vec<String> {
    if outcome.code != Some(0) {
        let errors = outcome.stderr.lines();
        return errors
            .filter(|line| line.starts_with("ERROR:"))
            .map(str::to_owned)
            .collect();
    }
    let json = outcome.json();
    let nodes = json["graph"]["nodes"].as_object().cloned();
    nodes
        .unwrap_or_default()
        .iter()
        .map(|(id, node)| {
            let fields = ["ref", "context", "package_id", "test", "options"];
            let mut line = format!("{id}:");
            for field in fields {
                line.push_str(&format!(" {}", node[field]));
            }
            let seen = node["dependencies"].as_object();
            let seen: Vec<String> = seen
                .into_iter()
                .flatten()
                .map(|(id, traits)| {
                    let mut traits = traits.clone();
                    traits.as_object_mut().map(|it| it.shift_remove("skip"));
                    format!("{id}={traits}")
                })
                .collect();
            format!("{line} sees {}", seen.join(" "))
        })
        .collect()
}

#[test]
fn random_graphs_are_those_of_the_reference() {
    let Some(conan) = conan() else { return };
    let (mine, theirs) = (Scratch::new(), Scratch::new());
    for seed in 1..=6 {
        let line = "remote add index index --force";
        for scratch in [&mine, &theirs] {
            write_recipes(scratch, seed);
        }
        if seed == 1 {
            mine.crom(line).success();
            theirs.run(&conan, "", line.split_whitespace()).success();
        }
        for command in [
            "graph info --requires=pkg0/1.0 --update --format=json",
            "graph info --requires=pkg1/[>=1] --tool-requires=pkg2/1.0 --update --build=missing --format=json",
            "graph info --requires=pkg2/2.0 --requires=pkg0/2.0 -o *:shared=True --update --format=json",
        ] {
            let crom = mine.crom(command);
            let conan = theirs.run(&conan, "", command.split_whitespace());
            pretty_assertions::assert_eq!(
                essence(&crom),
                essence(&conan),
                "seed {seed}: {command}"
            );
        }
    }
}
