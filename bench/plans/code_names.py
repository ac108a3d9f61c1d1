"""Find the names that a Python file defines, without running it."""

from __future__ import annotations

import ast
import inspect
import symtable
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import decode_source
from pathlib import Path

DYNAMIC_NAMES = frozenset(
    {"globals", "locals", "exec", "eval", "__import__", "currentframe", "_getframe", "global_enum"}
)
DYNAMIC_ATTRIBUTES = frozenset({"__globals__", "modules", "f_globals", "_getframe", "currentframe", "global_enum"})
"""Lists names whose use hides what a file defines until it has run."""

TRACED = frozenset({"tf.function", "tensorflow.function", "function", "def_function.function"})
"""Decorators that keep a function's parameters."""


@dataclass(frozen=True)
class CodeFile:
    """A Python file. `names`: what it may define at its top; `is_open`: it may define other names, too."""

    tree: ast.Module
    names: frozenset[str]
    is_open: bool

    @classmethod
    def read(cls, path: Path) -> CodeFile | None:
        """Return the file; None if it cannot be read or is no Python of this version."""
        try:
            text = decode_source(path.read_bytes())
            tree = ast.parse(text)
            table = symtable.symtable(text, str(path), "exec")
        except (OSError, SyntaxError, ValueError, RecursionError):
            return None
        return cls(tree, frozenset(_bound(table)), any(map(_is_dynamic, ast.walk(tree))) or _has_getattr(tree))

    @property
    def offered(self) -> list[str]:
        """Return what it defines by `def` and `=`, in that order, but what is private."""
        return [name for statement in self.tree.body for name in _defined(statement) if not name.startswith("_")]

    @property
    def callables(self) -> list[str]:
        """Return those of them that are likely to be measured: no constants, and nothing that makes inputs."""
        makers = ("inputs", "_inputs")
        return [
            name for name in self.offered if not name.isupper() and name != makers[0] and not name.endswith(makers[1])
        ]

    def definition(self, name: str) -> ast.ClassDef | ast.FunctionDef | None:
        """Return the class or function that a name certainly is; None where something else may be bound to it."""
        found: ast.ClassDef | ast.FunctionDef | None = None
        for statement in _module_scope(self.tree.body):
            if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                if statement.name != name:
                    continue
                if found or isinstance(statement, ast.AsyncFunctionDef) or statement not in self.tree.body:
                    return None
                found = statement
            elif name in _stored(statement):
                return None
        is_global = any(isinstance(node, ast.Global) and name in node.names for node in ast.walk(self.tree))
        return None if self.is_open or is_global else found

    def instance_of(self, name: str) -> str:
        """Return what is assigned an instance of a class, as `x = Net()`; empty if nothing is."""
        for statement in self.tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=made)], value=ast.Call(func=ast.Name(id=called))) if (
                    called == name
                ):
                    return made
        return ""


def signature_of(function: ast.FunctionDef) -> inspect.Signature | None:
    """Return a function's parameters; None where a decorator may have changed them."""
    decorators = [each.func if isinstance(each, ast.Call) else each for each in function.decorator_list]
    if not all(ast.unparse(each) in TRACED for each in decorators):
        return None
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    kinds = inspect.Parameter

    def parameter(argument: ast.arg, kind: inspect._ParameterKind, default: ast.expr | None) -> inspect.Parameter:
        return kinds(argument.arg, kind, default=kinds.empty if default is None else default)

    parameters = [
        parameter(
            each, kinds.POSITIONAL_ONLY if each in arguments.posonlyargs else kinds.POSITIONAL_OR_KEYWORD, default
        )
        for each, default in zip(positional, defaults, strict=True)
    ]
    if arguments.vararg:
        parameters.append(kinds(arguments.vararg.arg, kinds.VAR_POSITIONAL))
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    parameters += [parameter(each, kinds.KEYWORD_ONLY, default) for each, default in named]
    if arguments.kwarg:
        parameters.append(kinds(arguments.kwarg.arg, kinds.VAR_KEYWORD))
    return inspect.Signature(parameters)


def method_of(definition: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    """Return the method that a class's own body defines, if no decorator makes it something else."""
    found = [each for each in definition.body if isinstance(each, ast.FunctionDef) and each.name == name]
    return found[0] if len(found) == 1 and signature_of(found[0]) is not None else None


def needs_arguments(definition: ast.ClassDef) -> bool:
    """Tell whether a class's own `__init__` or `__new__` cannot be called without arguments."""
    for made in definition.body:
        if isinstance(made, ast.FunctionDef) and made.name in ("__init__", "__new__"):
            arguments = made.args
            needed = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults) - 1
            return needed > 0 or None in arguments.kw_defaults
    return False


def is_plain_class(definition: ast.ClassDef) -> bool:
    """Tell whether it makes a class, with no decorator or metaclass that may make something else of it."""
    return not definition.decorator_list and not definition.keywords


def _bound(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the names that are bound at a file's top, and those that its functions declare as global."""
    for symbol in table.get_symbols():
        is_bound = symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
        if is_bound and (table.get_type() == "module" or symbol.is_declared_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _bound(child)


def _is_dynamic(node: ast.AST) -> bool:
    match node:
        case ast.ImportFrom(names=[ast.alias(name="*")]):
            return True
        case ast.Name(id=name):
            return name in DYNAMIC_NAMES
        case ast.Attribute(attr=name):
            return name in DYNAMIC_ATTRIBUTES
        case ast.alias(name="modules"):
            return True
        case ast.Call(func=ast.Name(id="vars"), args=[]):
            return True
        case ast.Call(func=function, args=arguments):  # what knows the module's name may write into it
            is_given = any(isinstance(each, ast.Name) and each.id == "__name__" for each in arguments)
            return is_given and not ast.unparse(function).endswith("getLogger")
    return False


def _has_getattr(tree: ast.Module) -> bool:
    return any(isinstance(each, ast.FunctionDef) and each.name == "__getattr__" for each in _module_scope(tree.body))


def _defined(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def _module_scope(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield every statement that is run in the scope of the module, those within `if`, `try`, `with` and loops too."""
    for statement in statements:
        yield statement
        if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.iter_child_nodes(statement):
            if isinstance(node, ast.stmt):
                yield from _module_scope([node])
            else:
                yield from _module_scope([each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt)])


def _stored(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds or deletes, those of the statements within it too."""
    names: set[str] = set()
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.alias(name=name, asname=asname):
                names.add((asname or name).partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
            case ast.MatchMapping(rest=str(name)):
                names.add(name)
    return names
