//! `runtime_deploy`: programs and shared libraries of all dependencies in one folder.

use std::path::Path;

use crom_model::reporter::{Level, Reporter, Style};
use crom_model::view::{Context, PackageView};

use super::{say, symlinks};
use crate::OpsError;
use crate::build::Installation;

const NAME: &str = "runtime_deploy";

/// # Errors
/// A file that can't be copied.
pub(super) fn deploy(installation: &mut Installation<'_>, folder: &Path) -> Result<(), OpsError> {
    let reporter = installation.session.shared_reporter();
    reporter.status(
        NAME,
        &format!(
            "Deploying dependencies runtime to folder: {}",
            folder.display()
        ),
    );
    reporter.warning(
        None,
        NAME,
        "This deployer is experimental and subject to change. Please give feedback at https://github.com/conan-io/conan/issues",
    );
    let copier = Copier {
        to: folder,
        links: symlinks(installation)?,
        reporter: &*reporter,
    };
    let host: Vec<usize> = installation.views[0]
        .dependencies
        .iter()
        .filter(|(require, index)| {
            require.run() && !require.skip && installation.views[*index].context == Context::Host
        })
        .map(|(_, index)| *index)
        .collect();
    for index in host {
        copier.package(installation.package_view(index))?;
    }
    say(
        installation,
        &format!("Runtime deployed to folder: {}", folder.display()),
    );
    Ok(())
}

struct Copier<'a> {
    to: &'a Path,
    links: bool,
    reporter: &'a dyn Reporter,
}

impl Copier<'_> {
    fn package(&self, view: &PackageView) -> Result<(), OpsError> {
        let scope = view.reference.without_revision().to_string();
        if view.folders.package.is_empty() {
            self.reporter.warning(
                None,
                NAME,
                &format!("{scope} does not have any package folder"),
            );
            return Ok(());
        }
        let mut info = view
            .cpp_info
            .aggregated_components()
            .map_err(|error| OpsError::message(error.to_string()))?;
        info.set_relative_base_folder(&view.folders.package);
        let mut count = 0;
        for folder in info.root.bindirs() {
            count += self.folder(&scope, Path::new(folder), |_| true)?;
        }
        let is_shared = |name: &str| name.contains(".so") || name.contains(".dylib");
        for folder in info.root.libdirs() {
            count += self.folder(&scope, Path::new(folder), is_shared)?;
        }
        self.reporter
            .status(NAME, &format!("Copied {count} files from {scope}"));
        Ok(())
    }

    fn folder(
        &self,
        scope: &str,
        folder: &Path,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<usize, OpsError> {
        if !crom_fs::is_dir(folder) {
            self.reporter.warning(
                None,
                NAME,
                &format!("{scope} {} does not exist", folder.display()),
            );
            return Ok(0);
        }
        let mut count = 0;
        for entry in crom_fs::walk(folder)? {
            let name = entry.relative.rsplit('/').next().unwrap_or_default();
            let link = crom_fs::is_symlink(&entry.path);
            if entry.kind == crom_fs::FileKind::Dir || !wanted(name) || (link && !self.links) {
                continue;
            }
            count += usize::from(self.file(&entry.path, &entry.relative, link)?);
        }
        Ok(count)
    }

    fn file(&self, from: &Path, relative: &str, link: bool) -> Result<bool, OpsError> {
        let to = self.to.join(relative);
        if crom_fs::exists(&to) || crom_fs::is_symlink(&to) {
            if !link && crom_fs::is_file(&to) && crom_fs::read(&to)? == crom_fs::read(from)? {
                let text = format!("{} exists with same contents, skipping copy", to.display());
                self.reporter
                    .message(Level::Verbose, Style::Plain, NAME, &text);
                return Ok(false);
            }
            let text = format!("{} exists and will be overwritten", to.display());
            self.reporter.warning(None, NAME, &text);
            crom_fs::remove(&to)?;
        }
        if let Some(folder) = to.parent() {
            crom_fs::create_dir_all(folder)?;
        }
        if link {
            crom_fs::symlink(crom_fs::read_link(from)?, &to)?;
        } else {
            crom_fs::copy_file(from, &to)?;
        }
        let text = format!("Copied {} into {}", from.display(), self.to.display());
        self.reporter
            .message(Level::Verbose, Style::Plain, NAME, &text);
        Ok(true)
    }
}
