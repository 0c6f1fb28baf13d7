"""What every test of a construct needs: an app and a stack, the template, and what the validators say of it.

Session fixtures that return functions, because test folders are no packages and nothing is imported from here.
A synth costs seconds: build once in a module fixture, and read its template in many tests.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
import validators
from aws_cdk.assertions import Template


@pytest.fixture(scope="session", params=validators.FLAG_SETS)
def flags(request: pytest.FixtureRequest) -> str:
    """Runs a test under the recommended feature flags, and under none."""
    return str(request.param)


@pytest.fixture(scope="session")
def make_stack(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., cdk.Stack]:
    """`make_stack(flags="recommended", region="eu-west-1", account="111111111111", name="Test", app=None)`.

    `region=None` gives an env-agnostic stack; `app=` another stack of an app that is there (`stack.node.root`).
    """

    def make(
        *,
        flags: str = "recommended",
        region: str | None = "eu-west-1",
        account: str | None = "111111111111",
        name: str = "Test",
        app: cdk.App | None = None,
    ) -> cdk.Stack:
        if app is None:
            out = str(tmp_path_factory.mktemp("cdk.out"))
            app = cdk.App(outdir=out, context=validators.context(flags), analytics_reporting=False)
        env = cdk.Environment(account=account, region=region) if region else None
        return cdk.Stack(app, name, env=env)

    return make


@pytest.fixture(scope="session")
def template() -> Callable[[cdk.Stack], dict[str, Any]]:
    """`template(stack)`: what CloudFormation gets, as a dict. Closes the app: build everything before."""
    return lambda stack: dict(Template.from_stack(stack).to_json())


@pytest.fixture(scope="session")
def resources() -> Callable[..., dict[str, Any]]:
    """`resources(template, "AWS::KMS::Key")`: the properties of the resources of a type, by logical id."""
    return lambda template, wanted: {
        name: r.get("Properties", {}) for name, r in template["Resources"].items() if r["Type"] == wanted
    }


@pytest.fixture(scope="session")
def findings() -> Callable[[cdk.App], list[tuple[str, str]]]:
    """`findings(app)`: [(rule, construct path)] of cdk-nag's two packs and the CDK's own validation.

    Synthesizes anew, so it may come after `template`. A rule or plugin that broke is a finding too.
    """
    return validators.findings


@pytest.fixture(scope="session")
def lint(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """`lint(template, region="eu-west-1")`: the errors and warnings of cfn-lint, one line each."""
    base = tmp_path_factory.getbasetemp()
    once = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cfn-lint"  # one for all processes
    once.mkdir(exist_ok=True)
    return functools.partial(validators.lint, once=once)
