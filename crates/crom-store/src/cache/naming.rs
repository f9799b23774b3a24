//! Names of folders in the cache.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crom_fs::digest::{Hasher, Wanted};
use crom_model::reference::{PackageReference, RecipeReference};

/// `name/version[@user[/channel]]`: how the database names a recipe.
pub(crate) fn reference_key(reference: &RecipeReference) -> String {
    let mut key = format!("{}/{}", reference.name, reference.version);
    if let Some(user) = &reference.user {
        key.push('@');
        key.push_str(user);
        if let Some(channel) = &reference.channel {
            key.push('/');
            key.push_str(channel);
        }
    }
    key
}

/// Folder of a recipe revision: the same in every home.
pub(crate) fn recipe_folder_name(reference: &RecipeReference) -> String {
    let revision = reference.revision.as_deref().unwrap_or_default();
    named(
        &reference.name,
        &format!("{}#{revision}", reference_key(reference)),
    )
}

/// Folder of a package that comes from elsewhere: the same in every home.
pub(crate) fn downloaded_package_folder_name(package: &PackageReference) -> String {
    let reference = &package.reference;
    let text = format!(
        "{}#{}:{}#{}",
        reference_key(reference),
        reference.revision.as_deref().unwrap_or_default(),
        package.package_id,
        package.revision.as_deref().unwrap_or_default()
    );
    named(&reference.name, &text)
}

/// Folder for a build: never the same twice.
pub(crate) fn build_folder_name(name: &str) -> String {
    named(name, &unique_text())
}

/// A name for work in progress: unique, and it tells which process works there.
pub(crate) fn temporary_name() -> String {
    format!("{}-{}", hash13(&unique_text()), std::process::id())
}

/// True while the process that made a [`temporary_name`] runs.
pub(crate) fn is_in_progress(name: &str) -> bool {
    let process = name
        .split_once('-')
        .and_then(|(_, process)| process.parse::<i32>().ok());
    process.is_some_and(is_running)
}

#[cfg(unix)]
fn is_running(process: i32) -> bool {
    use rustix::process::{Pid, test_kill_process};
    match Pid::from_raw(process) {
        // A process of another user can't be signalled, but is there.
        Some(pid) => !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH)),
        None => false,
    }
}

/// Open files can't be removed here, so there's no need to ask.
#[cfg(not(unix))]
fn is_running(_process: i32) -> bool {
    false
}

fn unique_text() -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    // The address of a local differs between processes that start in the same tick.
    let local = 0u8;
    format!(
        "{} {} {} {:p}",
        std::process::id(),
        now.as_nanos(),
        COUNTER.fetch_add(1, Ordering::Relaxed),
        &local
    )
}

fn named(name: &str, text: &str) -> String {
    let start: String = name.chars().take(5).collect();
    format!("{start}{}", hash13(text))
}

fn hash13(text: &str) -> String {
    let mut hasher = Hasher::new(Wanted::SHA256);
    hasher.update(text.as_bytes());
    let mut sum = hasher.finish().sha256;
    sum.truncate(13);
    sum
}

/// Seconds since 1970, with fraction.
pub fn now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_those_of_the_reference() {
        // Recorded from the reference.
        let cases = [
            ("aa/1.0#f8acd87666336af42d4d2bb9bae80cb3", "aadd0da39f59f46"),
            (
                "bb/2.0@me/ch#ee3b9bc9b32338062dd90581bbea34b1",
                "bb9d615dd4a6496",
            ),
            (
                "libpng/1.6.58#19cb72905ae54f54948401f753faa2c1",
                "libpn53c8935b117e3",
            ),
        ];
        for (reference, folder) in cases {
            let reference = RecipeReference::loads(reference).unwrap();
            assert_eq!(recipe_folder_name(&reference), folder);
        }
        let package = "bb/2.0#ee3b9bc9b32338062dd90581bbea34b1:acd6f97a5c136d2823361bd1375282b40c0eec1e#cf0614aaf6c37336903cd626b4ef989e";
        let package = PackageReference::loads(package).unwrap();
        assert_eq!(downloaded_package_folder_name(&package), "bbcc854ee4bb164");
        assert!(is_in_progress(&temporary_name()));
        assert!(!is_in_progress("x") && !is_in_progress("abc-2147483646"));
        assert_ne!(build_folder_name("zlib"), build_folder_name("zlib"));
        assert_eq!(build_folder_name("libfoo").len(), 5 + 13);
    }
}
