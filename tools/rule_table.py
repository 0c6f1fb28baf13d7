"""The rules of the review as a table: what each finds, why that is bad, what puts it right, and the page behind it.

`python tools/rule_table.py` writes docs/rules.md; a test says when that page is behind.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path

from cdk_standby_review import RULES
from cdk_standby_review.acknowledgements import UNUSED
from cdk_standby_review.changes import Kind
from cdk_standby_review.findings import Rule, Severity
from cdk_standby_review.locks.judged import RULE_IDS
from cdk_standby_review.verdict import AT_RISK, MISSED, UNPROVEN

PAGE = Path(__file__).parents[1] / "docs/rules.md"
HEAD = """# The rules of the review

{count} rules, each a function over all templates together. *Puts it right* is as the finding says it, with `...` where
it names what it found. A finding that is meant is acknowledged by its rule, with a reason:
[how](review.md#what-is-meant).
"""
OTHERS = """## Findings of other parts

| about | rules |
|---|---|
| [objectives](objectives.md) | {objectives} |
| [changes against a base](review.md#what-a-pull-request-sees) | {changes} |
| [the lock of data](replacement-guard.md) | {locks} |
| [acknowledgements](review.md#what-is-meant) | `{unused}` |
"""
WORDS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Hints"}


def page() -> str:
    """The page as it has to be."""
    others = OTHERS.format(
        objectives=_listed(MISSED, AT_RISK, UNPROVEN), changes=_listed(*Kind), locks=_listed(*RULE_IDS), unused=UNUSED
    )
    return "\n".join((HEAD.format(count=len(RULES)), *(_table(severity) for severity in Severity), others))


def _listed(*ids: str) -> str:
    return ", ".join(f"`{each}`" for each in sorted(map(str, ids)))


def _table(severity: Severity) -> str:
    rows = [_row(rule) for rule in RULES if rule.severity is severity]
    return "\n".join(
        (f"## {WORDS[severity]}\n", "| rule | finds | because | puts it right |", "|---|---|---|---|", *rows, "")
    )


def _row(rule: Rule) -> str:
    found = " ".join((inspect.getdoc(rule.finds) or "").split()).rstrip(".")
    cells = (f"`{rule.id}`", found, f"[{rule.why}]({rule.source})", "; or: ".join(fixes(rule)))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def fixes(rule: Rule) -> list[str]:
    """What its findings say puts it right, in the order of its source."""
    function = ast.parse(textwrap.dedent(inspect.getsource(rule.finds)))
    found: dict[str, None] = {}
    for each in ast.walk(function):
        if isinstance(each, ast.Yield) and isinstance(each.value, ast.Tuple) and len(each.value.elts) == 3:
            found |= dict.fromkeys(_texts(each.value.elts[2], function))
    return list(found)


def _texts(said: ast.expr, function: ast.AST) -> Iterator[str]:
    """What an expression may come to: `...` for what only a template tells, every value of a name."""
    if isinstance(said, ast.Constant):
        yield str(said.value)
    elif isinstance(said, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "..." for part in said.values)
    elif isinstance(said, ast.Name):
        for each in ast.walk(function):
            if isinstance(each, ast.Assign) and any(isinstance(t, ast.Name) and t.id == said.id for t in each.targets):
                yield from _texts(each.value, function)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
