"""The documentation runs: every Python block, and every command that it tells people to type."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import aws_cli
import pytest

import option_tables

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(?P<language>[\w+-]*)[^\n]*\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FRESH = {"docs/replacement-guard.md"}
"""Pages that read back what they synthesize: the CDK's own process keeps the folder that it was started in."""
SHELL = {"console", "sh", "bash", "shell"}


class Block(NamedTuple):
    language: str
    line: int
    """Of its first line of code, counted from 1."""
    code: str


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text("utf-8")
    for found in FENCE.finditer(text):
        yield Block(found["language"], text.count("\n", 0, found.start("code")) + 1, found["code"])


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def pages_with(languages: set[str]) -> list[Path]:
    return [page for page in PAGES if page.exists() and any(block.language in languages for block in blocks(page))]


@pytest.mark.parametrize("page", pages_with({"python"}), ids=name_of)
def test_the_python_of_a_page_runs_from_top_to_bottom(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """In an empty folder and a namespace of its own, as a reader types along; an error names the line of the page."""
    lines = [""] * len(page.read_text("utf-8").splitlines())
    for block in (block for block in blocks(page) if block.language == "python"):
        code = block.code.splitlines()
        lines[block.line - 1 : block.line - 1 + len(code)] = code
    text = "\n".join(lines)

    if name_of(page) in FRESH:
        run = f"exec(compile({text!r}, {str(page)!r}, 'exec'), {{'__name__': '__main__'}})"
        subprocess.run([sys.executable, "-c", run], cwd=tmp_path, check=True)
        return
    monkeypatch.chdir(tmp_path)
    exec(compile(text, str(page), "exec"), {"__name__": "__main__"})


@pytest.mark.parametrize("page", pages_with(SHELL), ids=name_of)
def test_the_commands_of_a_page_exist(page: Path):
    unknown = [
        f"{name_of(page)}:{line}: {command}" for line, command in commands(page) if not is_known(shlex.split(command))
    ]

    assert unknown == []


def commands(page: Path) -> Iterator[tuple[int, str]]:
    """What a person types: the lines after a prompt, or all lines where there is no prompt and no output."""
    for block in (block for block in blocks(page) if block.language in SHELL):
        prompted = any(line.startswith("$ ") for line in block.code.splitlines())
        for number, line in enumerate(block.code.splitlines(), block.line):
            typed = line.removeprefix("$ ") if prompted else line
            if typed.strip() and not typed.startswith("#") and (not prompted or line.startswith("$ ")):
                for part in re.split(r"\s+&&\s+", typed.split("  #")[0]):
                    yield number, part.strip()


def is_known(words: list[str]) -> bool:
    """Whether this repository can answer the command. A new kind of command gets a line here."""
    match [words[0].removeprefix(".venv/bin/"), *words[1:]]:
        case ["make", *targets]:
            return {target for target in targets if "=" not in target} <= make_targets()
        case ["cdk-standby", *arguments]:
            return cdk_standby_takes(arguments)
        case ["python3" | "python", "-m", "venv" | "http.server", *_]:
            return True
        case ["python3" | "python", path, *_] | [".ci/run" as path]:
            return (ROOT / path).exists()
        case ["pip", "install", *arguments]:
            return all((ROOT / word).exists() for word in arguments if word.endswith(".txt"))
        case [".", ".venv/bin/activate"] | ["npm", "ci"] | ["git", "clone" | "diff" | "worktree", *_] | ["cd", _]:
            return True
        case ["npx", "cdk", subcommand, *_] | ["cdk", subcommand, *_]:
            return subcommand in {"bootstrap", "deploy", "destroy", "diff", "import", "list", "synth"}
        case ["aws", *asked]:
            return aws_cli.takes(asked)
        case ["ruff" | "mypy" | "pyright" | "lint-imports" | "pytest", *_]:
            return True
    return False


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def cdk_standby_takes(arguments: list[str]) -> bool:
    """Asks the command's own help for the subcommand and for each option."""
    text = help_of(next((word for word in arguments[:1] if not word.startswith("-")), ""))
    return bool(text) and all(word.split("=")[0] in text for word in arguments if word.startswith("--"))


@cache
def help_of(subcommand: str) -> str:
    """Empty when there is no such subcommand."""
    command = [sys.executable, "-m", "cdk_standby_runbooks.cli", *filter(None, [subcommand]), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


@pytest.mark.parametrize("page", [page for page in PAGES if page.exists()], ids=name_of)
def test_the_links_between_pages_lead_somewhere(page: Path):
    targets = {found["target"] for found in LINK.finditer(page.read_text("utf-8"))}

    broken = [
        target
        for target in sorted(targets)
        if "://" not in target and not target.startswith("#") and not (page.parent / target.split("#")[0]).exists()
    ]

    assert broken == []


def test_the_option_tables_are_those_of_the_docstrings():
    pages = list(option_tables.pages())

    behind = [
        name_of(page) for page in pages if option_tables.filled(page.read_text("utf-8")) != page.read_text("utf-8")
    ]

    assert pages != []
    assert behind == [], "make docs writes them"
