"""One experiment of FIS: its template, and a role that may do what its faults need on what is tagged for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_cdk import Aws, Stack
from aws_cdk import aws_fis as fis
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from .._tokens import is_token
from ..relational._experiment_parts import LOGGING, experiment_role, logged_to
from ..relational._parts import accept
from ._faults import TAG, Fault, May

Template = fis.CfnExperimentTemplate
_IAM5 = "AwsSolutions::AwsSolutions-IAM5"
_MADE = "what FIS makes and strikes has ids that AWS chooses; conditions on tags, or on the action, name it"
_LOOK = "describing, finding by tag, and having logs delivered cannot be allowed for one resource alone"


def experiment(
    scope: Construct,
    name: str,
    *,
    says: str,
    faults: Sequence[Fault],
    tagged: str,
    arns: Mapping[str, list[str]],
    stops: list[fis.CfnExperimentTemplate.ExperimentTemplateStopConditionProperty],
    log: logs.ILogGroup,
) -> fis.CfnExperimentTemplate:
    """A template under its name. What a zone does not have is skipped: caches and writers stand where they stand."""
    home = Construct(scope, name)
    role = experiment_role(home, _policy(home, faults, tagged))
    return Template(
        home,
        "Experiment",
        description=says,
        role_arn=role.role_arn,
        stop_conditions=stops,
        targets={fault.name: _target(fault, tagged, arns) for fault in faults},
        actions={
            fault.name: Template.ExperimentTemplateActionProperty(
                action_id=fault.action, targets={fault.target: fault.name}, parameters=dict(fault.parameters) or None
            )
            for fault in faults
        },
        experiment_options=Template.ExperimentTemplateExperimentOptionsProperty(
            account_targeting="single-account", empty_target_resolution_mode="skip"
        ),
        log_configuration=logged_to(log),
        tags={"Name": home.node.path},
    )


def _target(
    fault: Fault, tagged: str, arns: Mapping[str, list[str]]
) -> fis.CfnExperimentTemplate.ExperimentTemplateTargetProperty:
    return Template.ExperimentTemplateTargetProperty(
        resource_type=fault.resource,
        selection_mode="ALL",
        resource_tags={TAG: tagged} if fault.strikes else None,
        resource_arns=None if fault.strikes else arns[fault.target],
        filters=[
            Template.ExperimentTemplateTargetFilterProperty(path=path, values=[value])
            for path, value in fault.filters.items()
        ]
        or None,
        parameters=dict(fault.chosen_by) or None,
    )


def _policy(home: Construct, faults: Sequence[Fault], tagged: str) -> iam.ManagedPolicy:
    needed = [may for fault in faults for may in fault.may]
    looks = sorted({action for may in needed if not may.on and not may.where for action in may.actions} | {*LOGGING})
    statements = [
        *(_statement(home, may, tagged) for may in needed if may.on or may.where),
        iam.PolicyStatement(actions=looks, resources=["*"]),
    ]
    policy = iam.ManagedPolicy(home, "Policy", statements=statements)
    accept(policy, _LOOK, f"{_IAM5}[Resource::*]")
    accept(policy, _MADE, *sorted({f"{_IAM5}[Resource::{text}]" for may in needed for text in _texts(home, may)}))
    return policy


def _statement(home: Construct, may: May, tagged: str) -> iam.PolicyStatement:
    conditions: dict[str, Any] = {operator: dict(values) for operator, values in may.where.items()}
    if may.tagged:
        conditions.setdefault("StringEquals", {})[f"aws:ResourceTag/{TAG}"] = tagged
    resources = [_arn(home, on) for on in may.on] or ["*"]
    return iam.PolicyStatement(actions=[*may.actions], resources=resources, conditions=conditions)


def _arn(home: Construct, on: str) -> str:
    stack = Stack.of(home)
    service, _, resource = on.partition(":")
    return on if _whole(on) else f"arn:{Aws.PARTITION}:{service}:{stack.region}:{stack.account}:{resource}"


def _texts(home: Construct, may: May) -> Iterator[str]:
    """Wildcards as a validator spells them."""
    stack = Stack.of(home)
    region = "<AWS::Region>" if is_token(stack.region) else stack.region
    account = "<AWS::AccountId>" if is_token(stack.account) else stack.account
    for on in may.on:
        service, _, resource = on.partition(":")
        if not _whole(on):
            yield f"arn:<AWS::Partition>:{service}:{region}:{account}:{resource}"


def _whole(on: str) -> bool:
    return is_token(on) or on.startswith("arn:")
