"""Any options give templates that CloudFormation's rules accept, or our own error: never a raw one of the CDK."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import aws_cdk as cdk
import validators
from hypothesis import given, settings
from hypothesis import strategies as st
from shop import OPTIONS

from cdk_standby import InvalidOptions, Problem
from cdk_standby_stacks import AuroraMysql, AuroraPostgres, Capacity, Service, WarmStandby, Workload

databases = st.one_of(
    st.none(),
    st.builds(
        AuroraPostgres,
        version=st.sampled_from(["16.8", "17.4"]),
        instance=st.sampled_from(["r7g.large", "r8g.xlarge", "t4g.medium"]),
        readers=st.integers(0, 16),
    ),
    st.builds(AuroraMysql, version=st.just("8.0.mysql_aurora.3.08.0"), readers=st.integers(1, 3)),
)
services = st.builds(
    Service,
    capacity=st.builds(Capacity, minimum=st.integers(0, 9), maximum=st.integers(1, 40)),
    port=st.sampled_from([80, 8080, 65535]),
    health_path=st.sampled_from(["/", "/healthz", "healthz"]),
)
deployments = st.fixed_dictionaries(
    {
        "primary": st.sampled_from(["eu-west-1", "us-east-1", "ap-southeast-2", "eu-wset-1"]),
        "recovery": st.sampled_from(["eu-central-1", "us-west-2", "eu-west-1"]),
        "scale": st.sampled_from([0.1, 0.5, 1.0, 0, 2.0]),
        "zones": st.integers(1, 4),
        "hosted_zone_id": st.sampled_from([None, "Z0123456789EXAMPLE"]),
    }
)


@settings(max_examples=12)
@given(databases, services, deployments)
def test_a_template_that_holds_or_an_error_that_helps(database, service, changes):
    with tempfile.TemporaryDirectory() as out:
        app = cdk.App(outdir=out, context=validators.context("recommended"), analytics_reporting=False)
        problems: tuple[Problem, ...] = ()
        try:
            workload = Workload(name="shop", domain="shop.example.com", service=service, database=database)
            WarmStandby(app, "Shop", workload=workload, **{**OPTIONS, "objectives": None, **changes})
        except InvalidOptions as invalid:
            problems = invalid.problems
        else:
            app.synth()

        assert all(problem.allowed and problem.why for problem in problems)
        report = Path(out, "validation-report.json")
        plugins = json.loads(report.read_text())["pluginReports"] if report.exists() else []
        errors = {v["ruleName"] for p in plugins for v in p["violations"] if v["severity"] in ("error", "fatal")}
        assert errors == set()
