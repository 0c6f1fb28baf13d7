"""The runbooks of databases, as SSM Automation documents: look, act once, wait, prove. Each can be started again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdk_standby_review.facts import rds_operations as facts

from . import _runbook_steps as steps
from ._operated import Operated

MINUTES_TO_SHOW = 1
"""Until a status shows that something was asked for."""
HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the documents of one database have in common."""

    target: Operated
    role: str
    global_cluster: str | None
    max_lag: int
    retention: int
    approvers: Sequence[str]
    topic: str | None

    @property
    def clusters(self) -> bool:
        """Whether APIs of clusters are called."""
        return self.target.kind == "cluster"

    def available(self, name: str, seconds: int = HOUR) -> steps.Step:
        """Wait until the database is there."""
        if self.clusters:
            given = {"DBClusterIdentifier": self.target.identifier}
            return steps.wait(name, "DescribeDBClusters", given, "$.DBClusters[0].Status", "available", seconds=seconds)
        given = {"DBInstanceIdentifier": self.target.identifier}
        selector = "$.DBInstances[0].DBInstanceStatus"
        return steps.wait(name, "DescribeDBInstances", given, selector, "available", seconds=seconds)


def promote_replica(s: Setting) -> dict[str, Any]:
    """A replica becomes a primary of its own: not before it has backups, nor with more lag than agreed."""
    this = {"Instance": s.target.identifier}
    asked = {**this, "AcceptLoss": "{{ AcceptLoss }}", "MaxLag": "{{ MaxLag }}"}
    act = {"DBInstanceIdentifier": s.target.identifier, "BackupRetentionPeriod": s.retention}
    return steps.document(
        f"Promotes {s.target.path} to a primary of its own. There is no way back: it follows nobody any more.",
        s.role,
        {
            "AcceptLoss": steps.consent("yes: promote whatever the lag, and lose what had not been replicated"),
            "MaxLag": steps.text("Seconds of lag that may be lost", str(s.max_lag), r"^\d{1,5}$"),
        },
        [
            s.available("WaitBefore"),
            steps.script("Look", "replica", "look", asked, ("Role", "Lag", "Retention", "MayGo")),
            steps.branch("IsReplica", "Look.Role", {"replica": "MayGo"}, "Prove"),
            steps.branch("MayGo", "Look.MayGo", {"yes": "HasBackups"}, "Refuse"),
            steps.script(
                "Refuse", "replica", "refuse", {**this, "Lag": "{{ Look.Lag }}", "MaxLag": "{{ MaxLag }}"}, end=True
            ),
            steps.at_least("HasBackups", "Look.Retention", 1, "Promote", "EnableBackups"),
            steps.call("EnableBackups", "ModifyDBInstance", {**act, "ApplyImmediately": True}),
            steps.sleep("BackupsStart", MINUTES_TO_SHOW),
            s.available("WaitForBackup", 6 * HOUR),
            steps.call("Promote", "PromoteReadReplica", act),
            steps.sleep("PromotionStarts", MINUTES_TO_SHOW),
            s.available("WaitPromoted"),
            steps.script("Prove", "replica", "prove", this, ("Endpoint",), end=True),
        ],
        ["Prove.Endpoint"],
    )


def fail_over(s: Setting) -> dict[str, Any]:
    """A reader or the standby takes over within the Region."""
    kind = "cluster" if s.clusters else "instance"
    this = {"Kind": kind, "Database": s.target.identifier}
    left = "instance that writes" if s.clusters else "zone it is in"
    act = (
        steps.call("FailOver", "FailoverDBCluster", {"DBClusterIdentifier": s.target.identifier})
        if s.clusters
        else steps.call(
            "FailOver", "RebootDBInstance", {"DBInstanceIdentifier": s.target.identifier, "ForceFailover": True}
        )
    )
    return steps.document(
        f"Fails {s.target.path} over within its Region. Connections break; no write that was acknowledged is lost.",
        s.role,
        {"Leave": steps.text(f"The {left} and shall not; a second run then changes nothing. Empty: whatever it is")},
        [
            s.available("WaitBefore"),
            steps.script("Look", "failover", "look", {**this, "Leave": "{{ Leave }}"}, ("Writer", "Done")),
            steps.branch("IsDone", "Look.Done", {"yes": "Already"}, "FailOver"),
            {**s.available("Already"), "isEnd": True},
            act,
            steps.sleep("FailoverStarts", MINUTES_TO_SHOW),
            s.available("WaitAfter"),
            steps.script("Prove", "failover", "prove", {**this, "Before": "{{ Look.Writer }}"}, ("Writer",), end=True),
        ],
        ["Prove.Writer"],
    )


def global_switchover(s: Setting) -> dict[str, Any]:
    """The writer of a global database comes here, without loss, while both Regions are well."""
    act = steps.call("Move", "SwitchoverGlobalCluster", _to_here(s))
    says = (
        f"Makes {s.target.path} the writer of its global database. No write is lost; the Region that writes is needed."
    )
    return steps.document(says, s.role, {}, _global(s, [act], refusing=False), ["Prove.Writer"])


def global_failover(s: Setting) -> dict[str, Any]:
    """The writer of a global database comes here, and what had not been replicated is lost."""
    consented = steps.branch("MayLose", "AllowDataLoss", {"yes": _first(s)}, "Refuse")
    refuse = steps.script("Refuse", "global_cluster", "refuse", {}, end=True)
    message = f"Fail over to {s.target.path}? What had not been replicated is lost."
    approval = [steps.approve("Approve", s.approvers, s.topic, message)] if s.approvers else []
    act = steps.call("Move", "FailoverGlobalCluster", {**_to_here(s), "AllowDataLoss": True})
    parameters = {"AllowDataLoss": steps.consent("yes: what had not been replicated may be lost")}
    says = f"Makes {s.target.path} the writer of its global database when the Region that writes is lost."
    moving = [consented, refuse, *approval, act]
    return steps.document(says, s.role, parameters, _global(s, moving, refusing=True), ["Prove.Writer"])


def _first(s: Setting) -> str:
    return "Approve" if s.approvers else "Move"


def _to_here(s: Setting) -> dict[str, Any]:
    return {"GlobalClusterIdentifier": s.global_cluster, "TargetDbClusterIdentifier": s.target.arn}


def _global(s: Setting, moving: Sequence[steps.Step], *, refusing: bool) -> list[steps.Step]:
    this = {"Global": s.global_cluster, "Target": s.target.arn}
    there = {"GlobalClusterIdentifier": s.global_cluster}
    selector = "$.GlobalClusters[0].Status"
    go = "MayLose" if refusing else "Move"
    return [
        steps.script("Look", "global_cluster", "look", this, ("State",)),
        steps.branch("Where", "Look.State", {"writer": "Prove", "moving": "WaitMoved"}, go),
        *moving,
        steps.sleep("MoveStarts", MINUTES_TO_SHOW),
        steps.wait("WaitMoved", "DescribeGlobalClusters", there, selector, "available", seconds=HOUR),
        s.available("WaitHere"),
        steps.script("Prove", "global_cluster", "prove", this, ("Writer",), end=True),
    ]


def blue_green_create(s: Setting) -> dict[str, Any]:
    """A green environment is made beside production."""
    options = ("TargetEngineVersion", "TargetDBParameterGroupName", "TargetDBClusterParameterGroupName")
    given = {"Name": "{{ Name }}", "Source": s.target.arn, **{option: "{{ " + option + " }}" for option in options}}
    return steps.document(
        f"Makes a copy of {s.target.path} beside it, newer or otherwise changed, and keeps it level.",
        s.role,
        {
            "Name": {"type": "String", "description": "Of the deployment; one of that name is taken up again"},
            "TargetEngineVersion": steps.text("The version of green, in full; empty: the same"),
            "TargetDBParameterGroupName": steps.text("A group for instances of that version; empty: the default one"),
            "TargetDBClusterParameterGroupName": steps.text("A group for clusters of that version; empty: the default"),
        },
        [
            s.available("WaitBefore"),
            steps.script("Create", "blue_green", "create", given, ("Identifier",)),
            _status("WaitCreated", "{{ Create.Identifier }}", "AVAILABLE", "SWITCHOVER_COMPLETED", seconds=24 * HOUR),
            steps.script("Look", "blue_green", "look", _which(s, "{{ Create.Identifier }}"), ("Status",), end=True),
        ],
        ["Create.Identifier", "Look.Status"],
    )


def blue_green_switchover(s: Setting) -> dict[str, Any]:
    """Green becomes production, under the names of blue."""
    limit = facts.SWITCHOVER_TIMEOUT.value
    act = {"BlueGreenDeploymentIdentifier": _IDENTIFIER, "SwitchoverTimeout": "{{ Timeout }}"}
    return steps.document(
        f"Makes green production in place of {s.target.path}. Writes stop for a minute or less; none is lost; what "
        "takes longer than the timeout is taken back.",
        s.role,
        {
            "Identifier": _DEPLOYMENT,
            "Timeout": {
                "type": "Integer",
                "description": f"Seconds after which the switchover is taken back, {limit.low:g} to {limit.high:g}",
                "default": 300,
            },
        },
        [
            steps.script("Look", "blue_green", "look", _which(s, _IDENTIFIER), ("Status",)),
            steps.branch("Where", "Look.Status", {"SWITCHOVER_COMPLETED": "WaitAfter"}, "IsMoving"),
            steps.branch("IsMoving", "Look.Status", {"SWITCHOVER_IN_PROGRESS": "WaitSwitched"}, "SwitchOver"),
            steps.call("SwitchOver", "SwitchoverBlueGreenDeployment", act),
            steps.sleep("SwitchoverStarts", MINUTES_TO_SHOW),
            _status("WaitSwitched", _IDENTIFIER, *_ENDED, seconds=2 * HOUR),
            s.available("WaitAfter"),
            steps.script("Prove", "blue_green", "prove", _which(s, _IDENTIFIER), ("Status",), end=True),
        ],
        ["Prove.Status"],
    )


def blue_green_delete(s: Setting) -> dict[str, Any]:
    """What is left of a deployment goes: the old database only when its name is typed."""
    old = {"Kind": s.target.kind, "Database": s.target.identifier, "DeleteOld": "{{ DeleteOld }}"}
    this = {"BlueGreenDeploymentIdentifier": _IDENTIFIER}
    refused = {"Identifier": _IDENTIFIER, "Status": "{{ Look.Status }}"}
    return steps.document(
        f"Clears a blue/green deployment of {s.target.path} away after its switchover, or gives green up before it.",
        s.role,
        {
            "Identifier": _DEPLOYMENT,
            "DeleteOld": steps.text("The name of the old database (...-old1), to delete it with a last snapshot"),
            "GiveUpGreen": steps.consent("yes: delete green, which is not production, with the deployment"),
        },
        [
            steps.script("Look", "blue_green", "look", _which(s, _IDENTIFIER), ("Status",)),
            steps.branch("Where", "Look.Status", {"SWITCHOVER_COMPLETED": "Clear", "GONE": "DeleteOld"}, "MayGiveUp"),
            steps.branch("MayGiveUp", "GiveUpGreen", {"yes": "GiveUp"}, "Refuse"),
            steps.script("Refuse", "blue_green", "refuse", refused, end=True),
            steps.call("GiveUp", "DeleteBlueGreenDeployment", {**this, "DeleteTarget": True}, end=True),
            steps.call("Clear", "DeleteBlueGreenDeployment", this),
            steps.script("DeleteOld", "blue_green", "delete_old", old, ("Deleted",), end=True),
        ],
        ["DeleteOld.Deleted"],
    )


_IDENTIFIER = "{{ Identifier }}"
_ENDED = ("SWITCHOVER_COMPLETED", "SWITCHOVER_FAILED", "AVAILABLE", "INVALID_CONFIGURATION")
_DEPLOYMENT = {
    "type": "String",
    "description": "Of the deployment, as BlueGreenCreate gives it",
    "allowedPattern": "^bgd-[a-z0-9]+$",
}


def _which(s: Setting, identifier: str) -> dict[str, Any]:
    return {"Identifier": identifier, "Source": s.target.arn}


def _status(name: str, identifier: str, *values: str, seconds: int) -> steps.Step:
    given = {"BlueGreenDeploymentIdentifier": identifier}
    selector = "$.BlueGreenDeployments[0].Status"
    return steps.wait(name, "DescribeBlueGreenDeployments", given, selector, *values, seconds=seconds)


RUNBOOKS: Mapping[str, Callable[[Setting], dict[str, Any]]] = {
    "PromoteReplica": promote_replica,
    "FailOver": fail_over,
    "GlobalSwitchover": global_switchover,
    "GlobalFailover": global_failover,
    "BlueGreenCreate": blue_green_create,
    "BlueGreenSwitchover": blue_green_switchover,
    "BlueGreenDelete": blue_green_delete,
}


def fitting(target: Operated) -> tuple[str, ...]:
    """The runbooks that a database can be put through."""
    blue = (
        target.engine in facts.BLUE_GREEN_ENGINES.value
        and not target.replica
        and not target.multi_az_cluster
        and not target.managed_password
    )
    fits = {
        "PromoteReplica": target.kind == "instance" and target.replica,
        "FailOver": target.stands_by,
        "GlobalSwitchover": target.in_global,
        "GlobalFailover": target.in_global,
        **dict.fromkeys(("BlueGreenCreate", "BlueGreenSwitchover", "BlueGreenDelete"), blue),
    }
    return tuple(name for name in RUNBOOKS if fits[name])
