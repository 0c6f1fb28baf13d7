"""One comment on a pull request of GitHub, written once and kept up to date.

https://docs.github.com/en/rest/issues/comments
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from http.client import HTTPException
from itertools import count
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from ..plain import list_of, object_of, within

LARGEST: Final = 65_536
"""Characters that GitHub takes."""
PAGE: Final = 100
ATTEMPTS: Final = 4
LONGEST: Final = 60.0
"""Seconds. Whoever asks for a longer break is not waited for: a review is not worth an hour of a runner."""
TIMEOUT: Final = 30.0


class NotWritten(Exception):  # noqa: N818  (reads as what it says)
    """There is no comment; the message says why."""


class _Again(Exception):  # noqa: N818
    """It may work later."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class Comments:
    """The comments of one pull request."""

    def __init__(
        self, api: str, repository: str, number: int, token: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Nothing is asked yet.

        Args:
            api: Where the API is, such as `https://api.github.com`.
            repository: `owner/name`.
            number: Of the pull request.
            token: Who writes.
            sleep: How to wait between attempts; left out, the clock's.
        """
        self._api, self._repository, self._number = api.rstrip("/"), repository, number
        self._token, self._sleep = token, sleep

    def write(self, marker: str, body: str) -> str:
        """Write the comment that begins with a marker, or put new text into the one that is there.

        Every attempt looks first, so that an answer that was lost on its way makes no second comment.

        Returns:
            The address of the comment.

        Raises:
            NotWritten: the token may not, or GitHub does not answer.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._written(marker, body)
            except _Again as again:
                wait = 2.0**attempt if again.after is None else again.after
                if attempt == ATTEMPTS or wait > LONGEST:
                    raise NotWritten(str(again)) from None
                self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _written(self, marker: str, body: str) -> str:
        own = self._own_name()
        mine = next((c for c in self._all() if _begins(c, marker) and _by(c, own)), None)
        issues = f"/repos/{self._repository}/issues"
        if mine is None:
            answer = self._ask("POST", f"{issues}/{self._number}/comments", {"body": body})
        else:
            answer = self._ask("PATCH", f"{issues}/comments/{mine['id']}", {"body": body})
        return str(within(answer, "html_url") or "")

    def _own_name(self) -> str | None:
        """Who the token is; None for that of a workflow or an app, which cannot ask and writes as a bot."""
        return None if self._token.startswith("ghs_") else str(within(self._ask("GET", "/user"), "login"))

    def _all(self) -> Iterator[dict[str, Any]]:
        for page in count(1):
            where = f"/repos/{self._repository}/issues/{self._number}/comments?per_page={PAGE}&page={page}"
            found = list_of(self._ask("GET", where))
            yield from map(object_of, found)
            if len(found) < PAGE:
                return

    def _ask(self, method: str, path: str, said: dict[str, str] | None = None) -> Any:
        data = None if said is None else json.dumps(said).encode()
        request = Request(f"{self._api}{path}", data, method=method)  # noqa: S310  (the runner says where)
        request.add_header("Accept", "application/vnd.github+json")
        request.add_header("X-GitHub-Api-Version", "2022-11-28")
        request.add_header("User-Agent", "cdk-standby")
        request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        try:
            with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as error:
            with error:
                raise _refusal(error, method) from None
        except (URLError, HTTPException, OSError) as error:
            raise _Again(f"GitHub does not answer: {getattr(error, 'reason', None) or error}") from None
        except ValueError:
            raise _Again("GitHub answers something that is not JSON") from None


def _begins(comment: dict[str, Any], marker: str) -> bool:
    return str(comment.get("body")).startswith(marker)


def _by(comment: dict[str, Any], own: str | None) -> bool:
    """Whether we wrote it: anybody may write a comment that begins like ours, and would keep it as theirs."""
    user = object_of(comment.get("user"))
    return user.get("type") == "Bot" if own is None else user.get("login") == own


def _refusal(error: HTTPError, method: str) -> Exception:
    why = f"GitHub answers {error.code} {error.reason}"
    body = error.read(10_000).decode("utf-8", "replace").lower()
    limited = "retry-after" in error.headers or error.headers.get("x-ratelimit-remaining") == "0"
    if error.code in {403, 429} and (limited or "rate limit" in body):
        return _Again(f"{why}: too many requests", _asked_break(error))
    if error.code >= 500 or (error.code == 404 and method == "PATCH"):  # deleted meanwhile: the next look finds none
        return _Again(why, _asked_break(error))
    if error.code in {401, 403}:
        return NotWritten(f"{why}: the token may not write comments here, as in pull requests from forks")
    return NotWritten(why)


def _asked_break(error: HTTPError) -> float | None:
    after, reset = error.headers.get("retry-after", ""), error.headers.get("x-ratelimit-reset", "")
    if after.isdecimal():
        return float(after)
    spent = error.headers.get("x-ratelimit-remaining") == "0"
    return max(0.0, float(reset) - time.time()) if spent and reset.isdecimal() else None
