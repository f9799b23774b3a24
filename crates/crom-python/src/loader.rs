//! Compiles recipes, with a cache of their bytecode.
//!
//! Compiling takes six times as long as loading bytecode. An entry is named by a digest of the
//! source, its path (which is part of the code, for tracebacks) and the interpreter's version; its
//! first 32 bytes are a digest of the rest, since the decoder may panic on damaged data.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustpython_compiler_core::marshal;
use rustpython_vm as vm;
use sha2::{Digest, Sha256};
use vm::builtins::PyCode;
use vm::bytecode::{AsBag, CodeObject};
use vm::{PyRef, PyResult, VirtualMachine};

use crate::state;

/// Bytecode of another interpreter version is another language.
const BUILD: &str = concat!("rustpython-0.5.0 crom-", env!("CARGO_PKG_VERSION"));

const CHECKSUM: usize = 32;

/// The code of a Python file. An error is the exception that `import` would raise.
pub(crate) fn compile_file(path: &Path, vm: &VirtualMachine) -> PyResult<PyRef<PyCode>> {
    let shown = path.to_string_lossy().into_owned();
    let bytes = crom_fs::read(path).map_err(|error| {
        let kind = error.kind().unwrap_or(std::io::ErrorKind::Other);
        crate::native::os_error(vm, kind, error.to_string())
    })?;
    if let Some(shared) = state::shared() {
        shared.note_file(&shown);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let source = std::str::from_utf8(bytes).map_err(|error| {
        vm.new_exception_msg(
            vm.ctx.exceptions.syntax_error.to_owned(),
            format!("(unicode error) {shown}: {error}").into(),
        )
    })?;
    compile(source, &shown, vm)
}

fn compile(source: &str, path: &str, vm: &VirtualMachine) -> PyResult<PyRef<PyCode>> {
    let shared = state::shared();
    let name = entry_name(source, path);
    if let Some(code) = shared.as_ref().and_then(|it| it.compiled.take(&name)) {
        return Ok(vm.ctx.new_code(code));
    }
    let folder = shared.and_then(|it| it.config.bytecode_cache.clone());
    let entry = folder.map(|folder| entry_path(&folder, &name));
    if let Some(entry) = &entry
        && let Ok(content) = crom_fs::read(entry)
        && let Some(code) = decode(&content, vm)
    {
        return Ok(code);
    }
    // `VirtualMachine::compile` would parse a second time, for warnings.
    let mode = vm::compiler::Mode::Exec;
    let code = vm::compiler::compile(source, mode, path, vm.compile_opts())
        .map_err(|error| vm.new_syntax_error(&error, Some(source)))?;
    if let Some(entry) = &entry {
        keep(entry, &code);
    }
    Ok(vm.ctx.new_code(code))
}

/// Code of files that will be loaded soon, made by other threads than the interpreter's.
#[derive(Default)]
pub(crate) struct Compiled(Mutex<HashMap<String, CodeObject>>);

impl Compiled {
    /// Compiles a file that will be at `path`, unless the bytecode cache has it. A file that can't be
    /// compiled isn't here: whoever loads it sees why.
    pub(crate) fn make(&self, path: &Path, content: &[u8], cache: Option<&Path>) {
        let shown = path.to_string_lossy();
        let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
        let Ok(source) = std::str::from_utf8(content) else {
            return;
        };
        let name = entry_name(source, &shown);
        let entry = cache.map(|folder| entry_path(folder, &name));
        if entry.as_ref().is_some_and(crom_fs::is_file) {
            return;
        }
        let mode = vm::compiler::Mode::Exec;
        let options = crate::boot::compile_options();
        if let Ok(code) = vm::compiler::compile(source, mode, &shown, options) {
            if let Some(entry) = &entry {
                keep(entry, &code);
            }
            self.entries().insert(name, code);
        }
    }

    fn take(&self, name: &str) -> Option<CodeObject> {
        self.entries().remove(name)
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, HashMap<String, CodeObject>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compiled").finish_non_exhaustive()
    }
}

fn keep(entry: &Path, code: &CodeObject) {
    let mut payload = Vec::new();
    marshal::serialize_code(&mut payload, code);
    let mut content = Sha256::digest(&payload).to_vec();
    content.append(&mut payload);
    // A cache that can't be written costs time, nothing else.
    if let Some(folder) = entry.parent()
        && crom_fs::create_dir_all(folder).is_ok()
    {
        let _ = crom_fs::write_atomic(entry, content);
    }
}

fn entry_name(source: &str, path: &str) -> String {
    digest([source, path, BUILD].join("\0").as_bytes())
}

fn entry_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(name)
}

fn decode(content: &[u8], vm: &VirtualMachine) -> Option<PyRef<PyCode>> {
    let (checksum, mut payload) = content.split_at_checked(CHECKSUM)?;
    if Sha256::digest(payload).as_slice() != checksum {
        return None;
    }
    let code = marshal::deserialize_code(&mut payload, AsBag::as_bag(&*vm.ctx)).ok()?;
    Some(vm.ctx.new_code(code))
}

/// SHA-256 in hex.
pub(crate) fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
