//! `config list` and `config show`.

use crom_model::conf::{ConfValue, builtin_confs};
use serde_json::{Map, Value};

use crate::{OpsError, Session};

/// The built-in confs whose name contains the text, with what they do, sorted.
pub fn config_list(pattern: Option<&str>) -> Map<String, Value> {
    let mut confs: Vec<_> = builtin_confs()
        .iter()
        .filter(|conf| pattern.is_none_or(|pattern| conf.name.contains(pattern)))
        .collect();
    confs.sort_by_key(|conf| conf.name);
    confs
        .iter()
        .map(|conf| (conf.name.to_owned(), Value::from(conf.description)))
        .collect()
}

/// The confs of `global.conf` and `-cc` that match.
///
/// # Errors
/// `global.conf` doesn't parse.
pub fn config_show(session: &Session, pattern: &str) -> Result<Vec<(String, ConfValue)>, OpsError> {
    Ok(session.global_conf()?.show(pattern).into_iter().collect())
}
