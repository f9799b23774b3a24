//! One function per verb. Each takes values, says what it does through a reporter, and returns a
//! report. This is the one place where the home, remotes, recipes and the graph meet.

mod backup;
mod build;
mod cache;
mod conanfile;
mod config;
mod config_install;
mod config_package;
mod create;
mod deploy;
mod download;
mod editable;
mod error;
mod evaluation;
mod export;
mod export_pkg;
mod fetch;
mod graph;
mod index_export;
mod inspect;
mod install;
mod logins;
pub mod new;
mod packages;
mod pinned;
mod pkglist;
mod plugins;
mod profiles;
mod promote;
mod remote_select;
mod remotes;
mod remove;
mod request;
mod require;
mod run;
mod session;
mod signing;
mod source;
mod test_package;
mod upload;
mod users;

pub use backup::{cache_backup_upload, send_backups};
pub use build::{BuildPackageRequest, BuiltPackage, build_package};
pub use cache::{
    CacheSelection, CleanRequest, SaveRequest, cache_check_integrity, cache_clean, cache_path,
    cache_restore, cache_save,
};
pub use config::{config_list, config_show};
pub use config_install::{ConfigInstallRequest, config_clean, config_install};
pub use config_package::{
    ConfigPackageRequest, ConfigUpgradeRequest, config_install_package, lock_upgrade_config,
};
pub use create::{CreateRequest, create};
pub use crom_remote::{default_threads, parallel};
pub use download::{DownloadRequest, download};
pub use editable::{
    EditableAddRequest, EditableRemoveRequest, editable_add, editable_list, editable_remove,
};
pub use error::{ErrorKind, OpsError};
pub use export::{ExportReport, ExportRequest, export};
pub use export_pkg::{ExportPkgRequest, export_pkg};
pub use graph::{
    BatchRoot, BuildOrderReport, BuildOrderRequest, ClosestPackage, ExplainReport, ExplainRequest,
    GraphBatch, GraphInfoRequest, GraphReport, GraphRequest, LockEdit, LockEntries,
    OutdatedPackage, OutdatedReport, WhyMissing, build_order, build_order_merge, graph_explain,
    graph_info, graph_outdated, graph_page, lock_add, lock_create, lock_merge, lock_remove,
    lock_update, lock_upgrade,
};
pub use inspect::{InspectRequest, SourceRequest, inspect, source};
pub use install::{InstallRequest, build, install};
pub use logins::Prompt;
pub use packages::{ListRequest, list, search};
pub use pkglist::{pkglist_find_remote, pkglist_merge};
pub use profiles::{DetectRequest, Profiles, profile_detect, profile_list, profile_path, profiles};
pub use promote::{PromoteReport, PromoteRequest, promote};
pub use remotes::{
    RemoteAddRequest, RemoteUpdateRequest, remote_add, remote_enable, remote_list, remote_remove,
    remote_rename, remote_update,
};
pub use remove::{RemoveRequest, remove};
pub use request::{
    ContextSelection, LockfileSelection, ProfileSelection, RemoteSelection, RootRequest,
};
pub use require::{RequireKind, RequireRequest, require_add, require_remove};
pub use run::{RunContext, prepare_run, run_in_shell};
pub use session::{HostFactory, HostInput, Session, SessionInput};
pub use signing::{SigningAction, SigningReport, cache_signatures};
pub use test_package::{TestFolder, TestRequest, test};
pub use upload::{UploadRequest, upload};
pub use users::{
    AuthRequest, AuthResult, RemoteUser, UserChange, remote_auth, remote_login, remote_logout,
    remote_set_user, remote_users,
};

/// The version of Conan that Crom answers for.
pub const CONAN_VERSION: &str = crom_store::CONAN_VERSION;
