//! Copies of downloaded sources, to the server that keeps them.

use std::path::PathBuf;

use crom_recipe::PluginFunction;
use crom_remote::{BackupLogin, BackupServer, HttpConf, default_threads, parallel};
use crom_store::SourceCredentials;
use crom_store::cache::{BackupFile, BackupSources};

use crate::{OpsError, Session, plugins};

/// `cache backup-upload`: all of them. Nothing without `core.sources:upload_url`.
///
/// # Errors
/// The server can't be asked, or refuses.
pub fn cache_backup_upload(session: &Session) -> Result<(), OpsError> {
    upload(session, None)
}

/// Those that the recipes of these references (`name/version`) need, or all.
pub(crate) fn upload(session: &Session, references: Option<&[String]>) -> Result<(), OpsError> {
    let conf = session.core_conf()?;
    let Some(url) = conf.get_str("core.sources:upload_url")? else {
        return Ok(());
    };
    let folder = match conf.get_str("core.sources:download_cache")? {
        Some(folder) => PathBuf::from(folder),
        None => session.cache()?.folder().to_path_buf(),
    };
    let excluded = conf.get_list("core.sources:exclude_urls")?;
    let files = BackupSources::at(folder).files_to_upload(references, &excluded)?;
    session.reporter().subtitle("Uploading backup sources");
    if files.is_empty() {
        let text = "No backup sources files to upload";
        session.reporter().status("", text);
        return Ok(());
    }
    send_backups(session, &url, &files)
}

/// Sends files to the backup server at a URL, with the login of `source_credentials.json`. What it has
/// isn't sent again.
///
/// # Errors
/// The server can't be asked, or refuses.
pub fn send_backups(session: &Session, url: &str, files: &[BackupFile]) -> Result<(), OpsError> {
    let server = server(session, url)?;
    parallel(files, default_threads(), |file| {
        send(session, &server, file)
    })?;
    let text = "Upload backup sources complete\n";
    session.reporter().status("", text);
    Ok(())
}

fn server(session: &Session, url: &str) -> Result<BackupServer, OpsError> {
    let found = match of_plugin(session, url)? {
        Some(found) => Some(found),
        None => crom_store::source_credentials(session.home(), session.variables(), url)?,
    };
    let login = match found.map(|found| (found.token, found.user, found.password)) {
        Some((Some(token), _, _)) => BackupLogin::Token(token),
        Some((None, Some(user), Some(password))) => BackupLogin::Password(user, password),
        _ => BackupLogin::Anonymous,
    };
    let http = HttpConf::from_conf(session.core_conf()?)?;
    Ok(BackupServer::new(url, &http, login)?)
}

/// What `auth_source.py` says of a URL.
fn of_plugin(session: &Session, url: &str) -> Result<Option<SourceCredentials>, OpsError> {
    let Some(file) = plugins::file(session.home(), "auth_source.py") else {
        return Ok(None);
    };
    let arguments = serde_json::json!({ "url": url });
    let function = PluginFunction::AuthSource;
    let answer = plugins::call(&**session.host()?, &file, function, arguments)?;
    let text = |name: &str| Some(answer.as_ref()?.get(name)?.as_str()?.to_owned());
    let found = SourceCredentials {
        url: url.to_owned(),
        token: text("token"),
        user: text("user"),
        password: text("password"),
    };
    Ok((found.token.is_some() || found.user.is_some()).then_some(found))
}

/// The description says who needs the file, so it is sent again each time; the file only once.
fn send(session: &Session, server: &BackupServer, file: &BackupFile) -> Result<(), OpsError> {
    let reporter = session.reporter();
    let name = |path: &std::path::Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let (summary, content) = (name(&file.description), name(&file.path));
    reporter.status(
        "",
        &format!("Uploading summary '{summary}' to backup sources server"),
    );
    server.put(&summary, &file.description)?;
    if server.has(&content)? {
        let text = format!("File '{content}' already in backup sources server, skipping upload");
        reporter.status("", &text);
        return Ok(());
    }
    reporter.status(
        "",
        &format!("Uploading file '{content}' to backup sources server"),
    );
    Ok(server.put(&content, &file.path)?)
}
