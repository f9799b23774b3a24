//! Reads off a recipe's text what exporting it does.
//!
//! Nothing is guessed: a recipe with a construct that isn't known here isn't plain, and is run. What
//! counts is the class body (`exports`, `exports_sources`, the methods that `export` runs, whatever
//! else may change the class) and `export_sources()`, if it is made of calls that are known.

use crom_recipe::{GivenReference, PlainExport, PlainStep};
use rustpython_vm as vm;
use vm::compiler::ast::{
    Expr, ExprCall, ModModule, Stmt, StmtClassDef, StmtFunctionDef, StmtImportFrom,
};
use vm::compiler::parser;

/// None unless the text tells all.
pub(crate) fn read(source: &str, given: &GivenReference) -> Option<PlainExport> {
    let module = parser::parse_module(source).ok()?.into_syntax();
    let class = only_recipe(&module)?;
    if !class.decorator_list.is_empty() {
        return None;
    }
    let mut plain = PlainExport::default();
    for statement in &class.body {
        match statement {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    attribute(target, &assign.value, given, &mut plain)?;
                }
            }
            Stmt::AnnAssign(assign) => {
                let value = assign.value.as_deref()?;
                attribute(&assign.target, value, given, &mut plain)?;
            }
            Stmt::FunctionDef(function) => method(function, &module, &mut plain)?,
            Stmt::Expr(expression) if expression.value.is_string_literal_expr() => {}
            Stmt::Pass(_) => {}
            _ => return None,
        }
    }
    Some(plain)
}

/// The one subclass of `ConanFile`, in a module that does nothing but import and define.
fn only_recipe(module: &ModModule) -> Option<&StmtClassDef> {
    let mut found = None;
    for statement in &module.body {
        match statement {
            Stmt::Import(_) | Stmt::ImportFrom(_) | Stmt::FunctionDef(_) | Stmt::Pass(_) => {}
            Stmt::Expr(expression) if expression.value.is_string_literal_expr() => {}
            Stmt::Assign(assign) if assign.targets.iter().all(Expr::is_name_expr) => {}
            Stmt::ClassDef(class) => {
                let Some(arguments) = class.arguments.as_deref() else {
                    continue;
                };
                let [Expr::Name(base)] = &*arguments.args else {
                    return None;
                };
                let known = base.id.as_str() == "ConanFile" && arguments.keywords.is_empty();
                if !known || found.replace(class).is_some() {
                    return None;
                }
            }
            _ => return None,
        }
    }
    found.filter(|_| imports(module, "conan", "ConanFile"))
}

/// `from module import name`, and the name means nothing else.
fn imports(module: &ModModule, from: &str, name: &str) -> bool {
    let imported = |import: &StmtImportFrom| {
        import.module.as_ref().is_some_and(|it| it.as_str() == from)
            && import.level == 0
            && import
                .names
                .iter()
                .any(|alias| alias.name.as_str() == name && alias.asname.is_none())
    };
    let rebound = |statement: &Stmt| match statement {
        Stmt::Assign(assign) => assign.targets.iter().any(|target| is_name(target, name)),
        Stmt::FunctionDef(function) => function.name.as_str() == name,
        Stmt::ClassDef(class) => class.name.as_str() == name,
        Stmt::ImportFrom(import) => {
            !imported(import)
                && import.names.iter().any(|alias| {
                    alias.name.as_str() == "*"
                        || alias.asname.as_ref().unwrap_or(&alias.name).as_str() == name
                })
        }
        _ => false,
    };
    let has = |statement: &Stmt| matches!(statement, Stmt::ImportFrom(it) if imported(it));
    module.body.iter().any(has) && !module.body.iter().any(rebound)
}

fn attribute(
    target: &Expr,
    value: &Expr,
    given: &GivenReference,
    plain: &mut PlainExport,
) -> Option<()> {
    match target.as_name_expr()?.id.as_str() {
        "exports" => plain.exports = texts(value)?,
        "exports_sources" => plain.exports_sources = texts(value)?,
        // Who exports under another name than its own is told so when the recipe runs.
        "name" => (given.name.as_deref() == Some(text(value)?)).then_some(())?,
        "version" => (given.version.as_deref() == Some(text(value)?)).then_some(())?,
        "user"
        | "channel"
        | "python_requires"
        | "python_requires_extend"
        | "revision_mode"
        | "init"
        | "export"
        | "export_sources"
        | "set_name"
        | "set_version" => return None,
        other if other.starts_with("__") => return None,
        _ => {}
    }
    Some(())
}

fn method(function: &StmtFunctionDef, module: &ModModule, plain: &mut PlainExport) -> Option<()> {
    match function.name.as_str() {
        "exports" | "exports_sources" | "init" | "export" | "set_name" | "set_version" | "name"
        | "version" | "user" | "channel" | "python_requires" | "revision_mode" => None,
        "export_sources" => {
            if function.is_async || !function.decorator_list.is_empty() {
                return None;
            }
            let steps: Option<Vec<_>> = function
                .body
                .iter()
                .map(|statement| step(statement, module))
                .collect();
            plain.export_sources = Some(steps?.into_iter().flatten().collect());
            Some(())
        }
        other => (!other.starts_with("__")).then_some(()),
    }
}

/// A known statement; some of them do nothing.
fn step(statement: &Stmt, module: &ModModule) -> Option<Option<PlainStep>> {
    let expression = match statement {
        Stmt::Pass(_) => return Some(None),
        Stmt::Expr(expression) => &*expression.value,
        _ => return None,
    };
    if expression.is_string_literal_expr() {
        return Some(None);
    }
    let call = expression.as_call_expr()?;
    let name = call.func.as_name_expr()?.id.as_str();
    if !imports(module, "conan.tools.files", name) {
        return None;
    }
    match name {
        "export_conandata_patches" => {
            let [recipe] = &*call.arguments.args else {
                return None;
            };
            (is_name(recipe, "self") && call.arguments.keywords.is_empty())
                .then_some(Some(PlainStep::ConandataPatches))
        }
        "copy" => copy(call, module).map(Some),
        _ => None,
    }
}

/// `copy(self, "pattern", src, dst)`
fn copy(call: &ExprCall, module: &ModModule) -> Option<PlainStep> {
    const NAMES: [&str; 4] = ["conanfile", "pattern", "src", "dst"];
    let mut values: [Option<&Expr>; 4] = [None; 4];
    for (at, value) in call.arguments.args.iter().enumerate() {
        *values.get_mut(at)? = Some(value);
    }
    for keyword in &call.arguments.keywords {
        let name = keyword.arg.as_ref()?.as_str();
        let at = NAMES.iter().position(|known| *known == name)?;
        if values[at].replace(&keyword.value).is_some() {
            return None;
        }
    }
    let [Some(recipe), Some(pattern), Some(from), Some(to)] = values else {
        return None;
    };
    if !is_name(recipe, "self") {
        return None;
    }
    let pattern = text(pattern).filter(|pattern| !pattern.starts_with(".."))?;
    Some(PlainStep::Copy {
        pattern: pattern.to_owned(),
        from: below(from, "recipe_folder", module)?,
        to: below(to, "export_sources_folder", module)?,
    })
}

/// `self.folder` or `os.path.join(self.folder, "a", "b")`: what comes below the folder.
fn below(expression: &Expr, folder: &str, module: &ModModule) -> Option<String> {
    let is_folder = |it: &Expr| {
        it.as_attribute_expr()
            .is_some_and(|it| is_name(&it.value, "self") && it.attr.as_str() == folder)
    };
    if is_folder(expression) {
        return Some(String::new());
    }
    let call = expression.as_call_expr()?;
    let join = call.func.as_attribute_expr()?;
    let path = join.value.as_attribute_expr()?;
    let os = join.attr.as_str() == "join" && path.attr.as_str() == "path";
    if !os || !is_name(&path.value, "os") || !imports_os(module) {
        return None;
    }
    let (first, rest) = call.arguments.args.split_first()?;
    if !is_folder(first) || !call.arguments.keywords.is_empty() {
        return None;
    }
    let parts: Option<Vec<&str>> = rest.iter().map(text).collect();
    let joined = parts?.join("/");
    let stays = !joined.split('/').any(|part| part == "..")
        && !joined.starts_with('/')
        && !joined.contains('\\')
        && !joined.contains("//");
    stays.then_some(joined)
}

fn imports_os(module: &ModModule) -> bool {
    module.body.iter().any(|statement| {
        matches!(statement, Stmt::Import(import) if import
            .names
            .iter()
            .any(|alias| alias.name.as_str() == "os" && alias.asname.is_none()))
    })
}

fn is_name(expression: &Expr, name: &str) -> bool {
    expression
        .as_name_expr()
        .is_some_and(|it| it.id.as_str() == name)
}

fn text(expression: &Expr) -> Option<&str> {
    Some(expression.as_string_literal_expr()?.value.to_str())
}

/// A text or a list or tuple of them.
fn texts(expression: &Expr) -> Option<Vec<String>> {
    let elements = match expression {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        one => return Some(vec![text(one)?.to_owned()]),
    };
    elements
        .iter()
        .map(|element| text(element).map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::read;
    use crom_recipe::{GivenReference, PlainExport, PlainStep};

    fn given() -> GivenReference {
        GivenReference {
            name: Some("zlib".to_owned()),
            version: Some("1.3".to_owned()),
            ..GivenReference::default()
        }
    }

    fn class(body: &str) -> Option<PlainExport> {
        let text = format!(
            "import os\nfrom conan import ConanFile\nfrom conan.tools.files import copy, \
             export_conandata_patches\n\nrequired_conan_version = \">=2\"\n\nclass \
             Zlib(ConanFile):\n    name = \"zlib\"\n{body}"
        );
        read(&text, &given())
    }

    #[test]
    fn attributes_and_known_calls_are_plain() {
        let plain = class(
            r#"
    exports = "a.txt"
    exports_sources = ["src/*", "!src/bad"]

    def export_sources(self):
        """What we add."""
        export_conandata_patches(self)
        copy(self, "CMakeLists.txt", self.recipe_folder, self.export_sources_folder)
        copy(self, "*.cmake", src=os.path.join(self.recipe_folder, "cmake"),
             dst=os.path.join(self.export_sources_folder, "src", "cmake"))

    def build(self):
        self.run("make")
"#,
        );
        let copy = |pattern: &str, from: &str, to: &str| PlainStep::Copy {
            pattern: pattern.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        };
        assert_eq!(
            plain,
            Some(PlainExport {
                exports: vec!["a.txt".to_owned()],
                exports_sources: vec!["src/*".to_owned(), "!src/bad".to_owned()],
                export_sources: Some(vec![
                    PlainStep::ConandataPatches,
                    copy("CMakeLists.txt", "", ""),
                    copy("*.cmake", "cmake", "src/cmake"),
                ]),
            })
        );
        assert_eq!(
            class("    settings = \"os\"\n"),
            Some(PlainExport::default())
        );
    }

    #[test]
    fn what_is_computed_is_not_plain() {
        for body in [
            "    exports = make()\n",
            "    exports_sources = [\"a\"] + more\n",
            "    name = \"other\"\n",
            "    version = \"1.2\"\n",
            "    version = f\"1.{minor}\"\n",
            "    python_requires = \"base/1.0\"\n",
            "    def init(self):\n        pass\n",
            "    def export(self):\n        pass\n",
            "    def set_version(self):\n        pass\n",
            "    @property\n    def exports_sources(self):\n        return \"a\"\n",
            "    if True:\n        exports = \"a\"\n",
            "    a, exports = \"a\", \"b\"\n",
            "    def __getattr__(self, name):\n        return None\n",
            "    def export_sources(self):\n        for it in self.conan_data:\n            pass\n",
            "    def export_sources(self):\n        copy(self, \"a\", \"/etc\", self.recipe_folder)\n",
            "    def export_sources(self):\n        copy(self, \"*\", os.path.join(self.recipe_folder, \
             \"..\"), self.export_sources_folder)\n",
            "    def export_sources(self):\n        copy(self, \"a\", self.recipe_folder, \
             self.export_sources_folder, keep_path=False)\n",
            "    @twice\n    def export_sources(self):\n        export_conandata_patches(self)\n",
        ] {
            assert_eq!(class(body), None, "{body}");
        }
    }

    #[test]
    fn modules_that_do_more_are_not_plain() {
        let recipe = "class A(ConanFile):\n    pass\n";
        let import = "from conan import ConanFile\n";
        assert!(read(&format!("{import}{recipe}"), &given()).is_some());
        for text in [
            recipe.to_owned(),
            format!("from conans import ConanFile\n{recipe}"),
            format!("{import}from base import ConanFile\n{recipe}"),
            format!("{import}class Base(ConanFile):\n    pass\n\n{recipe}"),
            format!("{import}{recipe}A.exports = \"a\"\n"),
            format!("{import}{recipe}setattr(A, \"exports\", \"a\")\n"),
            format!("{import}@changed\n{recipe}"),
            format!("{import}class A(ConanFile, Base):\n    pass\n"),
            format!("{import}class A(ConanFile):\n  bad syntax\n"),
        ] {
            assert_eq!(read(&text, &given()), None, "{text}");
        }
        let shadowed = format!(
            "{import}from conan.tools.files import copy\ndef copy(*args):\n    pass\n\nclass \
             A(ConanFile):\n    def export_sources(self):\n        copy(self, \"a\", \
             self.recipe_folder, self.export_sources_folder)\n"
        );
        assert_eq!(read(&shadowed, &given()), None);
    }
}
