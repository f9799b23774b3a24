//! CycloneDX bills of materials of a graph.

use crom_model::view::PackageView;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::cmake::Consumer;
use crate::cmake::consumer::Dependency;

/// The format's versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CycloneDx {
    /// `cyclonedx_1_4`
    #[serde(rename = "1.4")]
    V1_4,
    /// `cyclonedx_1_6`
    #[serde(rename = "1.6")]
    V1_6,
}

/// What a bill is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bill {
    /// The package that the bill is for.
    pub consumer: Consumer,
    /// The version of the format.
    pub format: CycloneDx,
    /// Name of the whole, else the reference.
    pub name: Option<String>,
    /// Also tools.
    pub add_build: bool,
    /// Also what is for tests.
    pub add_tests: bool,
    /// Random ids, for the whole and for the bill.
    pub ids: [String; 2],
    /// `2026-01-31T12:00:00Z`
    pub timestamp: String,
    /// The version of Conan that is answered for.
    pub conan_version: String,
}

impl Bill {
    fn wanted<'a>(&self, dependencies: Vec<Dependency<'a>>) -> Vec<Dependency<'a>> {
        let wanted = |it: &Dependency<'_>| {
            (self.add_build || !it.is_build()) && (self.add_tests || !it.require.test())
        };
        dependencies.into_iter().filter(wanted).collect()
    }

    /// The bill.
    pub fn render(&self) -> Value {
        let consumer = &self.consumer;
        let root = consumer.graph.nodes.get(consumer.node);
        let has_name = root.is_some_and(|it| !it.reference.name.is_empty());
        let packages = self.wanted(consumer.dependencies());
        let mut seen: Vec<usize> = Vec::new();
        let mut components = Vec::new();
        let mut links = vec![self.links(&self.ids[0], consumer.node)];
        for package in &packages {
            if seen.contains(&package.index) {
                continue;
            }
            seen.push(package.index);
            components.push(self.component(package.package));
            links.push(self.links(&identity(package.package), package.index));
        }
        let name = self.name.clone().unwrap_or_else(|| match root {
            Some(root) if has_name => root.reference.without_revision().to_string(),
            _ => "UNKNOWN".to_owned(),
        });
        let mut whole = Map::new();
        if self.format == CycloneDx::V1_4 {
            let author = root.and_then(|it| it.metadata.author.clone());
            whole.insert(
                "author".into(),
                json!(author.unwrap_or_else(|| "Unknown".into())),
            );
        }
        whole.insert("bom-ref".into(), json!(self.ids[0]));
        whole.insert("name".into(), json!(name));
        let is_program = root.is_some_and(|it| is_application(it));
        whole.insert(
            "type".into(),
            json!(if is_program { "application" } else { "library" }),
        );
        let tools = match self.format {
            CycloneDx::V1_4 => json!([{
                "externalReferences": [
                    {"type": "website", "url": "https://github.com/conan-io/conan"}
                ],
                "name": "Conan-io",
            }]),
            CycloneDx::V1_6 => json!({"components": [
                {"type": "application", "name": "Conan-io", "version": self.conan_version}
            ]}),
        };
        let version = match self.format {
            CycloneDx::V1_4 => "1.4",
            CycloneDx::V1_6 => "1.6",
        };
        json!({
            "components": components,
            "dependencies": links,
            "metadata": {"component": whole, "timestamp": self.timestamp, "tools": tools},
            "serialNumber": format!("urn:uuid:{}", self.ids[1]),
            "bomFormat": "CycloneDX",
            "specVersion": version,
            "version": 1,
        })
    }

    fn links(&self, reference: &str, node: usize) -> Value {
        let required: Vec<String> = self
            .wanted(self.consumer.dependencies_of(node))
            .iter()
            .filter(|it| it.require.direct())
            .map(|it| identity(it.package))
            .collect();
        let mut link = Map::from_iter([("ref".to_owned(), json!(reference))]);
        if !required.is_empty() {
            link.insert("dependsOn".into(), json!(required));
        }
        Value::Object(link)
    }

    fn component(&self, package: &PackageView) -> Value {
        let metadata = &package.metadata;
        let mut component = Map::new();
        let mut add = |key: &str, value: Value| {
            component.insert(key.to_owned(), value);
        };
        match (self.format, &metadata.author) {
            (CycloneDx::V1_4, author) => {
                add("author", json!(author.as_deref().unwrap_or("Unknown")));
            }
            (CycloneDx::V1_6, Some(author)) => add("authors", json!([{"name": author}])),
            (CycloneDx::V1_6, None) => {}
        }
        add("bom-ref", json!(identity(package)));
        if let Some(description) = &metadata.description {
            add("description", json!(description));
        }
        if let Some(homepage) = &metadata.homepage {
            add(
                "externalReferences",
                json!([{"type": "website", "url": homepage}]),
            );
        }
        let licenses = licenses(&metadata.license);
        if !licenses.is_empty() {
            add("licenses", json!(licenses));
        }
        add("name", json!(package.reference.name));
        add("purl", json!(purl(package)));
        let kind = if is_application(package) {
            "application"
        } else {
            "library"
        };
        add("type", json!(kind));
        add("version", json!(package.reference.version.as_str()));
        Value::Object(component)
    }
}

fn is_application(package: &PackageView) -> bool {
    package.package_type == crom_model::package_type::PackageType::Application
}

/// `pkg:conan/zlib@1.3.1`
fn purl(package: &PackageView) -> String {
    format!(
        "pkg:conan/{}@{}",
        package.reference.name,
        package.reference.version.as_str()
    )
}

/// With the recipe revision.
fn identity(package: &PackageView) -> String {
    match &package.reference.revision {
        Some(revision) => format!("{}?rrev={revision}", purl(package)),
        None => purl(package),
    }
}

/// Ids of SPDX are ids, other texts are names.
fn licenses(license: &Value) -> Vec<Value> {
    let one = |text: &str| {
        let is_id = !text.is_empty()
            && text
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '.' | '+'));
        let key = if is_id { "id" } else { "name" };
        json!({"license": {key: text}})
    };
    match license {
        Value::String(text) => vec![one(text)],
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(one).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{consumer, linux};

    #[test]
    fn cyclonedx() {
        let mut bill = Bill {
            consumer: consumer(&linux()),
            format: CycloneDx::V1_6,
            name: None,
            add_build: false,
            add_tests: false,
            ids: ["whole".into(), "bill".into()],
            timestamp: "2026-01-01T00:00:00Z".into(),
            conan_version: "2.34.0".into(),
        };
        insta::assert_snapshot!(serde_json::to_string_pretty(&bill.render()).unwrap());
        bill.format = CycloneDx::V1_4;
        bill.add_build = true;
        let rendered = bill.render();
        assert_eq!(rendered["components"].as_array().unwrap().len(), 3);
        assert_eq!(rendered["components"][0]["author"], "Unknown");
    }
}
