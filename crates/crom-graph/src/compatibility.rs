//! Other configurations whose binaries are as good as the wanted one.

use std::fmt;

use crom_recipe::Alternative;

use crate::graph::Node;
use crate::supported_std::{supported_cppstd, supported_cstd};

/// The rules that hold for all packages: what the home's `compatibility.py` plugin decides, after
/// the recipe's own `compatibility()`.
pub trait CompatibilityRules: Send + Sync + fmt::Debug {
    /// Configurations to try, best first; the wanted one may be among them.
    ///
    /// # Errors
    /// With the plugin's message when it fails.
    fn alternatives(&self, node: &Node) -> Result<Vec<Alternative>, String>;
}

/// The rules of an unchanged home: any language standard of the compiler, and Visual Studio 2022's
/// later toolset can use binaries of the earlier one.
#[derive(Clone, Copy, Debug, Default)]
pub struct DefaultRules;

impl CompatibilityRules for DefaultRules {
    fn alternatives(&self, node: &Node) -> Result<Vec<Alternative>, String> {
        Ok(combine(&factors(node))
            .into_iter()
            .map(alternative)
            .collect())
    }
}

type Values = Vec<(String, String)>;

/// Each factor is a list of settings that exclude each other.
fn factors(node: &Node) -> Vec<Vec<Values>> {
    let settings = &node.settings;
    let mut factors = Vec::new();
    let compiler = settings.get_safe("compiler");
    let version = settings.get_safe("compiler.version");
    let (Some(compiler), Some(version)) = (compiler, version) else {
        return factors;
    };
    let allowed = |name: &str| {
        let property = node.attributes.metadata.extension_properties.get(name);
        property.and_then(serde_json::Value::as_bool) != Some(false)
    };
    if settings.get_safe("compiler.cppstd").is_some() && allowed("compatibility_cppstd") {
        // The present value stays in: it counts together with other factors.
        if let Some(standards) = supported_cppstd(compiler, version) {
            factors.push(values("compiler.cppstd", standards));
        }
    }
    if let Some(present) = settings.get_safe("compiler.cstd")
        && allowed("compatibility_cstd")
        && let Some(standards) = supported_cstd(compiler, version)
    {
        let others: Vec<&str> = standards
            .iter()
            .copied()
            .filter(|it| *it != present)
            .collect();
        factors.push(values("compiler.cstd", &others));
    }
    if compiler == "msvc" && version == "194" {
        factors.push(values("compiler.version", &["193"]));
    }
    factors
}

fn values(name: &str, values: &[&str]) -> Vec<Values> {
    values
        .iter()
        .map(|value| vec![(name.to_owned(), (*value).to_owned())])
        .collect()
}

/// Each factor alone and joined with those before it.
fn combine(factors: &[Vec<Values>]) -> Vec<Values> {
    let mut combinations: Vec<Values> = Vec::new();
    for factor in factors {
        if combinations.is_empty() {
            combinations.clone_from(factor);
            continue;
        }
        let mut joined = Vec::new();
        for combination in &combinations {
            for value in factor {
                let mut both = combination.clone();
                both.extend(value.iter().cloned());
                joined.push(both);
            }
        }
        combinations.extend(joined);
    }
    combinations
}

fn alternative(values: Values) -> Alternative {
    Alternative {
        settings: values.into_iter().collect(),
        ..Alternative::default()
    }
}
