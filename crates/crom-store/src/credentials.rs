//! `credentials.json`: users and passwords by remote; `source_credentials.json`: the same by URL, for
//! sources and their backups.
//!
//! ```text
//! {"credentials": [{"remote": "name", "user": "...", "password": "..."}]}
//! {"credentials": [{"url": "https://...", "token": "..."}]}
//! ```

use std::sync::{Arc, Mutex};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{Result, StoreError};
use crate::home::Home;
use crate::optional_file::read_if_exists;
use crate::template::{Messages, TemplateInput, render};
use crate::variables::Variables;

#[derive(Deserialize)]
struct File<T> {
    credentials: Vec<T>,
}

/// The value of an `Authorization` header is made of it. Never printed.
#[derive(Clone, Deserialize)]
pub struct SourceCredentials {
    /// Counts for all URLs that start with it.
    pub url: String,
    /// Sent as bearer token.
    #[serde(default)]
    pub token: Option<String>,
    /// Sent with the password.
    #[serde(default)]
    pub user: Option<String>,
    /// Sent with the user.
    #[serde(default)]
    pub password: Option<String>,
}

impl std::fmt::Debug for SourceCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceCredentials")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Entry {
    remote: String,
    user: String,
    password: String,
}

/// User and password for a remote, if the file has them. It is a Jinja template.
///
/// # Errors
/// The file isn't what it should be.
pub fn remote_credentials(
    home: &Home,
    variables: &Arc<Variables>,
    remote: &str,
) -> Result<Option<(String, String)>> {
    let entries: Vec<Entry> = load(home, variables, "credentials.json")?;
    Ok(entries
        .into_iter()
        .find(|entry| entry.remote == remote)
        .map(|entry| (entry.user, entry.password)))
}

/// The credentials for a URL of sources, if the file has them. It is a Jinja template.
///
/// # Errors
/// The file isn't what it should be.
pub fn source_credentials(
    home: &Home,
    variables: &Arc<Variables>,
    url: &str,
) -> Result<Option<SourceCredentials>> {
    let entries: Vec<SourceCredentials> = load(home, variables, "source_credentials.json")?;
    Ok(entries
        .into_iter()
        .find(|entry| url.starts_with(&entry.url)))
}

/// The entries of a file; none where there is no file.
fn load<T: DeserializeOwned>(
    home: &Home,
    variables: &Arc<Variables>,
    name: &str,
) -> Result<Vec<T>> {
    let path = home.root().join(name);
    let Some(text) = read_if_exists(&path)? else {
        return Ok(Vec::new());
    };
    // The parser's message may quote a password: only the place is told.
    let malformed = |problem: String| {
        StoreError::Invalid(format!(
            "Error loading '{name}' {}: {problem}",
            path.display()
        ))
    };
    let input = TemplateInput {
        variables,
        folders: vec![home.root().to_path_buf()],
        names: Vec::new(),
    };
    let messages: Messages = Arc::new(Mutex::new(Vec::new()));
    let text = render(&text, &path.display().to_string(), &input, &messages)
        .map_err(|error| malformed(error.problem))?;
    let file: File<T> = serde_json::from_str(&text).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => missing_key(&error),
            _ => "it is no JSON".to_owned(),
        };
        malformed(format!(
            "{what} (line {} column {})",
            error.line(),
            error.column()
        ))
    })?;
    Ok(file.credentials)
}

/// Names the key that is missing, as the only detail without a value in it.
fn missing_key(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split('`').nth(1) {
        Some(key) if text.starts_with("missing field") => format!("KeyError('{key}')"),
        _ => "a value is of the wrong type".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_found_by_remote() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let variables: Arc<Variables> = Arc::new([("PASSWORD", "geheim")].into_iter().collect());
        let find = |remote: &str| remote_credentials(&home, &variables, remote);
        assert_eq!(find("a").unwrap(), None);
        let file = folder.path().join("credentials.json");
        let template = r#"{"credentials": [{"remote": "a", "user": "me", "password": "{{os.getenv('PASSWORD')}}"}]}"#;
        crom_fs::write(&file, template).unwrap();
        assert_eq!(
            find("a").unwrap(),
            Some(("me".to_owned(), "geheim".to_owned()))
        );
        assert_eq!(find("b").unwrap(), None);
        crom_fs::write(&file, r#"{"credentials": [{"remote": "a"}]}"#).unwrap();
        let error = find("a").unwrap_err().to_string();
        assert!(error.contains("KeyError('user')"), "{error}");
        crom_fs::write(
            &file,
            r#"{"credentials": [{"remote": "a", "user": "me", "password": geheim"#,
        )
        .unwrap();
        let error = find("a").unwrap_err().to_string();
        assert!(!error.contains("geheim"), "{error}");
    }
}
