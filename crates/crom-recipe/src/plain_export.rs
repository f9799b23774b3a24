//! What exporting a recipe does, where its text alone tells.

/// The attributes and methods that `export` looks at, of a recipe that computes none of them.
///
/// Most recipes are so plain: with this, an index exports them without the interpreter, and many of
/// them at the same time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainExport {
    /// The class attribute `exports`.
    pub exports: Vec<String>,
    /// The class attribute `exports_sources`.
    pub exports_sources: Vec<String>,
    /// What `export_sources()` does; none if the recipe hasn't that method.
    pub export_sources: Option<Vec<PlainStep>>,
}

/// One statement of `export_sources()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlainStep {
    /// `export_conandata_patches(self)`
    ConandataPatches,
    /// `copy(self, pattern, src=self.recipe_folder, dst=self.export_sources_folder)`, each folder
    /// with what `os.path.join` adds to it.
    Copy {
        /// Of file names, relative to the source.
        pattern: String,
        /// Below the recipe's folder.
        from: String,
        /// Below the folder of exported sources.
        to: String,
    },
}
