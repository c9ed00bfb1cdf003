"""Which expressions of a page's code can only be words of ours: the law that nothing else is shown as Markdown.

A value is ours when it is written in the code, is a number or a day, comes out of `plain`, or is put together from
such; a function's is when all it gives back is, a parameter when all that is passed for it is. A view's field is a
number where every class of ours that has a field of that name says so.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

# What Streamlit renders as Markdown: the positions of such arguments. By name, these are wherever they occur.
SHOWN = {
    "markdown": (0,), "caption": (0,), "title": (0,), "header": (0,), "subheader": (0,), "html": (0,),
    "error": (0,), "warning": (0,), "info": (0,), "success": (0,), "toast": (0,), "badge": (0,), "exception": (0,),
    "button": (0,), "download_button": (0,), "form_submit_button": (0,), "link_button": (0,), "page_link": (1,),
    "checkbox": (0,), "toggle": (0,), "radio": (0,), "selectbox": (0,), "multiselect": (0,), "slider": (0,),
    "select_slider": (0,), "pills": (0,), "segmented_control": (0,), "number_input": (0,), "text_input": (0,),
    "text_area": (0,), "date_input": (0,), "time_input": (0,), "file_uploader": (0,), "color_picker": (0,),
    "expander": (0,), "popover": (0,), "dialog": (0,), "tabs": (0,), "metric": (0, 1, 2), "progress": (1,),
    "spinner": (0,), "status": (0,), "table": (0,), "latex": (0,), "image": (1,), "chat_input": (0,),
}  # fmt: skip
NAMED = {"help", "label", "body", "caption", "text", "title", "delta"}
ESCAPES = {"badge"}  # it puts a backslash before brackets: one that is there makes them live again
CHOICES = {"radio", "pills", "segmented_control"}  # their options are Markdown, as their format_func gives them
DAYS = {"day", "month", "year"}
NUMBERS = {"int", "float", "bool", "dt.date", "dt.datetime", "date", "datetime", "None"}
COUNTS = {"plain", "len", "round", "int", "float", "sum", "abs", "bool", "hand_made"}  # the last: an address of ours
KEEPS = {"capitalize", "lower", "upper", "strip", "rstrip", "lstrip", "replace", "removesuffix", "partition", "items",
         "values", "keys", "splitlines"}  # fmt: skip
CHOSEN = {"selectbox", "segmented_control"}
CARRIES = {
    "sorted",
    "list",
    "tuple",
    "reversed",
    "zip",
    "enumerate",
    "set",
    "dict",
    "min",
    "max",
    "next",
    "iter",
    "str",
}
# What an expression is made of; it is ours when all of that is.
PARTS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Constant: (), ast.Compare: (), ast.UnaryOp: (), ast.JoinedStr: ("values",), ast.IfExp: ("body", "orelse"),
    ast.BoolOp: ("values",), ast.Tuple: ("elts",), ast.List: ("elts",), ast.Set: ("elts",), ast.Starred: ("value",),
    ast.NamedExpr: ("value",), ast.Dict: ("keys", "values"), ast.GeneratorExp: ("elt",), ast.ListComp: ("elt",),
    ast.SetComp: ("elt",), ast.DictComp: ("key", "value"), ast.Lambda: ("body",), ast.Subscript: ("value",),
}  # fmt: skip
Function = ast.FunctionDef | ast.Lambda


@dataclass
class Code:
    """The files that draw, as trees; what is asked of them is worked out once."""

    trees: dict[Path, ast.Module]
    numbers: set[str]
    known: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.functions: dict[str, list[ast.FunctionDef]] = {}
        self.calls: dict[str, list[ast.Call]] = {}
        self.constants: dict[tuple[ast.AST | None, str], list[ast.expr]] = {}
        self.inside: dict[ast.AST, ast.AST] = {}
        for tree in self.trees.values():
            for node in ast.walk(tree):
                for child in ast.iter_child_nodes(node):
                    self.inside[child] = node
                if isinstance(node, ast.FunctionDef):
                    self.functions.setdefault(node.name, []).append(node)
                if isinstance(node, ast.Call):
                    self.calls.setdefault(called(node), []).append(node)
            for each in outermost(tree):
                targets = each.targets if isinstance(each, ast.Assign) else [each.target]
                for name in (name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)):
                    self.constants.setdefault((tree, name.id), []).append(each.value)

    def breaches(self) -> Iterator[str]:
        for path, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.IfExp | ast.Name):
                    for shown in self.shown(node):
                        twice = called(node) in ESCAPES and shown is node.args[0] and "plain(" in ast.unparse(shown)
                        if twice or not self.ours(shown):
                            yield f"{path.name}:{shown.lineno} {ast.unparse(shown)}"

    def shown(self, call: ast.Call) -> Iterator[ast.expr]:
        """Call -> those of its arguments that are rendered as Markdown."""
        name = called(call)
        if name not in SHOWN or isinstance(call.func, ast.Name):
            return
        yield from (call.args[place] for place in SHOWN[name] if place < len(call.args))
        yield from (word.value for word in call.keywords if word.arg in NAMED)
        if name in CHOICES:
            formats = [word.value for word in call.keywords if word.arg == "format_func"]
            yield from formats or call.args[1:2]

    def ours(self, node: ast.AST | None) -> bool:
        if node is None:
            return True
        if id(node) not in self.known:
            self.known[id(node)] = True  # what is asked about itself is as good as the rest of it
            self.known[id(node)] = self._ours(node)
        return self.known[id(node)]

    def all(self, nodes: Iterable[ast.AST | None]) -> bool:
        return all(self.ours(node) for node in nodes)

    def _ours(self, node: ast.AST) -> bool:
        if isinstance(node, ast.FormattedValue):
            return numeric(node.format_spec) or self.ours(node.value)
        if isinstance(node, ast.BinOp):
            return self.sum(node)
        if isinstance(node, ast.Attribute):
            return node.attr in self.numbers or (node.attr == "__getitem__" and self.ours(node.value)) or module(node)
        if isinstance(node, ast.Name):
            return self.name(node, node.id)
        if isinstance(node, ast.Call):
            return self.call(node)
        parts = [getattr(node, each) for each in PARTS.get(type(node), ())]
        nodes = [each for part in parts for each in (part if isinstance(part, list) else [part])]
        return type(node) in PARTS and self.all(nodes)

    def sum(self, node: ast.BinOp) -> bool:
        """Two put together: texts by + and %, a text some times over; what else there is makes numbers."""
        if isinstance(node.op, ast.Add | ast.BitOr | ast.Mod):
            return (self.ours(node.left) and self.ours(node.right)) or number(node.left) or number(node.right)
        return not isinstance(node.op, ast.Mult) or self.ours(node.left) or self.ours(node.right)

    def call(self, call: ast.Call) -> bool:
        name, func = called(call), call.func
        if name in COUNTS:
            return True
        if isinstance(func, ast.Attribute):
            if name == "join":
                return self.ours(func.value) and self.all(call.args)
            if name == "get":
                return self.ours(func.value) and self.all(call.args[1:])
            if name in KEEPS:
                return self.ours(func.value) and self.all(call.args)
        if name in CHOSEN:  # one of the options, unless another may be typed
            return self.all(call.args[1:2]) and not any(word.arg == "accept_new_options" for word in call.keywords)
        if name in CARRIES:
            made = self.settled(call.args[0]) if call.args else None
            return self.all(made.keys if isinstance(made, ast.Dict) else call.args)
        return name in self.functions and self.given_by(call, name)

    def given_by(self, node: ast.AST, name: str) -> bool:
        """A function's name where it is used -> whether all it gives back is ours: that of this file, else any."""
        file = self.within(node, ast.Module)
        here = [each for each in self.functions[name] if self.within(each, ast.Module) is file]
        return name == "plain" or all(self.gives(each) for each in here or self.functions[name])

    def gives(self, function: ast.FunctionDef) -> bool:
        """Function -> whether all it gives back is ours."""
        given = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
        return bool(given) and self.all(given)

    def name(self, node: ast.AST, name: str) -> bool:
        """Name in its place -> whether all that is ever bound to it there is ours."""
        around = self.inside.get(node)
        while around is not None:
            if isinstance(around, ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp):
                for loop in around.generators:
                    if binds(loop.target, name):
                        return self.ours(loop.iter) or self.each(loop.target, name, loop.iter)
            if isinstance(around, ast.FunctionDef | ast.Lambda):
                held = self.bound(around, name)
                if held is not None:
                    return held
            around = self.inside.get(around)
        bound = self.constants.get((self.within(node, ast.Module), name))
        if bound is not None:
            return self.all(bound)
        return self.given_by(node, name) if name in self.functions else name.isupper() or name == "plain"

    def bound(self, function: Function, name: str) -> bool | None:
        """Function, a name in it -> whether all it holds is ours; None where it is none of its own."""
        found: list[bool] = []
        if isinstance(function, ast.FunctionDef):
            for each in ast.walk(function):
                if isinstance(each, ast.Assign) and any(binds(target, name) for target in each.targets):
                    found += [self.each(target, name, each.value) for target in each.targets if binds(target, name)]
                elif isinstance(each, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and binds(each.target, name):
                    found.append(self.ours(each.value))
                elif isinstance(each, ast.For) and binds(each.target, name):
                    found.append(self.each(each.target, name, each.iter))
        arguments = function.args
        names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        if name in names:
            found.append(self.parameter(function, names.index(name), name))
        return all(found) if found else None

    def each(self, target: ast.AST, name: str, value: ast.AST) -> bool:
        """What is bound, a name in it, to what -> whether the name's share is ours, told apart where it can be."""
        if isinstance(target, ast.Tuple):
            places = [place for place, each in enumerate(target.elts) if binds(each, name)]
            if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
                return self.all(value.elts[place] for place in places)
            if isinstance(value, ast.Call) and called(value) == "zip" and len(value.args) == len(target.elts):
                return all(self.each(target.elts[place], name, value.args[place]) for place in places)
            if isinstance(value, ast.Call) and called(value) == "enumerate" and len(target.elts) == 2:
                return places == [0] or self.each(target.elts[1], name, value.args[0])
            if isinstance(value, ast.Tuple | ast.List) and all(isinstance(row, ast.Tuple) for row in value.elts):
                rows = [row.elts for row in value.elts if isinstance(row, ast.Tuple)]
                if all(len(row) == len(target.elts) for row in rows):
                    return self.all(row[place] for row in rows for place in places)
            if (made := self.settled(value)) is not value:
                return self.each(target, name, made)
        if isinstance(value, ast.Call) and called(value) == "range":
            return True
        return self.ours(value)

    def settled(self, node: ast.AST) -> ast.AST:
        """Name that is bound once, in its function or its file -> to what; anything else is itself."""
        if not isinstance(node, ast.Name):
            return node
        around = self.within(node, ast.FunctionDef)
        within = [
            each.value
            for each in (ast.walk(around) if around is not None else ())
            if isinstance(each, ast.Assign | ast.AnnAssign) and binds(_first(each), node.id) and each.value is not None
        ]
        bound = within or self.constants.get((self.within(node, ast.Module), node.id), [])
        return bound[0] if len(bound) == 1 else node

    def within(self, node: ast.AST, kind: type[ast.AST]) -> ast.AST | None:
        """Node -> the nearest of that kind around it."""
        around = self.inside.get(node)
        while around is not None and not isinstance(around, kind):
            around = self.inside.get(around)
        return around

    def parameter(self, function: Function, place: int, name: str) -> bool:
        """Parameter -> whether every call passes what is ours; none where nobody is seen to call it."""
        if isinstance(function, ast.Lambda):
            return False
        arguments = {each.arg: each.annotation for each in function.args.args}
        if (said := arguments.get(name)) is not None and {
            part.strip() for part in ast.unparse(said).split("|")
        } <= NUMBERS:
            return True
        calls = self.calls.get(function.name, [])
        passed: list[ast.AST | None] = []
        for call in calls:
            named = [word.value for word in call.keywords if word.arg == name]
            passed += named or ([call.args[place]] if place < len(call.args) else [])
        defaults = dict(
            zip([each.arg for each in function.args.args][::-1], function.args.defaults[::-1], strict=False)
        )
        return bool(passed) and self.all([*passed, defaults.get(name)])


def outermost(tree: ast.Module) -> Iterator[ast.Assign | ast.AnnAssign]:
    """-> what a file binds outside its functions, in a `try` or an `if` too."""
    inner: list[ast.AST] = [tree]
    while inner:
        for each in ast.iter_child_nodes(inner.pop()):
            if isinstance(each, ast.Assign | ast.AnnAssign) and each.value is not None:
                yield each
            if not isinstance(each, ast.FunctionDef | ast.ClassDef | ast.Lambda):
                inner.append(each)


def _first(each: ast.Assign | ast.AnnAssign) -> ast.expr:
    return each.targets[0] if isinstance(each, ast.Assign) else each.target


def module(node: ast.Attribute) -> bool:
    """`charts.EACH`, `sessions.SAMPLES`: a constant of ours by its name."""
    return isinstance(node.value, ast.Name) and node.attr.isupper()


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def binds(target: ast.AST, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(target))


def number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def numeric(spec: ast.expr | None) -> bool:
    """A format that no text takes: with its digits, its sign or its day."""
    said = ast.unparse(spec)[2:-1] if isinstance(spec, ast.JoinedStr) else ""
    return bool(said) and (said[-1] in "dfgeE%" or "%" in said or said.endswith("}f"))


def fields_that_are_numbers(package: Path) -> set[str]:
    """-> the names that stand for a number or a day in every class that has such a field."""
    kinds: dict[str, set[str]] = {}
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                for each in node.body:
                    if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                        said = {part.strip() for part in ast.unparse(each.annotation).split("|")}
                        kinds.setdefault(each.target.id, set()).update(said)
    return DAYS | {name for name, said in kinds.items() if said <= NUMBERS}


def read(root: Path) -> Code:
    """The project -> the code of its pages."""
    files = [root / "Home.py", *sorted((root / "pages").glob("*.py")), *sorted((root / "kicky" / "ui").glob("*.py"))]
    files += [*sorted((root / "kicky" / "charts").glob("*.py")), root / "kicky" / "shown.py"]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    return Code(trees, fields_that_are_numbers(root / "kicky"))


def of(code: str) -> Code:
    """A page's code -> it, to be asked."""
    return Code({Path("page.py"): ast.parse(code)}, set())
