"""Runbooks that AWS runs: documents of Systems Manager Automation, in the Region where they are needed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from cdk_standby_review.facts import rds_operations as facts

from .._checks import Options, Problem, Rule, check, shown
from .._durations import days, lasting
from ..alarm_topic import AlarmTopic
from . import _runbook_documents as books
from ._access import DatabaseAccess
from ._operated import Operated, elsewhere, unknown_at_synth
from ._runbook_permissions import role


class DatabaseRunbooks(Construct):
    """What people do to a database at three in the morning, as SSM Automation documents that do it for them.

    Each looks first, acts once, waits and proves; one that was killed half way is started again, and finds what it has
    done. They and their role live beside the database: the one that promotes a secondary is in the secondary's Region,
    and needs nothing of the Region that is lost. What loses data asks for a typed yes.

    ``PromoteReplica`` (a read replica), ``FailOver`` (a cluster with a reader, an instance with a standby),
    ``GlobalSwitchover`` and ``GlobalFailover`` (bring the writer of a global database here), ``BlueGreenCreate``,
    ``BlueGreenSwitchover`` and ``BlueGreenDelete``.
    """

    documents: dict[str, ssm.CfnDocument]
    """By the name of the runbook."""
    role: iam.Role

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        database: DatabaseAccess,
        runbooks: Sequence[str] | None = None,
        prefix: str | None = None,
        max_lag: Duration | None = None,
        backup_retention: Duration | None = None,
        approvers: Sequence[str] = (),
        alarms: AlarmTopic | None = None,
    ) -> None:
        """Make the documents, and the role by which they act.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            database: what they are run on.
            runbooks: which ones; left out: all that fit the database.
            prefix: of the documents' names, so that people find them: ``"shop"`` gives ``shop-FailOver``; left out: AWS
                makes names up.
            max_lag: with how much lag a replica is promoted without a further yes; left out: a minute.
            backup_retention: how long a promoted replica keeps backups, 1 to 35 days; left out: 14.
            approvers: ARNs of users or roles, one of whom has to approve a failover to another Region; left out: the
                typed yes is enough.
            alarms: where approvers are asked; left out: they have to look.

        Raises:
            InvalidOptions: a runbook that does not fit the database, or a name that SSM refuses
                (https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-documents.html).
        """
        super().__init__(scope, id)
        target = Operated.of(database)
        lag, kept = max_lag or Duration.minutes(1), backup_retention or Duration.days(14)
        late = unknown_at_synth(self, prefix=prefix, max_lag=lag, backup_retention=kept)
        options = {"prefix": prefix, "max_lag": lag, "backup_retention": kept}
        check(self, RULES, options, also=[*elsewhere(self, target), *late, *_misfits(self, target, runbooks)])
        wanted = tuple(dict.fromkeys(books.fitting(target) if runbooks is None else runbooks))
        global_cluster = cast("str | None", getattr(database, "global_cluster", None))
        asked = alarms if approvers else None
        self.role = role(self, target, global_cluster, wanted, asked)
        setting = books.Setting(
            target=target,
            role=self.role.role_arn,
            global_cluster=global_cluster,
            max_lag=int(lag.to_seconds()),
            retention=int(kept.to_days()),
            approvers=tuple(approvers),
            topic=asked.topic.topic_arn if asked is not None else None,
        )
        self.documents = {name: self._document(name, prefix, setting) for name in wanted}

    def grant_run(self, grantee: iam.IGrantable) -> None:
        """Let somebody start the runbooks, and hand the role on to them."""
        stack = Stack.of(self)
        of_mine = [
            stack.format_arn(service="ssm", resource="automation-definition", resource_name=f"{one.ref}:*")
            for one in self.documents.values()
        ]
        iam.Grant.add_to_principal(grantee=grantee, actions=["ssm:StartAutomationExecution"], resource_arns=of_mine)
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["iam:PassRole"],
            resource_arns=[self.role.role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}},
        )

    def _document(self, name: str, prefix: str | None, setting: books.Setting) -> ssm.CfnDocument:
        content: Mapping[str, Any] = books.RUNBOOKS[name](setting)
        return ssm.CfnDocument(
            self,
            name,
            name=None if prefix is None else f"{prefix}-{name}",
            content=content,
            document_type="Automation",
            document_format="JSON",
            update_method="NewVersion",
        )


def _misfits(where: Construct, target: Operated, runbooks: Sequence[str] | None) -> list[Problem]:
    fit = books.fitting(target)
    wrong = [] if runbooks is None else [name for name in runbooks if name not in fit]
    nothing = not (fit if runbooks is None else runbooks)
    if not wrong and not nothing:
        return []
    return [
        Problem(
            where=where.node.path,
            option="runbooks",
            got=shown(runbooks),
            allowed=", ".join(map(shown, fit)) or "nothing",
            why=f"these fit {target.path}",
        )
    ]


_LONGEST = 128 - 1 - max(map(len, books.RUNBOOKS))
"""What is left for a prefix."""


def _bad_prefix(options: Options) -> bool:
    prefix = options["prefix"]
    named = prefix is None or re.fullmatch(facts.DOCUMENT_NAME.value, f"{prefix}-x")
    return not named or (prefix is not None and len(prefix) > _LONGEST)


RULES = (
    Rule(
        option="prefix",
        broken=_bad_prefix,
        allowed=f"up to {_LONGEST} letters, digits, '_', '-' and '.', without a prefix of AWS",
        why=facts.DOCUMENT_NAME.says,
        source=facts.DOCUMENT_NAME.source,
    ),
    lasting("backup_retention", facts.REPLICA_BACKUPS, days),
)
