//! Names of headers, in lower case as HTTP libraries compare them, and of capabilities.

/// Comma separated [capabilities](self#constants) of the server, in the answer to a ping. It counts
/// on a 401 too.
pub const CAPABILITIES: &str = "x-conan-server-capabilities";
/// sha1 in hex of a file that is sent or served.
pub const CHECKSUM_SHA1: &str = "x-checksum-sha1";
/// sha256 in hex of a file. Crom's server sends it; the reference's doesn't.
pub const CHECKSUM_SHA256: &str = "x-checksum-sha256";
/// md5 in hex of a file. Crom's server sends it; the reference's doesn't.
pub const CHECKSUM_MD5: &str = "x-checksum-md5";
/// `true` on an empty PUT that only names the checksum: the server answers 404 if it has no such
/// content, and the file has to be sent.
pub const CHECKSUM_DEPLOY: &str = "x-checksum-deploy";
/// A constant of the machine, 40 hex digits.
pub const ANONYMOUS_ID: &str = "x-client-anonymous-id";
/// `arch=x86_64;os=Linux;...` of the binary that a client asks for.
pub const PACKAGE_SETTINGS: &str = "conan-pkgid-settings";
/// `shared=False;...` of the binary that a client asks for.
pub const PACKAGE_OPTIONS: &str = "conan-pkgid-options";

/// The id of a Crom server (the same for all its nodes and repositories), in the answer to a ping.
/// Two remotes with the same id can promote from one to the other.
pub const SERVER_ID: &str = "x-crom-server";
/// The name of the repository, in the answer to a ping.
pub const REPOSITORY: &str = "x-crom-repository";
/// `hosted`, `proxy` or `group`, in the answer to a ping.
pub const REPOSITORY_KIND: &str = "x-crom-repository-kind";

/// Capability: revisions. Without it, a Conan 2 client refuses the server.
pub const REVISIONS: &str = "revisions";
/// Capability: packages can be searched with their settings and options.
pub const COMPLEX_SEARCH: &str = "complex_search";
/// Capability: [`CHECKSUM_DEPLOY`] is understood.
pub const DEPLOY_BY_CHECKSUM: &str = "checksum_deploy";
/// Capability of Crom's server: [`promotion`](crate::promotion).
pub const PROMOTION: &str = "crom_promotion";

/// Capability of Crom's server: [`bundle`](crate::bundle)s.
pub const BUNDLES: &str = "crom_bundles";

/// True if a list of capabilities (the value of [`CAPABILITIES`]) has one.
pub fn has_capability(list: &str, capability: &str) -> bool {
    list.split(',').any(|word| word.trim() == capability)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_are_whole_words() {
        let list = "complex_search, revisions,checksum_deploy";
        assert!(has_capability(list, REVISIONS));
        assert!(has_capability(list, DEPLOY_BY_CHECKSUM));
        assert!(!has_capability(list, "search"));
        assert!(!has_capability("", REVISIONS));
    }
}
