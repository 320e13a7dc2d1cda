"""Filter expressions: parsed to a whitelist and computed on columns, never evaluated.

An expression compares columns with numbers, texts or columns, and joins the comparisons
with `and`, `or`, `not` and parentheses, as in
`(mapq1 >= 30 and mapq2 >= 30) or pair_type == "UR"`.
"""

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.pairs import Block

Mask = NDArray[np.bool_]
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_NUMBERED = ("pos", "mapq", "frag")


@dataclass(frozen=True)
class Expression:
    """A parsed expression; `columns` are the names it uses."""

    text: str
    tree: ast.expr
    columns: frozenset[str]

    def evaluate(self, block: Block) -> Mask:
        """True for the lines of `block` that satisfy it; bool, shape (block.n,).

        Raises
        ------
        InputError
            If a column is not there, or holds something else than numbers where a number
            is asked for.
        """
        return _mask(self.tree, block)


def parse(text: str) -> Expression:
    """Parse a filter expression.

    Raises
    ------
    InputError
        If it holds anything but columns, literals, comparisons, and, or, not.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        _check_logic(tree)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise InputError(
            f"filter expression '{text}': {_reason(error)}; allowed are columns, numbers, "
            'texts, comparisons, and, or, not: mapq1 >= 30 and pair_type == "UU"'
        ) from None
    names = frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return Expression(text, tree, names)


def _reason(error: Exception) -> str:
    return (error.msg or "") if isinstance(error, SyntaxError) else str(error)


def _check_logic(node: ast.expr) -> None:
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                _check_logic(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _check_logic(operand)
        case ast.Compare(left=left, ops=ops, comparators=others):
            _check_comparison([left, *others], ops)
        case ast.Constant(value=bool()):
            pass
        case _:
            raise ValueError(f"'{ast.unparse(node)}' is not a comparison")


def _check_comparison(sides: list[ast.expr], ops: list[ast.cmpop]) -> None:
    for op in ops:
        if type(op) not in _COMPARISONS:
            raise ValueError("only ==, !=, <, <=, > and >= compare")
    for side in sides:
        known = isinstance(side, ast.Name) or (
            isinstance(side, ast.Constant) and type(side.value) in (int, float, str)
        )
        if not known:
            raise ValueError(f"'{ast.unparse(side)}' is not a column, a number or a text")
        if isinstance(side, ast.Constant) and isinstance(side.value, str):
            side.value.encode()
    if not any(isinstance(side, ast.Name) for side in sides):
        raise ValueError("a comparison needs a column")
    if len({type(s.value) is str for s in sides if isinstance(s, ast.Constant)}) > 1:
        raise ValueError("a text is compared with a number")


def _mask(node: ast.expr, block: Block) -> Mask:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return np.logical_and.reduce([_mask(value, block) for value in values])
        case ast.BoolOp(values=values):
            return np.logical_or.reduce([_mask(value, block) for value in values])
        case ast.UnaryOp(operand=operand):
            return ~_mask(operand, block)
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _compare([left, *others], ops, block)
        case ast.Constant(value=value):
            return np.full(block.n, bool(value))
    raise AssertionError(ast.dump(node))


def _compare(sides: list[ast.expr], ops: list[ast.cmpop], block: Block) -> Mask:
    as_numbers = _are_numbers(sides)
    values = [_value(side, as_numbers, block) for side in sides]
    results = [
        _COMPARISONS[type(op)](left, right)
        for op, left, right in zip(ops, values[:-1], values[1:], strict=True)
    ]
    return np.logical_and.reduce(results)


def _are_numbers(sides: list[ast.expr]) -> bool:
    """A literal decides how columns are read; without one their names do."""
    literals = [side.value for side in sides if isinstance(side, ast.Constant)]
    if literals:
        return not isinstance(literals[0], str)
    return all(isinstance(side, ast.Name) and side.id.startswith(_NUMBERED) for side in sides)


def _value(side: ast.expr, as_number: bool, block: Block) -> Any:
    if isinstance(side, ast.Name):
        return block.ints(side.id) if as_number else block.strings(side.id)
    assert isinstance(side, ast.Constant)
    return side.value.encode() if isinstance(side.value, str) else side.value
