//! From the document to [`CenterFile`]: every key is known and every value is of its type.

use crom_model::reference::RecipeReference;

use super::document::{Content, Node, Position, load};
use super::{
    CenterFile, Consumer, ListError, OptionValues, Package, ProfilePair, RemoteNames,
    SourcesSection, Upstream,
};

type Result<T> = std::result::Result<T, ListError>;

impl CenterFile {
    /// Reads the text of a `center.yml`. `file` is for messages.
    ///
    /// # Errors
    /// The first mistake, with its place.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        let document = load(text, file)?;
        Reader { file }.list(&document)
    }
}

struct Reader<'a> {
    file: &'a str,
}

type Entries<'n> = Vec<(&'n str, &'n Node)>;

impl Reader<'_> {
    fn list(&self, document: &Node) -> Result<CenterFile> {
        let mut list = CenterFile::default();
        let known = [
            "upstream", "packages", "profiles", "remotes", "verify", "sources",
        ];
        for (key, value) in self.map(document, "the file", &known)? {
            if value.is_null() {
                continue;
            }
            match key {
                "upstream" => list.upstream = self.upstream(value)?,
                "packages" => list.packages = self.packages(value)?,
                "profiles" => {
                    list.profiles = self.each(value, key, |item| self.profiles(item))?;
                    self.unique_names(value, &list.profiles)?;
                }
                "remotes" => list.remotes = self.remotes(value)?,
                "verify" => list.verify = self.each(value, key, |item| self.consumer(item))?,
                _ => list.sources = self.sources(value)?,
            }
        }
        Ok(list)
    }

    fn upstream(&self, node: &Node) -> Result<Upstream> {
        let mut upstream = Upstream::default();
        for (key, value) in self.map(node, "'upstream'", &["remote", "branch"])? {
            let text = self.text(value, key)?;
            match key {
                "remote" => upstream.remote = text,
                _ => upstream.branch = text,
            }
        }
        Ok(upstream)
    }

    fn packages(&self, node: &Node) -> Result<Vec<Package>> {
        let packages: Vec<Package> = self.each(node, "packages", |item| self.package(item))?;
        for (index, package) in packages.iter().enumerate() {
            let same = packages[..index]
                .iter()
                .find(|it| it.reference == package.reference && it.options == package.options);
            if let Some(first) = same {
                return Err(self.wrong(
                    package.at,
                    format!(
                        "'{}' is listed already in line {}",
                        package.reference, first.at.line
                    ),
                ));
            }
        }
        Ok(packages)
    }

    fn package(&self, node: &Node) -> Result<Package> {
        if let Content::Scalar { .. } = node.content {
            return Ok(Package {
                reference: self.reference(node)?,
                options: Vec::new(),
                at: node.at,
            });
        }
        let mut reference = None;
        let mut options = Vec::new();
        for (key, value) in self.map(node, "a package", &["ref", "options"])? {
            match key {
                "ref" => reference = Some(self.reference(value)?),
                _ => options = self.options(value)?,
            }
        }
        Ok(Package {
            reference: reference.ok_or_else(|| self.wrong(node.at, "a package needs a 'ref'"))?,
            options,
            at: node.at,
        })
    }

    fn reference(&self, node: &Node) -> Result<RecipeReference> {
        let text = self.text(node, "ref")?;
        let reference = RecipeReference::loads(&text).map_err(|_| {
            self.wrong(
                node.at,
                format!("'{text}' is no reference; expected name/version or name/[range]"),
            )
        })?;
        if reference.user.is_some() || reference.revision.is_some() {
            return Err(self.wrong(
                node.at,
                format!("'{text}' has a user, channel or revision; packages of the fork have none"),
            ));
        }
        if let Some(Err(error)) = reference.version_range() {
            return Err(self.wrong(node.at, format!("'{text}': {error}")));
        }
        if !reference.version.is_range() {
            reference
                .validate(true)
                .map_err(|error| self.wrong(node.at, error.to_string()))?;
        }
        Ok(reference)
    }

    fn options(&self, node: &Node) -> Result<Vec<OptionValues>> {
        let Content::Map(entries) = &node.content else {
            return Err(self.expected(node, "'options'", "a mapping of options to values"));
        };
        let mut options = Vec::new();
        for (key, value) in entries {
            let name = self.text(key, "option")?;
            let values = match &value.content {
                Content::List(items) => items
                    .iter()
                    .map(|item| self.option_value(item, &name))
                    .collect::<Result<Vec<_>>>()?,
                _ => vec![self.option_value(value, &name)?],
            };
            if values.is_empty() {
                return Err(self.wrong(value.at, format!("the option '{name}' has no value")));
            }
            options.push(OptionValues { name, values });
        }
        Ok(options)
    }

    /// YAML's booleans are written as Python prints them, which is what options compare with.
    fn option_value(&self, node: &Node, name: &str) -> Result<String> {
        let Content::Scalar { text, quoted } = &node.content else {
            return Err(self.expected(node, &format!("the option '{name}'"), "a value"));
        };
        Ok(match text.as_str() {
            "true" | "yes" | "on" if !quoted => String::from("True"),
            "false" | "no" | "off" if !quoted => String::from("False"),
            "null" | "~" | "" if !quoted => String::from("None"),
            other => other.to_owned(),
        })
    }

    fn profiles(&self, node: &Node) -> Result<ProfilePair> {
        let (mut name, mut host, mut build) = (None, Vec::new(), None);
        if let Content::Scalar { .. } = node.content {
            host = self.texts(node, "profile")?;
        } else {
            for (key, value) in self.map(node, "a profile", &["name", "host", "build"])? {
                match key {
                    "name" => name = Some(self.text(value, key)?),
                    "host" => host = self.texts(value, key)?,
                    _ => build = Some(self.texts(value, key)?),
                }
            }
        }
        let Some(last) = host.last() else {
            return Err(self.wrong(node.at, "a profile needs a 'host'"));
        };
        let short = last.rsplit('/').next().unwrap_or(last).to_owned();
        Ok(ProfilePair {
            name: name.unwrap_or(short),
            build: build.unwrap_or_else(|| host.clone()),
            host,
        })
    }

    fn unique_names(&self, node: &Node, profiles: &[ProfilePair]) -> Result<()> {
        let Content::List(items) = &node.content else {
            return Ok(());
        };
        for (index, (profile, item)) in profiles.iter().zip(items).enumerate() {
            if profiles[..index].iter().any(|it| it.name == profile.name) {
                return Err(self.wrong(
                    item.at,
                    format!(
                        "two profiles are called '{}'; give one a 'name'",
                        profile.name
                    ),
                ));
            }
        }
        Ok(())
    }

    fn remotes(&self, node: &Node) -> Result<RemoteNames> {
        let mut remotes = RemoteNames::default();
        for (key, value) in self.map(node, "'remotes'", &["test", "production"])? {
            let text = self.text(value, key)?;
            match key {
                "test" => remotes.test = text,
                _ => remotes.production = text,
            }
        }
        if remotes.test == remotes.production {
            return Err(self.wrong(
                node.at,
                format!(
                    "'test' and 'production' are the same remote '{}'",
                    remotes.test
                ),
            ));
        }
        Ok(remotes)
    }

    fn consumer(&self, node: &Node) -> Result<Consumer> {
        if let Content::Scalar { .. } = node.content {
            let path = self.text(node, "path")?;
            return Ok(Consumer { path, run: None });
        }
        let (mut path, mut run) = (None, None);
        for (key, value) in self.map(node, "a consumer", &["path", "run"])? {
            let text = self.text(value, key)?;
            match key {
                "path" => path = Some(text),
                _ => run = Some(text),
            }
        }
        let path = path.ok_or_else(|| self.wrong(node.at, "a consumer needs a 'path'"))?;
        Ok(Consumer { path, run })
    }

    fn sources(&self, node: &Node) -> Result<SourcesSection> {
        let mut sources = SourcesSection::default();
        for (key, value) in self.map(node, "'sources'", &["mirror"])? {
            sources.mirror = Some(self.text(value, key)?);
        }
        Ok(sources)
    }

    /// The entries of a mapping whose keys are all known.
    fn map<'n>(&self, node: &'n Node, what: &str, known: &[&str]) -> Result<Entries<'n>> {
        if node.is_null() {
            return Ok(Vec::new());
        }
        let Content::Map(entries) = &node.content else {
            return Err(self.expected(node, what, "a mapping"));
        };
        let mut found = Vec::new();
        for (key, value) in entries {
            let Content::Scalar { text, .. } = &key.content else {
                continue;
            };
            if !known.contains(&text.as_str()) {
                let mut error = self.wrong(key.at, format!("unknown key '{text}' in {what}"));
                error.hint = Some(format!("known keys: {}", known.join(", ")));
                return Err(error);
            }
            found.push((text.as_str(), value));
        }
        Ok(found)
    }

    fn each<T>(
        &self,
        node: &Node,
        what: &str,
        read: impl Fn(&Node) -> Result<T>,
    ) -> Result<Vec<T>> {
        match &node.content {
            Content::List(items) => items.iter().map(read).collect(),
            _ => Err(self.expected(node, &format!("'{what}'"), "a list")),
        }
    }

    fn text(&self, node: &Node, what: &str) -> Result<String> {
        match &node.content {
            Content::Scalar { text, .. } if !node.is_null() => Ok(text.clone()),
            _ => Err(self.expected(node, &format!("'{what}'"), "a text")),
        }
    }

    fn texts(&self, node: &Node, what: &str) -> Result<Vec<String>> {
        match &node.content {
            Content::List(items) => items.iter().map(|item| self.text(item, what)).collect(),
            _ => Ok(vec![self.text(node, what)?]),
        }
    }

    fn expected(&self, node: &Node, what: &str, expected: &str) -> ListError {
        let problem = format!("{what} must be {expected}, not {}", node.kind());
        self.wrong(node.at, problem)
    }

    fn wrong(&self, at: Position, problem: impl Into<String>) -> ListError {
        ListError::new(self.file, at, problem)
    }
}
