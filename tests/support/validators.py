"""What validators say of an app or a template: cdk-nag's two packs, the CDK's own validation, cfn-lint."""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import os
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.decode.decode import decode_str
from cfnlint.runner import Runner

FLAG_SETS = ("recommended", "none")
LINTED = pytest.mark.parametrize("flags", ["recommended"], indirect=True, scope="session")
"""For tests of cfn-lint, which takes seconds: feature flags change little of what it reads."""
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


def context(flags: str) -> dict[str, Any]:
    """Of an app under a set of feature flags, with the CDK's own findings as errors that are reported, not raised."""
    return VALIDATED | (recommended_flags() if flags == "recommended" else {})


def findings(app: cdk.App) -> list[tuple[str, str]]:
    """[(rule, construct path)] of all plugins. Synthesizes anew; a rule or plugin that broke is a finding too."""
    packs = [cdk_nag.AwsSolutionsChecks(app, verbose=False), cdk_nag.NIST80053R5Checks(app, verbose=False)]
    cdk.Validations.of(app).add_plugins(*packs)
    app.synth(force=True)
    report = Path(app.outdir, "validation-report.json")
    return _findings(json.loads(report.read_text())["pluginReports"]) if report.exists() else []


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


def lint(template: dict[str, Any], *, region: str = "eu-west-1", once: Path | None = None) -> list[str]:
    """The errors and warnings of cfn-lint, one line each; kept in the folder `once`, and not asked for again.

    It takes a second for a template, and the same templates come again under another set of flags.
    """
    text = json.dumps(template)
    if once is None:
        return _lint(text, region)
    said = once / hashlib.sha256(f"{region} {text}".encode()).hexdigest()
    if not said.exists():
        half = said.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps(_lint(text, region)))
        half.rename(said)
    return list(json.loads(said.read_text()))


def _lint(text: str, region: str) -> list[str]:
    decoded, unreadable = decode_str(text)
    matches = unreadable or _runner(region).validate_template(decoded)
    return [f"{m.rule.id} {'/'.join(map(str, m.path or []))}: {m.message}" for m in matches if m.rule.id[0] != "I"]


@functools.cache
def _runner(region: str) -> Runner:
    """cfn-lint with its rules, whose loading takes longer than to judge a small template."""
    return Runner(ConfigMixIn(regions=[region]))
