"""Databases that sleep at night."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from cdk_standby_review.facts import rds_operations as facts

from .._checks import Problem, Rule, check
from .._reasons import weakened
from . import _schedules as clock
from ._access import DatabaseAccess
from ._followers import replicas
from ._operated import Operated, elsewhere, unknown_at_synth

_TIME = r"([01]\d|2[0-3]):[0-5]\d"


class StopSchedule(Construct):
    """Stops a database every night, and starts it again on the mornings that are worked: for labs, never in production.

    While it is stopped nothing survives anything: there is no database. RDS starts what was stopped for seven days; the
    stop of every evening ends that within a day. Storage and backups are paid on.
    """

    schedules: tuple[scheduler.CfnSchedule, ...]
    role: iam.Role

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        database: DatabaseAccess,
        stopped_because: str,
        stop_at: str = "20:00",
        start_at: str | None = "06:00",
        start_on: Sequence[str] = clock.WEEKDAYS,
        timezone: str = "UTC",
    ) -> None:
        """Make the schedules.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            database: an Aurora cluster outside of global databases, or an instance without replicas; not SQL Server
                with a standby, and no Multi-AZ DB cluster. Replicas that are built after this, or by another app, are
                not seen here.
            stopped_because: why hours without this database hurt nobody.
            stop_at: every day, as ``hh:mm``; left out: 20:00.
            start_at: as ``hh:mm``; None: somebody starts it by hand.
            start_on: the days of a start, ``"MON"`` to ``"SUN"``; left out: Monday to Friday.
            timezone: of both times, as the tz database names it; left out: UTC.

        Raises:
            InvalidOptions: RDS does not stop such a database, or a time is none
                (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html).
        """
        super().__init__(scope, id)
        target = Operated.of(database)
        options = {"stop_at": stop_at, "start_at": start_at, "start_on": start_on, "timezone": timezone}
        late = unknown_at_synth(self, **options)
        problems = [*elsewhere(self, target), *_unstoppable(self, database, target), *late]
        check(self, RULES, {**options, "database": target.path}, also=problems)
        weakened(self, "stopped", stopped_because)
        stop, start, parameter = _CALLS[target.kind]
        group = clock.group(self)
        actions = [f"rds:{api[0].upper()}{api[1:]}" for api in (stop, start)]
        may = iam.PolicyStatement(actions=actions, resources=[target.arn])
        self.role = clock.role(self, group, iam.ManagedPolicy(self, "Policy", statements=[may]))
        times = {"Stop": (stop, f"{_cron(stop_at)} * * ? *")}
        if start_at is not None:
            times["Start"] = (start, f"{_cron(start_at)} ? * {','.join(start_on)} *")
        self.schedules = tuple(
            clock.call(
                self,
                name,
                schedules=group,
                assumes=self.role,
                api=f"rds:{api}",
                given={parameter: target.identifier},
                when=when,
                timezone=timezone,
                says=f"{name} of {target.path}",
            )
            for name, (api, when) in times.items()
        )


_CALLS = {
    "cluster": ("stopDBCluster", "startDBCluster", "DbClusterIdentifier"),
    "instance": ("stopDBInstance", "startDBInstance", "DbInstanceIdentifier"),
}


def _cron(time: str) -> str:
    hours, minutes = time.split(":")
    return f"{int(minutes)} {int(hours)}"


def _unstoppable(where: Construct, database: DatabaseAccess, target: Operated) -> list[Problem]:
    found = {
        "global": target.in_global,
        "multi-az cluster": target.multi_az_cluster,
        "replica": target.replica or bool(replicas(where, database)),
        "sqlserver": target.engine.startswith("sqlserver") and target.stands_by,
    }
    return [
        Problem(
            where=where.node.path,
            option="database",
            got=f"'{target.path}'",
            allowed="a database that RDS stops",
            why=facts.STOPS.value[kind],
            source=facts.STOPS.source,
        )
        for kind, is_so in found.items()
        if is_so
    ]


def _bad_time(option: str) -> Rule:
    return Rule(
        option=option,
        broken=lambda o: o[option] is not None and not re.fullmatch(_TIME, o[option]),
        allowed="'hh:mm', such as '20:00'",
        why="it is the minute of a day",
    )


RULES = (
    _bad_time("stop_at"),
    _bad_time("start_at"),
    Rule(
        option="start_at",
        reads=("stop_at",),
        broken=lambda o: o["start_at"] == o["stop_at"],
        allowed=lambda o: f"another time than {o['stop_at']}, when it is stopped",
        why="one of the two would win, and nobody knows which",
    ),
    clock.bad_days("start_on"),
    clock.ZONE,
)
