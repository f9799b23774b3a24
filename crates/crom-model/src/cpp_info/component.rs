use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::CppInfoError;

macro_rules! list_fields {
    ($($variant:ident $field:ident $doc:literal),* $(,)?) => {
        /// The attributes of a component that are lists of texts, in the order of the JSON.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ListField {
            $(#[doc = $doc] $variant),*
        }

        impl ListField {
            /// All of them.
            pub const ALL: &'static [ListField] = &[$(ListField::$variant),*];

            /// The name of the attribute.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(ListField::$variant => stringify!($field)),*
                }
            }

            /// From the name of the attribute.
            pub fn parse(name: &str) -> Option<ListField> {
                match name {
                    $(stringify!($field) => Some(ListField::$variant),)*
                    _ => None,
                }
            }
        }

        /// A component, or the package as a whole. None means: never set.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Component {
            $(#[doc = $doc] pub $field: Option<Vec<String>>,)*
            /// Folder with which the compiler replaces the root folder.
            pub sysroot: Option<String>,
            /// `component`, `package::component` or `package::package`.
            pub requires: Option<Vec<String>>,
            /// What `set_property()` got, in that order.
            pub properties: Option<IndexMap<String, Value>>,
            /// Name of the executable.
            pub exe: Option<String>,
            /// Package type of this component.
            pub r#type: Option<String>,
            /// Path of the library or executable.
            pub location: Option<String>,
            /// Path of the import library of a DLL.
            pub link_location: Option<String>,
            /// Languages, `C` and `C++`.
            pub languages: Option<Vec<String>>,
            /// The package is a framework bundle of its own.
            pub package_framework: Option<bool>,
        }

        impl Component {
            /// A list by its name; none if never set.
            pub fn list(&self, field: ListField) -> Option<&[String]> {
                match field {
                    $(ListField::$variant => self.$field.as_deref()),*
                }
            }

            /// The slot of a list.
            pub fn list_slot(&mut self, field: ListField) -> &mut Option<Vec<String>> {
                match field {
                    $(ListField::$variant => &mut self.$field),*
                }
            }

            $(
                #[doc = $doc]
                #[doc = "\n\nEmpty if never set."]
                pub fn $field(&self) -> &[String] {
                    self.$field.as_deref().unwrap_or(&[])
                }
            )*
        }
    };
}

list_fields! {
    IncludeDirs includedirs "Folders with headers.",
    SrcDirs srcdirs "Folders with sources.",
    LibDirs libdirs "Folders with libraries.",
    ResDirs resdirs "Folders with resources.",
    BinDirs bindirs "Folders with executables and DLLs.",
    BuildDirs builddirs "Folders with build scripts.",
    FrameworkDirs frameworkdirs "Folders with macOS frameworks.",
    SystemLibs system_libs "Libraries of the system.",
    Frameworks frameworks "macOS frameworks.",
    Libs libs "Libraries, in link order.",
    Defines defines "Preprocessor definitions.",
    CFlags cflags "Flags for the C compiler.",
    CxxFlags cxxflags "Flags for the C++ compiler.",
    SharedLinkFlags sharedlinkflags "Flags for linking a shared library.",
    ExeLinkFlags exelinkflags "Flags for linking an executable.",
    Objects objects "Object files.",
    Sources sources "Source files.",
}

impl ListField {
    /// The lists of paths that are relative to the package folder.
    pub const FOLDERS: &'static [ListField] = &[
        ListField::IncludeDirs,
        ListField::SrcDirs,
        ListField::LibDirs,
        ListField::ResDirs,
        ListField::BinDirs,
        ListField::BuildDirs,
        ListField::FrameworkDirs,
        ListField::Objects,
    ];
}

impl Component {
    /// With the default folders `include`, `lib`, `bin`.
    pub fn with_defaults() -> Self {
        let one = |folder: &str| Some(vec![folder.to_owned()]);
        Self {
            includedirs: one("include"),
            libdirs: one("lib"),
            bindirs: one("bin"),
            ..Self::default()
        }
    }

    /// `requires`, empty if never set.
    pub fn requires(&self) -> &[String] {
        self.requires.as_deref().unwrap_or(&[])
    }

    /// `languages`, empty if never set.
    pub fn languages(&self) -> &[String] {
        self.languages.as_deref().unwrap_or(&[])
    }

    /// `includedir`: the only one of `includedirs`.
    pub fn includedir(&self) -> Result<&str, CppInfoError> {
        single("includedir", "includedirs", self.includedirs())
    }

    /// `libdir`: the only one of `libdirs`.
    pub fn libdir(&self) -> Result<&str, CppInfoError> {
        single("libdir", "libdirs", self.libdirs())
    }

    /// `bindir`: the only one of `bindirs`.
    pub fn bindir(&self) -> Result<&str, CppInfoError> {
        single("bindir", "bindirs", self.bindirs())
    }

    /// `set_property(name, value)`
    pub fn set_property(&mut self, name: &str, value: Value) {
        self.properties
            .get_or_insert_default()
            .insert(name.to_owned(), value);
    }

    /// `get_property(name)`: none if never set or `None`.
    pub fn get_property(&self, name: &str) -> Option<&Value> {
        self.properties
            .as_ref()?
            .get(name)
            .filter(|value| !value.is_null())
    }

    /// `get_property(name, check_type=str)`
    pub fn get_property_str(&self, name: &str) -> Result<Option<&str>, CppInfoError> {
        self.typed(name, "str", Value::as_str)
    }

    /// `get_property(name, check_type=bool)`
    pub fn get_property_bool(&self, name: &str) -> Result<Option<bool>, CppInfoError> {
        self.typed(name, "bool", Value::as_bool)
    }

    /// `get_property(name, check_type=list)`; items that aren't texts are written as JSON.
    pub fn get_property_list(&self, name: &str) -> Result<Option<Vec<String>>, CppInfoError> {
        let items = self.typed(name, "list", Value::as_array)?;
        let text = |item: &Value| {
            item.as_str()
                .map_or_else(|| item.to_string(), str::to_owned)
        };
        Ok(items.map(|items| items.iter().map(text).collect()))
    }

    /// `get_property(name, check_type=dict)`
    pub fn get_property_dict(
        &self,
        name: &str,
    ) -> Result<Option<&Map<String, Value>>, CppInfoError> {
        self.typed(name, "dict", Value::as_object)
    }

    fn typed<'a, T>(
        &'a self,
        name: &str,
        expected: &'static str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, CppInfoError> {
        let Some(value) = self.get_property(name) else {
            return Ok(None);
        };
        match read(value) {
            Some(value) => Ok(Some(value)),
            None => Err(CppInfoError::PropertyType {
                name: name.to_owned(),
                expected,
                found: python_type(value),
            }),
        }
    }

    /// `requires` as (package or none for a component of the same package, component).
    pub fn parsed_requires(&self) -> Vec<(Option<String>, String)> {
        let requires = self.requires().iter();
        requires
            .map(|text| match text.split_once("::") {
                Some((package, component)) => (Some(package.to_owned()), component.to_owned()),
                None => (None, text.clone()),
            })
            .collect()
    }

    /// The components of the same package that it requires.
    pub fn required_component_names(&self) -> Vec<String> {
        let parsed = self.parsed_requires().into_iter();
        parsed
            .filter(|(package, _)| package.is_none())
            .map(|(_, component)| component)
            .collect()
    }

    /// Takes in what `other` has. Lists grow by what they don't have yet, or are replaced with
    /// `overwrite`; properties and single values of `other` win, but for `sysroot`.
    pub fn merge(&mut self, other: &Component, overwrite: bool) {
        self.merge_lists(other, overwrite);
        if let Some(properties) = &other.properties {
            let mine = self.properties.get_or_insert_default();
            mine.extend(
                properties
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone())),
            );
        }
    }

    pub(super) fn merge_lists(&mut self, other: &Component, overwrite: bool) {
        for field in ListField::ALL {
            merge_list(self.list_slot(*field), other.list(*field), overwrite);
        }
        merge_list(&mut self.requires, other.requires.as_deref(), overwrite);
        if self.sysroot.as_ref().is_none_or(String::is_empty) {
            self.sysroot = other.sysroot.clone().or(self.sysroot.take());
        }
        let replace = |mine: &mut Option<String>, theirs: &Option<String>| {
            if theirs.is_some() {
                mine.clone_from(theirs);
            }
        };
        replace(&mut self.exe, &other.exe);
        replace(&mut self.r#type, &other.r#type);
        replace(&mut self.location, &other.location);
        replace(&mut self.link_location, &other.link_location);
        if other.languages.is_some() {
            self.languages.clone_from(&other.languages);
        }
        self.package_framework = other.package_framework.or(self.package_framework);
    }

    /// Makes the relative folders absolute: `folder/` before each.
    pub fn set_relative_base_folder(&mut self, folder: &str) {
        for field in ListField::FOLDERS {
            for path in self.list_slot(*field).iter_mut().flatten() {
                if !is_absolute(path) {
                    *path = join(folder, path);
                }
            }
        }
    }

    /// Moves the absolute folders below `package_folder` to `deploy_folder`.
    pub fn deploy_base_folder(&mut self, package_folder: &str, deploy_folder: &str) {
        for field in ListField::FOLDERS {
            for path in self.list_slot(*field).iter_mut().flatten() {
                if let Some(relative) = relative_to(path, package_folder) {
                    *path = join(deploy_folder, &relative);
                }
            }
        }
    }

    /// As in the graph's JSON: every attribute, null if never set.
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        for field in ListField::ALL {
            map.insert(field.as_str().to_owned(), json!(self.list(*field)));
        }
        for (name, value) in [
            ("sysroot", json!(self.sysroot)),
            ("requires", json!(self.requires)),
            ("properties", json!(self.properties)),
            ("exe", json!(self.exe)),
            ("type", json!(self.r#type)),
            ("location", json!(self.location)),
            ("link_location", json!(self.link_location)),
            ("languages", json!(self.languages)),
        ] {
            map.insert(name.to_owned(), value);
        }
        Value::Object(map)
    }

    /// From the graph's JSON. Missing attributes are never set, unknown ones are ignored.
    pub fn from_json(json: &Value) -> Result<Component, CppInfoError> {
        serde_json::from_value(json.clone()).map_err(|error| CppInfoError::Json(error.to_string()))
    }
}

fn merge_list(mine: &mut Option<Vec<String>>, theirs: Option<&[String]>, overwrite: bool) {
    let Some(theirs) = theirs else {
        return;
    };
    if overwrite || mine.is_none() {
        *mine = Some(theirs.to_vec());
        return;
    }
    let mine = mine.get_or_insert_default();
    let known: BTreeSet<String> = mine.iter().cloned().collect();
    mine.extend(theirs.iter().filter(|item| !known.contains(*item)).cloned());
}

fn single<'a>(
    property: &'static str,
    list: &'static str,
    items: &'a [String],
) -> Result<&'a str, CppInfoError> {
    let reason = match items {
        [one] => return Ok(one),
        [] => "is empty",
        _ => "has more than one element",
    };
    Err(CppInfoError::NotSingle {
        property,
        list,
        reason,
    })
}

fn python_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// Absolute on any platform: a package's paths may be those of another system.
fn is_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    let drive = bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    path.starts_with(['/', '\\']) || (drive && matches!(bytes[2], b'/' | b'\\'))
}

fn join(folder: &str, path: &str) -> String {
    if folder.ends_with('/') || folder.is_empty() {
        format!("{folder}{path}")
    } else {
        format!("{folder}/{path}")
    }
}

/// The normalised path below `folder`, `.` for the folder itself; none if it is elsewhere.
fn relative_to(path: &str, folder: &str) -> Option<String> {
    if !is_absolute(path) {
        return None;
    }
    let (path, folder) = (normalised(path), normalised(folder));
    let rest = path.strip_prefix(folder.as_slice())?;
    Some(if rest.is_empty() {
        ".".to_owned()
    } else {
        rest.join("/")
    })
}

fn normalised(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts
}
