//! Files: reading and atomic writing, trees, locks, digests and archives.
//!
//! This is the only crate that calls `std::fs`. Every error names the action and the path, so that a
//! user reads "failed to write `/x/y`: permission denied" and not "permission denied".
//!
//! * [`file`]: read, write, replace atomically, copy, rename, links, modes and times.
//! * [`tree`]: walk, copy and remove folders in a fixed order.
//! * [`lock`]: locks between processes.
//! * [`digest`]: md5, sha1 and sha256 of files and the `path: md5` lines of manifests.
//! * [`archive`]: safe unpacking (tar, zip, 7z) and fast packing (PAX tar).

#![expect(
    clippy::disallowed_methods,
    reason = "this crate is the one place that touches the file system"
)]

pub mod archive;
pub mod digest;
pub mod error;
pub mod file;
pub mod lock;
pub mod tree;

pub use error::{Error, Result};
#[cfg(target_os = "linux")]
pub use file::make_fifo;
pub use file::{
    FileKind, absolute, append, canonical, chmod, copy_file, create, create_dir_all, exists,
    hard_link, is_dir, is_file, is_symlink, list, make_writable, metadata, modified, open,
    open_fifo, read, read_link, read_marked_text, read_text, remove_empty_dir, remove_file, rename,
    set_modified, symlink, symlink_metadata, temp_dir, touch, write, write_atomic,
};
pub use lock::{FileLock, LockMode};
pub use tree::{
    CopyOptions, WalkEntry, copy_tree, merge_move, move_path, remove, remove_tree, tree_size, walk,
};
