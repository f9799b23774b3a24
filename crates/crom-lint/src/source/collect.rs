//! From the syntax tree to the facts of a [`Recipe`].

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{
    Expr, ExprContext, FStringPart, InterpolatedStringElement, Stmt, StringLiteral,
};
use ruff_text_size::Ranged;

use super::recipe::{Argument, Call, Import, Literal, LiteralKind, Recipe, Use, span};
use super::text::Span;

/// Fills the lists of imports, calls, uses and texts.
pub(super) fn collect(recipe: &mut Recipe, module: &[Stmt]) {
    let mut collector = Collector {
        methods: recipe.methods.iter().map(|it| it.span).collect(),
        imports: Vec::new(),
        calls: Vec::new(),
        uses: Vec::new(),
        strings: Vec::new(),
    };
    for statement in module {
        collector.visit_stmt(statement);
    }
    recipe.imports = collector.imports;
    recipe.calls = collector.calls;
    recipe.uses = collector.uses;
    recipe.strings = collector.strings;
}

struct Collector {
    methods: Vec<Span>,
    imports: Vec<Import>,
    calls: Vec<Call>,
    uses: Vec<Use>,
    strings: Vec<(String, Span)>,
}

impl Collector {
    fn method(&self, at: Span) -> Option<usize> {
        self.methods
            .iter()
            .position(|it| it.start <= at.start && at.end <= it.end)
    }
}

impl<'a> Visitor<'a> for Collector {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    self.imports.push(Import {
                        module: alias.name.to_string(),
                        names: Vec::new(),
                        at: span(alias.range()),
                    });
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref();
                self.imports.push(Import {
                    module: module.map(ToString::to_string).unwrap_or_default(),
                    names: import.names.iter().map(|it| it.name.to_string()).collect(),
                    at: module.map_or_else(|| span(import.range()), |it| span(it.range())),
                });
            }
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        let at = span(expression.range());
        match expression {
            Expr::Call(call) => {
                let method = self.method(at);
                self.calls.push(Call {
                    target: dotted(&call.func).unwrap_or_default(),
                    method,
                    at,
                    arguments: call.arguments.args.iter().map(literal).collect(),
                    named: call
                        .arguments
                        .keywords
                        .iter()
                        .map(|keyword| Argument {
                            name: keyword
                                .arg
                                .as_ref()
                                .map(ToString::to_string)
                                .unwrap_or_default(),
                            at: span(keyword.range()),
                            value: literal(&keyword.value),
                        })
                        .collect(),
                });
            }
            Expr::Attribute(attribute) => {
                if let Some(path) = dotted(expression) {
                    self.uses.push(Use {
                        path,
                        method: self.method(at),
                        at,
                        is_store: attribute.ctx != ExprContext::Load,
                    });
                }
            }
            Expr::Subscript(subscript) => {
                if let Some(path) = dotted(expression) {
                    self.uses.push(Use {
                        path,
                        method: self.method(at),
                        at,
                        is_store: subscript.ctx != ExprContext::Load,
                    });
                }
            }
            _ => {}
        }
        walk_expr(self, expression);
    }

    fn visit_string_literal(&mut self, text: &'a StringLiteral) {
        self.strings
            .push((text.value.to_string(), span(text.range())));
    }

    fn visit_interpolated_string_element(&mut self, element: &'a InterpolatedStringElement) {
        if let InterpolatedStringElement::Literal(text) = element {
            self.strings
                .push((text.value.to_string(), span(text.range())));
        }
        ruff_python_ast::visitor::walk_interpolated_string_element(self, element);
    }
}

/// `self.conan_data["sources"][self.version]` as `self.conan_data[sources][]`.
fn dotted(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => {
            Some(format!("{}.{}", dotted(&attribute.value)?, attribute.attr))
        }
        Expr::Subscript(subscript) => {
            let key = match subscript.slice.as_ref() {
                Expr::StringLiteral(text) => text.value.to_str().to_owned(),
                _ => String::new(),
            };
            Some(format!("{}[{key}]", dotted(&subscript.value)?))
        }
        Expr::Call(call) => Some(format!("{}()", dotted(&call.func)?)),
        _ => None,
    }
}

/// What an expression is, without running it.
pub(super) fn literal(expression: &Expr) -> Literal {
    let kind = match expression {
        Expr::StringLiteral(text) => LiteralKind::Text(text.value.to_str().to_owned()),
        Expr::FString(text) => LiteralKind::Format(text.value.iter().map(written).collect()),
        Expr::BooleanLiteral(value) => LiteralKind::Bool(value.value),
        Expr::NoneLiteral(_) => LiteralKind::None,
        Expr::NumberLiteral(_) => LiteralKind::Number,
        Expr::List(list) => LiteralKind::List {
            tuple: false,
            items: list.elts.iter().map(literal).collect(),
        },
        Expr::Set(set) => LiteralKind::List {
            tuple: false,
            items: set.elts.iter().map(literal).collect(),
        },
        Expr::Tuple(tuple) => LiteralKind::List {
            tuple: true,
            items: tuple.elts.iter().map(literal).collect(),
        },
        Expr::Dict(dict) => LiteralKind::Dict(
            dict.items
                .iter()
                .map(|it| (it.key.as_ref().map(literal), literal(&it.value)))
                .collect(),
        ),
        _ => LiteralKind::Other,
    };
    Literal {
        span: span(expression.range()),
        kind,
    }
}

fn written(part: &FStringPart) -> String {
    match part {
        FStringPart::Literal(text) => text.value.to_string(),
        FStringPart::FString(text) => text
            .elements
            .iter()
            .map(|it| match it {
                InterpolatedStringElement::Literal(text) => text.value.to_string(),
                InterpolatedStringElement::Interpolation(_) => "{}".to_owned(),
            })
            .collect(),
    }
}
