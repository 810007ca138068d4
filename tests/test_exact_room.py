"""Arithmetic on a `Decimal` stands in `money/exact.py` alone: elsewhere the caller's context would decide.

A reader of the source, as far as can be judged without running it. It refuses, outside that file: whatever
of the module `decimal` is a context or a rounding; `Decimal`'s methods that round; `round`, a half as a
`Fraction`, and ``// (2 * x)``, roundings by hand; and ``+ - * / // % **``, ``abs``, ``sum`` and the sign
of what is a `Decimal` by its annotation or by what it was made of.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import dialnexa_routing

ROOT = Path(dialnexa_routing.__file__).parent
ROOM = ROOT / "money" / "exact.py"
COLUMNS = ROOT / "deck" / "exact_columns.py"  # the same room for columns, which halves by hand
FILES = sorted(ROOT.rglob("*.py"))

DECIMAL_NAMES = {"Decimal", "InvalidOperation"}
ROUNDING_METHODS = {
    "quantize", "scaleb", "sqrt", "exp", "ln", "log10", "logb", "fma", "to_integral", "to_integral_value",
    "to_integral_exact", "remainder_near", "next_plus", "next_minus", "next_toward", "create_decimal",
    "normalize", "compare", "rotate", "same_quantum",
}  # fmt: skip
NOT_DECIMAL = {"unicodedata"}
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)


def is_decimal_type(annotation: ast.expr | None) -> bool:
    """Whether an annotation is `Decimal`, or `Decimal` or None."""
    match annotation:
        case ast.Name(id="Decimal"):
            return True
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return is_decimal_type(left)
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *_])):
            return is_decimal_type(first)
        case ast.Name(id="Rupees" | "Amount" | "Seconds"):
            return True
    return False


class Known:
    """Names of the package that are Decimals: fields of classes, and what functions return."""

    def __init__(self, trees: dict[str, ast.Module]) -> None:
        fields: dict[str, set[bool]] = {}
        functions: dict[str, set[bool]] = {}
        methods: dict[str, set[bool]] = {"total": {False}}  # of a Counter
        for tree in trees.values():
            for node in ast.walk(tree):
                lines = node.body if isinstance(node, ast.ClassDef | ast.Module) else []
                for line in lines:
                    if isinstance(line, ast.FunctionDef):
                        names = methods if isinstance(node, ast.ClassDef) else functions
                        is_property = any(isinstance(one, ast.Name) for one in line.decorator_list)
                        names = fields if names is methods and is_property else names
                        names.setdefault(line.name, set()).add(is_decimal_type(line.returns))
                    elif isinstance(node, ast.ClassDef) and isinstance(line, ast.AnnAssign):
                        name = ast.unparse(line.target)
                        fields.setdefault(name, set()).add(is_decimal_type(line.annotation))
        # A name that is a Decimal in one class and a whole number in another is not judged.
        self.fields, self.functions, self.methods = (
            {name for name, kinds in named.items() if kinds == {True}}
            for named in (fields, functions, methods)
        )


class Finder(ast.NodeVisitor):
    """What a file does that belongs into the room."""

    def __init__(self, known: Known, *, may_halve: bool = False) -> None:
        self.known, self.may_halve = known, may_halve
        self.found: list[tuple[int, str]] = []
        self.scopes: list[set[str]] = [set()]

    def tell(self, node: ast.expr | ast.stmt, what: str) -> None:
        self.found.append((node.lineno, what))

    def is_decimal(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(id=name):
                return any(name in scope for scope in self.scopes)
            case ast.Attribute(attr=name):
                return name in self.known.fields
            case ast.Call(func=ast.Name(id="Decimal")):
                return True
            case ast.Call(func=ast.Name(id=name)):
                return name in self.known.functions
            case ast.Call(func=ast.Attribute(attr=name)):
                return name in self.known.methods
            case ast.BinOp(left=left, op=op, right=right) if isinstance(op, ARITHMETIC):
                return self.is_decimal(left) or self.is_decimal(right)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
                return self.is_decimal(operand)
            case ast.IfExp(body=one, orelse=other):
                return self.is_decimal(one) or self.is_decimal(other)
        return False

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for one in node.names:
            if node.module == "decimal" and one.name not in DECIMAL_NAMES:
                self.tell(node, f"imports decimal.{one.name}")

    def visit_Import(self, node: ast.Import) -> None:
        for one in node.names:
            if one.name == "decimal":
                self.tell(node, "imports decimal as a whole")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        self.scopes.append({one.arg for one in given if is_decimal_type(one.annotation)})
        self.generic_visit(node)
        self.scopes.pop()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if isinstance(node.target, ast.Name) and is_decimal_type(node.annotation):
            self.scopes[-1].add(node.target.id)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if self.is_decimal(node.value):
            self.scopes[-1] |= {one.id for one in node.targets if isinstance(one, ast.Name)}
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.op, ARITHMETIC) and (self.is_decimal(node.target) or self.is_decimal(node.value)):
            self.tell(node, "arithmetic on a Decimal")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ARITHMETIC) and self.is_decimal(node):
            self.tell(node, "arithmetic on a Decimal")
        match node:
            case ast.BinOp(op=ast.FloorDiv(), right=ast.BinOp(op=ast.Mult(), left=one, right=other)):
                halves = any(isinstance(side, ast.Constant) and side.value == 2 for side in (one, other))
                if halves and not self.may_halve:
                    self.tell(node, "rounds by hand")
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        # `-2` in the code is no arithmetic; the sign of an amount rounds it to the context.
        if isinstance(node.op, ast.USub | ast.UAdd) and self.is_decimal(node.operand):
            self.tell(node, "the sign of a Decimal")
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if node.id == "round":
            self.tell(node, "rounds with round")

    def visit_Call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(func=ast.Name(id="Fraction"), args=[ast.Constant(value=1), ast.Constant(value=2)]):
                self.tell(node, "a half to round by")
            case ast.Call(func=ast.Attribute(value=of, attr=name)) if name in ROUNDING_METHODS:
                if not (isinstance(of, ast.Name) and of.id in NOT_DECIMAL):
                    self.tell(node, f"calls {name}")
            case ast.Call(func=ast.Name(id="abs" | "divmod" | "pow"), args=args):
                if any(map(self.is_decimal, args)):
                    self.tell(node, "arithmetic on a Decimal")
            case ast.Call(func=ast.Name(id="sum"), args=[added, *start]):
                parts = [added.elt] if isinstance(added, ast.GeneratorExp | ast.ListComp) else []
                if any(map(self.is_decimal, [*parts, *start])):
                    self.tell(node, "a sum of Decimals")
        self.generic_visit(node)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


TREES = {str(path.relative_to(ROOT)): parsed(path) for path in FILES}
KNOWN = Known(TREES)


def findings(tree: ast.Module, *, may_halve: bool = False) -> list[tuple[int, str]]:
    finder = Finder(KNOWN, may_halve=may_halve)
    finder.visit(tree)
    return finder.found


def test_r48_arithmetic_on_a_decimal_stands_in_one_file() -> None:
    found = [
        f"{name}:{line} {what}"
        for name, tree in TREES.items()
        if ROOT / name != ROOM
        for line, what in findings(tree, may_halve=ROOT / name == COLUMNS)
    ]
    assert not found, "call dialnexa_routing.money.exact in place of: " + "; ".join(found)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("from decimal import Context", "imports decimal.Context"),
        ("from decimal import localcontext", "imports decimal.localcontext"),
        ("import decimal", "imports decimal as a whole"),
        ("x = amount.quantize(y)", "calls quantize"),
        ("x = amount.scaleb(-2)", "calls scaleb"),
        ("x = f'{amount.normalize():f}'", "calls normalize"),
        ("x = round(amount, 2)", "rounds with round"),
        ("ways = {'even': round}", "rounds with round"),
        ("x = floor(y + Fraction(1, 2))", "a half to round by"),
        ("x = (2 * a + b) // (2 * b)", "rounds by hand"),
        ("x = (a * 2 + b) // (b * 2)", "rounds by hand"),
        ("def f(a: Decimal, b): return a + b", "arithmetic on a Decimal"),
        ("def f(a: Decimal | None): return a * 60", "arithmetic on a Decimal"),
        ("def f(a: Decimal): return abs(a)", "arithmetic on a Decimal"),
        ("def f(a: Decimal): return -a", "the sign of a Decimal"),
        ("def f(a: Decimal):\n    b = a\n    b += 1", "arithmetic on a Decimal"),
        ("x: Decimal = y\nz = x / 2", "arithmetic on a Decimal"),
        ("UNIT = Decimal('0.01')\nx = 3 * UNIT", "arithmetic on a Decimal"),
        ("x = sum(found, Decimal(0))", "a sum of Decimals"),
        ("x = sum(one.net for one in them)", "a sum of Decimals"),
        ("x = invoice.net - 1", "arithmetic on a Decimal"),
    ],
)
def test_the_reader_sees(code: str, says: str) -> None:
    tree = ast.parse(code)
    assert says in {what for _, what in findings(tree)}


@pytest.mark.parametrize(
    "code",
    [
        "def f(a: Fraction, b: Fraction): return a + b",
        "x = Fraction(amount) * 60",
        "x = unicodedata.normalize('NFKC', text)",
        "def f(a: Decimal): return a.copy_abs() < 3",
        "x = whole // (60 * 2000)",
        "x = sum(one.calls for one in them)",
    ],
)
def test_the_reader_lets_pass(code: str) -> None:
    assert findings(ast.parse(code)) == []
