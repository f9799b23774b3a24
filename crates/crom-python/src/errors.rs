//! From Python exceptions to [`RecipeError`].

use crom_recipe::{RecipeError, RecipeErrorKind};
use rustpython_vm as vm;
use vm::builtins::{PyBaseExceptionRef, PyType};
use vm::{AsObject, VirtualMachine};

use crate::native::attribute_of;

/// A frame of a file that isn't part of the interpreter or the facade.
struct Frame {
    file: String,
    line: u32,
    function: String,
}

/// An exception that a method of a recipe raised.
pub(crate) fn in_method(
    exception: &PyBaseExceptionRef,
    scope: &str,
    method: &str,
    vm: &VirtualMachine,
) -> RecipeError {
    let mut error = describe(exception, scope, vm);
    error.method = Some(method.to_owned());
    error
}

/// An exception while a recipe's file was loaded: the words and the traceback that Conan prints.
pub(crate) fn in_loading(
    exception: &PyBaseExceptionRef,
    path: &str,
    vm: &VirtualMachine,
) -> RecipeError {
    let mut error = describe(exception, "", vm);
    let own = is_instance(exception, "ConanException", vm)
        && frames(exception)
            .last()
            .is_none_or(|last| last.file != path);
    error.message = if error.kind == RecipeErrorKind::Unsupported {
        format!("Error loading conanfile at '{path}': {}", error.message)
    } else if own {
        format!(
            "Error loading conanfile at '{path}': {path}: {}",
            error.message
        )
    } else {
        let text = error
            .traceback
            .as_deref()
            .map(without_interpreter)
            .unwrap_or_default();
        format!("Error loading conanfile at '{path}': Unable to load conanfile in {path}\n{text}")
    };
    if error.kind == RecipeErrorKind::Exception {
        error.kind = RecipeErrorKind::Load;
    }
    error.file.get_or_insert_with(|| path.to_owned());
    error
}

/// An exception while a file of the home's extensions was loaded.
pub(crate) fn in_extension(
    exception: &PyBaseExceptionRef,
    path: &str,
    vm: &VirtualMachine,
) -> RecipeError {
    let mut error = describe(exception, "", vm);
    if error.kind == RecipeErrorKind::Exception {
        let text = error.traceback.as_deref().map(without_interpreter);
        error.kind = RecipeErrorKind::Load;
        error.message = format!(
            "Unable to load conanfile in {path}\n{}",
            text.unwrap_or_default()
        );
    }
    error
}

/// An exception that a plugin of the home raised: its lines, outermost first.
pub(crate) fn in_plugin(
    exception: &PyBaseExceptionRef,
    plugin: &str,
    vm: &VirtualMachine,
) -> RecipeError {
    let mut error = describe(exception, "", vm);
    if error.kind != RecipeErrorKind::Unsupported {
        error.kind = RecipeErrorKind::Exception;
        error.message = format!(
            "Error while processing '{plugin}' plugin{}",
            error.place_and_cause()
        );
    }
    error
}

/// An exception while attributes were read: a message of Conan's own names what it is about.
pub(crate) fn in_attributes(
    exception: &PyBaseExceptionRef,
    scope: &str,
    vm: &VirtualMachine,
) -> RecipeError {
    let own = is_instance(exception, "ConanException", vm);
    describe(exception, if own { "" } else { scope }, vm)
}

/// An exception without a method around it.
pub(crate) fn describe(
    exception: &PyBaseExceptionRef,
    scope: &str,
    vm: &VirtualMachine,
) -> RecipeError {
    let class = exception.class().name().to_string();
    let mut message = message_of(exception, vm);
    let kind = kind_of(exception, &mut message, vm);
    let frames = frames(exception);
    let deepest = frames.last();
    let mut traceback = String::new();
    if vm.write_exception(&mut traceback, exception).is_err() {
        traceback.clear();
    }
    RecipeError {
        kind,
        scope: scope.to_owned(),
        method: None,
        file: deepest.map(|frame| frame.file.clone()),
        line: deepest.map(|frame| frame.line),
        message,
        frames: source_frames(&frames),
        exception: class,
        traceback: (!traceback.is_empty()).then_some(traceback),
    }
}

fn message_of(exception: &PyBaseExceptionRef, vm: &VirtualMachine) -> String {
    match exception.as_object().str(vm) {
        Ok(text) => text.to_string_lossy().into_owned(),
        Err(_) => "an exception whose text can't be had".to_owned(),
    }
}

fn is_instance(exception: &PyBaseExceptionRef, class: &str, vm: &VirtualMachine) -> bool {
    let class = attribute_of(vm, "conan.errors", class).ok();
    class
        .and_then(|class| class.downcast::<PyType>().ok())
        .is_some_and(|class| exception.fast_isinstance(&class))
}

fn kind_of(
    exception: &PyBaseExceptionRef,
    message: &mut String,
    vm: &VirtualMachine,
) -> RecipeErrorKind {
    if is_instance(exception, "ConanInvalidConfiguration", vm) {
        return RecipeErrorKind::InvalidConfiguration;
    }
    if is_instance(exception, "CromDenied", vm) {
        return RecipeErrorKind::Denied;
    }
    if is_instance(exception, "CromUnsupported", vm) {
        return RecipeErrorKind::Unsupported;
    }
    if exception.fast_isinstance(vm.ctx.exceptions.import_error)
        && let Some(missing) = missing_name(message)
    {
        *message = format!("{missing} is not supported by Crom yet");
        return RecipeErrorKind::Unsupported;
    }
    RecipeErrorKind::Exception
}

/// `cannot import name 'x' from 'conan.tools.y' (..)` names `conan.tools.y.x`.
fn missing_name(message: &str) -> Option<String> {
    let rest = message.strip_prefix("cannot import name '")?;
    let (name, rest) = rest.split_once("' from '")?;
    let (module, _) = rest.split_once('\'')?;
    (module == "conan" || module.starts_with("conan.")).then(|| format!("{module}.{name}"))
}

fn frames(exception: &PyBaseExceptionRef) -> Vec<Frame> {
    let Some(traceback) = exception.__traceback__() else {
        return Vec::new();
    };
    traceback
        .iter()
        .filter_map(|entry| {
            let code = &entry.frame.code;
            let file = code.source_path().as_str().to_owned();
            std::path::Path::new(&file).is_absolute().then(|| Frame {
                file,
                line: u32::try_from(entry.lineno.get()).unwrap_or(0),
                function: code.obj_name.as_str().to_owned(),
            })
        })
        .collect()
}

/// The lines of the recipe from the method to where it failed, as Conan shows them.
fn source_frames(frames: &[Frame]) -> Vec<(u32, String)> {
    let mut result = Vec::new();
    for (index, frame) in frames.iter().enumerate() {
        let mut text = source_line(&frame.file, frame.line).unwrap_or_default();
        if let Some(next) = frames.get(index + 1) {
            text.push_str(&format!("\nwhile calling '{}'", next.function));
        }
        result.push((frame.line, text));
    }
    result
}

fn source_line(file: &str, line: u32) -> Option<String> {
    let text = crom_fs::read_text(file).ok()?;
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    text.lines().nth(index).map(|line| line.trim().to_owned())
}

/// A traceback without its heading and without the frames of code that isn't in a file.
fn without_interpreter(traceback: &str) -> String {
    let mut kept = String::new();
    let mut skipping = false;
    for line in traceback.lines() {
        if line.starts_with("Traceback (most recent call last)") {
            continue;
        }
        if let Some(rest) = line.strip_prefix("  File \"") {
            skipping = !std::path::Path::new(rest).is_absolute();
        } else if !line.starts_with(' ') {
            skipping = false;
        }
        if !skipping {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}
