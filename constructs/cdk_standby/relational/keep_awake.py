"""Serverless databases that must not sleep while people work."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_rds as rds
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from cdk_standby_review.facts import rds_operations as facts

from .._checks import Options, Rule, check
from . import _schedules as clock
from ._access import DatabaseAccess
from ._operated import Operated, elsewhere, unknown_at_synth


class KeepAwake(Construct):
    """Asks a serverless Aurora cluster something every few minutes of the working day, so that it does not pause then.

    A cluster whose least capacity is 0 takes some 15 seconds to wake up. Outside of the hours it pauses, and costs
    storage alone. For a cluster that must never pause, a least capacity of 0.5 is simpler.
    """

    schedule: scheduler.CfnSchedule
    role: iam.Role

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        database: DatabaseAccess,
        every: Duration | None = None,
        hours: tuple[int, int] = (7, 18),
        days: Sequence[str] = clock.WEEKDAYS,
        timezone: str = "UTC",
    ) -> None:
        """Make the schedule.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            database: a serverless Aurora cluster that may pause, with Data API and credentials of its own.
            every: how often it is asked, in whole minutes; left out: 4 minutes, less than the shortest time to a pause.
            hours: the first and the last hour of the day, 0 to 23, both asked through; left out: 7 to 18.
            days: ``"MON"`` to ``"SUN"``; left out: Monday to Friday.
            timezone: of the hours, as the tz database names it; left out: UTC.

        Raises:
            InvalidOptions: the cluster never pauses, cannot be asked, or pauses sooner than it is asked
                (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html).
        """
        super().__init__(scope, id)
        target, secret = Operated.of(database), database.secret
        interval = every or Duration.minutes(4)
        options = {"every": interval, "hours": hours, "days": days, "timezone": timezone}
        given = {**options, "database": target.path, "target": target, "secret": secret, "pause": _pause(target)}
        check(self, RULES, given, also=[*elsewhere(self, target), *unknown_at_synth(self, **options)])
        assert secret is not None
        group = clock.group(self)
        ask = iam.PolicyStatement(actions=["rds-data:ExecuteStatement"], resources=[target.arn])
        policy = iam.ManagedPolicy(self, "Policy", statements=[ask])
        database.grant_connect(policy)
        self.role = clock.role(self, group, policy)
        first, last = hours
        self.schedule = clock.call(
            self,
            "Ask",
            schedules=group,
            assumes=self.role,
            api="rdsdata:executeStatement",
            given={"ResourceArn": target.arn, "SecretArn": secret.secret_arn, "Sql": "SELECT 1"},
            when=f"0/{interval.to_minutes():.0f} {first}-{last} ? * {','.join(days)} *",
            timezone=timezone,
            says=f"Keeps {target.path} from pausing",
        )


def _pause(target: Operated) -> float | None:
    """Seconds until the cluster pauses; None: it never does."""
    if not isinstance(target.data, rds.CfnDBCluster):
        return None
    scaling = target.data.serverless_v2_scaling_configuration
    if getattr(scaling, "min_capacity", None) != 0:
        return None
    return getattr(scaling, "seconds_until_auto_pause", None) or facts.AUTO_PAUSE.value.low


def _bad_hours(options: Options) -> bool:
    first, last = options["hours"]
    return not all(isinstance(hour, int) and 0 <= hour <= 23 for hour in (first, last)) or first > last


def _too_rare(options: Options) -> bool:
    every, pause = options["every"], options["pause"]
    if every.is_unresolved() or pause is None:
        return False
    seconds: float = every.to_seconds()
    return seconds < 60 or seconds % 60 > 0 or bool(seconds >= min(pause, 3600))


RULES = (
    Rule(
        option="database",
        broken=lambda o: o["pause"] is None,
        allowed="a serverless Aurora cluster with a least capacity of 0",
        why="no other one ever pauses",
        source=facts.AUTO_PAUSE.source,
    ),
    Rule(
        option="database",
        broken=lambda o: o["pause"] is not None and not o["target"].data.enable_http_endpoint,
        allowed="a cluster with Data API",
        why=facts.DATA_API.says,
        source=facts.DATA_API.source,
    ),
    Rule(
        option="database",
        broken=lambda o: o["secret"] is None,
        allowed="a cluster whose credentials are known here",
        why="Data API takes the credentials from a secret",
        source=facts.DATA_API.source,
    ),
    Rule(
        option="every",
        broken=_too_rare,
        allowed=lambda o: f"whole minutes, 1 or more, and less than the {o['pause']:g} seconds after which it pauses",
        why=facts.AUTO_PAUSE.says,
        source=facts.AUTO_PAUSE.source,
    ),
    Rule(
        option="hours",
        broken=_bad_hours,
        allowed="(first, last) hour of the day, 0 to 23",
        why="a schedule knows these hours",
        source=clock.CRON,
    ),
    clock.bad_days("days"),
    clock.ZONE,
)
