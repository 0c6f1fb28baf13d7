"""Failovers for practice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
from ._experiment_parts import LOGGING, STOP_RULES, experiment_role, logged_to, stop_conditions
from ._operated import Operated, elsewhere
from ._parts import accept


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
        act, look = _PERMISSIONS[target.kind]
        policy = iam.ManagedPolicy(
            self,
            "Policy",
            statements=[
                iam.PolicyStatement(actions=[act], resources=[target.arn]),
                iam.PolicyStatement(actions=[look, *LOGGING], resources=["*"]),
            ],
        )
        because = "to look at databases, and to have logs delivered, cannot be allowed for one resource alone"
        accept(policy, because, "AwsSolutions::AwsSolutions-IAM5[Resource::*]")
        return experiment_role(self, policy)

    def _template(self, target: Operated, alarms: Sequence[cloudwatch.IAlarm]) -> fis.CfnExperimentTemplate:
        template = fis.CfnExperimentTemplate
        action, resource, key, parameters = _ACTIONS[target.kind]
        return template(
            self,
            "Experiment",
            description=f"Fails {target.path} over, as the loss of its writer's zone would",
            role_arn=self.role.role_arn,
            stop_conditions=stop_conditions(alarms),
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
            log_configuration=logged_to(self.log_group),
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


RULES = (
    _alone("cluster"),
    _alone("instance"),
    *STOP_RULES,
)
