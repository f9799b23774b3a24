//! The facts of a `conanfile.py` that rules ask for, as data: no syntax tree leaves this room.

use ruff_python_ast::{Expr, Stmt, StmtClassDef};
use ruff_python_parser::parse_module;
use ruff_text_size::{Ranged, TextRange};

use super::collect;
use super::text::{SourceText, Span};

/// A `conanfile.py` that could be read.
#[derive(Clone, Debug, Default)]
pub struct Recipe {
    /// The text.
    pub source: SourceText,
    /// The name of the class of the recipe and where it stands; none when no class derives from
    /// `ConanFile`.
    pub class: Option<(String, Span)>,
    /// Whether the class has other bases than `ConanFile`, whose attributes it inherits.
    pub inherits: bool,
    /// `name = value` in the body of the class, in its order.
    pub attributes: Vec<Assignment>,
    /// `name = value` outside of classes and functions.
    pub globals: Vec<Assignment>,
    /// The methods of the class.
    pub methods: Vec<Method>,
    /// What it imports.
    pub imports: Vec<Import>,
    /// All calls.
    pub calls: Vec<Call>,
    /// All dotted names: `self.settings.os`.
    pub uses: Vec<Use>,
    /// All texts that are written in it, those in f-strings as their pieces.
    pub strings: Vec<(String, Span)>,
    /// Comments with their `#`.
    pub comments: Vec<Span>,
}

/// `target = value`
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub at: Span,
    /// What it is set to.
    pub value: Literal,
}

/// A method of the class.
#[derive(Clone, Debug)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub at: Span,
    /// All of it.
    pub span: Span,
    /// Whether it does nothing: only `pass`, `...` or a comment.
    pub is_empty: bool,
}

/// `import module`, or `from module import name`
#[derive(Clone, Debug)]
pub struct Import {
    /// The module.
    pub module: String,
    /// What is taken from it; empty for `import module`.
    pub names: Vec<String>,
    /// Where the module stands.
    pub at: Span,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is called, as a dotted name: `self.requires`.
    pub target: String,
    /// The method of the class it stands in.
    pub method: Option<usize>,
    /// Where it begins.
    pub at: Span,
    /// Positional arguments.
    pub arguments: Vec<Literal>,
    /// Arguments by name; the name is empty for `**all`.
    pub named: Vec<Argument>,
}

/// An argument by name.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub at: Span,
    /// The value.
    pub value: Literal,
}

/// A dotted name.
#[derive(Clone, Debug)]
pub struct Use {
    /// `self.settings.os`; a subscript is `[key]`, or `[]` when the key is computed.
    pub path: String,
    /// The method of the class it stands in.
    pub method: Option<usize>,
    /// Where it stands.
    pub at: Span,
    /// Whether it's set or deleted.
    pub is_store: bool,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Literal {
    /// All of it.
    pub span: Span,
    /// What it is.
    pub kind: LiteralKind,
}

/// What is written, as far as it needs no interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralKind {
    /// A text.
    Text(String),
    /// A text with computed pieces: those that are written, with `{}` for the others.
    Format(String),
    /// `True`, `False`
    Bool(bool),
    /// `None`
    None,
    /// A number.
    Number,
    /// A list, tuple or set.
    List {
        /// Whether it is a tuple.
        tuple: bool,
        /// The items.
        items: Vec<Literal>,
    },
    /// A dictionary; the key is none for `**other`.
    Dict(Vec<(Option<Literal>, Literal)>),
    /// Something else.
    Other,
}

impl PartialEq for Literal {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Literal {}

impl Literal {
    /// The text, if it is one that is written out.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            LiteralKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if this is a list, tuple or set.
    pub fn items(&self) -> Option<&[Literal]> {
        match &self.kind {
            LiteralKind::List { items, .. } => Some(items),
            _ => None,
        }
    }

    /// The entries, if this is a dictionary.
    pub fn dict(&self) -> Option<&[(Option<Literal>, Literal)]> {
        match &self.kind {
            LiteralKind::Dict(entries) => Some(entries),
            _ => None,
        }
    }

    /// The texts of it: itself, or its items. Others are left out.
    pub fn texts(&self) -> Vec<(&str, Span)> {
        let own = |it: &Literal| it.span;
        match &self.kind {
            LiteralKind::Text(text) => vec![(text.as_str(), self.span)],
            LiteralKind::List { items, .. } => items
                .iter()
                .filter_map(|it| Some((it.text()?, own(it))))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// Why a text isn't Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub at: Span,
    /// What is wrong.
    pub problem: String,
}

impl Recipe {
    /// Reads a text.
    pub fn read(source: SourceText) -> Result<Self, (SourceText, SyntaxError)> {
        let parsed = match parse_module(&source.text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let problem = SyntaxError {
                    at: span(error.location),
                    problem: error.error.to_string(),
                };
                return Err((source, problem));
            }
        };
        let mut recipe = Self::default();
        for token in parsed.tokens() {
            if token.kind().is_comment() {
                recipe.comments.push(span(token.range()));
            }
        }
        let module = &parsed.syntax().body;
        recipe.globals = module.iter().filter_map(assignment).collect();
        let class = main_class(module);
        if let Some(class) = class {
            recipe.read_class(class);
        }
        collect::collect(&mut recipe, module);
        recipe.source = source;
        Ok(recipe)
    }

    fn read_class(&mut self, class: &StmtClassDef) {
        self.class = Some((class.name.to_string(), span(class.name.range())));
        let bases = class.arguments.iter().flat_map(|it| it.args.iter());
        self.inherits = bases.count() > 1 || !derives_from_conanfile(class);
        for statement in &class.body {
            if let Stmt::FunctionDef(function) = statement {
                self.methods.push(Method {
                    name: function.name.to_string(),
                    at: span(function.name.range()),
                    span: span(function.range()),
                    is_empty: function.body.iter().all(does_nothing),
                });
            } else {
                self.attributes.extend(assignment(statement));
            }
        }
    }

    /// The attribute of the class, as the last assignment leaves it.
    pub fn attribute(&self, name: &str) -> Option<&Assignment> {
        self.attributes.iter().rev().find(|it| it.name == name)
    }

    /// The method of a name, with its index.
    pub fn method(&self, name: &str) -> Option<(usize, &Method)> {
        self.methods
            .iter()
            .enumerate()
            .find(|(_, method)| method.name == name)
    }

    /// The name of the method of an index.
    pub fn method_name(&self, index: Option<usize>) -> Option<&str> {
        index
            .and_then(|it| self.methods.get(it))
            .map(|it| it.name.as_str())
    }

    /// Calls of a dotted name.
    pub fn calls_of<'a>(&'a self, target: &'a str) -> impl Iterator<Item = &'a Call> {
        self.calls.iter().filter(move |call| call.target == target)
    }

    /// Whether the text holds these words anywhere, comments included.
    pub fn mentions(&self, words: &str) -> bool {
        self.source.text.contains(words)
    }

    /// Whether some method sets `self.name`, so that the class needn't.
    pub fn sets(&self, name: &str) -> bool {
        let path = format!("self.{name}");
        self.uses.iter().any(|it| it.is_store && it.path == path)
    }

    /// Where the class stands, or the beginning of the file.
    pub fn place(&self) -> Span {
        self.class.as_ref().map_or(Span::default(), |(_, at)| *at)
    }
}

/// The class that derives from `ConanFile`; the last one counts, as bases stand before it.
fn main_class(module: &[Stmt]) -> Option<&StmtClassDef> {
    let classes: Vec<&StmtClassDef> = module
        .iter()
        .filter_map(|it| match it {
            Stmt::ClassDef(class) => Some(class),
            _ => None,
        })
        .collect();
    let mut recipes: Vec<&StmtClassDef> = Vec::new();
    for class in classes {
        let bases = class.arguments.iter().flat_map(|it| it.args.iter());
        let mut inherits = bases.filter_map(base_name);
        let known = |name: &str| recipes.iter().any(|it| it.name.as_str() == name);
        if inherits.any(|name| name == "ConanFile" || known(name)) {
            recipes.push(class);
        }
    }
    recipes.last().copied()
}

fn derives_from_conanfile(class: &StmtClassDef) -> bool {
    let mut bases = class.arguments.iter().flat_map(|it| it.args.iter());
    bases.any(|it| base_name(it) == Some("ConanFile"))
}

fn base_name(base: &Expr) -> Option<&str> {
    match base {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

fn assignment(statement: &Stmt) -> Option<Assignment> {
    let (target, value) = match statement {
        Stmt::Assign(assign) => (assign.targets.first()?, assign.value.as_ref()),
        Stmt::AnnAssign(assign) => (assign.target.as_ref(), assign.value.as_deref()?),
        _ => return None,
    };
    let Expr::Name(name) = target else {
        return None;
    };
    Some(Assignment {
        name: name.id.to_string(),
        at: span(name.range()),
        value: collect::literal(value),
    })
}

fn does_nothing(statement: &Stmt) -> bool {
    match statement {
        Stmt::Pass(_) => true,
        Stmt::Expr(expression) => matches!(
            expression.value.as_ref(),
            Expr::EllipsisLiteral(_) | Expr::StringLiteral(_)
        ),
        _ => false,
    }
}

/// A range of the parser.
pub(super) fn span(range: TextRange) -> Span {
    Span::new(range.start().to_usize(), range.end().to_usize())
}
