//! How sources are downloaded, as `core.*` and `tools.*` confs say it.

use std::path::PathBuf;

use crom_model::conf::Conf;
use crom_tools::net::{HttpConf, NetConfig, SourceCredential};
use serde::Deserialize;

use super::{RecipeState, ToolContext, ToolError};

/// For a download of this recipe.
pub(super) fn net_config(recipe: &RecipeState<'_>) -> Result<NetConfig, ToolError> {
    let context = recipe.context();
    let core = &context.global_conf;
    let conf = recipe.conf()?;
    let reference = match (recipe.name()?, recipe.version()?) {
        (Some(name), Some(version)) => {
            let of_user = recipe
                .reference()?
                .and_then(|it| it.user.map(|user| (user, it.channel)));
            match of_user {
                Some((user, Some(channel))) => format!("{name}/{version}@{user}/{channel}"),
                Some((user, None)) => format!("{name}/{version}@{user}"),
                None => format!("{name}/{version}"),
            }
        }
        _ => "unknown".to_owned(),
    };
    Ok(NetConfig {
        http: http(core)?,
        retry: conf
            .get_int("tools.files.download:retry")?
            .map(|it| u32::try_from(it).unwrap_or(0)),
        retry_wait: number(&conf, "tools.files.download:retry_wait")?,
        verify: conf.get_bool("tools.files.download:verify")?,
        download_cache: core
            .get_str("core.sources:download_cache")?
            .map(PathBuf::from),
        download_urls: core.get_list("core.sources:download_urls")?,
        exclude_urls: core.get_list("core.sources:exclude_urls")?,
        source_credentials: source_credentials(context)?,
        offline: core.get_bool("crom.net:offline")?.unwrap_or(false),
        reference,
    })
}

fn http(core: &Conf) -> Result<HttpConf, ToolError> {
    if core.get_bool("core.net.http:trust_store")?.unwrap_or(false) {
        return Err(ToolError::Unsupported(
            "core.net.http:trust_store=True".to_owned(),
        ));
    }
    HttpConf::from_conf(core).map_err(|error| ToolError::new(error.to_string()))
}

fn number(conf: &Conf, name: &'static str) -> Result<Option<f64>, ToolError> {
    let Some(text) = conf.get_str(name)? else {
        return Ok(None);
    };
    match text.parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(ToolError::new(format!("{name}: '{text}' is not a number"))),
    }
}

/// `source_credentials.json`
#[derive(Deserialize)]
struct Credentials {
    #[serde(default)]
    credentials: Vec<SourceCredential>,
}

fn source_credentials(context: &ToolContext) -> Result<Vec<SourceCredential>, ToolError> {
    let path = context.home.join("source_credentials.json");
    if !crom_fs::is_file(&path) {
        return Ok(Vec::new());
    }
    let failed = |error: &dyn std::fmt::Display| {
        ToolError::new(format!(
            "Error loading 'source_credentials.json' {}: {error}",
            path.display()
        ))
    };
    let text = render(&crom_fs::read_text(&path)?).map_err(|error| failed(&error))?;
    let found: Credentials = serde_json::from_str(&text).map_err(|error| failed(&error))?;
    Ok(found.credentials)
}

/// Secrets are commonly taken from the environment: `{{os.getenv("TOKEN")}}`.
fn render(text: &str) -> Result<String, minijinja::Error> {
    if !text.contains("{{") && !text.contains("{%") {
        return Ok(text.to_owned());
    }
    let getenv = |name: String, default: Option<String>| {
        std::env::var(name)
            .ok()
            .or(default)
            .map_or(minijinja::Value::from(()), Into::into)
    };
    let environment: std::collections::BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let os = minijinja::Value::from_iter([
        ("getenv", minijinja::Value::from_function(getenv)),
        ("environ", minijinja::Value::from_serialize(environment)),
    ]);
    minijinja::Environment::new().render_str(text, minijinja::context! { os })
}

#[cfg(test)]
mod tests {
    use crom_model::conf::ConfValue;

    use super::*;

    fn conf(values: &[(&str, &str)]) -> Conf {
        let mut conf = Conf::new();
        for (name, value) in values {
            conf.define(name, ConfValue::evaluate(value));
        }
        conf
    }

    #[test]
    fn timeouts_certificates_and_proxies() {
        let http = http(&conf(&[
            ("core.net.http:timeout", "(1.5, 20)"),
            ("core.net.http:client_cert", "('a.crt', 'a.key')"),
            ("core.net.http:proxies", "{'https': 'http://p:1'}"),
        ]))
        .unwrap();
        assert_eq!(
            (http.connect_timeout, http.read_timeout),
            (Some(1.5), Some(20.0))
        );
        assert_eq!(http.client_cert, ["a.crt", "a.key"].map(PathBuf::from));
        assert_eq!(http.proxies.unwrap()["https"], "http://p:1");
        let one = super::http(&conf(&[("core.net.http:timeout", "7")])).unwrap();
        assert_eq!(
            (one.connect_timeout, one.read_timeout),
            (Some(7.0), Some(7.0))
        );
        assert!(super::http(&conf(&[("core.net.http:timeout", "soon")])).is_err());
    }

    #[test]
    fn credentials_may_come_from_the_environment() {
        let text = render(r#"{"a": "{{os.getenv('CROM_TEST_NOT_SET', 'd')}}"}"#).unwrap();
        assert_eq!(text, r#"{"a": "d"}"#);
        assert_eq!(render("{}").unwrap(), "{}");
        assert!(render("{{ os.nothing() }}").is_err());
    }
}
