//! Where the libraries of a package are, deduced from its folders' files.
//!
//! A recipe says `libs = ["z"]`; an imported target needs `lib/libz.a` and whether that is static.

use crom_model::cpp_info::{Component, CppInfo};
use crom_model::package_type::PackageType;
use indexmap::{IndexMap, IndexSet};

use crate::cmake::CMakeError;
use crate::cmake::consumer::Dependency;
use crate::cmake::text::{Level, Message, join};

/// Names of the files in folders, by absolute folder.
pub type Listing = IndexMap<String, Vec<String>>;

/// Kinds of libraries, the values of a component's `type`.
pub(crate) const STATIC: &str = "static-library";
pub(crate) const SHARED: &str = "shared-library";

/// The folders whose files have to be known.
pub(crate) fn folders_to_list(dependencies: &[Dependency<'_>]) -> Vec<String> {
    let mut folders = IndexSet::new();
    for dependency in dependencies {
        let info = &dependency.package.cpp_info;
        for component in std::iter::once(&info.root).chain(info.components.values()) {
            let dirs = component
                .libdirs()
                .iter()
                .chain(component.bindirs())
                .chain(component.builddirs());
            for dir in dirs {
                folders.insert(join(&dependency.package.folders.package, dir));
            }
        }
    }
    folders.into_iter().collect()
}

/// `cpp_info` with types and locations. Several libraries in one place become components.
pub(crate) fn locate(
    dependency: Dependency<'_>,
    listing: &Listing,
) -> Result<(CppInfo, Vec<Message>), CMakeError> {
    let mut messages = Vec::new();
    let mut info = (*dependency.package.cpp_info).clone();
    if info.components.is_empty() && info.root.libs().len() > 1 {
        messages.push(Message::new(
            Level::Deprecated,
            format!(
                "{}: The 'cpp_info.libs' contain more than 1 library. Define \
                 'cpp_info.components' instead.",
                dependency.display()
            ),
        ));
        info = split(&info);
    }
    let has_components = !info.components.is_empty();
    for (name, component) in &mut info.components {
        let what = format!("cpp_info.components[\"{name}\"]");
        locate_component(dependency, &what, component, listing, &mut messages)?;
    }
    if !has_components {
        locate_component(
            dependency,
            "cpp_info",
            &mut info.root,
            listing,
            &mut messages,
        )?;
    }
    Ok((info, messages))
}

/// A component per library, and one with what they have in common.
fn split(info: &CppInfo) -> CppInfo {
    let mut common = info.root.clone();
    common.libs = None;
    common.properties = None;
    common.r#type = None;
    let mut components = IndexMap::from([("_common".to_owned(), common)]);
    for lib in info.root.libs() {
        let component = Component {
            libs: Some(vec![lib.clone()]),
            includedirs: info.root.includedirs.clone(),
            libdirs: info.root.libdirs.clone(),
            bindirs: info.root.bindirs.clone(),
            languages: info.root.languages.clone(),
            r#type: info.root.r#type.clone(),
            requires: Some(vec!["_common".to_owned()]),
            ..Component::default()
        };
        components.insert(format!("_{lib}"), component);
    }
    let root = Component {
        properties: info.root.properties.clone(),
        ..Component::default()
    };
    CppInfo {
        root,
        components,
        default_components: None,
        ..info.clone()
    }
}

fn locate_component(
    dependency: Dependency<'_>,
    what: &str,
    component: &mut Component,
    listing: &Listing,
    messages: &mut Vec<Message>,
) -> Result<(), CMakeError> {
    let owner = dependency.display();
    if component.exe.is_some() {
        if component.location.is_none() {
            return Err(CMakeError::invalid(format!(
                "{owner} {what} has .exe and no .location"
            )));
        }
        component.r#type = Some("application".to_owned());
        return Ok(());
    }
    if component.location.is_some() || component.link_location.is_some() {
        if component.r#type.is_none() {
            return Err(CMakeError::invalid(format!(
                "{owner} {what} defines .location, but no .type"
            )));
        }
        return Ok(());
    }
    let [lib] = component.libs() else {
        if component.libs().len() > 1 {
            return Err(CMakeError::invalid(format!(
                "{owner} {what} has more than 1 library in .libs: {:?}, cannot deduce locations",
                component.libs()
            )));
        }
        return Ok(());
    };
    let lib = lib.clone();
    let (kind, location, link) = locate_library(dependency, component, &lib, listing, messages)?;
    component.r#type = Some(kind.to_owned());
    component.location = Some(location);
    component.link_location = link;
    Ok(())
}

/// Where one library of a component is: its kind, the file, and what is linked where that is
/// another file (the import library of a DLL).
pub(crate) fn locate_library(
    dependency: Dependency<'_>,
    component: &Component,
    lib: &str,
    listing: &Listing,
    messages: &mut Vec<Message>,
) -> Result<Choice, CMakeError> {
    let owner = dependency.display();
    let declared = match component.r#type.as_deref() {
        Some(declared) => Some(declared.to_owned()),
        None => match dependency.package.package_type {
            PackageType::StaticLibrary => Some(STATIC.to_owned()),
            PackageType::SharedLibrary => Some(SHARED.to_owned()),
            _ => None,
        },
    };
    let found = find(dependency, component, lib, listing);
    let Some(choice) = choose(&owner, lib, declared.as_deref(), found, messages) else {
        let package = &dependency.package.folders.package;
        let folders: Vec<String> = component
            .libdirs()
            .iter()
            .map(|it| format!("'{}'", join(package, it)))
            .collect();
        return Err(CMakeError::invalid(format!(
            "{owner}: Cannot obtain 'location' for library '{lib}' in [{}]. You can specify \
             'cpp_info.location' directly or report in github.com/conan-io/conan/issues if you \
             think it should have been deduced correctly.",
            folders.join(", ")
        )));
    };
    if declared.as_deref() != Some(choice.0) {
        messages.push(Message::new(
            Level::Warning,
            format!(
                "{owner}: Lib {lib} deduced as '{}', but 'package_type={}'",
                choice.0,
                dependency.package.package_type.as_str()
            ),
        ));
    }
    Ok(choice)
}

/// Files that may be a library.
#[derive(Default)]
struct Found {
    /// `libz.a`, `z.lib`
    static_library: Option<String>,
    /// `libz.so`, `libz.dylib`
    shared_library: Option<String>,
    /// `z.dll`
    dll: Option<String>,
    /// `libz.dll.a`, `z.dll.lib`, `z.if.lib`
    import_library: Option<String>,
}

fn find(dependency: Dependency<'_>, component: &Component, lib: &str, listing: &Listing) -> Found {
    let package = &dependency.package.folders.package;
    let files = |dirs: &[String]| -> Vec<(String, String)> {
        dirs.iter()
            .map(|dir| join(package, dir))
            .flat_map(|dir| {
                let names = listing.get(&dir).cloned().unwrap_or_default();
                names.into_iter().map(move |name| (join(&dir, &name), name))
            })
            .collect()
    };
    let libs = files(component.libdirs());
    let bins = files(component.bindirs());
    let first = |files: &[(String, String)], names: &[String]| {
        names.iter().find_map(|name| {
            files
                .iter()
                .find(|(_, file)| file == name)
                .map(|(path, _)| path.clone())
        })
    };
    // The name may already be that of a file: libs = ["libz.a"]
    let names = |patterns: &[&str]| -> Vec<String> {
        patterns
            .iter()
            .map(|pattern| pattern.replace('*', lib))
            .collect()
    };
    let plain = |suffixes: &[&str]| suffixes.iter().any(|suffix| lib.ends_with(suffix));
    let exact = first(&libs, &[lib.to_owned()]);
    let dlls = first(&bins, &names(&["*.dll", "lib*.dll"])).or_else(|| versioned_dll(&bins, lib));
    Found {
        static_library: first(&libs, &names(&["lib*.a", "*.lib", "*.a", "lib*.lib"]))
            .or_else(|| exact.clone().filter(|_| plain(&[".a", ".lib"]))),
        shared_library: first(&libs, &names(&["lib*.so", "lib*.dylib", "*.so", "*.dylib"]))
            .or_else(|| versioned_so(&libs, lib))
            .or_else(|| exact.filter(|_| plain(&[".so", ".dylib"]) || lib.contains(".so."))),
        import_library: first(&libs, &names(&["lib*.dll.a", "*.dll.lib", "*.if.lib"])),
        dll: dlls.or_else(|| first(&libs, &names(&["*.dll"]))),
    }
}

/// `libz.so.1` and `libz.1.dylib` without a link of the plain name.
fn versioned_so(files: &[(String, String)], lib: &str) -> Option<String> {
    let so = format!("lib{lib}.so.");
    let dylib = format!("lib{lib}.");
    let is_one = |name: &str| {
        name.starts_with(&so) || (name.starts_with(&dylib) && name.ends_with(".dylib"))
    };
    files
        .iter()
        .find(|(_, name)| is_one(name))
        .map(|(path, _)| path.clone())
}

/// `z-1.dll`, `libz1.dll`
fn versioned_dll(files: &[(String, String)], lib: &str) -> Option<String> {
    let mut candidates = files.iter().filter(|(_, name)| {
        name.ends_with(".dll") && name.trim_start_matches("lib").starts_with(lib)
    });
    let only = candidates.next()?;
    candidates.next().is_none().then(|| only.0.clone())
}

/// Kind, location, link location.
pub(crate) type Choice = (&'static str, String, Option<String>);

fn choose(
    owner: &str,
    lib: &str,
    declared: Option<&str>,
    found: Found,
    messages: &mut Vec<Message>,
) -> Option<Choice> {
    let Found {
        static_library,
        shared_library,
        dll,
        import_library,
    } = found;
    if let (Some(a), Some(so)) = (&static_library, &shared_library) {
        messages.push(Message::new(
            Level::Warning,
            format!("{owner}: Lib {lib} has both static {a} and shared {so} in the same package"),
        ));
        return Some(if declared == Some(SHARED) {
            (SHARED, so.clone(), None)
        } else {
            (STATIC, a.clone(), None)
        });
    }
    match (static_library, shared_library, dll) {
        (library, None, Some(dll)) if declared != Some(STATIC) => {
            let link = import_library.or(library);
            if link.is_none() {
                messages.push(Message::new(
                    Level::Warning,
                    format!("{owner}: Lib {lib} has a DLL but no import library"),
                ));
            }
            Some((SHARED, dll, link))
        }
        (Some(library), None, _) => Some((STATIC, library, None)),
        (None, Some(library), _) => Some((SHARED, library, None)),
        _ => import_library.map(|library| (STATIC, library, None)),
    }
}
