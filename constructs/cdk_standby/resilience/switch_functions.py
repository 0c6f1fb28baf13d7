"""Steps of a Region switch plan for what no block of it can do: scale groups by their names, throw a traffic switch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from .._checks import Rule, check
from .._regions import unknown_region
from ..relational._operated import unknown_at_synth
from ..relational._parts import accept
from ..tables._replicator_parts import Kept, function
from ..traffic_switch import METRIC, NAMESPACE

CODE = Path(__file__).parent / "switch_function"
_BY_PLAN = "Region switch invokes it once a minute until it returns, one run at a time, and shows what went wrong"
_PAGE = "https://docs.aws.amazon.com/r53recovery/latest/dg/custom-action-lambda-block.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSize:
    """An Auto Scaling group, by name, and the size at which it carries the load.

    Args:
        name: of the group in the Region of the function.
        minimum: instances that run at least.
        maximum: instances that run at most.
    """

    name: str
    minimum: int
    maximum: int


class SwitchFunctions(Construct):
    """Functions for the `FunctionStep`s of a plan: make it in both Regions, each serves when its own is activated.

    Region loss: they run in the Region that is left, and need nothing of the other one. Both can be run again at any
    time: they ask what is there, and raise until it is what it should be.

    The block for Auto Scaling groups needs ARNs that are known only once the groups are there. By their names they can
    be scaled from the first deployment on: to a size that was fixed at synth, and not to what ran in the other Region.
    """

    scale: lambda_.Function
    traffic: lambda_.Function

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        workload: str,
        groups: Sequence[GroupSize],
        leaves: str,
        held_in: str,
        key: kms.IKey,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
    ) -> None:
        """Make the functions of this Region.

        Args:
            scope: the parent, in a stack of one of the plan's Regions.
            id: unique among the parent's children.
            workload: part of the functions' names, and of the traffic switch.
            groups: the groups of this Region, with the sizes that carry the load.
            leaves: the Region that traffic leaves when the switch is thrown, as `TrafficSwitch` has it.
            held_in: the Region of the switch: it is thrown when that one is activated, and thrown back when it is not.
            key: encrypts logs and settings.
            log_retention: how long logs are kept; left out: a year.

        Raises:
            InvalidOptions: there is nothing to scale, or the Regions are no pair.
        """
        super().__init__(scope, id)
        given = {"workload": workload, "groups": [*groups], "leaves": leaves, "held_in": held_in}
        late = unknown_at_synth(self, region_of_the_stack=Stack.of(self).region, workload=workload)
        unknown = [unknown_region(self.node.path, option, name) for option, name in _regions(leaves, held_in).items()]
        check(self, RULES, given, also=[*late, *(problem for problem in unknown if problem)])
        kept = Kept(key=key, log_retention=log_retention, deletable_because=None)
        region = Stack.of(self).region
        sizes = json.dumps([asdict(group) for group in groups], separators=(",", ":"))
        self.scale = function(
            self,
            "Scale",
            kept,
            code=CODE,
            handler="switch.scale",
            name=self.names(workload, region)["scale"],
            timeout=Duration.seconds(30),
            environment={"GROUPS": sizes},
            may=_may_scale(groups),
            says=f"Scales {workload} to what carries the load",
            limited=_BY_PLAN,
            calls="Auto Scaling",
        )
        because = "the middle of a group's ARN is chosen by AWS; its name is here"
        found = [f"AwsSolutions::AwsSolutions-IAM5[Resource::{_spelled(group)}]" for group in groups]
        accept(cast("Construct", self.scale.role), because, *found)
        self.traffic = function(
            self,
            "Traffic",
            kept,
            code=CODE,
            handler="switch.move_traffic",
            name=self.names(workload, region)["traffic"],
            timeout=Duration.seconds(30),
            environment=_switch(workload, leaves, held_in),
            may=[_may_throw()],
            says=f"Moves the traffic of {workload}",
            limited=_BY_PLAN,
            calls="CloudWatch",
        )

    @staticmethod
    def names(workload: str, region: str) -> dict[str, str]:
        """What the functions are called, for a plan that must not see the construct.

        Args:
            workload: as given to the construct.
            region: that of the construct's stack.
        """
        return {what: f"{workload}-switch-{what}-{region}" for what in ("scale", "traffic")}


def _regions(leaves: str, held_in: str) -> Mapping[str, str]:
    return {"leaves": leaves, "held_in": held_in}


def _switch(workload: str, leaves: str, held_in: str) -> dict[str, str]:
    where = {"LEAVES": leaves, "HELD_IN": held_in}
    return {"WORKLOAD": workload, "NAMESPACE": NAMESPACE, "METRIC": METRIC, **where}


def _may_scale(groups: Sequence[GroupSize]) -> list[iam.PolicyStatement]:
    home = f"arn:{Aws.PARTITION}:autoscaling:{Aws.REGION}:{Aws.ACCOUNT_ID}:autoScalingGroup:*:autoScalingGroupName"
    arns = [f"{home}/{group.name}" for group in groups]
    return [
        iam.PolicyStatement(actions=["autoscaling:UpdateAutoScalingGroup"], resources=arns),
        iam.PolicyStatement(actions=["autoscaling:DescribeAutoScalingGroups"], resources=["*"]),
    ]


def _spelled(group: GroupSize) -> str:
    home = "arn:<AWS::Partition>:autoscaling:<AWS::Region>:<AWS::AccountId>"
    return f"{home}:autoScalingGroup:*:autoScalingGroupName/{group.name}"


def _may_throw() -> iam.PolicyStatement:
    mine = {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}
    return iam.PolicyStatement(actions=["cloudwatch:PutMetricData"], resources=["*"], conditions=mine)


RULES = (
    Rule(
        option="workload",
        broken=lambda o: not 0 < len(o["workload"].strip()) <= 20,
        allowed="1 to 20 characters",
        why="the functions carry it in their names, which hold 64",
        source="https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",
    ),
    Rule(
        option="groups",
        broken=lambda o: not o["groups"],
        allowed="one group or more",
        why="a step that scales nothing only takes time",
        source=_PAGE,
    ),
    Rule(
        option="groups",
        broken=lambda o: any(not 0 < group.minimum <= group.maximum for group in o["groups"]),
        allowed="sizes with 0 < minimum <= maximum",
        why="a Region that is activated runs at least one instance",
    ),
    Rule(
        option="held_in",
        reads=("leaves",),
        broken=lambda o: o["held_in"] == o["leaves"],
        allowed=lambda o: f"another Region than '{o['leaves']}'",
        why="the switch is thrown when that Region is lost, and has to be reached then",
    ),
)
