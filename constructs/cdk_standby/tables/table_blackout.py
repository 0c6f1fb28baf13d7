"""The other Regions of a global table are dark, for practice."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_fis as fis
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_standby_review.facts import redrive as facts

from .._checks import Rule, check
from .._reasons import weakened
from . import _blackout_parts as parts
from .table import Table

_ACTION, _TARGET = "aws:dynamodb:global-table-pause-replication", ("Tables", "aws:dynamodb:global-table")
_POLICY = (
    "dynamodb:DeleteResourcePolicy",
    "dynamodb:DescribeTable",
    "dynamodb:GetResourcePolicy",
    "dynamodb:PutResourcePolicy",
)
"""FIS keeps DynamoDB's replication out by the policy of the table."""


class TableBlackout(Construct):
    """A FIS experiment that cuts a Region of a global table off from the others, and lets it catch up.

    With eventual consistency both sides go on, and what was written on either arrives when the experiment ends; of an
    item that both wrote, the last write stays. With strong consistency this Region takes no writes meanwhile. It runs
    when somebody starts it, never by itself, and an alarm that tells of harm stops it.

    Deploy nothing that touches the table meanwhile: FIS and CloudFormation would both write its policy.
    """

    template: fis.CfnExperimentTemplate
    role: iam.Role
    log_group: logs.LogGroup

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        table: Table,
        lasts: Duration | None = None,
        stop_on: Sequence[cloudwatch.IAlarm] | None = None,
        no_stop_because: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
    ) -> None:
        """Make the experiment.

        Args:
            scope: the parent, in the stack of the table.
            id: unique among the parent's children, and the name of the experiment.
            table: a global table, with replicas in other Regions.
            lasts: how long nothing is replicated, whole minutes, 1 to 720; left out: 30 minutes.
            stop_on: up to five alarms that stop the experiment; left out: the table's own for throttles and errors of
                the system, since those of replication ring, which is what they are for.
            no_stop_because: why nothing needs to stop it; with an empty `stop_on`, or a table without alarms.
            log_retention: how long the log of the experiments is kept; left out: a year.

        Raises:
            InvalidOptions: the table has no replicas, the duration is none that FIS runs, or no alarm or more than five
                would stop the experiment (https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html).
        """
        super().__init__(scope, id)
        lasts = lasts or Duration.minutes(30)
        harm = [alarm for name, alarm in table.alarms.items() if name in STOPS]
        alarms = harm if stop_on is None else [*stop_on]
        given = {
            "table": table.node.path,
            "replicas": table.regions[1:],
            "regions": [Stack.of(one).region for one in (self, table)],
            "lasts": lasts,
            "stop_on": [alarm.node.path for alarm in alarms],
            "no_stop_because": no_stop_because,
        }
        check(self, RULES, given)
        weakened(self, "no_stop", no_stop_because)
        self.log_group = parts.log_group(self, table.key, log_retention)
        self.role = parts.fis_role(
            self,
            [iam.PolicyStatement(actions=list(_POLICY), resources=[table.table_arn])],
            ["tag:GetResources"],
            because="FIS looks for targets by tags, and has logs delivered: neither is allowed for one table alone",
        )
        self.template = parts.experiment(
            self,
            f"Cuts {table.node.path} off from its other Regions",
            parts.Action(
                name=_ACTION,
                parameters={"duration": f"PT{int(lasts.to_minutes())}M"},
                target=(*_TARGET, table.table_arn),
            ),
            role=self.role,
            log=self.log_group,
            alarms=alarms,
        )


STOPS = ("ReadThrottles", "WriteThrottles", "SystemErrors")
"""The alarms of a table that tell of harm."""
RULES = [
    Rule(
        option="table",
        broken=lambda o: not o["replicas"],
        allowed="a table with replicas in other Regions",
        why="there is no replication that could be cut",
        source=facts.BLACKOUT.source,
    ),
    parts.here("table"),
    *parts.blackout_rules(),
]
