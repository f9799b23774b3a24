//! What a request is about: recipes, revisions and files, with every name checked.

use std::fmt;

use crom_model::reference::{PackageReference, RecipeReference};
use crom_protocol::route::NOBODY;

use crate::error::{Error, Result};

/// `name/version[@user/channel]`, checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recipe(String);

impl Recipe {
    /// From the segments of a path, `_` for no user or channel.
    ///
    /// # Errors
    /// A segment that can't be one of a reference.
    pub fn from_segments(name: &str, version: &str, user: &str, channel: &str) -> Result<Self> {
        check("package name", name)?;
        check("version", version)?;
        let mut text = format!("{name}/{version}");
        if user != NOBODY {
            check("user", user)?;
            text = format!("{text}@{user}");
            if channel != NOBODY {
                check("channel", channel)?;
                text = format!("{text}/{channel}");
            }
        } else if channel != NOBODY {
            return Err(Error::Invalid(format!(
                "invalid reference: channel `{}` without user",
                channel.escape_debug()
            )));
        }
        Ok(Self(text))
    }

    /// From `name/version[@user[/channel]]`.
    ///
    /// # Errors
    /// It isn't a reference, or has a revision.
    pub fn parse(text: &str) -> Result<Self> {
        let reference =
            RecipeReference::loads(text).map_err(|error| Error::Invalid(error.to_string()))?;
        Self::from_segments(
            &reference.name,
            reference.version.as_str(),
            reference.user.as_deref().unwrap_or(NOBODY),
            reference.channel.as_deref().unwrap_or(NOBODY),
        )
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the package.
    pub fn name(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// As the model's value, without revision.
    pub fn to_reference(&self) -> RecipeReference {
        RecipeReference::loads(&self.0).unwrap_or_default()
    }

    /// As the reference server writes it in messages: `wa/1.0@_/_`.
    pub fn in_messages(&self) -> String {
        if self.0.contains('@') {
            self.0.clone()
        } else {
            format!("{}@_/_", self.0)
        }
    }
}

impl fmt::Display for Recipe {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What has revisions: a recipe, or a binary of a recipe revision.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    /// The recipe.
    pub recipe: Recipe,
    /// Recipe revision and package id, for a binary.
    pub binary: Option<(String, String)>,
}

impl Line {
    /// Of a recipe.
    pub fn of_recipe(recipe: Recipe) -> Self {
        Self {
            recipe,
            binary: None,
        }
    }

    /// Of a binary.
    ///
    /// # Errors
    /// A malformed recipe revision or package id.
    pub fn of_binary(recipe: Recipe, rrev: &str, package_id: &str) -> Result<Self> {
        check("recipe revision", rrev)?;
        check("package id", package_id)?;
        Ok(Self {
            recipe,
            binary: Some((rrev.to_owned(), package_id.to_owned())),
        })
    }

    /// The recipe revision that a binary belongs to; empty for a recipe.
    pub fn rrev(&self) -> &str {
        self.binary.as_ref().map_or("", |(rrev, _)| rrev)
    }

    /// Empty for a recipe.
    pub fn package_id(&self) -> &str {
        self.binary
            .as_ref()
            .map_or("", |(_, package_id)| package_id)
    }

    /// One of its revisions.
    pub fn at(&self, revision: &str) -> Key {
        match &self.binary {
            None => Key {
                recipe: self.recipe.clone(),
                rrev: revision.to_owned(),
                binary: None,
            },
            Some((rrev, package_id)) => Key {
                recipe: self.recipe.clone(),
                rrev: rrev.clone(),
                binary: Some((package_id.clone(), revision.to_owned())),
            },
        }
    }

    /// The reference server's words for a line that isn't there.
    pub fn not_found(&self) -> Error {
        Error::NotFound(match &self.binary {
            None => format!("Recipe not found: '{}'", self.recipe.in_messages()),
            Some((rrev, package_id)) => format!(
                "Binary package not found: '{}#{rrev}:{package_id}'",
                self.recipe.in_messages()
            ),
        })
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.recipe)?;
        match &self.binary {
            Some((rrev, package_id)) => write!(formatter, "#{rrev}:{package_id}"),
            None => Ok(()),
        }
    }
}

/// A recipe revision or a package revision.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The recipe.
    pub recipe: Recipe,
    /// Recipe revision.
    pub rrev: String,
    /// Package id and package revision, for a binary.
    pub binary: Option<(String, String)>,
}

impl Key {
    /// Of a recipe revision.
    ///
    /// # Errors
    /// A malformed revision.
    pub fn of_recipe(recipe: Recipe, rrev: &str) -> Result<Self> {
        check("recipe revision", rrev)?;
        Ok(Self {
            recipe,
            rrev: rrev.to_owned(),
            binary: None,
        })
    }

    /// Of a package revision.
    ///
    /// # Errors
    /// A malformed revision or package id.
    pub fn of_binary(recipe: Recipe, rrev: &str, package_id: &str, prev: &str) -> Result<Self> {
        check("package revision", prev)?;
        Ok(Line::of_binary(recipe, rrev, package_id)?.at(prev))
    }

    /// Empty for a recipe.
    pub fn package_id(&self) -> &str {
        self.binary
            .as_ref()
            .map_or("", |(package_id, _)| package_id)
    }

    /// Empty for a recipe.
    pub fn prev(&self) -> &str {
        self.binary.as_ref().map_or("", |(_, prev)| prev)
    }

    /// The revision itself: of the package, or of the recipe.
    pub fn revision(&self) -> &str {
        self.binary.as_ref().map_or(&self.rrev, |(_, prev)| prev)
    }

    /// The line that it is a revision of.
    pub fn line(&self) -> Line {
        Line {
            recipe: self.recipe.clone(),
            binary: self
                .binary
                .as_ref()
                .map(|(package_id, _)| (self.rrev.clone(), package_id.clone())),
        }
    }

    /// The recipe revision that it is or belongs to.
    pub fn recipe_key(&self) -> Key {
        Key {
            binary: None,
            ..self.clone()
        }
    }

    /// As the model's value, for a recipe revision.
    pub fn to_reference(&self) -> RecipeReference {
        self.recipe.to_reference().with_revision(&*self.rrev)
    }

    /// As the model's value, for a package revision.
    pub fn to_package(&self) -> Option<PackageReference> {
        let (package_id, prev) = self.binary.as_ref()?;
        Some(PackageReference::new(self.to_reference(), package_id).with_revision(prev))
    }

    /// The reference server's words for a revision that isn't there.
    pub fn not_found(&self) -> Error {
        let recipe = self.recipe.in_messages();
        Error::NotFound(match &self.binary {
            None => format!("Recipe not found: '{recipe}#{}'", self.rrev),
            Some((package_id, prev)) => format!(
                "Binary package not found: '{recipe}#{}:{package_id}#{prev}'",
                self.rrev
            ),
        })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}#{}", self.recipe, self.rrev)?;
        match &self.binary {
            Some((package_id, prev)) => write!(formatter, ":{package_id}#{prev}"),
            None => Ok(()),
        }
    }
}

/// A segment: letters, digits and `_+.-`, not beginning with a dot, at most 200. Conan's own rule (lower case,
/// 2 to 101) is stricter, but can be turned off in the client.
fn check(what: &str, segment: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_+.-".contains(&byte);
    let good = !segment.is_empty()
        && segment.len() <= 200
        && !segment.starts_with('.')
        && segment.bytes().all(plain);
    if good {
        return Ok(());
    }
    Err(Error::Invalid(format!(
        "invalid {what} `{}`",
        segment.escape_debug()
    )))
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    #[test]
    fn references_are_written_as_clients_write_them() {
        let recipe = Recipe::from_segments("wa", "1.0", "_", "_").expect("is a recipe");
        assert_eq!(recipe.as_str(), "wa/1.0");
        assert_eq!(recipe.in_messages(), "wa/1.0@_/_");
        let recipe = Recipe::from_segments("wa", "1.0+b", "me", "_").expect("is a recipe");
        assert_eq!(recipe.as_str(), "wa/1.0+b@me");
        assert_eq!(Recipe::parse("wa/1.0+b@me").expect("is a recipe"), recipe);
        let key = Line::of_binary(recipe, "r1", "p1")
            .expect("is a line")
            .at("v1");
        assert_eq!(key.to_string(), "wa/1.0+b@me#r1:p1#v1");
        assert_eq!(key.line().at("v1"), key);
    }

    #[test]
    fn segments_that_lead_elsewhere_are_refused() {
        for bad in [
            "..", ".", "", "a/b", "a\\b", "a b", "a\0", "a'--", "é", "a%2f",
        ] {
            assert!(
                Recipe::from_segments(bad, "1.0", "_", "_").is_err(),
                "{bad}"
            );
            assert!(Recipe::from_segments("wa", bad, "_", "_").is_err(), "{bad}");
            assert!(
                Recipe::from_segments("wa", "1.0", bad, "x").is_err(),
                "{bad}"
            );
            let recipe = Recipe::from_segments("wa", "1.0", "_", "_").expect("is a recipe");
            assert!(Key::of_recipe(recipe, bad).is_err(), "{bad}");
        }
        assert!(Recipe::from_segments("wa", "1.0", "_", "stable").is_err());
    }
}
