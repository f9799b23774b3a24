//! The git program, for what a merge needs.

use std::path::{Path, PathBuf};

use crom_model::reporter::Silent;
use crom_tools::process::{RunInput, RunResult, run};
use indexmap::IndexMap;

use super::report::Commit;
use crate::CenterError;

/// A checkout with git.
pub(super) struct Repository {
    root: PathBuf,
}

/// A merge that was made beside the checkout.
pub(super) struct Merged {
    /// The id of its tree. Files that conflict have markers in it.
    pub(super) tree: String,
    /// Paths that conflict.
    pub(super) conflicts: Vec<String>,
}

impl Repository {
    /// The checkout at a folder.
    ///
    /// # Errors
    /// git doesn't know the folder, or it isn't the top of its checkout.
    pub(super) fn open(root: &Path) -> Result<Self, CenterError> {
        let repository = Self {
            root: root.to_path_buf(),
        };
        let prefix = repository
            .git(&["rev-parse", "--show-prefix"])
            .map_err(|_| {
                CenterError::message(format!("'{}' is no git checkout", root.display()))
                    .with_hint("the fork of conan-center-index is cloned with git")
            })?;
        if !prefix.is_empty() {
            let text = format!("'{}' isn't the top of its git checkout", root.display());
            return Err(CenterError::message(text));
        }
        Ok(repository)
    }

    /// Gets a branch of a remote.
    pub(super) fn fetch(&self, remote: &str, branch: &str) -> Result<(), CenterError> {
        let branch = format!("+refs/heads/{branch}:refs/remotes/{remote}/{branch}");
        self.git(&["fetch", "--quiet", "--no-tags", remote, &branch])
            .map(|_| ())
            .map_err(|error| {
                CenterError::message(error.to_string()).with_hint(format!(
                    "'git remote add {remote} URL' adds the remote; '--no-fetch' uses what was fetched before"
                ))
            })
    }

    /// The id of a commit.
    pub(super) fn commit(&self, name: &str) -> Result<String, CenterError> {
        let commit = format!("{name}^{{commit}}");
        self.git(&["rev-parse", "--verify", "--quiet", &commit])
            .map_err(|_| CenterError::message(format!("git knows no commit '{name}'")))
    }

    /// Where two commits parted.
    pub(super) fn merge_base(&self, one: &str, other: &str) -> Result<String, CenterError> {
        self.git(&["merge-base", one, other])
            .map_err(|_| CenterError::message("the fork and upstream have no commit in common"))
    }

    /// Merges without touching the checkout. Needs git 2.38.
    pub(super) fn merge_tree(&self, ours: &str, theirs: &str) -> Result<Merged, CenterError> {
        let arguments = [
            "merge-tree",
            "--write-tree",
            "--no-messages",
            "--name-only",
            "-z",
            ours,
            theirs,
        ];
        let result = self.run(&arguments, &[], true)?;
        if result.code > 1 {
            return Err(self.failed(&arguments, &result));
        }
        let mut parts = result.stdout.split('\0').filter(|it| !it.is_empty());
        Ok(Merged {
            tree: parts.next().unwrap_or_default().trim().to_owned(),
            conflicts: parts.map(str::to_owned).collect(),
        })
    }

    /// Makes the files of a folder those of a tree. What is so already isn't written again: an index
    /// beside the folder remembers it.
    pub(super) fn write_tree(&self, tree: &str, folder: &Path) -> Result<(), CenterError> {
        let index = folder.with_extension("index");
        if !crom_fs::is_dir(folder) || !crom_fs::is_file(&index) {
            crom_fs::remove_tree(folder)?;
            crom_fs::remove(&index)?;
            crom_fs::create_dir_all(folder)?;
        }
        let git_dir = self.git(&["rev-parse", "--absolute-git-dir"])?;
        let git_dir = format!("--git-dir={git_dir}");
        let work_tree = format!("--work-tree={}", folder.display());
        let index = index.display().to_string();
        let arguments = [
            git_dir.as_str(),
            &work_tree,
            "read-tree",
            "--reset",
            "-u",
            tree,
        ];
        self.checked(&arguments, &[("GIT_INDEX_FILE", index.as_str())])?;
        Ok(())
    }

    /// The text of a file in a commit or tree.
    pub(super) fn show(&self, tree: &str, path: &str) -> Option<String> {
        let object = format!("{tree}:{path}");
        let result = self.run(&["cat-file", "blob", &object], &[], true).ok()?;
        (result.code == 0).then_some(result.stdout)
    }

    /// Paths that differ between two commits.
    pub(super) fn changed(&self, from: &str, to: &str) -> Result<Vec<String>, CenterError> {
        let paths = self.git(&["diff", "--name-only", "--no-renames", "-z", from, to])?;
        let paths = paths.split('\0').filter(|it| !it.is_empty());
        Ok(paths.map(str::to_owned).collect())
    }

    /// The number of commits after one up to another.
    pub(super) fn count(&self, from: &str, to: &str) -> Result<usize, CenterError> {
        let range = format!("{from}..{to}");
        let count = self.git(&["rev-list", "--count", &range])?;
        Ok(count.parse().unwrap_or_default())
    }

    /// The commits that touch a folder, newest first.
    pub(super) fn log(
        &self,
        from: &str,
        to: &str,
        folder: &str,
    ) -> Result<Vec<Commit>, CenterError> {
        let range = format!("{from}..{to}");
        let log = self.git(&["log", "--format=%h%x09%an%x09%s", &range, "--", folder])?;
        let commit = |line: &str| {
            let mut parts = line.splitn(3, '\t').map(str::to_owned);
            Some(Commit {
                id: parts.next()?,
                author: parts.next()?,
                subject: parts.next()?,
            })
        };
        Ok(log.lines().filter_map(commit).collect())
    }

    /// Whether files that git knows differ from the commit.
    pub(super) fn is_dirty(&self) -> Result<bool, CenterError> {
        let changes = self.git(&["status", "--porcelain", "--untracked-files=no"])?;
        Ok(!changes.is_empty())
    }

    /// Merges a commit into the branch.
    pub(super) fn merge(&self, commit: &str, message: &str) -> Result<(), CenterError> {
        self.git(&["merge", "--quiet", "--no-edit", "-m", message, commit])?;
        Ok(())
    }

    fn git(&self, arguments: &[&str]) -> Result<String, CenterError> {
        self.checked(arguments, &[])
    }

    fn checked(&self, arguments: &[&str], env: &[(&str, &str)]) -> Result<String, CenterError> {
        let result = self.run(arguments, env, true)?;
        match result.code {
            0 => Ok(result.stdout.trim_end().to_owned()),
            _ => Err(self.failed(arguments, &result)),
        }
    }

    fn run(
        &self,
        arguments: &[&str],
        env: &[(&str, &str)],
        ignore_errors: bool,
    ) -> Result<RunResult, CenterError> {
        let quoted: Vec<String> = arguments.iter().map(|it| quoted(it)).collect();
        let variables = env
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())));
        let input = RunInput {
            command: format!("git {}", quoted.join(" ")),
            cwd: Some(self.root.clone()),
            env: variables.collect::<IndexMap<_, _>>(),
            capture_stdout: true,
            capture_stderr: true,
            quiet: true,
            ignore_errors,
            no_shell: true,
            ..RunInput::default()
        };
        run(&input, &Silent).map_err(|error| CenterError::message(error.to_string()))
    }

    fn failed(&self, arguments: &[&str], result: &RunResult) -> CenterError {
        let said = format!("{}{}", result.stderr.trim(), result.stdout.trim());
        CenterError::message(format!(
            "'git {}' failed in '{}': {said}",
            arguments.first().unwrap_or(&""),
            self.root.display()
        ))
    }
}

/// A word in the quoting of a shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
