"""The other Region is dark, for practice."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import ArnFormat, Aws, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_fis as fis
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from cdk_standby_review.facts import redrive as facts

from .._checks import Options, Rule, check, shown
from .._durations import minutes
from .._reasons import weakened
from ..keys import allow_logs
from ..relational._parts import accept
from ._blackout_document import MENDING, blackout
from .stream_replicator import StreamReplicator

_LOGGING = (
    "logs:CreateLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:PutResourcePolicy",
)
"""What FIS needs in order to log: https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html"""
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
        key: kms.IKey,
        lasts: Duration | None = None,
        stop_on: Sequence[cloudwatch.IAlarm] | None = None,
        no_stop_because: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
    ) -> None:
        """Make the experiment.

        Args:
            scope: the parent, in the stack of the replicator.
            id: unique among the parent's children, and the name of the experiment.
            replicator: what is cut off; not one that is paused.
            key: encrypts the log of the experiments.
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
            "lasts": lasts,
            "stop_on": [alarm.node.path for alarm in alarms],
            "no_stop_because": no_stop_because,
        }
        check(self, RULES, given)
        weakened(self, "no_stop", no_stop_because)
        allow_logs(key)
        self.log_group = logs.LogGroup(self, "Log", encryption_key=key, retention=log_retention)
        runs = int(lasts.to_minutes())
        cutter = _cutter(self, replicator)
        mapping = replicator.carrying.event_source_mapping_id
        self.document = ssm.CfnDocument(
            self,
            "Document",
            document_type="Automation",
            update_method="NewVersion",
            content=blackout(f"Cuts {replicator.node.path} off, and mends it", cutter.role_arn, mapping, runs),
        )
        self.role = _fis_role(self, self.document, cutter)
        self.template = self._template(replicator, alarms, runs + MENDING)

    def _template(
        self, replicator: StreamReplicator, alarms: Sequence[cloudwatch.IAlarm], most: int
    ) -> fis.CfnExperimentTemplate:
        template = fis.CfnExperimentTemplate
        document = Stack.of(self).format_arn(service="ssm", resource="document", resource_name=self.document.ref)
        return template(
            self,
            "Experiment",
            description=f"Cuts {replicator.node.path} off, as the loss of the other Region would"[:512],
            role_arn=self.role.role_arn,
            stop_conditions=[
                template.ExperimentTemplateStopConditionProperty(source="aws:cloudwatch:alarm", value=alarm.alarm_arn)
                for alarm in alarms
            ]
            or [template.ExperimentTemplateStopConditionProperty(source="none")],
            targets={},
            actions={
                "Blackout": template.ExperimentTemplateActionProperty(
                    action_id="aws:ssm:start-automation-execution",
                    parameters={
                        "documentArn": document,
                        "maxDuration": f"PT{most}M",
                    },
                )
            },
            log_configuration=template.ExperimentTemplateLogConfigurationProperty(
                log_schema_version=2,
                # The CDK passes this on as it is written.
                cloud_watch_logs_configuration={"LogGroupArn": self.log_group.log_group_arn},
            ),
            tags={"Name": self.node.path},
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
    experiments = stack.format_arn(service="fis", resource="experiment", resource_name="*")
    mine = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}, "ArnLike": {"aws:SourceArn": experiments}}
    whole = stack.format_arn(service="ssm", resource="automation-definition", resource_name=f"{document.ref}:*")
    runs = stack.format_arn(service="ssm", resource="automation-execution", resource_name="*")
    to_automation = {"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}}
    policy = iam.ManagedPolicy(
        scope,
        "Policy",
        statements=[
            iam.PolicyStatement(actions=["ssm:StartAutomationExecution"], resources=[whole]),
            iam.PolicyStatement(
                actions=["ssm:GetAutomationExecution", "ssm:StopAutomationExecution"], resources=[runs]
            ),
            iam.PolicyStatement(actions=["iam:PassRole"], resources=[cutter.role_arn], conditions=to_automation),
            iam.PolicyStatement(actions=list(_LOGGING), resources=["*"]),
        ],
    )
    _accept(policy, stack, document)
    fis_itself = iam.ServicePrincipal("fis.amazonaws.com", conditions=mine)
    return iam.Role(scope, "Role", assumed_by=fis_itself, managed_policies=[policy])


def _accept(policy: iam.ManagedPolicy, stack: Stack, document: ssm.CfnDocument) -> None:
    partition, region, account = (
        text if isinstance(text := stack.resolve(one), str) else f"<{text['Ref']}>"
        for one in (stack.partition, stack.region, stack.account)
    )
    ssm_here = f"arn:{partition}:ssm:{region}:{account}"
    name = stack.resolve(document.ref)["Ref"]
    why = "versions and runs have names that nobody knows yet, and to have logs delivered is not allowed for one alone"
    for what in ("*", f"{ssm_here}:automation-definition/<{name}>:*", f"{ssm_here}:automation-execution/*"):
        accept(policy, why, f"AwsSolutions::AwsSolutions-IAM5[Resource::{what}]")


def _odd_time(options: Options) -> bool:
    span: Duration = options["lasts"]
    lasting = minutes(span)
    return lasting is None or lasting % 1 != 0 or not 1 <= lasting <= facts.BLACKOUT.value.high - MENDING


RULES = [
    Rule(
        option="replicator",
        broken=lambda o: bool(o["paused"]),
        allowed="a replicator that is not paused",
        why="it carries nothing that could be cut off, and would be carrying after the experiment",
    ),
    Rule(
        option="lasts",
        broken=_odd_time,
        allowed=f"whole minutes, 1 to {facts.BLACKOUT.value.high - MENDING:g}, that are known at synth",
        why=facts.BLACKOUT.says,
        source=facts.BLACKOUT.source,
    ),
    Rule(
        option="stop_on",
        broken=lambda o: (
            len(o["stop_on"]) > facts.STOP_CONDITIONS.value.high or (not o["stop_on"] and o["no_stop_because"] is None)
        ),
        allowed="one to five alarms, or 'no_stop_because'",
        why=facts.STOP_CONDITIONS.says,
        source=facts.STOP_CONDITIONS.source,
    ),
    Rule(
        option="no_stop_because",
        broken=lambda o: o["no_stop_because"] is not None and bool(o["stop_on"]),
        allowed=lambda o: f"left out with alarms that stop it, {shown(o['stop_on'])}",
        why="it would give a reason for what is not so",
    ),
]
