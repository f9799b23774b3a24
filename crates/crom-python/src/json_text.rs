//! Texts as JSON, for the module `json`: the interpreter's own functions leave a digit out of the
//! escapes of two characters (`\u001b` became `\u001`).

use std::fmt::Write as _;

use rustpython_common::wtf8::{CodePoint, Wtf8Buf};
use rustpython_vm as vm;
use vm::builtins::{PyModule, PyModuleDef, PyStrRef};
use vm::{AsObject, Py, PyResult, VirtualMachine};

use crate::sandbox::redefine;

static ORIGINAL: std::sync::OnceLock<&'static PyModuleDef> = std::sync::OnceLock::new();

/// `_json` with functions that escape right.
pub(crate) fn corrected(stdlib: &[&'static PyModuleDef]) -> Option<&'static PyModuleDef> {
    let original = stdlib.iter().find(|def| def.name.as_str() == "_json")?;
    ORIGINAL.get_or_init(|| original);
    Some(redefine(original, execute))
}

fn execute(vm: &VirtualMachine, module: &Py<PyModule>) -> PyResult<()> {
    if let Some(original) = ORIGINAL.get() {
        original.exec_module(vm, module)?;
    }
    let ascii = vm.new_function("encode_basestring_ascii", |text: PyStrRef| {
        encoded(text.as_wtf8().code_points(), true)
    });
    let all = vm.new_function("encode_basestring", |text: PyStrRef| {
        encoded(text.as_wtf8().code_points(), false)
    });
    let module = module.as_object();
    module.set_attr("encode_basestring_ascii", ascii, vm)?;
    module.set_attr("encode_basestring", all, vm)
}

/// In quotes. `ascii_only`: everything else is escaped, too, as CPython does it.
fn encoded(text: impl Iterator<Item = CodePoint>, ascii_only: bool) -> Wtf8Buf {
    let mut result = Wtf8Buf::from_string("\"".to_owned());
    for point in text {
        let escaped = match point.to_u32() {
            0x22 => "\\\"".to_owned(),
            0x5c => "\\\\".to_owned(),
            0x08 => "\\b".to_owned(),
            0x09 => "\\t".to_owned(),
            0x0a => "\\n".to_owned(),
            0x0c => "\\f".to_owned(),
            0x0d => "\\r".to_owned(),
            code @ 0..0x20 => format!("\\u{code:04x}"),
            code @ 0x7f.. if ascii_only => in_utf16(code),
            _ => {
                result.push(point);
                continue;
            }
        };
        result.push_str(&escaped);
    }
    result.push_str("\"");
    result
}

/// `\ud83d\ude00`
fn in_utf16(code: u32) -> String {
    let mut text = String::new();
    let mut units = [0; 2];
    let units: &[u16] = match char::from_u32(code) {
        Some(found) => found.encode_utf16(&mut units),
        // Half of a pair.
        None => {
            units[0] = u16::try_from(code).unwrap_or(u16::MAX);
            &units[..1]
        }
    };
    for unit in units {
        // Writing to a text can't fail.
        let _ = write!(text, "\\u{unit:04x}");
    }
    text
}
