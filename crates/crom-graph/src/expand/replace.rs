//! Requirements that become others before they are looked for: `[replace_requires]`.

use crom_model::reference::RecipeReference;
use crom_model::requirement::Requirement;

use super::Expander;
use crate::graph::{NodeId, RequireId};

impl Expander<'_> {
    /// The first entry of the profile that means this requirement replaces it.
    pub(super) fn replace_require(&mut self, require: RequireId, id: NodeId) {
        let profile = &self
            .configuration
            .profile(self.graph.node(id).context)
            .profile;
        let this = &self.graph.requirements[require.0];
        let entries = if this.build {
            &profile.replace_tool_requires
        } else {
            &profile.replace_requires
        };
        let replacement = entries.iter().find_map(|(pattern, replacement)| {
            let pattern = RecipeReference::loads(pattern).ok()?;
            let replacement = RecipeReference::loads(replacement).ok()?;
            means(&pattern, this).then(|| fill(replacement, &this.reference))
        });
        let Some(replacement) = replacement else {
            return;
        };
        let original = this.reference.repr_notime();
        self.graph
            .replaced_requires
            .insert(original, replacement.repr_notime());
        let this = self.graph.require_mut(require);
        this.declared = this.reference.clone();
        this.reference = replacement;
    }
}

/// Does the left side of an entry mean this requirement?
fn means(pattern: &RecipeReference, require: &Requirement) -> bool {
    let reference = &require.reference;
    if pattern.name != reference.name {
        return false;
    }
    if pattern.version.as_str() != "*" && pattern.version != reference.version {
        let range = require.version_range().and_then(Result::ok);
        let pattern_range = pattern.version_range().and_then(Result::ok);
        let fits = match (range, pattern_range) {
            (Some(range), Some(pattern)) => range.intersection(&pattern).is_some(),
            (Some(range), None) => range.contains(&pattern.version, None),
            (None, Some(pattern)) => pattern.contains(&reference.version, None),
            (None, None) => false,
        };
        if !fits {
            return false;
        }
    }
    let same = |pattern: &Option<String>, value: &Option<String>| {
        pattern.as_deref() == Some("*") || pattern == value
    };
    same(&pattern.user, &reference.user) && same(&pattern.channel, &reference.channel)
}

/// `*` on the right side keeps what was required.
fn fill(mut replacement: RecipeReference, original: &RecipeReference) -> RecipeReference {
    if replacement.version.as_str() == "*" {
        replacement.version = original.version.clone();
    }
    if replacement.user.as_deref() == Some("*") {
        replacement.user.clone_from(&original.user);
    }
    if replacement.channel.as_deref() == Some("*") {
        replacement.channel.clone_from(&original.channel);
    }
    replacement
}
