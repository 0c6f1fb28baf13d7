"""What every test of a construct needs: an app and a stack, the template, and what the validators say of it.

Session fixtures that return functions, because test folders are no packages and nothing is imported from here.
A synth costs seconds: build once in a module fixture, and read its template in many tests.
"""

from __future__ import annotations

import functools
import itertools
import json
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk.assertions import Template
from cfnlint.api import lint as cfn_lint
from cfnlint.config import ManualArgs

FLAG_SETS = ("recommended", "none")
VALIDATED = {"@aws-cdk/core:validateAgainstDefaultRules": True, "@aws-cdk/core:failSynthOnValidationErrors": False}


@functools.cache
def recommended_flags() -> dict[str, Any]:
    """The flags that `cdk init` writes, from the very CDK under test."""
    bundle = next((Path(cdk.__file__).parent / "_jsii").glob("aws-cdk-lib@*.jsii.tgz"))
    with tarfile.open(bundle) as packed:
        for member in packed:
            if member.name.endswith("/recommended-feature-flags.json"):
                return dict(json.load(packed.extractfile(member)))
    raise AssertionError(f"{bundle} holds no recommended-feature-flags.json")


@pytest.fixture(scope="session", params=FLAG_SETS)
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
            context = VALIDATED | (recommended_flags() if flags == "recommended" else {})
            app = cdk.App(outdir=str(tmp_path_factory.mktemp("cdk.out")), context=context, analytics_reporting=False)
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

    def find(app: cdk.App) -> list[tuple[str, str]]:
        packs = [cdk_nag.AwsSolutionsChecks(app, verbose=False), cdk_nag.NIST80053R5Checks(app, verbose=False)]
        cdk.Validations.of(app).add_plugins(*packs)
        app.synth(force=True)
        report = Path(app.outdir, "validation-report.json")
        return _findings(json.loads(report.read_text())["pluginReports"]) if report.exists() else []

    return find


def _findings(reports: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    broken = [
        ("plugin broke", f"{r['pluginName']}: {r['metadata']}") for r in reports if "error" in (r.get("metadata") or {})
    ]
    found = [
        (violation["ruleName"], construct.get("constructPath") or str(construct.get("cloudFormationResource")))
        for report in reports
        for violation in report["violations"]
        for construct in violation["violatingConstructs"]
    ]
    return sorted(set(itertools.chain(broken, found)))


@pytest.fixture(scope="session")
def lint() -> Callable[..., list[str]]:
    """`lint(template, region="eu-west-1")`: the errors and warnings of cfn-lint, one line each."""

    def lines(template: dict[str, Any], *, region: str = "eu-west-1") -> list[str]:
        matches = cfn_lint(json.dumps(template), config=ManualArgs(regions=[region]))
        return [f"{m.rule.id} {'/'.join(map(str, m.path or []))}: {m.message}" for m in matches if m.rule.id[0] != "I"]

    return lines
