//! BazelDeps: a Bazel repository per package, and the module that loads them.

use crom_model::cpp_info::Component;
use serde::{Deserialize, Serialize};

use crate::cmake::Consumer;
use crate::cmake::config_deps::locate::{Listing, SHARED, folders_to_list, locate_library};
use crate::cmake::consumer::Dependency;
use crate::cmake::text::{Level, Message, inside, join};
use crate::error::GeneratorError;
use crate::file::File;

/// The attributes of a `BazelDeps` object, and what is on the disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BazelDeps {
    /// The package.
    pub consumer: Consumer,
    /// Tool requirements that get a repository too, named `build-<name>`.
    #[serde(deserialize_with = "crate::lenient::list")]
    pub build_context_activated: Vec<String>,
    /// The files of [`BazelDeps::folders_to_list`].
    pub listing: Listing,
}

/// Files, and what to tell the user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BazelResult {
    /// All files.
    pub files: Vec<File>,
    /// Warnings.
    pub messages: Vec<Message>,
}

impl BazelDeps {
    fn dependencies(&self) -> Vec<Dependency<'_>> {
        let mut all: Vec<_> = self
            .consumer
            .host_and_test()
            .into_iter()
            .filter(|it| !it.require.skip)
            .collect();
        all.extend(self.consumer.build().into_iter().filter(|it| {
            self.build_context_activated
                .iter()
                .any(|name| name == it.name())
        }));
        all
    }

    /// The folders whose files have to be known.
    pub fn folders_to_list(&self) -> Vec<String> {
        folders_to_list(&self.dependencies())
    }

    /// Renders the files.
    ///
    /// # Errors
    /// If a library can't be found, or components require each other in a circle.
    pub fn render(&self) -> Result<BazelResult, GeneratorError> {
        let mut result = BazelResult::default();
        let mut repositories = Vec::new();
        for dependency in self.dependencies() {
            let repository = repository_name(dependency);
            let build = self.build_file(dependency, &mut result.messages)?;
            for (name, text) in [
                ("BUILD.bazel", build.clone()),
                ("BUILD.rules_cc.bazel", format!("{RULES_CC}{build}")),
            ] {
                result
                    .files
                    .push(File::new(format!("{repository}/{name}"), text));
            }
            repositories.push(Repository {
                build_folder: join(&self.consumer.folders.generators, &repository),
                package: dependency.package.folders.package.replace('\\', "/"),
                name: repository,
            });
        }
        result.files.extend(index_files(&repositories));
        Ok(result)
    }

    fn build_file(
        &self,
        dependency: Dependency<'_>,
        messages: &mut Vec<Message>,
    ) -> Result<String, GeneratorError> {
        let info = &dependency.package.cpp_info;
        let name = target_name(dependency);
        let mut text = String::from("# Components precompiled libs\n");
        let mut libraries = Vec::new();
        let components = info.get_sorted_components()?;
        for (component, own) in &components {
            if own.libs().len() > 1 {
                messages.push(Message::new(
                    Level::Deprecated,
                    format!(
                        "{}: The 'cpp_info.components[{component}] contains more than 1 library. \
                         Define 1 component for each library instead.",
                        dependency.display()
                    ),
                ));
            }
            text.push_str(&self.imports(dependency, own, messages)?);
            let target = component_target(dependency, component, own);
            libraries.push(library(
                dependency,
                &target,
                own,
                &self.requires(dependency, own),
            ));
        }
        text.push_str("# Root package precompiled libs\n");
        let mut root = info.root.clone();
        let mut required: Vec<String> = Vec::new();
        if components.is_empty() {
            if root.libs().len() > 1 {
                messages.push(Message::new(
                    Level::Deprecated,
                    format!(
                        "{}: The 'cpp_info.libs' contain more than 1 library. Define \
                         'cpp_info.components' instead.",
                        dependency.display()
                    ),
                ));
            }
            text.push_str(&self.imports(dependency, &root, messages)?);
            required = self.requires(dependency, &root);
            if root.requires().is_empty() {
                required.extend(self.direct_packages(dependency));
            }
        } else {
            root.libs = None;
            required.extend(
                components
                    .iter()
                    .map(|(name, own)| format!(":{}", component_target(dependency, name, own))),
            );
        }
        text.push_str("\n# Components libraries declaration\n");
        text.push_str(&libraries.concat());
        text.push_str("# Package library declaration\n");
        text.push_str(&library(dependency, &name, &root, &required));
        text.push_str("# Filegroup library declaration\n");
        let folders = relative(dependency, root.bindirs());
        if !folders.is_empty() {
            text.push_str(&format!(
                "filegroup(\n    name = \"{name}_binaries\",\n    srcs = glob([\n{}    ],\n    \
                 allow_empty = True\n    ),\n    visibility = [\"//visibility:public\"],\n)\n",
                items(&globs(&folders))
            ));
        }
        Ok(text)
    }

    /// `cc_import` for each library.
    fn imports(
        &self,
        dependency: Dependency<'_>,
        component: &Component,
        messages: &mut Vec<Message>,
    ) -> Result<String, GeneratorError> {
        let package = &dependency.package.folders.package;
        let path = |file: &str| inside(file, package).unwrap_or(file).to_owned();
        let mut text = String::new();
        for lib in component.libs() {
            let (kind, location, link) = match (&component.location, &component.r#type) {
                (Some(location), Some(kind)) => (
                    if kind == SHARED {
                        SHARED
                    } else {
                        "static-library"
                    },
                    join(package, location),
                    component.link_location.as_ref().map(|it| join(package, it)),
                ),
                _ => locate_library(dependency, component, lib, &self.listing, messages)
                    .map_err(|error| GeneratorError::invalid(error.to_string()))?,
            };
            text.push_str(&format!("cc_import(\n    name = \"{lib}_precompiled\",\n"));
            if kind == SHARED {
                text.push_str(&format!("    shared_library = \"{}\",\n", path(&location)));
                if let Some(link) = link {
                    text.push_str(&format!("    interface_library = \"{}\",\n", path(&link)));
                } else if !location.ends_with(".dll") {
                    let folder = location.rsplit_once('/').map_or("", |(folder, _)| folder);
                    text.push_str(&format!(
                        "    linkopts = [\n        \"-Wl,-rpath,{folder}\",\n    ],\n"
                    ));
                }
            } else {
                text.push_str(&format!("    static_library = \"{}\",\n", path(&location)));
            }
            text.push_str(")\n\n");
        }
        Ok(text)
    }

    fn requires(&self, dependency: Dependency<'_>, component: &Component) -> Vec<String> {
        let known = self.consumer.dependencies_of(dependency.index);
        let mut labels = Vec::new();
        for (other, name) in component.parsed_requires() {
            match other {
                None => {
                    let info = &dependency.package.cpp_info;
                    if let Some(own) = info.components.get(&name) {
                        labels.push(format!(":{}", component_target(dependency, &name, own)));
                    }
                }
                Some(other) => {
                    let Some(found) = known.iter().find(|it| it.name() == other && !it.is_build())
                    else {
                        continue;
                    };
                    let target = match found.package.cpp_info.components.get(&name) {
                        Some(own) => component_target(*found, &name, own),
                        None => target_name(*found),
                    };
                    labels.push(format!("@{}//:{target}", repository_name(*found)));
                }
            }
        }
        labels
    }

    /// What a package requires as a whole when it doesn't say what it needs.
    fn direct_packages(&self, dependency: Dependency<'_>) -> Vec<String> {
        let visible = self.dependencies();
        self.consumer
            .dependencies_of(dependency.index)
            .into_iter()
            .filter(|it| it.require.direct() && !it.is_build() && !it.require.test())
            .filter(|it| visible.iter().any(|seen| seen.index == it.index))
            .map(|it| format!("@{}//:{}", repository_name(it), target_name(it)))
            .collect()
    }
}

fn property<'a>(component: &'a Component, name: &str) -> Option<&'a str> {
    component
        .get_property(name)
        .and_then(serde_json::Value::as_str)
}

fn repository_name(dependency: Dependency<'_>) -> String {
    let name = property(&dependency.package.cpp_info.root, "bazel_repository_name")
        .unwrap_or(dependency.name());
    if dependency.is_build() {
        format!("build-{name}")
    } else {
        name.to_owned()
    }
}

fn target_name(dependency: Dependency<'_>) -> String {
    property(&dependency.package.cpp_info.root, "bazel_target_name")
        .unwrap_or(dependency.name())
        .to_owned()
}

fn component_target(dependency: Dependency<'_>, name: &str, component: &Component) -> String {
    property(component, "bazel_target_name").map_or_else(
        || format!("{}-{name}", target_name(dependency)),
        str::to_owned,
    )
}

/// Folders relative to the package, without those outside.
fn relative(dependency: Dependency<'_>, folders: &[String]) -> Vec<String> {
    let package = &dependency.package.folders.package;
    folders
        .iter()
        .filter_map(|it| {
            let path = join(package, it);
            inside(&path, package).map(str::to_owned)
        })
        .collect()
}

fn globs(folders: &[String]) -> Vec<String> {
    folders
        .iter()
        .map(|it| {
            if it.is_empty() {
                "**".to_owned()
            } else {
                format!("{it}/**")
            }
        })
        .collect()
}

fn items(values: &[String]) -> String {
    values
        .iter()
        .map(|it| format!("        \"{it}\",\n"))
        .collect()
}

fn list(name: &str, values: &[String]) -> String {
    if values.is_empty() {
        return String::new();
    }
    format!("    {name} = [\n{}    ],\n", items(values))
}

fn library(
    dependency: Dependency<'_>,
    name: &str,
    component: &Component,
    required: &[String],
) -> String {
    let headers = relative(dependency, component.includedirs());
    let mut text = format!("cc_library(\n    name = \"{name}\",\n");
    if !headers.is_empty() {
        text.push_str(&format!(
            "    hdrs = glob([\n{}    ],\n    allow_empty = True\n    ),\n",
            items(&globs(&headers))
        ));
        text.push_str(&list("includes", &headers));
    }
    let defines: Vec<String> = component
        .defines()
        .iter()
        .map(|it| it.replace('"', "\\\\\\\""))
        .collect();
    text.push_str(&list("defines", &defines));
    let mut link: Vec<String> = component
        .system_libs()
        .iter()
        .map(|it| format!("-l{it}"))
        .collect();
    for framework in component.frameworks() {
        link.extend(["-framework".to_owned(), framework.clone()]);
    }
    link.extend(component.sharedlinkflags().iter().cloned());
    link.extend(component.exelinkflags().iter().cloned());
    text.push_str(&list("linkopts", &link));
    let mut compile = component.cxxflags().to_vec();
    compile.extend(component.cflags().iter().cloned());
    text.push_str(&list("copts", &compile));
    text.push_str("    visibility = [\"//visibility:public\"],\n");
    let mut labels: Vec<String> = component
        .libs()
        .iter()
        .map(|it| format!(":{it}_precompiled"))
        .collect();
    labels.extend(required.iter().cloned());
    if !labels.is_empty() {
        text.push_str("    deps = [\n        # do not sort\n");
        text.push_str(&items(&labels));
        text.push_str("    ],\n");
    }
    text.push_str(")\n\n");
    text
}

const RULES_CC: &str = "load(\"@rules_cc//cc:cc_import.bzl\", \"cc_import\")\n\
                        load(\"@rules_cc//cc:cc_library.bzl\", \"cc_library\")\n\n";

/// A package as a Bazel repository.
struct Repository {
    name: String,
    package: String,
    build_folder: String,
}

/// The files that load the repositories: for `WORKSPACE`, and modules for the rules that Bazel
/// brings along and for those of `rules_cc`.
fn index_files(repositories: &[Repository]) -> Vec<File> {
    let names: Vec<String> = repositories
        .iter()
        .map(|it| format!(", \"{}\"", it.name))
        .collect();
    let module = format!(
        "# Made by BazelDeps. To be included by MODULE.bazel:\n\
         # include(\"//conan:conan_deps.MODULE.bazel\")\n\n\
         bazel_dep(name = \"rules_cc\", version = \"0.2.17\")\n\n\
         load_conan_dependencies = use_extension(\n    \
         \"//conan:conan_deps_module_extension_rules_cc.bzl\",\n    \"conan_extension\",\n)\n\
         use_repo(load_conan_dependencies{})\n",
        names.concat()
    );
    let mut workspace = String::from(
        "# To be loaded by a WORKSPACE (with bazel_layout()):\n\
         # load(\"@//conan:dependencies.bzl\", \"load_conan_dependencies\")\n\
         # load_conan_dependencies()\n\ndef load_conan_dependencies():\n",
    );
    for repository in repositories {
        workspace.push_str(&format!(
            "    native.new_local_repository(\n        name=\"{}\",\n        path=\"{}\",\n        \
             build_file=\"{}/BUILD.bazel\",\n    )\n",
            repository.name, repository.package, repository.build_folder
        ));
    }
    if repositories.is_empty() {
        workspace.push_str("    pass\n");
    }
    vec![
        File::new("BUILD.bazel", "# This is an empty BUILD file.\n"),
        File::new("conan_deps.MODULE.bazel", module),
        File::new(
            "conan_deps_module_extension.bzl",
            extension(repositories, "BUILD.bazel"),
        ),
        File::new(
            "conan_deps_module_extension_rules_cc.bzl",
            extension(repositories, "BUILD.rules_cc.bazel"),
        ),
        File::new("conan_deps_repo_rules.bzl", REPOSITORY_RULE),
        File::new("dependencies.bzl", workspace),
    ]
}

fn extension(repositories: &[Repository], build_file: &str) -> String {
    let mut text = String::from(
        "# A repository per package of the graph, made by BazelDeps.\n\
         load(\":conan_deps_repo_rules.bzl\", \"conan_dependency_repo\")\n\n\
         def _load_dependencies_impl(mctx):\n",
    );
    for repository in repositories {
        text.push_str(&format!(
            "    conan_dependency_repo(\n        name = \"{}\",\n        package_path = \"{}\",\n        \
             build_file_path = \"{}/{build_file}\",\n    )\n",
            repository.name, repository.package, repository.build_folder
        ));
    }
    text.push_str(
        r#"
    # "reproducible" keeps the local paths out of lockfiles (Bazel 7.1 and later).
    return mctx.extension_metadata(
        root_module_direct_deps = 'all',
        root_module_direct_dev_deps = [],
        reproducible = True,
    )

conan_extension = module_extension(
    implementation = _load_dependencies_impl,
    os_dependent = True,
    arch_dependent = True,
)
"#,
    );
    text
}

const REPOSITORY_RULE: &str = r#"# Makes a package's folder a repository: links to what is in it, and its BUILD file.
def _conan_dependency_repo(rctx):
    package_path = rctx.workspace_root.get_child(rctx.attr.package_path)
    for child in package_path.readdir():
        rctx.symlink(child, child.basename)
    rctx.symlink(rctx.attr.build_file_path, "BUILD.bazel")

conan_dependency_repo = repository_rule(
    implementation = _conan_dependency_repo,
    attrs = {
        "package_path": attr.string(
            mandatory = True,
            doc = "Folder of the package.",
        ),
        "build_file_path": attr.string(
            mandatory = True,
            doc = "Its BUILD file.",
        ),
    },
)
"#;
