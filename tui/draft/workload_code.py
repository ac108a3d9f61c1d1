"""The code of a workload as a user would write it, from the catalogue: the function that is timed, and what it needs.

A builder may hand parts of its work to helpers of the catalogue's. Their parameters are replaced by what they are
called with, so that nothing is left that a reader would have to look up.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from types import FunctionType
from typing import Any

CATALOGUE = "bench.catalogue"


@dataclass(frozen=True)
class WorkloadCode:
    """`function` is timed; `where` defines what it uses beside its arguments and the dimensions; `signature` is the
    setting of `tf.function` that says what arguments it is traced for, mostly empty.
    """

    function: str
    where: str = ""
    signature: str = ""


@cache
def code_of(build: Callable[..., Any]) -> WorkloadCode:
    """The code of what a builder of the catalogue builds."""
    step, scope = _timed(_Scope.of(build))
    signature = ", ".join(ast.unparse(each) for decorator in step.decorator_list for each in _keywords(decorator))
    definitions = _Definitions()
    definitions.add_those_of(step, scope)
    return WorkloadCode(_plain(step), "\n".join(map(_plain, definitions.found)), signature)


@dataclass
class _Scope:
    """The body of a function: what it binds, and what it returns; `names` are those that it finds around it."""

    names: Mapping[str, Any]
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    assigned: dict[str, ast.Assign] = field(default_factory=dict)
    returned: ast.expr | None = None

    @classmethod
    def of(cls, function: Callable[..., Any], call: ast.Call | None = None) -> _Scope:
        """The body of a function, with what `call` gives for its parameters in their place."""
        assert isinstance(function, FunctionType)
        written = _source_of(function)
        given = _arguments(function, call) if call else {}
        constants = {name: ast.Constant(value) for name, value in function.__globals__.items() if type(value) is int}
        scope = cls(function.__globals__)
        for statement in written.body:
            scope._take(_Replaced({**constants, **given}).visit(deepcopy(statement)))
        return scope

    def _take(self, statement: ast.stmt) -> None:
        match statement:
            case ast.With():  # a policy of Keras's, for the dtype chosen
                for inner in statement.body:
                    self._take(inner)
            case ast.FunctionDef():
                self.functions[statement.name] = statement
            case ast.Assign():
                self.assigned |= {name.id: statement for target in statement.targets for name in _names(target)}
            case ast.Return():
                self.returned = statement.value

    def called(self, expression: ast.expr | None) -> tuple[Callable[..., Any], ast.Call] | None:
        """The helper of the catalogue's that an expression is a call of, and the call."""
        if isinstance(expression, ast.Call) and isinstance(expression.func, ast.Name):
            helper = self.names.get(expression.func.id)
            if isinstance(helper, FunctionType) and helper.__module__.startswith(CATALOGUE):
                return helper, expression
        return None


class _Definitions:
    """The statements that code needs before it, in an order in which each has what it needs."""

    def __init__(self) -> None:
        self.found: list[ast.stmt] = []
        self._seen: set[str] = set()

    def add_those_of(self, code: ast.stmt, scope: _Scope) -> None:
        """Add what the names stand for that are free in `code`."""
        for name in _free_names(code):
            if name not in self._seen:
                self._seen.add(name)
                self._add(name, scope)

    def _add(self, name: str, scope: _Scope) -> None:
        if name in scope.functions:
            self._keep(scope.functions[name], scope)
        elif name in scope.assigned:
            self._add_assigned(name, scope.assigned[name], scope)
        elif getattr(thing := scope.names.get(name), "__module__", "").startswith(CATALOGUE):
            self._keep(_source_of(thing), _Scope(vars(inspect.getmodule(thing))))

    def _add_assigned(self, name: str, statement: ast.Assign, scope: _Scope) -> None:
        if (called := scope.called(statement.value)) is None:
            self._keep(statement, scope)
            return
        inner = _Scope.of(*called)
        value = _part(statement.targets[0], name, inner.returned)
        if isinstance(value, ast.Name) and value.id in inner.functions:
            self._keep(inner.functions[value.id], inner)
        elif value is not None and value is not inner.returned:
            self._keep(ast.Assign([ast.Name(name, ast.Store())], value, lineno=0), inner)
        else:
            self._keep(statement, scope)

    def _keep(self, statement: ast.stmt, scope: _Scope) -> None:
        if statement not in self.found:
            self.add_those_of(statement, scope)
            self.found.append(statement)


def _timed(scope: _Scope) -> tuple[ast.FunctionDef, _Scope]:
    """The function that is timed, and where it is written."""
    timed = scope.returned.elts[0] if isinstance(scope.returned, ast.Tuple) else scope.returned
    if isinstance(timed, ast.Name):
        if timed.id in scope.functions:
            return scope.functions[timed.id], scope
        timed = scope.assigned[timed.id].value
    called = scope.called(timed)
    assert called is not None, "a builder returns a function, or what a helper returns"
    helper, call = called
    step, inner = _timed(_Scope.of(helper, call))
    return step, _Scope(inner.names, {**scope.functions, **inner.functions}, {**scope.assigned, **inner.assigned})


def _part(target: ast.expr, name: str, value: ast.expr | None) -> ast.expr | None:
    """What an assignment gives a name of its target, which may be a tuple."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        parts = zip(target.elts, value.elts, strict=True)
        return next(part for each, part in parts if name in [inner.id for inner in _names(each)])
    return value


def _arguments(function: FunctionType, call: ast.Call) -> dict[str, ast.expr]:
    """What a call gives for each parameter."""
    given = dict(zip(inspect.signature(function).parameters, call.args, strict=False))
    return given | {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


@cache
def _source_of(thing: Any) -> Any:
    """The definition of a function or a class."""
    return ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]


def _walk(code: ast.AST) -> Iterator[ast.AST]:
    """Every node, in the order in which it is written."""
    yield code
    for child in ast.iter_child_nodes(code):
        yield from _walk(child)


def _names(code: ast.AST) -> Iterator[ast.Name]:
    return (node for node in _walk(code) if isinstance(node, ast.Name))


def _free_names(code: ast.stmt) -> list[str]:
    """The names that code uses and does not bind, in their order; annotations left out."""
    bare = _Bare().visit(deepcopy(code))
    used = bare.value if isinstance(bare, ast.Assign) else bare
    bound = {node.arg for node in _walk(used) if isinstance(node, ast.arg)}
    bound |= {node.name for node in _walk(used) if isinstance(node, ast.FunctionDef)}
    bound |= {name.id for name in _names(used) if isinstance(name.ctx, ast.Store)}
    return list(dict.fromkeys(name.id for name in _names(used) if name.id not in bound))


def _keywords(decorator: ast.expr) -> list[ast.keyword]:
    return decorator.keywords if isinstance(decorator, ast.Call) else []


def _plain(code: ast.stmt) -> str:
    """Code as text, without what only a type checker reads, and without blank lines."""
    lines = ast.unparse(ast.fix_missing_locations(_Bare().visit(deepcopy(code)))).splitlines()
    return "\n".join(filter(None, lines))


class _Replaced(ast.NodeTransformer):
    """Other expressions in the place of names; `getattr` of a known name is written with a dot."""

    def __init__(self, expressions: Mapping[str, ast.expr]) -> None:
        self._expressions = expressions

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Another expression where there is one."""
        return deepcopy(self._expressions.get(node.id, node)) if isinstance(node.ctx, ast.Load) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A dot for `getattr`."""
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str(name))]):
                return ast.Attribute(owner, name, ast.Load())
        return node


class _Bare(ast.NodeTransformer):
    """Without annotations, docstrings, imports and decorators."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """What runs."""
        node.returns, node.decorator_list = None, []
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """The name alone."""
        node.annotation = None
        return node

    def visit_Import(self, node: ast.Import) -> None:
        """Every module of TensorFlow's and Keras's is known."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        """No docstring."""
        return None if isinstance(node.value, ast.Constant) else node
