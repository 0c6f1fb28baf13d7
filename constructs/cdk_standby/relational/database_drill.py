"""Failovers for practice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Aws, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_fis as fis
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import rds_operations as facts

from .._checks import Options, Rule, check
from .._reasons import weakened
from ..keys import allow_logs
from ._access import DatabaseAccess
from ._operated import Operated, elsewhere
from ._parts import accept

_LOGGING = (
    "logs:CreateLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:PutResourcePolicy",
)
"""What FIS needs in order to log: https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html"""


class DatabaseDrill(Construct):
    """A FIS experiment that fails a database over to its standby or reader, as the loss of a zone would.

    The database survives it as it survives the fault: connections break, and clients that connect again find the new
    writer within a minute or two. No write that was acknowledged is lost. It runs when somebody starts it, never by
    itself; an alarm that rings, or rang when it started, stops it.
    """

    template: fis.CfnExperimentTemplate
    role: iam.Role
    log_group: logs.LogGroup

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        database: DatabaseAccess,
        stop_on: Sequence[cloudwatch.IAlarm] | None = None,
        no_stop_because: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
    ) -> None:
        """Make the experiment.

        Args:
            scope: the parent.
            id: unique among the parent's children, and the name of the experiment.
            database: an instance with a standby, or a cluster with a reader.
            stop_on: up to five alarms that stop the experiment; left out: the first five of the database's own.
            no_stop_because: why nothing needs to stop it; with an empty `stop_on`, or a database without alarms.
            log_retention: how long the log of the experiments is kept; left out: a year.

        Raises:
            InvalidOptions: the database has nobody to fail over to, or no alarm or more than five would stop the
                experiment (https://docs.aws.amazon.com/fis/latest/userguide/stop-conditions.html).
        """
        super().__init__(scope, id)
        target = Operated.of(database)
        most = int(facts.STOP_CONDITIONS.value.high)
        alarms = [*target.alarms.values()][:most] if stop_on is None else [*stop_on]
        check(
            self,
            RULES,
            {
                "database": target.path,
                "target": target,
                "stop_on": [alarm.node.path for alarm in alarms],
                "no_stop_because": no_stop_because,
            },
            also=elsewhere(self, target),
        )
        weakened(self, "no_stop", no_stop_because)
        allow_logs(target.key)
        self.log_group = logs.LogGroup(self, "Log", encryption_key=target.key, retention=log_retention)
        self.role = self._role(target)
        self.template = self._template(target, alarms)

    def _role(self, target: Operated) -> iam.Role:
        stack = Stack.of(self)
        experiments = stack.format_arn(service="fis", resource="experiment", resource_name="*")
        mine = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}, "ArnLike": {"aws:SourceArn": experiments}}
        act, look = _PERMISSIONS[target.kind]
        policy = iam.ManagedPolicy(
            self,
            "Policy",
            statements=[
                iam.PolicyStatement(actions=[act], resources=[target.arn]),
                iam.PolicyStatement(actions=[look, *_LOGGING], resources=["*"]),
            ],
        )
        because = "to look at databases, and to have logs delivered, cannot be allowed for one resource alone"
        accept(policy, because, "AwsSolutions::AwsSolutions-IAM5[Resource::*]")
        fis_itself = iam.ServicePrincipal("fis.amazonaws.com", conditions=mine)
        return iam.Role(self, "Role", assumed_by=fis_itself, managed_policies=[policy])

    def _template(self, target: Operated, alarms: Sequence[cloudwatch.IAlarm]) -> fis.CfnExperimentTemplate:
        template = fis.CfnExperimentTemplate
        action, resource, key, parameters = _ACTIONS[target.kind]
        return template(
            self,
            "Experiment",
            description=f"Fails {target.path} over, as the loss of its writer's zone would",
            role_arn=self.role.role_arn,
            stop_conditions=[
                template.ExperimentTemplateStopConditionProperty(source="aws:cloudwatch:alarm", value=alarm.alarm_arn)
                for alarm in alarms
            ]
            or [template.ExperimentTemplateStopConditionProperty(source="none")],
            targets={
                "Database": template.ExperimentTemplateTargetProperty(
                    resource_type=resource, resource_arns=[target.arn], selection_mode="ALL"
                )
            },
            actions={
                "Failover": template.ExperimentTemplateActionProperty(
                    action_id=action, targets={key: "Database"}, parameters=parameters
                )
            },
            experiment_options=template.ExperimentTemplateExperimentOptionsProperty(
                account_targeting="single-account", empty_target_resolution_mode="fail"
            ),
            log_configuration=template.ExperimentTemplateLogConfigurationProperty(
                log_schema_version=2,
                # The CDK passes this on as it is written.
                cloud_watch_logs_configuration={"LogGroupArn": self.log_group.log_group_arn},
            ),
            tags={"Name": self.node.path},
        )


_PERMISSIONS = {
    "cluster": ("rds:FailoverDBCluster", "rds:DescribeDBClusters"),
    "instance": ("rds:RebootDBInstance", "rds:DescribeDBInstances"),
}
_ACTIONS: dict[str, tuple[str, str, str, dict[str, str] | None]] = {
    "cluster": ("aws:rds:failover-db-cluster", "aws:rds:cluster", "Clusters", None),
    "instance": ("aws:rds:reboot-db-instances", "aws:rds:db", "DBInstances", {"forceFailover": "true"}),
}
"""By kind: action, type of its target, its name for the target, parameters.

https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html
"""


def _alone(kind: str) -> Rule:
    fact: Fact[Any] = facts.CLUSTER_FAILOVER if kind == "cluster" else facts.REBOOT_WITH_FAILOVER

    def broken(options: Options) -> bool:
        target: Operated = options["target"]
        return target.kind == kind and not target.stands_by

    allowed = {"cluster": "a cluster with a reader", "instance": "an instance with a standby (Multi-AZ)"}[kind]
    return Rule(option="database", broken=broken, allowed=allowed, why=fact.says, source=fact.source)


_STOPS = "https://docs.aws.amazon.com/fis/latest/userguide/stop-conditions.html"
RULES = (
    _alone("cluster"),
    _alone("instance"),
    Rule(
        option="stop_on",
        reads=("no_stop_because",),
        broken=lambda o: not o["stop_on"] and o["no_stop_because"] is None,
        allowed="one to five alarms, or none with 'no_stop_because'",
        why="an experiment that hurts more than it should must come to an end",
        source=_STOPS,
    ),
    Rule(
        option="stop_on",
        broken=lambda o: len(o["stop_on"]) > facts.STOP_CONDITIONS.value.high,
        allowed="one to five alarms",
        why=facts.STOP_CONDITIONS.says,
        source=facts.STOP_CONDITIONS.source,
    ),
    Rule(
        option="no_stop_because",
        reads=("stop_on",),
        broken=lambda o: o["no_stop_because"] is not None and bool(o["stop_on"]),
        allowed="left out, or with an empty 'stop_on'",
        why="with alarms that stop the experiment no safeguard is given away",
    ),
)
