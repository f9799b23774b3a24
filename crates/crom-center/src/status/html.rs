//! The state as one self-contained page.

use std::collections::BTreeSet;

use super::page::{HEAD, TAIL};
use super::text::{PLACES, bytes};
use super::{BinaryStatus, PackageStatus, Run, Status};
use crate::markup::escape;
use crate::plan::Outcome;

impl Status {
    /// The page. It loads nothing.
    pub fn to_html(&self) -> String {
        let mut page = String::from(HEAD);
        let commit = self.fork.commit.as_deref().unwrap_or("unknown commit");
        let dirty = if self.fork.dirty {
            ", with local changes"
        } else {
            ""
        };
        page.push_str(&format!(
            "<h1>Packages</h1><p>Of <code>{}</code>{dirty}, made {}.",
            escape(commit),
            escape(&self.made)
        ));
        match &self.verified {
            Some(when) => page.push_str(&format!(" Last verified {}.", escape(when))),
            None => page.push_str(" Not verified yet."),
        }
        if let Some(news) = &self.upstream {
            page.push_str(&format!(" Upstream is {} commits ahead.", news.commits));
        }
        page.push_str("</p>\n<p class=counts>");
        for place in PLACES {
            let (count, name) = (self.count(place), place.as_str());
            page.push_str(&format!("<span class={name}><b>{count}</b> {name}</span> "));
        }
        page.push_str("</p>\n<p><input id=filter placeholder=\"filter\" aria-label=filter></p>\n");
        self.problems(&mut page);
        self.table(&mut page);
        self.news(&mut page);
        page.push_str(TAIL);
        page
    }

    /// Lines of the list that can't be had.
    fn problems(&self, page: &mut String) {
        let problem = |outcome: &Outcome| match outcome {
            Outcome::Invalid(reason) => Some(("invalid", reason.clone())),
            Outcome::Failed(reason) => Some(("failed", reason.clone())),
            Outcome::Ready | Outcome::Build => None,
        };
        let mut rows = String::new();
        for it in &self.combinations {
            if let Some((class, reason)) = problem(&it.outcome) {
                rows.push_str(&format!(
                    "<tr><td>{}<td>{}<td>{}<td class={class}>{class}: {}</tr>\n",
                    escape(&it.listed),
                    escape(&it.profile),
                    escape(&it.options.join(" ")),
                    escape(&reason)
                ));
            }
        }
        if !rows.is_empty() {
            page.push_str(
                "<h2>Can't be had</h2><table><tr><th>Package<th>Profile<th>Options<th>Why</tr>\n",
            );
            page.push_str(&rows);
            page.push_str("</table>\n");
        }
    }

    /// The names of all profiles that packages are for.
    fn columns(&self) -> Vec<String> {
        let mut columns = self.profiles.clone();
        let binaries = self.packages.iter().flat_map(|it| &it.binaries);
        let used: BTreeSet<&String> = binaries.flat_map(|it| &it.profiles).collect();
        for name in used {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        columns
    }

    fn table(&self, page: &mut String) {
        let columns = self.columns();
        page.push_str("<table id=packages><thead><tr><th>Package<th>Licence");
        for column in &columns {
            page.push_str(&format!("<th>{}", escape(column)));
        }
        page.push_str("<th>Upstream has</tr></thead><tbody>\n");
        for package in &self.packages {
            row(page, package, &columns);
        }
        page.push_str("</tbody></table>\n");
    }

    fn news(&self, page: &mut String) {
        let Some(news) = self
            .upstream
            .as_ref()
            .filter(|it| !it.new_versions.is_empty())
        else {
            return;
        };
        page.push_str("<h2>New versions upstream</h2><table><tr><th>Recipe<th>Versions</tr>\n");
        for it in &news.new_versions {
            page.push_str(&format!(
                "<tr><td>{}<td>{}</tr>\n",
                escape(&it.name),
                escape(&it.new.join(", "))
            ));
        }
        page.push_str("</table>\n");
    }
}

fn row(page: &mut String, package: &PackageStatus, columns: &[String]) {
    page.push_str(&format!(
        "<tr><td><b>{}</b><br><code title=\"recipe revision\">{}</code><td>{}",
        escape(&package.reference),
        escape(package.revision.get(..12).unwrap_or(&package.revision)),
        escape(&package.license.join(", "))
    ));
    for column in columns {
        page.push_str("<td>");
        let of_profile = package
            .binaries
            .iter()
            .filter(|it| it.profiles.contains(column));
        of_profile.for_each(|it| binary(page, it));
    }
    page.push_str(&format!("<td>{}</tr>\n", escape(&package.newer.join(", "))));
}

fn binary(page: &mut String, it: &BinaryStatus) {
    let place = it.place.as_str();
    let short = it.package_id.get(..8).unwrap_or(&it.package_id);
    page.push_str(&format!(
        "<details><summary><span class={place}>{place}</span> <code>{}</code>",
        escape(short)
    ));
    if let Some(run) = &it.build {
        page.push_str(&format!(" {:.1} s", run.seconds));
    }
    if let Some(size) = it.size {
        page.push_str(&format!(" {}", bytes(size)));
    }
    page.push_str("</summary><dl>");
    let mut entry = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|it| !it.is_empty()) {
            page.push_str(&format!("<dt>{name}<dd>{}", escape(value)));
        }
    };
    entry("Package id", Some(&it.package_id));
    entry("Context", Some(&it.context));
    entry("Options", Some(&it.options.join(" ")));
    entry("Settings", Some(&it.settings.join(" ")));
    entry("Test", it.in_test.as_deref());
    entry("Production", it.in_production.as_deref());
    entry("Cache", it.cached.as_deref());
    entry("Built", it.build.as_ref().map(run_text).as_deref());
    entry("Tested", it.test.as_ref().map(run_text).as_deref());
    page.push_str("</dl>");
    if let Some(log) = &it.log {
        page.push_str(&format!("<pre>{}</pre>", escape(log)));
    }
    page.push_str("</details>\n");
}

fn run_text(run: &Run) -> String {
    match &run.failure {
        None => format!("{} in {:.1} s", run.ended, run.seconds),
        Some(failure) => format!("{}: failed: {failure}", run.ended),
    }
}
