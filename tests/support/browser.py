"""A real headless Chromium, for the pages that we make."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser with a profile of its own; without one the test is skipped, and fails where CI says that it runs."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a laptop may not have it
    except ImportError:
        _without("playwright is not installed: pip install -e '.[browser]'")
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        _without(f"none of {', '.join(NAMES)} is on the PATH")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, headless=True, args=[*FLAGS])
        try:
            yield started
        finally:
            started.close()


def _without(why: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


class Watched:
    """A page, with everything that it asks for and complains about."""

    def __init__(self, browser: Any, address: str, **context: Any) -> None:
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page = browser.new_context(**context).new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.goto(address)
