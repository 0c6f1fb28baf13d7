"""What a Region switch plan moves, part by part: each knows its block, what it may do, and how long it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from aws_cdk import aws_arcregionswitch as arc
from aws_cdk import aws_iam as iam

from cdk_standby_review.facts import Fact, Range
from cdk_standby_review.facts import rds_operations as plan_facts
from cdk_standby_review.facts import region_switch as facts

from .._checks import Problem, within
from ..relational import _region_switch_parts as blocks
from ._switch_places import Arns, misplaced, not_both

Plan = arc.CfnPlan
BESIDE, AFTER = 1, 2
"""When a part's turn is: capacity and data at the same time, traffic once both are there."""
_GROUP = Arns(
    pattern=facts.GROUP_ARN.value,
    example="arn:aws:autoscaling:{region}:<account>:autoScalingGroup:<uuid>:autoScalingGroupName/<name>",
    fact=facts.GROUP_ARN,
)
_FUNCTION = Arns(
    pattern=r"arn:aws[a-z-]*:lambda:{region}:\d{{12}}:function:[a-zA-Z0-9-_]+(:.+)?",
    example="arn:aws:lambda:{region}:<account>:function:<name>",
    fact=facts.FUNCTIONS,
)


class Moved(Protocol):
    """A part of a workload that a plan moves to another Region."""

    @property
    def name(self) -> str:
        """Of its step: unique in the plan."""
        ...

    @property
    def turn(self) -> int:
        """Parts of one turn move at the same time."""
        ...

    @property
    def takes(self) -> Fact[Range]:
        """Seconds."""
        ...

    @property
    def leaves(self) -> bool:
        """Whether it also moves when a Region that serves beside others is deactivated."""
        ...

    def step(self, timeout: float) -> arc.CfnPlan.StepProperty:
        """The block of the plan."""
        ...

    def statements(self) -> Iterator[iam.PolicyStatement]:
        """What the plan may do for it, beyond looking."""
        ...

    def misfits(self, where: str, regions: tuple[str, str]) -> Iterator[Problem]:
        """What a plan of these Regions cannot make of it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCapacity:
    """Auto Scaling groups: the Region that is activated gets what ran in the other one.

    Args:
        arns: the full ARN of the group in each Region. The middle of it is known only once the group is there.
        name: of the step.
        percent: of the most that ran in the other Region within 24 hours; left out: all of it.
    """

    arns: Mapping[str, str]
    name: str = "ScaleService"
    percent: int = 100

    @property
    def turn(self) -> int:
        """Instances start while the database moves."""
        return BESIDE

    @property
    def takes(self) -> Fact[Range]:
        """Seconds until instances are healthy."""
        return facts.CAPACITY

    @property
    def leaves(self) -> bool:
        """Of Regions that all serve, each has its capacity already."""
        return False

    def step(self, timeout: float) -> arc.CfnPlan.StepProperty:
        """The block for Auto Scaling groups; it waits until the balancer finds the instances healthy."""
        config = Plan.Ec2AsgCapacityIncreaseConfigurationProperty(
            asgs=[Plan.AsgProperty(arn=arn) for arn in self.arns.values()],
            capacity_monitoring_approach="sampledMaxInLast24Hours",
            target_percent=self.percent,
            timeout_minutes=timeout,
            # In need the switch goes on with half of it: the rest comes while traffic does.
            ungraceful=Plan.Ec2UngracefulProperty(minimum_success_percentage=50),
        )
        return blocks.step(self.name, "EC2AutoScaling", ec2_asg_capacity_increase_config=config)

    def statements(self) -> Iterator[iam.PolicyStatement]:
        """Resizes these groups alone."""
        yield iam.PolicyStatement(actions=["autoscaling:UpdateAutoScalingGroup"], resources=[*self.arns.values()])
        look = ["autoscaling:DescribeAutoScalingGroups", "cloudwatch:GetMetricStatistics"]
        health = ["elasticloadbalancing:DescribeTargetHealth"]
        yield iam.PolicyStatement(actions=[*look, *health], resources=["*"])

    def misfits(self, where: str, regions: tuple[str, str]) -> Iterator[Problem]:
        """ARNs of other Regions, or without their middle, and shares that are none."""
        yield from misplaced(f"{where}: {self.name}", "arns", self.arns, regions, _GROUP)
        limit = within("percent", facts.GROUP_PERCENT)
        if limit.is_broken({"percent": self.percent}):
            yield limit.problem(f"{where}: {self.name}", {"percent": self.percent})


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionStep:
    """A function of yours, for what no block knows: it runs in the Region that is activated.

    It may be run again at any time, so it asks what is there first; it raises until what it waits for is there.

    Args:
        functions: ARNs of the functions, by Region: one in each.
        name: of the step.
        takes: how long it takes, in seconds, with its source.
        after: True: once capacity and data are there, as traffic needs it. False: beside them.
        retry: minutes between two attempts.
        skipped_in_need: True: an ungraceful run leaves it out. False: it is waited for.
    """

    functions: Mapping[str, str]
    name: str
    takes: Fact[Range]
    after: bool = False
    retry: float = 1
    skipped_in_need: bool = False

    @property
    def turn(self) -> int:
        """As chosen."""
        return AFTER if self.after else BESIDE

    @property
    def leaves(self) -> bool:
        """A Region that is deactivated may be lost, and the other one is not activated: there is nowhere to run."""
        return False

    def step(self, timeout: float) -> arc.CfnPlan.StepProperty:
        """The custom action."""
        config = Plan.CustomActionLambdaConfigurationProperty(
            lambdas=[Plan.LambdasProperty(arn=arn) for arn in self.functions.values()],
            region_to_run="activatingRegion",
            retry_interval_minutes=self.retry,
            timeout_minutes=timeout,
            ungraceful=Plan.LambdaUngracefulProperty(behavior="skip") if self.skipped_in_need else None,
        )
        return blocks.step(self.name, "CustomActionLambda", custom_action_lambda_config=config)

    def statements(self) -> Iterator[iam.PolicyStatement]:
        """Invokes these functions alone."""
        invoke = ["lambda:GetFunction", "lambda:InvokeFunction"]
        yield iam.PolicyStatement(actions=invoke, resources=[*self.functions.values()])

    def misfits(self, where: str, regions: tuple[str, str]) -> Iterator[Problem]:
        """A function in one Region only."""
        yield from misplaced(f"{where}: {self.name}", "functions", self.functions, regions, _FUNCTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthChecks:
    """Records of a hosted zone whose health checks belong to the plan: it sets them, and no record is edited.

    The plan makes the checks. Put their ids, `RegionSwitchPlan.plan.attr_plan_health_checks`, on the records.

    Args:
        hosted_zone_id: the zone of the records.
        record_name: their common name.
        records: the set identifier of the record that leads to each Region.
        name: of the step.
    """

    hosted_zone_id: str
    record_name: str
    records: Mapping[str, str]
    name: str = "MoveTraffic"

    @property
    def turn(self) -> int:
        """Traffic comes last."""
        return AFTER

    @property
    def takes(self) -> Fact[Range]:
        """Seconds until resolvers have forgotten the old answer."""
        return facts.HEALTH_CHECK

    @property
    def leaves(self) -> bool:
        """Users leave a Region that is deactivated."""
        return True

    def step(self, timeout: float) -> arc.CfnPlan.StepProperty:
        """The block for health checks."""
        config = Plan.Route53HealthCheckConfigurationProperty(
            hosted_zone_id=self.hosted_zone_id,
            record_name=self.record_name,
            record_sets=[
                Plan.Route53ResourceRecordSetProperty(region=region, record_set_identifier=identifier)
                for region, identifier in self.records.items()
            ],
            timeout_minutes=timeout,
        )
        return blocks.step(self.name, "Route53HealthCheck", route53_health_check_config=config)

    def statements(self) -> Iterator[iam.PolicyStatement]:
        """Looks at the records of this zone."""
        zone = f"arn:aws:route53:::hostedzone/{self.hosted_zone_id}"
        yield iam.PolicyStatement(actions=["route53:ListResourceRecordSets"], resources=[zone])

    def misfits(self, where: str, regions: tuple[str, str]) -> Iterator[Problem]:
        """A record for one Region only."""
        yield from not_both(f"{where}: {self.name}", "records", self.records, regions, plan_facts.PLAN_REGIONS)
