"""Child processes that end with us: on success, on failure and on Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from ..errors import DemoFailed

TAIL = 40
END_SECONDS = 5.0


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    log: Path,
    hears: Callable[[str], None] = lambda _: None,
) -> None:
    """Run a command to its end; every line goes to the log and to whoever listens.

    It runs in a process group of its own, so that its children end with it.

    Raises:
        DemoFailed: it ended with another code than 0; the message carries its last lines.
    """
    last: deque[str] = deque(maxlen=TAIL)
    with log.open("a", encoding="utf-8") as written, _group(command, cwd, env) as process:
        assert process.stdout is not None
        for line in process.stdout:
            written.write(line)
            last.append(line.rstrip())
            hears(line.strip())
        code = process.wait()
    if code != 0:
        tail = "\n".join(f"  | {line}" for line in last)
        raise DemoFailed(f"{Path(command[0]).name} {' '.join(command[1:3])} ended with code {code}:\n{tail}")


@contextmanager
def _group(command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Generator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603  our own tools
        command,
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """The whole group: politely, then not."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            break
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END_SECONDS)
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def ended_by_signals() -> Generator[None]:
    """Let SIGTERM clean up as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
