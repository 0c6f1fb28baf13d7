"""The switch that moves traffic out of a Region, thrown by one call in another."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Acknowledgment, Duration, Stack, Validations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_standby_review.facts import route53 as facts

from ._checks import Rule, check
from ._tokens import is_token
from .alarm_topic import AlarmTopic

NAMESPACE = "cdk-standby"
METRIC = "TrafficSwitch"

_RULES = [
    Rule(
        option="workload",
        broken=lambda o: not o["workload"].strip(),
        allowed="the name of the workload",
        why="alarm and metric carry it",
    ),
    Rule(
        option="leaves",
        broken=lambda o: not o["leaves"].strip(),
        allowed="a Region such as eu-west-1",
        why="alarm and metric carry it",
    ),
    Rule(
        option="leaves",
        reads=["held_in"],
        broken=lambda o: o["leaves"] == o["held_in"],
        allowed=lambda o: f"another Region than this stack's {o['held_in']}",
        why="the switch is thrown when that Region is lost, and has to be reached then",
    ),
    Rule(
        option="held_in",
        broken=lambda o: o["held_in"] == "",
        allowed="a stack with an explicit Region, Stack(..., env=Environment(region=...))",
        why="records elsewhere name the alarm's Region at synth",
    ),
]
_NO_TOPIC = "no AlarmTopic was given: whoever throws the switch knows it, and the alarm of the record tells the others"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmId:
    """The Region and the name of an alarm, known at synth in every other Region."""

    region: str
    name: str


class TrafficSwitch(Construct):
    """An alarm that a health check follows: while it is thrown, traffic leaves a Region.

    It lives outside the Region that traffic leaves, and is thrown by putting 1 to its metric (`PutMetricData`) there,
    and thrown back by 0: a data-plane call in a living Region, no record edited, nothing needed of us-east-1. It holds
    until thrown back, since the health check keeps its last status without data. Setting the alarm's *state* by hand
    moves nothing: Route 53 reads the data. And it is no fence: while the other site is unhealthy too, Route 53 answers
    with the primary record.
    """

    alarm: cloudwatch.Alarm
    identifier: AlarmId
    """For `FailoverRecords` in another stack: text known at synth, no reference between stacks."""
    metric: cloudwatch.Metric

    def __init__(
        self, scope: Construct, id: str, *, workload: str, leaves: str, alarms: AlarmTopic | None = None
    ) -> None:
        """Make the switch.

        Args:
            scope: the parent, in a stack of the Region that holds the switch: that of the other site.
            id: unique among the parent's children.
            workload: whose traffic it is; part of the alarm's name and the metric's dimensions.
            leaves: the Region that traffic leaves, when thrown.
            alarms: who is told when it is thrown and thrown back; left out: nobody.

        Raises:
            InvalidOptions: the switch would be in the Region that it is for, or in no explicit Region.
        """
        super().__init__(scope, id)
        region = Stack.of(self).region
        held_in = "" if is_token(region) else region
        check(self, _RULES, {"workload": workload, "leaves": leaves, "held_in": held_in})
        self.identifier = self.identify(workload=workload, leaves=leaves, held_in=held_in)
        self.metric = cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=METRIC,
            dimensions_map={"Workload": workload, "Region": leaves},
            statistic="Maximum",
            period=Duration.minutes(1),
        )
        self.alarm = self._alarm(leaves, alarms)

    @staticmethod
    def identify(*, workload: str, leaves: str, held_in: str) -> AlarmId:
        """The alarm's place and name, for stacks that must not see the construct.

        Args:
            workload: as given to the switch.
            leaves: as given to the switch.
            held_in: the Region of the switch's stack.
        """
        return AlarmId(region=held_in, name=f"{workload}-traffic-leaves-{leaves}")

    def grant_throw(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody throw the switch, and every switch of this namespace: CloudWatch knows no finer grain.

        Args:
            grantee: a role or user.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["cloudwatch:PutMetricData"],
            resource_arns=["*"],
            conditions={"StringEquals": {"cloudwatch:namespace": NAMESPACE}},
        )

    def _alarm(self, leaves: str, topic: AlarmTopic | None) -> cloudwatch.Alarm:
        # One period, one point, standard resolution: Route 53 follows no other kind.
        alarm = cloudwatch.Alarm(
            self,
            "Alarm",
            alarm_name=self.identifier.name,
            alarm_description=f"Thrown: traffic leaves {leaves}, and stays away until 0 is put to the metric. "
            f"Route 53 follows the data, so setting this state by hand moves nothing. {facts.ALARM_DATA.source}",
            metric=self.metric,
            threshold=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=1,
            datapoints_to_alarm=1,
            treat_missing_data=cloudwatch.TreatMissingData.IGNORE,
        )
        if topic is not None:
            topic.notify(alarm)
        else:
            accepted = Acknowledgment(id="NIST.800.53.R5::NIST.800.53.R5-CloudWatchAlarmAction", reason=_NO_TOPIC)
            Validations.of(alarm).acknowledge(accepted)
        return alarm
