"""Deployments, synthesized once each and read many times."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
import validators
from every_tier import KEPT, THERE, WORDS, serving
from shop import OPTIONS, shop

from cdk_standby_review import Review, review
from cdk_standby_stacks import Deployment, MultiSite, PilotLight, WarmStandby

ROOT = Path(__file__).parents[2]
Template = dict[str, Any]


@dataclass(frozen=True)
class Synthesized:
    """The templates of an app, by stack name."""

    app: cdk.App
    templates: Mapping[str, Template]

    def of_type(self, wanted: str) -> dict[tuple[str, str], Template]:
        """Resources of a type, by (stack, logical id)."""
        return {
            (stack, name): resource
            for stack, template in self.templates.items()
            for name, resource in template["Resources"].items()
            if resource["Type"] == wanted
        }

    def only(self, stack: str, wanted: str) -> Template:
        """The properties of the only resource of a type in a stack."""
        [found] = [r for (where, _), r in self.of_type(wanted).items() if where == stack]
        return dict(found.get("Properties", {}))


@pytest.fixture(scope="session")
def synthesize(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Synthesized]:
    """`synthesize(strategy=WarmStandby, flags="recommended", context={}, workload=..., scale=...)`."""

    def run(
        *,
        strategy: type[Deployment] = WarmStandby,
        flags: str = "recommended",
        context: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> Synthesized:
        out = str(tmp_path_factory.mktemp("cdk.out"))
        app = cdk.App(outdir=out, context=validators.context(flags) | dict(context or {}), analytics_reporting=False)
        strategy(app, "Shop", **{"workload": shop(), **OPTIONS, **changes})
        return Synthesized(
            app, {s.stack_name: json.loads(Path(s.template_full_path).read_text()) for s in app.synth().stacks}
        )

    return run


@pytest.fixture(scope="session", params=validators.FLAG_SETS)
def warm_standby(request: pytest.FixtureRequest, synthesize: Callable[..., Synthesized]) -> Synthesized:
    """The example of the README, under the recommended feature flags and under none."""
    return synthesize(flags=request.param)


@pytest.fixture(scope="session")
def standby(synthesize: Callable[..., Synthesized]) -> Synthesized:
    """The same, under the recommended flags only."""
    return synthesize()


PROMISED: dict[Any, dict[str, Any]] = {
    word: {"objectives": KEPT if word in (PilotLight, WarmStandby) else None} for word in WORDS
}
"""The others do not keep what is promised."""


@pytest.fixture(scope="session")
def each(synthesize: Callable[..., Synthesized]) -> dict[type[Deployment], Synthesized]:
    """Every strategy, from the same words."""
    return {word: synthesize(strategy=word, workload=serving(), **PROMISED[word]) for word in WORDS}


@pytest.fixture(scope="session")
def flipped(synthesize: Callable[..., Synthesized]) -> dict[type[Deployment], Synthesized]:
    """The strategies that fail over, as they are written after they did."""
    words = (PilotLight, WarmStandby, MultiSite)
    return {word: synthesize(strategy=word, workload=serving(), active=THERE, **PROMISED[word]) for word in words}


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `app.py` writes when nobody chooses a strategy: all of them."""
    folder = tmp_path_factory.mktemp("cdk.out")
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    more = {"CDK_OUTDIR": str(folder), "CDK_CONTEXT_JSON": json.dumps(context)}
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env={**os.environ, **more}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def reviewed(assembly: Path) -> Review:
    """What `cdk-standby review` makes of it."""
    return review(assembly)
