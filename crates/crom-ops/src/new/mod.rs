//! `new`: a recipe and its sources from a template.
//!
//! A template is a list of files whose names and contents are Jinja. Built-in ones are part of the
//! program; a user's own is a folder, given by an absolute path, by a path from the current folder,
//! or by a name below `templates/command/new` of the Conan home.

mod builtin;

use std::path::{Path, PathBuf};

use crom_model::reference::RecipeReference;
use crom_model::reporter::Reporter;
use minijinja::{Environment, UndefinedBehavior, Value};

use crate::OpsError;

/// What to make.
#[derive(Clone, Debug, Default)]
pub struct NewRequest {
    /// A built-in template's name, a name below the home, or a path.
    pub template: Option<String>,
    /// `name=value`; a name that is given several times becomes a list.
    pub defines: Vec<String>,
    /// Where the files go.
    pub output: PathBuf,
    /// Overwrite what is there.
    pub force: bool,
    /// The current folder.
    pub cwd: PathBuf,
    /// `templates/command/new` is looked up here.
    pub home: PathBuf,
}

/// A file of a template: path and content, both Jinja.
struct TemplateFile {
    path: String,
    content: Content,
}

enum Content {
    Jinja(String),
    /// Files below a user template's `not_templates` folder are copied as they are.
    Raw(Vec<u8>),
}

/// Writes the files of a template and returns their paths, relative to the output folder.
///
/// # Errors
/// An unknown template, an undefined variable, a wrong name, or a file that exists already.
pub fn new(request: &NewRequest, reporter: &dyn Reporter) -> Result<Vec<String>, OpsError> {
    let definitions = Definitions::parse(&request.defines)?;
    let name = request.template.as_deref().unwrap_or("basic");
    let workspace = name == "workspace" && user_template(name, request).is_none();
    let (files, definitions) = find(request, definitions)?;
    let mut rendered = render(files, &definitions)?;
    if workspace {
        rendered.extend(workspace_packages()?);
        rendered.sort();
    }
    for (path, _) in &rendered {
        if !request.force && crom_fs::exists(request.output.join(path)) {
            return Err(OpsError::message(format!(
                "File '{path}' already exists, and --force not defined, aborting"
            )));
        }
    }
    for (path, content) in &rendered {
        write(&request.output.join(path), content)?;
        reporter.status("", &format!("File saved: {path}"));
    }
    Ok(rendered.into_iter().map(|(path, _)| path).collect())
}

/// The packages of the template `workspace`.
fn workspace_packages() -> Result<Vec<(String, Vec<u8>)>, OpsError> {
    let mut rendered = Vec::new();
    for (name, template, requires) in builtin::WORKSPACE {
        let mut defines = vec![format!("name={name}"), "version=0.1".to_owned()];
        defines.extend(requires.map(|reference| format!("requires={reference}")));
        let mut definitions = Definitions::parse(&defines)?;
        definitions.complete()?;
        let files = render(builtin_files(template).unwrap_or_default(), &definitions)?;
        rendered.extend(
            files
                .into_iter()
                .map(|(path, content)| (format!("{name}/{path}"), content)),
        );
    }
    Ok(rendered)
}

fn builtin_files(name: &str) -> Option<Vec<TemplateFile>> {
    let template = builtin::TEMPLATES
        .iter()
        .find(|template| template.name == name)?;
    let files = template.files.iter().map(|(path, content)| TemplateFile {
        path: (*path).to_owned(),
        content: Content::Jinja((*content).to_owned()),
    });
    Some(files.collect())
}

/// The names of the built-in templates.
pub fn builtin_names() -> Vec<&'static str> {
    builtin::TEMPLATES
        .iter()
        .map(|template| template.name)
        .collect()
}

#[derive(Debug, Default)]
struct Definitions(serde_json::Map<String, serde_json::Value>);

impl Definitions {
    fn parse(defines: &[String]) -> Result<Self, OpsError> {
        let mut map = serde_json::Map::new();
        for define in defines {
            let Some((name, value)) = define.split_once('=') else {
                return Err(OpsError::message(format!(
                    "Template definitions must be 'key=value', received '{define}'"
                )));
            };
            match map.get_mut(name) {
                None => {
                    map.insert(name.to_owned(), value.into());
                }
                Some(serde_json::Value::Array(values)) => values.push(value.into()),
                Some(single) => *single = serde_json::json!([single.clone(), value]),
            }
        }
        Ok(Self(map))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(serde_json::Value::as_str)
    }

    fn list(&self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(serde_json::Value::Array(values)) => values
                .iter()
                .filter_map(|value| value.as_str().map(str::to_owned))
                .collect(),
            Some(serde_json::Value::String(value)) => vec![value.clone()],
            _ => Vec::new(),
        }
    }

    /// The variables that built-in templates use, derived from name, version and requirements.
    fn complete(&mut self) -> Result<(), OpsError> {
        for name in ["name", "version"] {
            if let Some(serde_json::Value::Array(values)) = self.0.get(name) {
                let values: Vec<_> = values
                    .iter()
                    .filter_map(|value| value.as_str().map(|value| format!("'{value}'")))
                    .collect();
                return Err(OpsError::message(format!(
                    "{name} argument can't be multiple: [{}]",
                    values.join(", ")
                )));
            }
        }
        let name = self.text("name").unwrap_or("mypkg").to_owned();
        if name != name.to_lowercase() {
            return Err(OpsError::message(format!(
                "name argument must be lowercase: {name}"
            )));
        }
        if let Err(error) = RecipeReference::new(name.as_str(), "1.0").validate(false) {
            return Err(OpsError::message(format!("name argument invalid: {error}")));
        }
        let version = self.text("version").unwrap_or("0.1").to_owned();
        let requires = self.list("requires");
        let required_names: Vec<_> = requires
            .iter()
            .map(|reference| reference.split('/').next().unwrap_or_default().to_owned())
            .collect();
        let identifier = as_identifier(&name);
        let class = class_name(&name);
        let mut set = |key: &str, value: serde_json::Value| {
            self.0.insert(key.to_owned(), value);
        };
        set(
            "required_identifiers",
            required_names
                .iter()
                .map(|name| as_identifier(name))
                .collect(),
        );
        set("required_names", required_names.into());
        set("requires", requires.into());
        set("name_upper", identifier.to_uppercase().into());
        set("name_identifier", identifier.into());
        set("class_name", format!("{class}Recipe").into());
        set("test_class_name", format!("{class}TestConan").into());
        set("package_name", class.into());
        set("name", name.into());
        set("version", version.into());
        let tool_requires = self.list("tool_requires");
        self.0
            .insert("tool_requires".to_owned(), tool_requires.into());
        Ok(())
    }
}

fn find(
    request: &NewRequest,
    mut definitions: Definitions,
) -> Result<(Vec<TemplateFile>, Definitions), OpsError> {
    let name = request.template.as_deref().unwrap_or("basic");
    if let Some(folder) = user_template(name, request) {
        // Users' templates see `conan_version` and their own definitions; name and version have
        // the same defaults as in built-in ones.
        let files = read_folder(&folder)?;
        definitions.complete()?;
        return Ok((files, definitions));
    }
    let Some(files) = builtin_files(name) else {
        return Err(
            OpsError::message(format!("Template doesn't exist or not a folder: {name}")).with_hint(
                format!("built-in templates are: {}", builtin_names().join(", ")),
            ),
        );
    };
    definitions.complete()?;
    Ok((files, definitions))
}

fn user_template(name: &str, request: &NewRequest) -> Option<PathBuf> {
    let candidates = [
        request.home.join("templates/command/new").join(name),
        request.cwd.join(name),
    ];
    let built_in = builtin::TEMPLATES
        .iter()
        .any(|template| template.name == name);
    candidates
        .into_iter()
        .enumerate()
        // A folder of the current directory doesn't hide a built-in template, one of the home does.
        .find(|(index, folder)| (*index == 0 || !built_in) && crom_fs::is_dir(folder))
        .map(|(_, folder)| folder)
}

fn read_folder(folder: &Path) -> Result<Vec<TemplateFile>, OpsError> {
    let mut files = Vec::new();
    for entry in crom_fs::walk(folder)? {
        if entry.kind == crom_fs::FileKind::Dir {
            continue;
        }
        let (path, relative) = (entry.path, entry.relative);
        let content = match relative.strip_prefix("not_templates/") {
            Some(name) => TemplateFile {
                path: name.to_owned(),
                content: Content::Raw(crom_fs::read(&path)?),
            },
            None => TemplateFile {
                path: relative,
                content: Content::Jinja(crom_fs::read_text(&path)?),
            },
        };
        files.push(content);
    }
    Ok(files)
}

fn render(
    files: Vec<TemplateFile>,
    definitions: &Definitions,
) -> Result<Vec<(String, Vec<u8>)>, OpsError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_keep_trailing_newline(true);
    environment.add_function("as_iterable", |value: Value| {
        if value.as_str().is_some() {
            Value::from(vec![value])
        } else {
            value
        }
    });
    environment.add_function("as_name", |value: String| as_identifier(&value));
    let mut variables = definitions.0.clone();
    variables.insert("conan_version".to_owned(), crate::CONAN_VERSION.into());
    let variables = Value::from_serialize(&variables);
    let mut rendered = Vec::new();
    for file in files {
        let path = environment
            .render_str(&file.path, &variables)
            .map_err(|error| jinja_error(&file.path, &error))?;
        let content = match file.content {
            Content::Raw(bytes) => bytes,
            Content::Jinja(text) => environment
                .render_str(&text, &variables)
                .map_err(|error| jinja_error(&path, &error))?
                .into_bytes(),
        };
        // An empty file means that the definitions leave it out.
        if !content.is_empty() {
            rendered.push((path, content));
        }
    }
    rendered.sort();
    Ok(rendered)
}

fn jinja_error(path: &str, error: &minijinja::Error) -> OpsError {
    let line = error
        .line()
        .map(|line| format!(", line {line}"))
        .unwrap_or_default();
    if error.kind() == minijinja::ErrorKind::UndefinedError {
        OpsError::message(format!(
            "Missing definitions for the template: {path}{line}: {error}"
        ))
        .with_hint("define the variable with '-d name=value'")
    } else {
        OpsError::message(format!(
            "Error while rendering the template: {path}{line}: TemplateSyntaxError: {error}"
        ))
    }
}

fn write(path: &Path, content: &[u8]) -> Result<(), OpsError> {
    if let Some(folder) = path.parent() {
        crom_fs::create_dir_all(folder)?;
    }
    Ok(crom_fs::write(path, content)?)
}

fn as_identifier(name: &str) -> String {
    name.replace(['-', '+', '.'], "_")
}

fn class_name(name: &str) -> String {
    as_identifier(name)
}

#[cfg(test)]
mod tests {
    use crom_model::reporter::Silent;

    use super::*;

    fn request(folder: &Path, template: &str, defines: &[&str]) -> NewRequest {
        NewRequest {
            template: Some(template.to_owned()),
            defines: defines.iter().map(|define| (*define).to_owned()).collect(),
            output: folder.join("out"),
            force: false,
            cwd: folder.to_path_buf(),
            home: folder.join("home"),
        }
    }

    #[test]
    fn every_built_in_template_renders() {
        for name in builtin_names() {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let request = request(
                folder.path(),
                name,
                &[
                    "name=my-lib",
                    "version=1.2",
                    "requires=zlib/1.3",
                    "target=1.3",
                    "revision_mode=hash",
                ],
            );
            let files = new(&request, &Silent).expect(name);
            assert!(!files.is_empty(), "{name}");
            for file in &files {
                let text = crom_fs::read_text(request.output.join(file)).expect(file);
                assert!(
                    !text.contains("{{") && !text.contains("{%"),
                    "{name}: {file}: {text}"
                );
            }
        }
    }

    #[test]
    fn an_existing_file_is_kept_without_force() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut request = request(folder.path(), "cmake_lib", &["name=foo"]);
        new(&request, &Silent).expect("first");
        let error = new(&request, &Silent).expect_err("second").to_string();
        assert_eq!(
            error,
            "File 'CMakeLists.txt' already exists, and --force not defined, aborting"
        );
        request.force = true;
        new(&request, &Silent).expect("forced");
    }

    #[test]
    fn a_users_template_with_its_own_variables() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let template = folder.path().join("home/templates/command/new/mine");
        super::write(
            &template.join("{{name}}.txt"),
            b"{{ colour }} {{ conan_version }}",
        )
        .expect("written");
        super::write(&template.join("not_templates/raw.txt"), b"{{ as is }}").expect("written");
        let without = new(&request(folder.path(), "mine", &["name=foo"]), &Silent)
            .expect_err("undefined")
            .to_string();
        assert!(without.contains("Missing definitions"), "{without}");
        let files = new(
            &request(folder.path(), "mine", &["name=foo", "colour=red"]),
            &Silent,
        )
        .expect("rendered");
        assert_eq!(files, ["foo.txt", "raw.txt"]);
        let text = crom_fs::read_text(folder.path().join("out/foo.txt")).expect("text");
        assert_eq!(text, format!("red {}", crate::CONAN_VERSION));
    }

    #[test]
    fn wrong_input_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (template, defines, expected) in [
            (
                "nothing",
                &["name=foo"][..],
                "Template doesn't exist or not a folder: nothing",
            ),
            (
                "cmake_lib",
                &["name=Foo"][..],
                "name argument must be lowercase: Foo",
            ),
            (
                "cmake_lib",
                &["name"][..],
                "Template definitions must be 'key=value', received 'name'",
            ),
        ] {
            let error =
                new(&request(folder.path(), template, defines), &Silent).expect_err(expected);
            assert_eq!(error.to_string(), expected);
        }
    }
}
