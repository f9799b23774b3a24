//! The report as one self-contained page, with both sides of each file.

use super::diff::{DiffLine, FileChange, LineKind};
use super::report::{RecipeChange, SyncReport};
use crate::markup::escape;

const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><title>Upstream</title><style>\
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:96rem;padding:0 1rem;color:#222}\
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.3rem .6rem;\
border-bottom:1px solid #ddd;vertical-align:top}th{background:#f5f5f5}code,pre,.diff{font:13px/1.4 \
ui-monospace,monospace}.diff{table-layout:fixed}.diff td{border:0;padding:0 .4rem;white-space:pre-wrap;\
overflow-wrap:anywhere}.diff .n{width:3.5rem;text-align:right;color:#888;user-select:none}\
.old{background:#ffecec}.new{background:#e6f6e6}.skip{color:#888;background:#f5f5f5}.flag{color:#b00020}\
details{margin:.6rem 0;border:1px solid #ddd;border-radius:4px}summary{padding:.3rem .6rem;cursor:pointer}\
pre{padding:.6rem;overflow:auto}\
@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}th,.skip{background:#2a2a2a}\
th,td,details{border-color:#444}.old{background:#4a2326}.new{background:#1f3d25}.flag{color:#ff8a8a}}\
</style></head><body>\n";

impl SyncReport {
    /// The page.
    pub fn to_html(&self) -> String {
        let mut page = String::from(HEAD);
        page.push_str(&format!(
            "<h1>Upstream</h1><p><code>{}</code> is {} commits ahead of the fork. {} packages would be \
             built, {} stay as they are. Recipes that change: {} in use, {} not in use.</p>\n",
            escape(&self.upstream),
            self.commits,
            self.rebuilt.len(),
            self.kept,
            self.recipes.len(),
            self.other_recipes
        ));
        self.audit_section(&mut page);
        self.conflict_sections(&mut page);
        self.tables(&mut page);
        for recipe in &self.recipes {
            recipe_section(&mut page, recipe);
        }
        page.push_str("</body></html>\n");
        page
    }

    fn audit_section(&self, page: &mut String) {
        if self.new_licences.is_empty() && self.new_hosts.is_empty() && self.failures.is_empty() {
            return;
        }
        page.push_str("<h2>To look at</h2><ul>\n");
        for it in &self.new_licences {
            let new = if it.new_to_fork {
                ", which nothing had before"
            } else {
                ""
            };
            page.push_str(&format!(
                "<li class=flag>New licence: {} is <code>{}</code>{new}; was {}\n",
                escape(&it.recipe),
                escape(&it.licence),
                escape(&if it.was.is_empty() {
                    String::from("not used")
                } else {
                    it.was.join(", ")
                })
            ));
        }
        for it in &self.new_hosts {
            let references: Vec<&str> = it.references.iter().map(String::as_str).collect();
            page.push_str(&format!(
                "<li class=flag>New source host: <code>{}</code> for {}\n",
                escape(&it.host),
                escape(&references.join(", "))
            ));
        }
        for it in &self.failures {
            page.push_str(&format!(
                "<li class=flag>Can't be resolved any more: {}\n",
                escape(it)
            ));
        }
        page.push_str("</ul>\n");
    }

    fn conflict_sections(&self, page: &mut String) {
        for conflict in &self.conflicts {
            let recipe = conflict.recipe.as_deref().unwrap_or("files beside recipes");
            page.push_str(&format!(
                "<h2 class=flag>Conflict with the fork's own changes: {}</h2>\n",
                escape(recipe)
            ));
            for (path, parts) in &conflict.files {
                let text = match parts.as_slice() {
                    [] => String::from("removed on one side, changed on the other"),
                    parts => parts.join("\n"),
                };
                page.push_str(&format!(
                    "<p><code>{}</code></p><pre>{}</pre>\n",
                    escape(path),
                    escape(&text)
                ));
            }
        }
    }

    fn tables(&self, page: &mut String) {
        if !self.new_versions.is_empty() {
            page.push_str("<h2>New versions</h2><table><tr><th>Recipe<th>Versions</tr>\n");
            for it in &self.new_versions {
                let versions = escape(&it.new.join(", "));
                page.push_str(&format!(
                    "<tr><td>{}<td>{versions}</tr>\n",
                    escape(&it.name)
                ));
            }
            page.push_str("</table>\n");
        }
        if !self.rebuilt.is_empty() {
            page.push_str(
                "<h2>To build</h2><table><tr><th>Package<th>Package id<th>Profiles<th>Why</tr>\n",
            );
            for it in &self.rebuilt {
                let profiles: Vec<&str> = it.profiles.iter().map(String::as_str).collect();
                page.push_str(&format!(
                    "<tr><td>{}<td><code>{}</code><td>{}<td>{}</tr>\n",
                    escape(&it.reference),
                    escape(&it.package_id),
                    escape(&profiles.join(", ")),
                    escape(&it.why)
                ));
            }
            page.push_str("</table>\n");
        }
    }
}

fn recipe_section(page: &mut String, recipe: &RecipeChange) {
    page.push_str(&format!("<h2>{}</h2><ul>\n", escape(&recipe.name)));
    for it in &recipe.revisions {
        let side = |it: &Option<String>| escape(it.as_deref().unwrap_or("-"));
        page.push_str(&format!(
            "<li>{}: <code>{}</code> &rarr; <code>{}</code>\n",
            escape(&it.version),
            side(&it.was),
            side(&it.becomes)
        ));
    }
    for it in &recipe.commits {
        page.push_str(&format!(
            "<li><code>{}</code> {} ({})\n",
            escape(&it.id),
            escape(&it.subject),
            escape(&it.author)
        ));
    }
    if !recipe.customised.is_empty() {
        page.push_str(&format!(
            "<li>Changed by the fork itself: {}\n",
            escape(&recipe.customised.join(", "))
        ));
    }
    page.push_str("</ul>\n");
    recipe.files.iter().for_each(|it| file(page, it));
}

fn file(page: &mut String, change: &FileChange) {
    let note = if change.trimmed {
        ", only entries of versions in use"
    } else {
        ""
    };
    let state = format!("{:?}", change.state).to_lowercase();
    page.push_str(&format!(
        "<details open><summary><code>{}</code> ({state}{note})</summary>",
        escape(&change.path)
    ));
    if change.hunks.is_empty() {
        page.push_str("<p>Not text.</p></details>\n");
        return;
    }
    page.push_str("<table class=diff><colgroup><col class=n><col><col class=n><col></colgroup>\n");
    for (index, hunk) in change.hunks.iter().enumerate() {
        if index > 0 {
            page.push_str("<tr><td class=skip colspan=4>&hellip;</tr>\n");
        }
        for (old, new) in pairs(hunk) {
            page.push_str("<tr>");
            cell(page, old, old.and_then(|it| it.old), "old");
            cell(page, new, new.and_then(|it| it.new), "new");
            page.push_str("</tr>\n");
        }
    }
    page.push_str("</table></details>\n");
}

/// The lines of a hunk beside each other: removed ones beside added ones as far as they go.
fn pairs(hunk: &[DiffLine]) -> Vec<(Option<&DiffLine>, Option<&DiffLine>)> {
    let mut pairs = Vec::new();
    let mut removed: Vec<&DiffLine> = Vec::new();
    let mut added: Vec<&DiffLine> = Vec::new();
    for line in hunk {
        match line.kind {
            LineKind::Removed => removed.push(line),
            LineKind::Added => added.push(line),
            LineKind::Same => {
                flush(&mut removed, &mut added, &mut pairs);
                pairs.push((Some(line), Some(line)));
            }
        }
    }
    flush(&mut removed, &mut added, &mut pairs);
    pairs
}

fn flush<'a>(
    removed: &mut Vec<&'a DiffLine>,
    added: &mut Vec<&'a DiffLine>,
    pairs: &mut Vec<(Option<&'a DiffLine>, Option<&'a DiffLine>)>,
) {
    for index in 0..removed.len().max(added.len()) {
        pairs.push((removed.get(index).copied(), added.get(index).copied()));
    }
    removed.clear();
    added.clear();
}

fn cell(page: &mut String, line: Option<&DiffLine>, number: Option<usize>, side: &str) {
    match line {
        None => page.push_str("<td class=n><td>"),
        Some(line) => {
            let class = if line.kind == LineKind::Same {
                ""
            } else {
                side
            };
            let number = number.map(|it| it.to_string()).unwrap_or_default();
            let text = escape(&line.text);
            page.push_str(&format!("<td class=n>{number}<td class=\"{class}\">{text}"));
        }
    }
}
