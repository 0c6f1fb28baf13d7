"""The other Region is dark, for practice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from aws_cdk import ArnFormat, Aws, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_fis as fis
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from .._checks import Rule, check
from .._reasons import weakened
from . import _blackout_parts as parts
from ._blackout_document import MENDING, blackout
from .stream_replicator import StreamReplicator

_ACTION = "aws:ssm:start-automation-execution"
STOPS = ("Retention", "Parked", "Missed", "StreamAge", "ApplyErrors")
"""The alarms of a replicator that tell of harm. Lag rings in every blackout, which is what it is for."""


class StreamBlackout(Construct):
    """A FIS experiment that cuts a replicator off, as the loss of the other Region would, and lets it catch up.

    Nobody carries changes for `lasts`: they wait in the queue, alarm Lag rings, and afterwards they arrive by
    themselves. Nothing is lost as long as the replicator's `retention` is not used up. It runs when somebody starts it,
    never by itself; an alarm that tells of harm stops it, and however it ends, changes are carried again.
    """

    template: fis.CfnExperimentTemplate
    document: ssm.CfnDocument
    role: iam.Role
    log_group: logs.LogGroup

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        replicator: StreamReplicator,
        lasts: Duration | None = None,
        stop_on: Sequence[cloudwatch.IAlarm] | None = None,
        no_stop_because: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
    ) -> None:
        """Make the experiment.

        Args:
            scope: the parent, in the stack of the replicator.
            id: unique among the parent's children, and the name of the experiment.
            replicator: what is cut off, and whose key encrypts the log; not one that is paused.
            lasts: how long nothing is carried, whole minutes, 1 to 710; left out: 30 minutes.
            stop_on: up to five alarms that stop the experiment; left out: those of the replicator that tell of harm.
            no_stop_because: why nothing needs to stop it; with an empty `stop_on`, or a replicator without alarms.
            log_retention: how long the log of the experiments is kept; left out: a year.

        Raises:
            InvalidOptions: the replicator is paused, the duration is none that FIS runs, or no alarm or more than five
                would stop the experiment (https://docs.aws.amazon.com/fis/latest/userguide/stop-conditions.html).
        """
        super().__init__(scope, id)
        lasts = lasts or Duration.minutes(30)
        known = [alarm for name, alarm in replicator.alarms.items() if name in STOPS]
        alarms = known if stop_on is None else [*stop_on]
        given = {
            "replicator": replicator.node.path,
            "paused": replicator.paused,
            "regions": [Stack.of(one).region for one in (self, replicator)],
            "lasts": lasts,
            "stop_on": [alarm.node.path for alarm in alarms],
            "no_stop_because": no_stop_because,
        }
        check(self, RULES, given)
        weakened(self, "no_stop", no_stop_because)
        key = cast("kms.IKey", replicator.waiting.encryption_master_key)
        self.log_group = parts.log_group(self, key, log_retention)
        runs, cutter = int(lasts.to_minutes()), _cutter(self, replicator)
        mapping = replicator.carrying.event_source_mapping_id
        self.document = ssm.CfnDocument(
            self,
            "Document",
            document_type="Automation",
            update_method="NewVersion",
            content=blackout(f"Cuts {replicator.node.path} off, and mends it", cutter.role_arn, mapping, runs),
        )
        self.role = _fis_role(self, self.document, cutter)
        arn = Stack.of(self).format_arn(service="ssm", resource="document", resource_name=self.document.ref)
        self.template = parts.experiment(
            self,
            f"Cuts {replicator.node.path} off, as the loss of the other Region would",
            parts.Action(name=_ACTION, parameters={"documentArn": arn, "maxDuration": f"PT{runs + MENDING}M"}),
            role=self.role,
            log=self.log_group,
            alarms=alarms,
        )


def _cutter(scope: Construct, replicator: StreamReplicator) -> iam.Role:
    """Automation may switch this function's mapping off and on, and nothing else."""
    stack = Stack.of(scope)
    mappings = stack.format_arn(
        service="lambda", resource="event-source-mapping", resource_name=replicator.carrying.event_source_mapping_id,
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )  # fmt: skip
    may = ["lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping"]
    policy = iam.ManagedPolicy(
        scope, "CutterPolicy", statements=[iam.PolicyStatement(actions=may, resources=[mappings])]
    )
    runs = stack.format_arn(service="ssm", resource="automation-execution", resource_name="*")
    mine = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}, "ArnLike": {"aws:SourceArn": runs}}
    automation = iam.ServicePrincipal("ssm.amazonaws.com", conditions=mine)
    return iam.Role(scope, "Cutter", assumed_by=automation, managed_policies=[policy])


def _fis_role(scope: Construct, document: ssm.CfnDocument, cutter: iam.Role) -> iam.Role:
    stack = Stack.of(scope)
    whole = stack.format_arn(service="ssm", resource="automation-definition", resource_name=f"{document.ref}:*")
    runs = stack.format_arn(service="ssm", resource="automation-execution", resource_name="*")
    to_automation = {"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}}
    return parts.fis_role(
        scope,
        [
            iam.PolicyStatement(actions=["ssm:StartAutomationExecution"], resources=[whole]),
            iam.PolicyStatement(
                actions=["ssm:GetAutomationExecution", "ssm:StopAutomationExecution"], resources=[runs]
            ),
            iam.PolicyStatement(actions=["iam:PassRole"], resources=[cutter.role_arn], conditions=to_automation),
        ],
        [],
        because="versions and runs have names that nobody knows yet, and logs are not delivered for one resource alone",
        wild=_written(stack, document),
    )


def _written(stack: Stack, document: ssm.CfnDocument) -> list[str]:
    """The definitions of the document and all runs, as validators write them."""
    partition, region, account = (
        text if isinstance(text := stack.resolve(one), str) else f"<{text['Ref']}>"
        for one in (stack.partition, stack.region, stack.account)
    )
    here, name = f"arn:{partition}:ssm:{region}:{account}", stack.resolve(document.ref)["Ref"]
    return [f"{here}:automation-definition/<{name}>:*", f"{here}:automation-execution/*"]


RULES = [
    Rule(
        option="replicator",
        broken=lambda o: bool(o["paused"]),
        allowed="a replicator that is not paused",
        why="it carries nothing that could be cut off, and would be carrying after the experiment",
    ),
    parts.here("replicator"),
    *parts.blackout_rules(spare=MENDING),
]
