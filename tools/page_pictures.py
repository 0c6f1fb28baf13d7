"""Takes the pictures of docs/review-page.md: `python tools/page_pictures.py cdk.out/assembly-WarmStandby`.

Makes the page of the review, opens it in a headless Chromium, chooses the loss of the first Region that serves, and
writes docs/pictures/review-page-light.png and review-page-dark.png.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import sync_playwright

from cdk_standby_review import review
from cdk_standby_review.report import as_html

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LARGEST = 150_000
"""Bytes of a picture."""


def main() -> int:
    """Take both pictures; 1 when one is too large for the repository."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", metavar="PATH", help="what to review, as of 'cdk-standby review'")
    parser.add_argument("--fault", default="fault-region-eu-west-1", help="the end of the page's address")
    arguments = parser.parse_args()
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        page = Path(folder) / "review.html"
        page.write_text(as_html(review(arguments.path)), encoding="utf-8")
        taken = _take(f"{page.as_uri()}#{arguments.fault}")
    for picture in taken:
        print(f"{picture}: {picture.stat().st_size:,} bytes")
    return int(any(picture.stat().st_size > LARGEST for picture in taken))


def _take(address: str) -> list[Path]:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    taken: list[Path] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        for scheme in SCHEMES:
            page = browser.new_page(viewport={"width": 1080, "height": 900}, color_scheme=scheme)
            page.goto(address)
            page.evaluate("scrollTo(0, 0)")  # what sticks to the top stands where it is written
            top = page.evaluate("document.getElementById('said').offsetTop")
            taken.append(PICTURES / f"review-page-{scheme}.png")
            page.screenshot(path=taken[-1], full_page=True, clip={"x": 34, "y": top - 10, "width": 1012, "height": 640})
        browser.close()
    return taken


if __name__ == "__main__":
    sys.exit(main())
