"""The switch that takes a Region away: only a local AWS has one."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any, Protocol

from .errors import NotReady


class Outage(Protocol):
    """Takes Regions away and gives them back."""

    def begin(self, region: str) -> None: ...
    def end(self) -> None: ...


class LocalOutage:
    """The switch of the local AWS at `endpoint`.

    Raises:
        NotReady: what listens there is no local AWS of ours, or nothing does.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint.rstrip("/")

    def begin(self, region: str) -> None:
        """From now on, every call to that Region is answered 503."""
        self._dark([region])

    def end(self) -> None:
        """Every Region answers again."""
        self._dark([])

    def dropped(self) -> dict[str, list[str]]:
        """By resource type, the properties that deployments to it left out because nobody models them here."""
        told: Any = self._ask("report", None)
        try:
            return dict(told["cloudformation"]["dropped"])
        except (KeyError, TypeError):
            return {}

    def _dark(self, regions: list[str]) -> None:
        if self._ask("dark", {"regions": regions}) != regions:
            raise NotReady(
                f"{self._endpoint} cannot take a Region away: it is no local AWS of cdk-standby; "
                "start one with: cdk-standby drill --local"
            )

    def _ask(self, what: str, body: Any) -> Any:
        """The answer; None when whoever listens there does not know the question."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._endpoint}/_local/{what}", data=data)  # noqa: S310  loopback was checked
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=10) as answer:
                return json.load(answer)
        except (OSError, urllib.error.URLError, ValueError):
            return None
