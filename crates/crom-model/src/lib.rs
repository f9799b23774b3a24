//! Values of the package manager: parse, format, compare, hash. No I/O.
//!
//! Every type here is plain owned data (`Clone`, serde, `Send + Sync`); what reads files, runs
//! recipes or speaks to servers lives in the crates above. Texts and rules are those of Conan
//! 2.34.0: the expected values of the tests come from running it.
//!
//! * identity: [`version`], [`version_range`], [`reference`](mod@reference), [`manifest`]
//! * configuration: [`settings`], [`options`], [`conf`], [`environment`], [`profile`]
//! * what a recipe declares: [`requirement`], [`package_type`], [`cpp_info`], [`conandata`]
//! * the package id: [`conaninfo`], [`package_id`]
//! * documents: [`lockfile`], [`package_list`], [`yaml`]
//! * flags of compilers: [`flags`], [`cppstd`]
//! * seams: [`view`], [`reporter`], [`hint`]

pub mod conandata;
pub mod conaninfo;
pub mod conf;
pub mod cpp_info;
pub mod cppstd;
pub mod environment;
pub mod flags;
pub mod hint;
pub mod lockfile;
pub mod manifest;
pub mod options;
pub mod package_id;
pub mod package_list;
pub mod package_type;
pub mod profile;
pub mod reference;
pub mod reporter;
pub mod requirement;
pub mod settings;
pub mod version;
pub mod version_range;
pub mod view;
pub mod yaml;
