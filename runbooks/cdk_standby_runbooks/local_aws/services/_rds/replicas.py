"""Who replicates from whom, kept with the replica alone: two Regions cannot disagree about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...wire import Call
from .data import ENDED, rows
from .events import note
from .globals import region_of
from .writes import ledger

Values = dict[str, Any]


def of(call: Call, arn: str) -> list[str]:
    """The replicas of an instance, by ARN."""
    instances: dict[str, Values] = call.state.get("instances", {})
    found = [key.split("/", 1) for key, one in instances.items() if one.get("source") == arn and not one.get("ended")]
    return [f"arn:aws:rds:{region}:{call.account}:db:{name}" for region, name in found]


def roles(call: Call, arn: str, mine: Values) -> Values:
    """An instance's replicas and source, as each names the other."""
    here = region_of(arn)
    told: Values = {"ReadReplicaDBInstanceIdentifiers": [_name(other, here) for other in of(call, arn)]}
    source = mine.get("source")
    if not source:
        return told
    status = ENDED if mine.get("ended") else "error" if region_of(source) in call.dark else "replicating"
    kind = "Cluster" if ":cluster:" in source else "Instance"
    told[f"ReadReplicaSourceDB{kind}Identifier"] = _name(source, here)
    told["StatusInfos"] = [{"StatusType": "read replication", "Normal": status == "replicating", "Status": status}]
    return told


def _name(arn: str, here: str) -> str:
    return arn.rsplit(":", 1)[-1] if region_of(arn) == here else arn


def depth(call: Call, arn: str) -> int:
    """How many replications lie between an instance and the first of its chain."""
    source = kept(call, arn).get("source")
    return 0 if source is None else 1 + depth(call, source)


def kept(call: Call, arn: str) -> Values:
    """What is kept of an instance anywhere."""
    everything: dict[str, Values] = call.state.get("instances", {})
    return everything.get(f"{region_of(arn)}/{arn.rsplit(':', 1)[-1]}", {})


def settle(call: Call, arn: str) -> int:
    """A replica keeps what has reached it; says how many rows of its source have not."""
    source, mine = kept(call, arn)["source"], rows(call, arn)
    lost = 0 if kept(call, arn).get("ended") else len(rows(call, source)) - len(mine)
    ledger(call, arn).written = mine
    return lost


def leaving(call: Call, instance: Values, delete: Callable[[], Values]) -> Values:
    """An instance goes: its replicas in the same Region stand alone from now, those elsewhere hear no more of it.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
    """
    told: Values = orphaned(call, instance["DBInstanceArn"], delete)["DBInstance"]
    return told


def orphaned(call: Call, arn: str, delete: Callable[[], Values]) -> Values:
    """What becomes of the replicas of an instance or a cluster that is deleted now."""
    left = of(call, arn)
    for replica in left:
        settle(call, replica)
    told = delete()
    ledger(call, arn).written = []
    for replica in left:
        mine = kept(call, replica)
        if region_of(replica) == region_of(arn):
            del mine["source"]
        else:
            mine["ended"] = True
        note(call, replica, "Replication on the read replica was terminated.", id="RDS-EVENT-0057", category=CATEGORY)
    return told


CATEGORY = "read replica"
