//! Python's `hashlib` module.

use std::sync::Arc;

use crom_fs::digest::{Hasher, Wanted};
use minijinja::value::{Object, ObjectRepr, from_args};
use minijinja::{Error, State, Value};

use super::python::no_attribute;

/// `hashlib`
#[derive(Debug)]
pub(super) struct Hashlib;

impl Object for Hashlib {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let (text,): (&str,) = from_args(args)?;
        let sum = |wanted| {
            let mut hasher = Hasher::new(wanted);
            hasher.update(text.as_bytes());
            hasher.finish()
        };
        let hexadecimal = match method {
            "md5" => sum(Wanted::MD5).md5,
            "sha1" => sum(Wanted::SHA1).sha1,
            "sha256" => sum(Wanted::SHA256).sha256,
            other => return Err(no_attribute(other)),
        };
        Ok(Value::from_object(Digest(hexadecimal)))
    }
}

#[derive(Debug)]
struct Digest(String);

impl Object for Digest {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &State<'_, '_>,
        method: &str,
        _args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "hexdigest" => Ok(Value::from(self.0.clone())),
            other => Err(no_attribute(other)),
        }
    }
}
