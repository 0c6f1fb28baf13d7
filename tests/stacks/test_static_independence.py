"""Every Region stands alone: no template needs another Region to be deployed or updated, the primary least of all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk
import pytest
import validators
from every_tier import HERE, KEPT, THERE, serving
from shop import OPTIONS

from cdk_standby_stacks import PilotLight

ELSEWHERE = "us-east-1"
ALLOWED_PARAMETERS = {"AWS::SSM::Parameter::Value<String>", "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"}
"""Of the Region's own bootstrap stack, and of AWS's own images."""


@pytest.fixture(scope="module")
def every(each, flipped):
    """All templates of all strategies, before and after a failover, with the Region each is deployed in."""
    return [
        (f"{side}-{word.__name__}", stack, region(stack), template)
        for side, words in (("before", each), ("after", flipped))
        for word in words
        for stack, template in words[word].templates.items()
    ]


def region(stack: str) -> str:
    """`Shop-database` is one for all Regions, and stands where the data was born."""
    return next((name for name in (HERE, THERE) if name in stack), HERE if stack == "Shop-database" else ELSEWHERE)


def calls(template: Any, name: str) -> Iterator[Any]:
    """What an intrinsic function is told, wherever it is called."""
    if isinstance(template, dict):
        for key, value in template.items():
            if key == name:
                yield value
            yield from calls(value, name)
    elif isinstance(template, list):
        for value in template:
            yield from calls(value, name)


def test_what_a_template_reads_is_of_its_own_region(every):
    elsewhere = {
        (stack, read["StackName"])
        for _, stack, home, template in every
        for read in calls(template, "Fn::GetStackOutput")
        if read["Region"] != home or region(read["StackName"]) != home
    }

    assert elsewhere == set()


def test_nothing_is_imported_from_exports_nor_asked_of_functions_or_parameters_at_deployment(every):
    """A custom resource would run, and a parameter be read, at every deployment: in a Region that may be dark."""
    texts = {(side, stack): json.dumps(template) for side, stack, _, template in every}

    assert {key for key, text in texts.items() if "Fn::ImportValue" in text} == set()
    assert {
        (stack, resource["Type"])
        for _, stack, _, template in every
        for resource in template["Resources"].values()
        if re.match(r"Custom::|AWS::CloudFormation::(CustomResource|Stack|Macro)", resource["Type"])
    } == set()
    assert {
        parameter["Type"] for _, _, _, template in every for parameter in template.get("Parameters", {}).values()
    } <= ALLOWED_PARAMETERS


def test_what_is_resolved_at_deployment_are_secrets_of_the_same_template(every):
    asked = {
        (stack, rest)
        for _, stack, _, template in every
        for rest in re.findall(r"{{resolve:(.{64})", json.dumps(template))
        if not (found := re.match(r'secretsmanager:", {"Ref": "(\w+)"}', rest)) or found[1] not in template["Resources"]
    }

    assert asked == set()


def test_the_recovery_region_is_byte_for_byte_the_same_without_the_stacks_of_the_primary(each, tmp_path):
    app = cdk.App(outdir=str(tmp_path), context=validators.context("recommended"), analytics_reporting=False)
    deployment = PilotLight(app, "Shop", **{**OPTIONS, "workload": serving(), "objectives": KEPT})
    stacks = [stack for stack in deployment.node.children if isinstance(stack, cdk.Stack)]
    kept = {stack.stack_name: stack.template_file for stack in stacks if stack.region != HERE}

    for stack in stacks:
        if stack.stack_name not in kept:
            deployment.node.try_remove_child(stack.node.id)
    with pytest.raises(RuntimeError, match="depends on non-existing artifact"):  # the order of a first deployment
        app.synth()

    written = {name: json.loads((tmp_path / file).read_text()) for name, file in kept.items()}
    assert set(written) == {f"Shop-{THERE}-{part}" for part in ("network", "vault", "data", "service")} | {
        "Shop-traffic"
    }
    assert written == {name: each[PilotLight].templates[name] for name in written}
