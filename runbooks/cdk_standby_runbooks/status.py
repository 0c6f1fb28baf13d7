"""How a workload stands now, told by whichever Regions answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from .clients import ApiError, Clients
from .clock import Clock
from .errors import RunbookError
from .plan import GlobalDatabase, Plan, ScalingGroup
from .steps.aurora import global_state
from .steps.groups import group_state, healthy_targets
from .steps.lag import replication_lag

Section = dict[str, Any]


def status(plan: Plan, clients: Clients, clock: Clock) -> Section:
    """Ask every Region everything; what does not answer says so, and hides nothing else."""
    return {
        "workload": plan.workload,
        "primary": plan.primary,
        "recovery": plan.recovery,
        "databases": [_database(plan, clients, clock, database) for database in plan.databases],
        "groups": [_group(clients, group, region) for group in plan.groups for region in plan.regions],
        "traffic": _tolerant(lambda: _traffic(plan, clients)),
    }


def status_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The same for people."""
    yield f"{found['workload']}: primary {found['primary']}, recovery {found['recovery']}"
    for entry in (*found["databases"], *found["groups"], found["traffic"]):
        words = (f"{key.replace('_', ' ')} {value}" for key, value in entry.items() if value not in ("", None))
        yield "  " + ", ".join(words)


def _database(plan: Plan, clients: Clients, clock: Clock, database: GlobalDatabase) -> Section:
    """The first Region that answers speaks for the global database."""
    told: Section = {}
    for region in plan.regions:
        told = _tolerant(partial(_told_by, plan, clients, clock, database, region))
        if "error" not in told:
            break
    return {"database": database.global_cluster, **told}


def _told_by(plan: Plan, clients: Clients, clock: Clock, database: GlobalDatabase, region: str) -> Section:
    state = global_state(clients, database, region)
    follower = plan.other(state.writer_region)
    lag = _tolerant(lambda: _lag(clients, clock, database, follower))
    return {"told_by": region, "writer": state.writer_region, "moving": state.moving, **lag}


def _lag(clients: Clients, clock: Clock, database: GlobalDatabase, region: str) -> Section:
    seconds = replication_lag(clients, clock, database, region).seconds
    return {"lag_seconds": "unknown" if seconds is None else seconds}


def _group(clients: Clients, group: ScalingGroup, region: str) -> Section:
    def ask() -> Section:
        state = group_state(clients, group, region)
        return {
            "minimum": state.minimum,
            "desired": state.desired,
            "in_service": state.in_service,
            "healthy_targets": healthy_targets(clients, state, region),
        }

    return {"group": group.groups[region], "region": region, **_tolerant(ask)}


def _traffic(plan: Plan, clients: Clients) -> Section:
    if plan.traffic is None:
        return {"traffic": "not moved by this plan"}
    switch, found = plan.traffic.switch, {"traffic": plan.traffic.domain}
    alarms = clients.cloudwatch(switch.held_in).describe_alarms(AlarmNames=[switch.alarm])["MetricAlarms"]
    state = alarms[0]["StateValue"] if alarms else "missing"
    goes = plan.recovery if state == "ALARM" else plan.primary
    return {**found, "switch": state, "goes_to": goes if alarms else "unknown"}


def _tolerant(ask: Callable[[], Section]) -> Section:
    try:
        return ask()
    except ApiError as error:
        answer = f"refuses {error.call}: {error.code}" if error.reachable else "does not answer"
        return {"error": f"{error.region} {answer}"}
    except RunbookError as error:
        return {"error": str(error)}
