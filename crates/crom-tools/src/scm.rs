//! `conan.tools.scm.Git`: runs git.

use std::path::{Path, PathBuf};
use std::process::Command;

use crom_model::reporter::Reporter;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::net::redact;
use crate::process::ProcessError;

/// A folder with a repository, or one for it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Git {
    /// Where git runs.
    pub folder: PathBuf,
    /// `core.scm:excluded` and the excluded of the recipe: patterns of files that don't make a
    /// repository dirty.
    #[serde(default)]
    pub excluded: Vec<String>,
}

/// The input of [`Git::clone_repository`].
#[derive(Debug, Clone, Default, Deserialize)]
pub struct CloneInput {
    /// From where.
    pub url: String,
    /// To where, relative to the folder; chosen by git when empty.
    #[serde(default)]
    pub target: String,
    /// More arguments.
    #[serde(default)]
    pub args: Vec<String>,
    /// Don't show the URL.
    #[serde(default = "yes")]
    pub hide_url: bool,
}

fn yes() -> bool {
    true
}

/// Where sources are: a URL, or a path when the commit isn't in the remote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coordinates {
    /// The URL of the remote, or the folder.
    pub url: String,
    /// The commit.
    pub commit: String,
}

impl Git {
    /// Runs `git` with arguments; gives what it prints back without the final line end.
    pub fn git(&self, arguments: &[&str]) -> Result<String> {
        self.git_hiding(arguments, None)
    }

    /// Runs a command line of git's, as recipes write it: `git.run("log -1")`.
    pub fn run(&self, command: &str) -> Result<String> {
        let words = crate::process::split_words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.git(&words)
    }

    /// `hidden` is taken out of error messages.
    fn git_hiding(&self, arguments: &[&str], hidden: Option<&str>) -> Result<String> {
        let clean = |text: &str| {
            let text = match hidden {
                Some(hidden) => text.replace(hidden, "<hidden>"),
                None => text.to_owned(),
            };
            text.split(' ').map(redact).collect::<Vec<_>>().join(" ")
        };
        let command = clean(&format!("git {}", arguments.join(" ")));
        let output = Command::new("git")
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(std::process::Stdio::null())
            .output()
            .map_err(|source| ProcessError::Start {
                command: command.clone(),
                source,
            })?;
        let stdout = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr);
            return Err(Error::BadInput(format!(
                "Command '{command}' failed with errorcode '{}'\n{}{}",
                output.status.code().unwrap_or(-1),
                clean(&stdout),
                clean(stderr.trim_end())
            )));
        }
        Ok(stdout.trim().to_owned())
    }

    /// The commit of `HEAD`; of the last change of the folder unless `repository`.
    pub fn get_commit(&self, repository: bool) -> Result<String> {
        let commit = if repository {
            self.git(&["rev-parse", "HEAD"])
        } else {
            // Of the history of this folder only; a merge that changes nothing in it doesn't count.
            self.git(&["rev-list", "HEAD", "-n", "1", "--full-history", "--", "."])
        };
        commit.map_err(|error| {
            let folder = self.folder.display();
            Error::BadInput(format!("Unable to get git commit in '{folder}': {error}"))
        })
    }

    /// The URL of a remote to fetch from; `None` when there's no such remote.
    pub fn get_remote_url(&self, remote: &str) -> Result<Option<String>> {
        for line in self.git(&["remote", "-v"])?.lines() {
            let Some((name, rest)) = line.split_once('\t') else {
                continue;
            };
            let Some(url) = rest.strip_suffix(" (fetch)") else {
                continue;
            };
            if name == remote {
                // A folder on Windows is written with `/`, as git takes it in all commands.
                let is_folder = crom_fs::exists(url);
                return Ok(Some(if is_folder {
                    url.replace('\\', "/")
                } else {
                    url.to_owned()
                }));
            }
        }
        Ok(None)
    }

    /// True when a branch of the remote has the commit.
    pub fn commit_in_remote(&self, commit: &str, remote: &str) -> Result<bool> {
        if remote.is_empty() {
            return Ok(false);
        }
        // Two ways, as shallow and detached checkouts know no remote branches.
        let branches = self.git(&["branch", "-r", "--contains", commit]);
        if branches.is_ok_and(|branches| branches.contains(&format!("{remote}/"))) {
            return Ok(true);
        }
        Ok(self
            .git(&["fetch", remote, "--dry-run", "--depth=1", commit])
            .is_ok())
    }

    /// True when there are changes that aren't committed: in the folder, or in all of the
    /// repository. New files count, ignored and excluded ones don't.
    pub fn is_dirty(&self, repository: bool) -> Result<bool> {
        // The user's configuration may say otherwise: `status.branch`, `status.showUntrackedFiles`.
        let mut arguments = vec!["status", "-s", "--no-branch", "--untracked-files"];
        if !repository {
            arguments.extend(["--no-renames", "--", "."]);
        }
        let status = self.git_raw_status(&arguments)?;
        Ok(status
            .lines()
            .filter(|line| !line.trim().is_empty())
            .any(|line| !self.is_excluded(line)))
    }

    fn git_raw_status(&self, arguments: &[&str]) -> Result<String> {
        self.git(arguments)
    }

    fn is_excluded(&self, status_line: &str) -> bool {
        // ` M path`, `?? path`; the first line lost its leading blank.
        let path = status_line
            .trim()
            .split_once(' ')
            .map_or("", |(_, path)| path.trim());
        self.excluded
            .iter()
            .any(|pattern| crate::fnmatch::fnmatch(path, pattern))
    }

    /// URL and commit to rebuild from. A dirty repository is an error; a commit that only exists
    /// here gives the folder instead of a URL, with a warning.
    pub fn get_url_and_commit(
        &self,
        remote: &str,
        repository: bool,
        reporter: &dyn Reporter,
        scope: &str,
    ) -> Result<Coordinates> {
        if self.is_dirty(repository)? {
            return Err(Error::BadInput(format!(
                "Repo is dirty, cannot capture url and commit: {}",
                self.folder.display()
            )));
        }
        let commit = self.get_commit(repository)?;
        if let Some(url) = self.get_remote_url(remote)?
            && self.commit_in_remote(&commit, remote)?
        {
            return Ok(Coordinates { url, commit });
        }
        let text = format!(
            "Current commit {commit} doesn't exist in remote {remote}\n\
             This revision will not be buildable in other computer"
        );
        reporter.warning(None, scope, &text);
        Ok(Coordinates {
            url: self.get_repo_root()?,
            commit,
        })
    }

    /// The top folder of the repository, with `/`.
    pub fn get_repo_root(&self) -> Result<String> {
        let root = self.git(&["rev-parse", "--show-toplevel"])?;
        Ok(root.replace('\\', "/"))
    }

    /// Clones a repository into the folder.
    pub fn clone_repository(
        &self,
        input: &CloneInput,
        reporter: &dyn Reporter,
        scope: &str,
    ) -> Result<()> {
        if !crom_fs::exists(&self.folder) {
            crom_fs::create_dir_all(&self.folder)?;
        }
        let url = local_url(&input.url);
        reporter.status(scope, "Cloning git repo");
        let mut arguments = vec!["clone", url.as_str()];
        arguments.extend(input.args.iter().map(String::as_str));
        if !input.target.is_empty() {
            arguments.push(&input.target);
        }
        self.git_hiding(&arguments, input.hide_url.then_some(url.as_str()))?;
        Ok(())
    }

    /// Fetches one commit without history and checks it out, in a folder without a repository.
    pub fn fetch_commit(
        &self,
        url: &str,
        commit: &str,
        hide_url: bool,
        reporter: &dyn Reporter,
        scope: &str,
    ) -> Result<()> {
        let url = local_url(url);
        if !crom_fs::exists(&self.folder) {
            crom_fs::create_dir_all(&self.folder)?;
        }
        reporter.status(scope, "Shallow fetch of git repo");
        let hidden = hide_url.then_some(url.as_str());
        self.git(&["init"])?;
        self.git_hiding(&["remote", "add", "origin", &url], hidden)?;
        self.git_hiding(&["fetch", "--depth", "1", "origin", commit], hidden)?;
        self.git(&["checkout", "FETCH_HEAD"])?;
        Ok(())
    }

    /// Checks a commit, branch or tag out.
    pub fn checkout(&self, commit: &str, reporter: &dyn Reporter, scope: &str) -> Result<()> {
        reporter.status(scope, &format!("Checkout: {commit}"));
        self.git(&["checkout", commit])?;
        Ok(())
    }

    /// The files below the folder that git has or would take, relative to the folder.
    pub fn included_files(&self) -> Result<Vec<String>> {
        let listed = self.git(&[
            "ls-files",
            "--full-name",
            "--others",
            "--cached",
            "--exclude-standard",
        ])?;
        let root = PathBuf::from(self.get_repo_root()?);
        let folder = crom_fs::canonical(&self.folder)?;
        let mut files: Vec<String> = listed
            .lines()
            .map(|line| root.join(line))
            .filter_map(|path| path.strip_prefix(&folder).ok().map(crom_fs::tree::slashed))
            .collect();
        files.sort();
        files.dedup();
        Ok(files)
    }
}

/// A folder as URL: git wants `/` in it.
fn local_url(url: &str) -> String {
    if crom_fs::exists(Path::new(url)) {
        url.replace('\\', "/")
    } else {
        url.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crom_model::reporter::Silent;

    fn repository() -> (tempfile::TempDir, Git) {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("repo");
        crom_fs::create_dir_all(folder.join("sub")).unwrap();
        let git = Git {
            folder,
            excluded: Vec::new(),
        };
        git.git(&["init", "-q", "-b", "main"]).unwrap();
        git.git(&["config", "user.email", "a@b.c"]).unwrap();
        git.git(&["config", "user.name", "a"]).unwrap();
        crom_fs::write(git.folder.join("a.txt"), "1").unwrap();
        crom_fs::write(git.folder.join("sub/b.txt"), "1").unwrap();
        crom_fs::write(git.folder.join(".gitignore"), "*.log\n").unwrap();
        git.git(&["add", "."]).unwrap();
        git.git(&["commit", "-q", "-m", "first"]).unwrap();
        (dir, git)
    }

    #[test]
    fn commits_of_folder_and_repository() {
        let (_dir, git) = repository();
        let first = git.get_commit(true).unwrap();
        crom_fs::write(git.folder.join("a.txt"), "2").unwrap();
        assert!(git.is_dirty(true).unwrap());
        let sub = Git {
            folder: git.folder.join("sub"),
            excluded: Vec::new(),
        };
        assert!(!sub.is_dirty(false).unwrap());
        git.run("commit -q -a -m 'second one'").unwrap();
        assert!(!git.is_dirty(true).unwrap());
        let second = git.get_commit(true).unwrap();
        assert_ne!(first, second);
        assert_eq!(sub.get_commit(false).unwrap(), first);
        assert_eq!(sub.get_commit(true).unwrap(), second);
    }

    #[test]
    fn new_files_count_unless_ignored_or_excluded() {
        let (_dir, mut git) = repository();
        crom_fs::write(git.folder.join("x.log"), "").unwrap();
        assert!(!git.is_dirty(true).unwrap());
        crom_fs::write(git.folder.join("new.txt"), "").unwrap();
        assert!(git.is_dirty(true).unwrap());
        git.excluded = vec!["new*".to_owned()];
        assert!(!git.is_dirty(true).unwrap());
        let mut files = git.included_files().unwrap();
        files.sort();
        assert_eq!(files, [".gitignore", "a.txt", "new.txt", "sub/b.txt"]);
    }

    #[test]
    fn clone_fetch_and_coordinates() {
        let (dir, git) = repository();
        let url = git.folder.to_string_lossy().into_owned();
        let base = Git {
            folder: dir.path().to_path_buf(),
            excluded: Vec::new(),
        };
        let input = CloneInput {
            url: url.clone(),
            target: "copy".to_owned(),
            args: Vec::new(),
            hide_url: true,
        };
        base.clone_repository(&input, &Silent, "").unwrap();
        let copy = Git {
            folder: dir.path().join("copy"),
            excluded: Vec::new(),
        };
        let commit = copy.get_commit(false).unwrap();
        let found = copy
            .get_url_and_commit("origin", false, &Silent, "")
            .unwrap();
        assert_eq!(
            found,
            Coordinates {
                url: url.clone(),
                commit: commit.clone()
            }
        );
        // Not in the remote: the folder.
        let here = git
            .get_url_and_commit("origin", false, &Silent, "")
            .unwrap();
        assert_eq!(here.url, git.get_repo_root().unwrap());
        // Dirty.
        crom_fs::write(copy.folder.join("a.txt"), "9").unwrap();
        let error = copy
            .get_url_and_commit("origin", false, &Silent, "")
            .unwrap_err();
        assert!(
            error
                .to_string()
                .contains("Repo is dirty, cannot capture url and commit")
        );

        let fetched = Git {
            folder: dir.path().join("fetched"),
            excluded: Vec::new(),
        };
        fetched
            .fetch_commit(&url, &commit, true, &Silent, "")
            .unwrap();
        assert_eq!(fetched.get_commit(true).unwrap(), commit);
    }

    #[test]
    fn errors_hide_urls() {
        let dir = tempfile::tempdir().unwrap();
        let git = Git {
            folder: dir.path().to_path_buf(),
            excluded: Vec::new(),
        };
        let input = CloneInput {
            url: "/nonexistent/secret".to_owned(),
            hide_url: true,
            ..CloneInput::default()
        };
        let error = git
            .clone_repository(&input, &Silent, "")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("git clone <hidden>") && !error.contains("secret"),
            "{error}"
        );
    }
}
