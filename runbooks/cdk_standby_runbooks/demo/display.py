"""Progress: a live table in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from ..show import took

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
MARKS = {WAITING: Text(" "), DONE: Text("✓", style="green"), FAILED: Text("✗", style="red")}


@dataclass(slots=True)
class Shown:
    """One phase as shown."""

    name: str
    detail: str = ""
    state: str = WAITING
    began: float = 0.0
    seconds: float = 0.0


class Display:
    """Shows phases one after the other.

    Args:
        names: all phases, so that a terminal shows what is to come.
        live: True for a table that updates itself; left out: whether standard output is a terminal.
    """

    def __init__(self, names: Sequence[str], *, live: bool | None = None) -> None:
        self._shown = [Shown(name) for name in names]
        self._now = 0
        self._console = Console(highlight=False)
        self._table: Live | None = None
        self._spinner = Spinner("dots")
        self._live = sys.stdout.isatty() if live is None else live

    @contextmanager
    def whole(self) -> Generator[None]:
        """Around all phases."""
        if not self._live:
            yield
            return
        with Live(get_renderable=self._draw, console=self._console, refresh_per_second=8) as self._table:
            yield
        self._table = None

    @contextmanager
    def phase(self, name: str) -> Generator[None]:
        """Around one phase; an exception marks it as failed and passes on."""
        self._now = next(index for index, shown in enumerate(self._shown) if shown.name == name)
        shown = self._shown[self._now]
        shown.state, shown.began = RUNNING, time.monotonic()
        self._line(f"[{self._now + 1}/{len(self._shown)}] {name}")
        try:
            yield
        except BaseException:
            self._close(shown, FAILED)
            raise
        self._close(shown, DONE)

    def say(self, detail: str, *, line: bool = False) -> None:
        """What the present phase does right now; with `line`, worth a line of its own where nothing updates itself."""
        self._shown[self._now].detail = detail
        if line:
            self._line(f"      {detail}")

    def summary(self) -> str:
        """All phases with what they took."""
        return ", ".join(f"{shown.name} {took(shown.seconds)}" for shown in self._shown)

    def _close(self, shown: Shown, state: str) -> None:
        shown.state, shown.seconds = state, time.monotonic() - shown.began
        self._line(f"      {state} after {took(shown.seconds)}{': ' if shown.detail else ''}{shown.detail}")

    def _line(self, text: str) -> None:
        if self._table is None:
            print(text, flush=True)

    def _draw(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for shown in self._shown:
            running = shown.state == RUNNING
            seconds = time.monotonic() - shown.began if running else shown.seconds
            time_text = "" if shown.state == WAITING else took(seconds)
            detail = Text(shown.detail, style="dim", overflow="ellipsis", no_wrap=True)
            table.add_row(self._spinner if running else MARKS[shown.state], shown.name, time_text.rjust(8), detail)
        return table
