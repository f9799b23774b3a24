//! `config install` and `config clean`: the files of a team's home, from a folder, an archive, a URL or
//! a git repository.

use std::path::{Path, PathBuf};

use crom_model::conf::fnmatch;
use crom_tools::files::{OneOrMany, UnzipInput, unzip};
use crom_tools::net::{DownloadInput, HttpConf, NetConfig, download};
use crom_tools::scm::Git;

use crate::{OpsError, Session};

/// `config install`
#[derive(Clone, Debug, Default)]
pub struct ConfigInstallRequest {
    /// A folder, an archive, a single file, a URL of an archive or a git repository.
    pub item: String,
    /// `-t`: `git`, `dir`, `file` or `url`; by the item where none is given.
    pub kind: Option<String>,
    /// `-a`: more arguments for `git clone`.
    pub arguments: Option<String>,
    /// `-sf`: only what is below this folder of the item.
    pub source_folder: Option<String>,
    /// `-tf`: where in the home it goes.
    pub target_folder: Option<String>,
    /// Check certificates.
    pub verify: bool,
}

/// What a path is looked up by when nothing is said of its kind.
enum Kind {
    Folder,
    File,
    Url,
    Git,
}

/// Copies configuration into the home.
///
/// # Errors
/// The item can't be had, or a file can't be written.
pub fn config_install(session: &Session, request: &ConfigInstallRequest) -> Result<(), OpsError> {
    let kind = kind(session, request)?;
    let temporary = session.home().root().join(".crom");
    crom_fs::create_dir_all(&temporary)?;
    let temporary = crom_fs::temp_dir(&temporary, "config")?;
    let installed = fetch(session, request, &kind, &temporary)
        .and_then(|folder| install(session, request, &folder));
    crom_fs::remove_tree(&temporary)?;
    installed
}

fn kind(session: &Session, request: &ConfigInstallRequest) -> Result<Kind, OpsError> {
    let item = request.item.as_str();
    let path = session.cwd().join(item);
    Ok(match request.kind.as_deref() {
        Some("git") => Kind::Git,
        Some("dir") => Kind::Folder,
        Some("file") => Kind::File,
        Some("url") => Kind::Url,
        _ if item.ends_with(".git") => Kind::Git,
        _ if crom_fs::is_dir(&path) => Kind::Folder,
        _ if crom_fs::is_file(&path) => Kind::File,
        _ if item.starts_with("http") => Kind::Url,
        _ => {
            return Err(OpsError::message(format!(
                "Unable to deduce type config install: {item}"
            ))
            .with_hint("name a folder, an archive, a URL or a git repository, or say which with '--type'"));
        }
    })
}

/// The folder with the files, or the single file.
fn fetch(
    session: &Session,
    request: &ConfigInstallRequest,
    kind: &Kind,
    temporary: &Path,
) -> Result<PathBuf, OpsError> {
    let item = request.item.as_str();
    let reporter = session.reporter();
    let failed = |text: String| OpsError::message(format!("Failed conan config install: {text}"));
    let given = session.cwd().join(item);
    match kind {
        Kind::Folder if !crom_fs::is_dir(&given) => {
            Err(failed(format!("No such directory: '{item}'")))
        }
        Kind::Folder => Ok(crom_fs::absolute(given)?),
        Kind::File if !crom_fs::is_file(&given) => {
            Err(failed(format!("No such file or directory: '{item}'")))
        }
        Kind::File if is_archive(item) => unpack(&given, temporary),
        Kind::File => Ok(crom_fs::absolute(given)?),
        Kind::Url => {
            reporter.status("", &format!("Trying to download  {item}"));
            let name = item
                .split(['?', '#'])
                .next()
                .and_then(|path| path.rsplit('/').next())
                .filter(|name| !name.is_empty());
            let file = temporary.join(name.unwrap_or("config.zip"));
            let input = DownloadInput {
                url: OneOrMany::One(item.to_owned()),
                filename: file.clone(),
                verify: Some(request.verify),
                retry: Some(1),
                retry_wait: Some(0.0),
                ..DownloadInput::default()
            };
            let net = NetConfig {
                http: HttpConf::from_conf(session.core_conf()?)
                    .map_err(|error| failed(error.to_string()))?,
                ..NetConfig::default()
            };
            download(&input, &net, reporter, "").map_err(|error| {
                failed(format!(
                    "Error while installing config from {item}\n{error}"
                ))
            })?;
            unpack(&file, temporary)
        }
        Kind::Git => {
            let item = if crom_fs::is_dir(&given) {
                crom_fs::absolute(&given)?.to_string_lossy().into_owned()
            } else {
                item.to_owned()
            };
            reporter.status("", &format!("Trying to clone repo: {item}"));
            let target = temporary.join("clone");
            let git = Git {
                folder: session.cwd().to_path_buf(),
                excluded: Vec::new(),
            };
            let more = request.arguments.as_deref().unwrap_or_default();
            let mut words = vec!["clone".to_owned(), item];
            words.push(target.to_string_lossy().into_owned());
            words.extend(more.split_whitespace().map(str::to_owned));
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            git.git(&words)
                .map_err(|error| failed(format!("Can't clone repo: {error}")))?;
            reporter.status("", "Repo cloned!");
            Ok(target)
        }
    }
}

fn is_archive(name: &str) -> bool {
    let name = name.to_lowercase();
    [
        ".zip", ".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz", ".tar", ".tar.zst",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

fn unpack(archive: &Path, temporary: &Path) -> Result<PathBuf, OpsError> {
    let destination = temporary.join("unpacked");
    let input = UnzipInput {
        filename: archive.to_path_buf(),
        destination: destination.clone(),
        ..UnzipInput::default()
    };
    unzip(&input, &crom_model::reporter::Silent, "")
        .map_err(|error| OpsError::message(format!("Failed conan config install: {error}")))?;
    Ok(destination)
}

fn install(session: &Session, request: &ConfigInstallRequest, from: &Path) -> Result<(), OpsError> {
    let home = session.home().root();
    let base = match &request.target_folder {
        Some(folder) => home.join(folder),
        None => home.to_path_buf(),
    };
    if crom_fs::is_file(from) {
        let name = from.file_name().unwrap_or_default().to_string_lossy();
        return copy(session, from, &base, &name, "");
    }
    let from = match &request.source_folder {
        Some(folder) => from.join(folder),
        None => from.to_path_buf(),
    };
    if !crom_fs::is_dir(&from) {
        return Err(OpsError::message(format!(
            "Failed conan config install: '{}' is not a folder",
            from.display()
        )));
    }
    copy_folder(session, &from, &base)
}

/// Copies all files of a folder but those that it says to ignore, and what describes a package.
pub(crate) fn copy_folder(session: &Session, from: &Path, base: &Path) -> Result<(), OpsError> {
    let ignored = Ignored::read(from)?;
    for entry in crom_fs::walk(from)? {
        if entry.kind == crom_fs::FileKind::Dir || ignored.contains(&entry.relative) {
            continue;
        }
        let (folder, name) = entry
            .relative
            .rsplit_once('/')
            .unwrap_or(("", &entry.relative));
        copy(session, &entry.path, base, name, folder)?;
    }
    Ok(())
}

fn copy(
    session: &Session,
    from: &Path,
    base: &Path,
    name: &str,
    folder: &str,
) -> Result<(), OpsError> {
    let reporter = session.reporter();
    if folder.is_empty() && name == "remotes.json" {
        reporter.status("", "Defining remotes from remotes.json");
    } else {
        let shown = if folder.is_empty() { "." } else { folder };
        let text = format!("Copying file {name} to {}/{shown}", base.display());
        reporter.status("", &text);
    }
    let target = base.join(folder);
    // A team may have made a folder of what was a file.
    for above in target
        .ancestors()
        .take_while(|above| above.starts_with(base))
    {
        if crom_fs::is_file(above) {
            crom_fs::remove(above)?;
        }
    }
    crom_fs::create_dir_all(&target)?;
    let target = target.join(name);
    if crom_fs::is_dir(&target) && !crom_fs::is_symlink(&target) {
        crom_fs::remove_tree(&target)?;
    }
    // Other processes may be reading the old one.
    if crom_fs::is_symlink(from) {
        crom_fs::remove(&target)?;
        crom_fs::copy_file(from, &target)?;
    } else {
        crom_fs::write_atomic(&target, crom_fs::read(from)?)?;
    }
    Ok(())
}

/// `.conanignore`: patterns of paths to leave out, and with `!` in front of paths to take after all.
struct Ignored {
    patterns: Vec<String>,
    kept: Vec<String>,
}

impl Ignored {
    fn read(folder: &Path) -> Result<Self, OpsError> {
        let path = folder.join(".conanignore");
        let mut ignored = Self {
            patterns: [".conanignore", ".git", "conaninfo.txt", "conanmanifest.txt"]
                .map(str::to_owned)
                .to_vec(),
            kept: Vec::new(),
        };
        if !crom_fs::is_file(&path) {
            return Ok(ignored);
        }
        for line in crom_fs::read_text(&path)?.lines() {
            let line = line.split('#').next().unwrap_or_default().trim();
            match line.strip_prefix('!') {
                _ if line.is_empty() => {}
                Some(kept) => ignored.kept.push(kept.to_owned()),
                None => ignored.patterns.push(line.to_owned()),
            }
        }
        Ok(ignored)
    }

    fn contains(&self, path: &str) -> bool {
        let matches = |patterns: &[String]| {
            patterns.iter().any(|pattern| {
                let folder = format!("{}/*", pattern.trim_end_matches('/'));
                fnmatch(pattern, path) || fnmatch(&folder, path)
            })
        };
        path.split('/').any(|part| part == ".git")
            || (matches(&self.patterns) && !matches(&self.kept))
    }
}

/// Removes the configuration of the home; packages and what belongs to them stay.
///
/// # Errors
/// A file that can't be removed.
pub fn config_clean(session: &Session) -> Result<(), OpsError> {
    let home = session.home().root();
    if !crom_fs::is_dir(home) {
        return Ok(());
    }
    let packages = session.cache()?.folder().to_path_buf();
    let kept = ["version.txt", "migrations", ".local_recipes_index"];
    for name in crom_fs::list(home)? {
        let path = home.join(&name);
        if kept.contains(&name.as_str()) || packages.starts_with(&path) {
            continue;
        }
        session
            .reporter()
            .verbose("", &format!("Removing {}", path.display()));
        crom_fs::remove(&path)?;
    }
    Ok(())
}
