//! Paths of requests, relative to the URL of a remote (which has no trailing `/`) and without a
//! leading `/`.
//!
//! `R` is `v2/conans/{name}/{version}/{user}/{channel}` with `_` for no user or channel.
//!
//! | function | method | path |
//! |---|---|---|
//! | [`PING`] | GET | `v1/ping` |
//! | [`AUTHENTICATE`] | GET | `v2/users/authenticate` |
//! | [`CHECK_CREDENTIALS`] | GET | `v2/users/check_credentials` |
//! | [`search`] | GET | `v2/conans/search?q=` |
//! | [`recipe`] | DELETE | `R` |
//! | [`recipe_latest`] | GET | `R/latest` |
//! | [`recipe_revisions`] | GET | `R/revisions` |
//! | [`recipe_revision`] | DELETE | `R/revisions/{rrev}` |
//! | [`recipe_files`], [`recipe_file`] | GET; GET, PUT | `R/revisions/{rrev}/files[/{name}]` |
//! | [`packages`] | GET | `R/revisions/{rrev}/search?list_only=False` |
//! | [`all_packages`] | DELETE | `R/revisions/{rrev}/packages` |
//! | [`package`] | DELETE | `R/revisions/{rrev}/packages/{pid}` |
//! | [`package_latest`] | GET | `.../packages/{pid}/latest` |
//! | [`package_revisions`] | GET | `.../packages/{pid}/revisions` |
//! | [`package_revision`] | DELETE | `.../packages/{pid}/revisions/{prev}` |
//! | [`package_files`], [`package_file`] | GET; GET, PUT | `.../revisions/{prev}/files[/{name}]` |
//! | [`PROMOTE`] | POST | `-/promote` (Crom) |
//! | [`BUNDLE`] | POST | `-/upload` (Crom) |

use crom_model::reference::{PackageReference, RecipeReference};

/// GET: is the server there, and what can it do.
pub const PING: &str = "v1/ping";
/// GET with Basic: a token.
pub const AUTHENTICATE: &str = "v2/users/authenticate";
/// GET: the name of the user whose token it is.
pub const CHECK_CREDENTIALS: &str = "v2/users/check_credentials";
/// POST: where a repository takes [promotions](crate::promotion).
pub const PROMOTE: &str = "-/promote";
/// POST: where a repository takes [bundles](crate::bundle).
pub const BUNDLE: &str = "-/upload";
/// No user, no channel.
pub const NOBODY: &str = "_";

/// Recipes that match a shell pattern.
pub fn search(pattern: &str) -> String {
    format!("v2/conans/search?q={}", encode(pattern))
}

/// All of a recipe.
pub fn recipe(reference: &RecipeReference) -> String {
    format!(
        "v2/conans/{}/{}/{}/{}",
        encode(&reference.name),
        encode(reference.version.as_str()),
        encode(reference.user.as_deref().unwrap_or(NOBODY)),
        encode(reference.channel.as_deref().unwrap_or(NOBODY))
    )
}

/// The newest revision of a recipe.
pub fn recipe_latest(reference: &RecipeReference) -> String {
    format!("{}/latest", recipe(reference))
}

/// All revisions of a recipe.
pub fn recipe_revisions(reference: &RecipeReference) -> String {
    format!("{}/revisions", recipe(reference))
}

/// A recipe revision, which the reference has to carry.
pub fn recipe_revision(reference: &RecipeReference) -> String {
    format!(
        "{}/revisions/{}",
        recipe(reference),
        encode(reference.revision.as_deref().unwrap_or_default())
    )
}

/// The files of a recipe revision.
pub fn recipe_files(reference: &RecipeReference) -> String {
    format!("{}/files", recipe_revision(reference))
}

/// A file of a recipe revision.
pub fn recipe_file(reference: &RecipeReference, name: &str) -> String {
    format!("{}/files/{}", recipe_revision(reference), encode_path(name))
}

/// The binaries of a recipe revision with their `conaninfo.txt`.
pub fn packages(reference: &RecipeReference) -> String {
    format!("{}/search?list_only=False", recipe_revision(reference))
}

/// The binaries of a recipe revision, to delete them.
pub fn all_packages(reference: &RecipeReference) -> String {
    format!("{}/packages", recipe_revision(reference))
}

/// A package with all its revisions.
pub fn package(package: &PackageReference) -> String {
    format!(
        "{}/packages/{}",
        recipe_revision(&package.reference),
        encode(&package.package_id)
    )
}

/// The newest revision of a package.
pub fn package_latest(package: &PackageReference) -> String {
    format!("{}/latest", self::package(package))
}

/// All revisions of a package.
pub fn package_revisions(package: &PackageReference) -> String {
    format!("{}/revisions", self::package(package))
}

/// A package revision, which the reference has to carry.
pub fn package_revision(package: &PackageReference) -> String {
    format!(
        "{}/revisions/{}",
        self::package(package),
        encode(package.revision.as_deref().unwrap_or_default())
    )
}

/// The files of a package revision.
pub fn package_files(package: &PackageReference) -> String {
    format!("{}/files", package_revision(package))
}

/// A file of a package revision.
pub fn package_file(package: &PackageReference, name: &str) -> String {
    format!("{}/files/{}", package_revision(package), encode_path(name))
}

/// One segment of a path, or the value in a query: all but unreserved characters is `%XX`.
pub fn encode(segment: &str) -> String {
    let mut text = String::with_capacity(segment.len());
    for &byte in segment.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// The name of a file, whose `/` stay.
pub fn encode_path(name: &str) -> String {
    name.split('/').map(encode).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    fn package_reference() -> PackageReference {
        PackageReference::loads(
            "wa/1.0#ba77dda957894ec90c2c2c488d5a93f3:3fe8f3c94fa600d95fcf43590ff66783e06f1c7c#57dfaf60c54c7d8799f3f84039499cc5",
        )
        .expect("is a reference")
    }

    /// As recorded between the reference client and its server.
    #[test]
    fn paths_are_those_of_the_reference_client() {
        let package = package_reference();
        let recipe = &package.reference;
        assert_eq!(recipe_latest(recipe), "v2/conans/wa/1.0/_/_/latest");
        assert_eq!(
            recipe_file(recipe, "metadata/logs/build.log"),
            "v2/conans/wa/1.0/_/_/revisions/ba77dda957894ec90c2c2c488d5a93f3/files/metadata/logs/build.log"
        );
        assert_eq!(
            packages(recipe),
            "v2/conans/wa/1.0/_/_/revisions/ba77dda957894ec90c2c2c488d5a93f3/search?list_only=False"
        );
        assert_eq!(
            package_files(&package),
            "v2/conans/wa/1.0/_/_/revisions/ba77dda957894ec90c2c2c488d5a93f3/packages/3fe8f3c94fa600d95fcf43590ff66783e06f1c7c/revisions/57dfaf60c54c7d8799f3f84039499cc5/files"
        );
    }

    #[test]
    fn what_is_no_plain_letter_is_escaped() {
        let recipe = RecipeReference::loads("a/1.0+b c@me/x~y").expect("is a reference");
        assert_eq!(super::recipe(&recipe), "v2/conans/a/1.0%2Bb%20c/me/x~y");
        assert_eq!(search("zlib/*"), "v2/conans/search?q=zlib%2F%2A");
        assert_eq!(encode_path("metadata/a b"), "metadata/a%20b");
    }
}
