"""A mypy plugin: text that is not known when the program is written never reaches a widget as markup.

Textual reads a plain `str` as markup almost wherever it also takes `Content`: `[@click=app.quit]` runs an action, and
`[/` ends the program. So where a function, a constructor, an attribute or a reactive of any library takes one of the
literal text types or a `str`, a `str` must be written out in the call, or go with `markup=False`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from mypy.nodes import CallExpr, ConditionalExpr, Context, Expression, NameExpr, StrExpr
from mypy.plugin import (
    AttributeContext,
    ClassDefContext,
    FunctionSigContext,
    MethodSigContext,
    Plugin,
)
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    LiteralType,
    ProperType,
    TupleType,
    Type,
    UnionType,
    get_proper_type,
)

TAKES_TEXT = ("textual.content.", "textual.visual.", "rich.text.", "rich.console.")
"""Where the types live that stand beside `str` in what takes markup."""

MARKUP = {
    "notify": {"message", "title"},
    "from_markup": {"markup", "text"},
    "Collapsible": {"title"},
    "RadioSet": {"buttons"},
    "add_row": {"cells"},
    "add_rows": {"rows"},
    "update_cell": {"value"},
    "update_cell_at": {"value"},
}
"""What takes markup as `str`, or as anything: functions, methods and classes, and their parameters, by name."""

SAID = 'A plain str is markup here: give Content(…), a str that is written out, or markup=False (parameter "{}")'


class LiteralText(Plugin):
    """The plugin."""

    def get_function_signature_hook(self, fullname: str) -> Callable[[FunctionSigContext], FunctionLike] | None:
        return lambda context: check(context, fullname)

    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
        return lambda context: check(context, fullname)

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return check_super_calls

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return without_str


def check(context: FunctionSigContext | MethodSigContext, fullname: str) -> FunctionLike:
    """Complain of every argument that is text of no literal type where markup is taken."""
    signature = context.default_signature
    known = MARKUP.get(fullname.rpartition(".")[2], set())
    sinks = [
        (name or "", given)
        for name, type_, given in zip(signature.arg_names, signature.arg_types, context.args, strict=False)
        if name in known or takes_markup(type_)
    ]
    if sinks and not says_no_markup(context.context):
        for name, given in sinks:
            for argument in given:
                if not written_out(argument) and may_be_str(context.api.get_expression_type(argument)):
                    context.api.fail(SAID.format(name), argument)
    return signature


def check_super_calls(context: ClassDefContext) -> None:
    """The same of what a class hands on to a constructor of Textual's, which mypy tells no plugin of: by its look."""
    module = context.api.cur_mod_node  # type: ignore[attr-defined]  # not in the interface, and in every analyzer
    owner = next((it for it in context.cls.info.mro[1:] if "__init__" in it.names), None)
    if module.fullname.startswith("textual.") or owner is None or not owner.fullname.startswith("textual."):
        return
    constructor = owner.names["__init__"].type
    if isinstance(constructor, CallableType):
        sinks = [takes_markup(it) for it in constructor.arg_types[1:]]
        named = {name for name, sink in zip(constructor.arg_names[1:], sinks, strict=True) if sink and name}
        for node in ast.walk(parsed(module.path)):
            if isinstance(node, ast.ClassDef) and (node.name, node.lineno) == (context.cls.name, context.cls.line):
                for function in node.body:
                    if isinstance(function, ast.FunctionDef):
                        check_function(function, sinks, named, context)


@lru_cache(1)
def parsed(path: str) -> ast.Module:
    """The source of a module."""
    return ast.parse(Path(path).read_bytes())


def check_function(
    function: ast.FunctionDef, sinks: Sequence[bool], named: Container[str | None], context: ClassDefContext
) -> None:
    """Complain of every `super().__init__(…)` in it that gets text which is not written out."""
    parameters = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    texts = {it.arg for it in parameters if it.annotation and ast.unparse(it.annotation) in ("str", "str | None")}
    for call in ast.walk(function):
        if not isinstance(call, ast.Call) or ast.unparse(call.func) != "super().__init__":
            continue
        if any(it.arg == "markup" and ast.unparse(it.value) == "False" for it in call.keywords):
            continue
        given = [argument for argument, sink in zip(call.args, sinks, strict=False) if sink]
        for argument in [*given, *(it.value for it in call.keywords if it.arg in named)]:
            if reads_as_text(argument, texts):
                context.api.fail(SAID.format("of super()"), Context(argument.lineno, argument.col_offset))


def reads_as_text(argument: ast.expr, texts: Container[str]) -> bool:
    """Whether an expression is a text put together, or one of these names."""
    match argument:
        case ast.Name(name):
            return name in texts
        case ast.JoinedStr() | ast.Call(ast.Name("str")) | ast.Call(ast.Attribute(ast.Constant(str()))):
            return True
        case ast.BinOp(left, _, right):
            return reads_as_text(left, texts) or reads_as_text(right, texts)
        case ast.BoolOp(_, values):
            return any(reads_as_text(value, texts) for value in values)
        case ast.IfExp(_, one, other):
            return reads_as_text(one, texts) or reads_as_text(other, texts)
    return False


def without_str(context: AttributeContext) -> Type:
    """The type of an attribute that markup may be assigned to, without `str`."""
    if context.is_lvalue and takes_markup(context.default_attr_type):
        return UnionType.make_union([one for one in members(context.default_attr_type) if not may_be_str(one)])
    return context.default_attr_type


def members(type_: Type) -> Iterator[ProperType]:
    """The alternatives of a type."""
    proper = get_proper_type(type_)
    if isinstance(proper, UnionType):
        for one in proper.items:
            yield from members(one)
    else:
        yield proper


def parts(type_: Type, depth: int = 4) -> Iterator[ProperType]:
    """A type and what it is made of, the items of lists and of tuples as well; not endlessly, for types may recur."""
    for one in members(type_):
        yield one
        inside = one.args if isinstance(one, Instance) else one.items if isinstance(one, TupleType) else ()
        for inner in inside if depth else ():
            yield from parts(inner, depth - 1)


def takes_markup(type_: Type) -> bool:
    """Whether a `str` of this type would be read as markup: a literal text type stands beside it."""
    inside = list(parts(type_))
    return any(map(is_str, inside)) and any(
        isinstance(one, Instance) and one.type.fullname.startswith(TAKES_TEXT) for one in inside
    )


def is_str(type_: ProperType) -> bool:
    return isinstance(type_, Instance) and type_.type.fullname == "builtins.str"


def may_be_str(type_: Type) -> bool:
    """Whether a value of this type may be a `str`, or hold one. What has no type may be."""
    for one in parts(type_):
        fallback = one.fallback if isinstance(one, LiteralType) else one
        if isinstance(fallback, AnyType) or (isinstance(fallback, Instance) and fallback.type.has_base("builtins.str")):
            return True
    return False


def written_out(argument: Expression) -> bool:
    """Whether the text is in the source, so that whoever wrote it knows what it says."""
    if isinstance(argument, ConditionalExpr):
        return written_out(argument.if_expr) and written_out(argument.else_expr)
    return isinstance(argument, StrExpr)


def says_no_markup(call: object) -> bool:
    """Whether a call has `markup=False` in it."""
    return isinstance(call, CallExpr) and any(
        name == "markup" and isinstance(argument, NameExpr) and argument.fullname == "builtins.False"
        for name, argument in zip(call.arg_names, call.args, strict=True)
    )


def plugin(version: str) -> type[Plugin]:
    """What mypy asks for."""
    return LiteralText
