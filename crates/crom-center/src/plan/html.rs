//! A plan as one self-contained page.

use super::{Outcome, Plan, State};
use crate::markup::escape;

const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><title>Plan</title><style>\
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#222}\
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.3rem .6rem;\
border-bottom:1px solid #ddd;vertical-align:top}th{background:#f5f5f5}code{font-size:90%}\
.build{color:#8a5a00}.invalid,.skipped{color:#777}.failed{color:#b00020}.ready,.cached,.remote{color:#1b6e2c}\
@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}th{background:#2a2a2a}\
th,td{border-color:#444}.build{color:#e8b04a}.ready,.cached,.remote{color:#7bc98a}.failed{color:#ff8a8a}}\
</style></head><body>\n";

impl Plan {
    /// The page.
    pub fn to_html(&self) -> String {
        let mut page = String::from(HEAD);
        let commit = self.fork.commit.as_deref().unwrap_or("unknown commit");
        let dirty = if self.fork.dirty {
            ", with local changes"
        } else {
            ""
        };
        page.push_str(&format!(
            "<h1>Plan</h1><p>Of <code>{}</code>{dirty}: {} to build, {} combinations.</p>\n",
            escape(commit),
            self.to_build().count(),
            self.combinations.len()
        ));
        self.combinations_table(&mut page);
        self.packages_table(&mut page);
        page.push_str("</body></html>\n");
        page
    }

    fn combinations_table(&self, page: &mut String) {
        page.push_str(
            "<h2>Combinations</h2><table><tr><th>Package<th>Profile<th>Options<th>Outcome</tr>\n",
        );
        for it in &self.combinations {
            let (class, text) = match &it.outcome {
                Outcome::Ready => ("ready", String::from("ready")),
                Outcome::Build => ("build", String::from("to build")),
                Outcome::Invalid(reason) => ("invalid", format!("invalid: {reason}")),
                Outcome::Failed(reason) => ("failed", format!("failed: {reason}")),
            };
            page.push_str(&format!(
                "<tr><td>{}<td>{}<td>{}<td class={class}>{}</tr>\n",
                escape(&it.listed),
                escape(&it.profile),
                escape(&it.options.join(" ")),
                escape(&text)
            ));
        }
        page.push_str("</table>\n");
    }

    fn packages_table(&self, page: &mut String) {
        page.push_str(
            "<h2>Packages</h2><table><tr><th>Package<th>State<th>Why<th>Cache<th>Test<th>Production\
             <th>Profiles<th>Wanted by</tr>\n",
        );
        // What is to be done first.
        let built = self.packages.values().filter(|it| it.state == State::Build);
        let others = self.packages.values().filter(|it| it.state != State::Build);
        for it in built.chain(others) {
            let state = match it.state {
                State::Skipped => "skipped",
                State::Remote => "remote",
                State::Cached => "cached",
                State::Build => "build",
                State::Invalid => "invalid",
            };
            let mark = |place: &Option<String>| if place.is_some() { "yes" } else { "" };
            let join = |set: &std::collections::BTreeSet<String>| {
                set.iter()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            page.push_str(&format!(
                "<tr><td>{}<br><code>{}</code><td class={state}>{state}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}</tr>\n",
                escape(&it.reference),
                escape(&it.package_id),
                escape(it.why.as_ref().map_or("", |why| &why.text)),
                mark(&it.cached),
                mark(&it.in_test),
                mark(&it.in_production),
                escape(&join(&it.profiles)),
                escape(&join(&it.wanted_by)),
            ));
        }
        page.push_str("</table>\n");
    }
}
