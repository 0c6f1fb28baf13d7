"""Snapshots of volumes, by tag, on several schedules, in several Regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dlm as dlm
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import volumes as facts

from .._alarms import add_alarms
from .._checks import Problem, Rule, check, shown
from .._reasons import weakened
from ..alarm_topic import AlarmTopic
from . import _dlm_parts as parts
from ._copies import SnapshotCopy
from ._dlm_values import START_WITHIN, SnapshotSchedule, bad_schedule, rendered

__all__ = ["SnapshotCopy", "SnapshotSchedule", "VolumeSnapshots"]

USUAL = (
    SnapshotSchedule(name="Hourly", every=Duration.hours(1), keep=48),
    SnapshotSchedule(name="Daily", every=Duration.hours(24), keep_for=Duration.days(35), copied=False),
)


class VolumeSnapshots(Construct):
    """Snapshots of every volume that carries a tag, made by the clock and copied to other Regions.

    Instance or zone loss: a volume is restored from the newest snapshot, in any zone of the Region; what was written
    since then, at most `rpo`, is lost. Region loss: the same from the copy there, once it has arrived. Deletion of
    data: any snapshot that is kept. Deletion of snapshots by somebody who may: guard against it by a `RecycleBin`.

    A snapshot is what the disk held: what a program kept in memory is not in it. It holds several volumes of one
    instance at one moment with `instances`.
    """

    policy: dlm.CfnLifecyclePolicy
    role: iam.Role
    """What Data Lifecycle Manager assumes."""
    rpo: Duration | None
    """The most that is lost here: the shortest interval, and the hour in which AWS starts; None where a cron
    expression is not understood."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        tags: Mapping[str, str],
        key: kms.IKey,
        schedules: Sequence[SnapshotSchedule] | None = None,
        copies: Sequence[SnapshotCopy] = (),
        one_region_because: str | None = None,
        instances: bool = False,
        with_boot_volume: bool = True,
        paused_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the policy.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            tags: whatever carries one of them is taken, so that one tag is enough.
            key: that encrypts the volumes; the policy's role may use it, and so must the key's own policy if it is
                imported.
            schedules: one to four; left out: hourly, 48 of them kept and copied, and daily for 35 days.
            copies: at most three other Regions, each with the ARN of a key there. Required, unless
                `one_region_because` is given.
            one_region_because: why the loss of this Region may take all snapshots along.
            instances: True takes all volumes of instances that carry the tag, at one moment; left out: single volumes.
            with_boot_volume: False leaves the boot volume out, with `instances`; left out: it is taken too.
            paused_because: why no snapshots are made for now.
            alarms: who is told; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: CreateFailed, CopyFailed (in five minutes), NoneMade (fewer a
                day; from the first day on).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/dlm/latest/APIReference/API_PolicyDetails.html).
        """
        super().__init__(scope, id)
        region, schedules = Stack.of(self).region, USUAL if schedules is None else schedules
        options = {**locals(), **parts.placed(region, key, alarms)}
        check(self, RULES, options, also=self._problems(tags, schedules, copies, region))
        weakened(self, "one_region", one_region_because)
        weakened(self, "paused", paused_because)

        self.role = parts.role(self, images=False, key=key, copies=copies)
        self.policy = dlm.CfnLifecyclePolicy(
            self,
            "Policy",
            description=parts.description(f"Snapshots {self.node.path}"),
            execution_role_arn=self.role.role_arn,
            state="ENABLED" if paused_because is None else "DISABLED",
            policy_details=dlm.CfnLifecyclePolicy.PolicyDetailsProperty(
                policy_type="EBS_SNAPSHOT_MANAGEMENT",
                resource_types=["INSTANCE" if instances else "VOLUME"],
                target_tags=parts.cfn_tags(tags),
                schedules=[rendered(schedule, copies) for schedule in schedules],
                parameters=None if with_boot_volume else _WITHOUT_BOOT,
            ),
        )
        known = [interval for schedule in schedules if (interval := schedule.interval) is not None]
        self.rpo = Duration.seconds(min(known) + START_WITHIN) if known else None
        specs = parts.alarms(self.policy.ref, min(known, default=None), images=False, copied=bool(copies))
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    def _problems(
        self,
        tags: Mapping[str, str],
        schedules: Sequence[SnapshotSchedule],
        copies: Sequence[SnapshotCopy],
        region: str,
    ) -> list[Problem]:
        where = self.node.path
        found = [*parts.problems(where, tags, copies, region)]
        for schedule in schedules:
            found += bad_schedule(where, schedule, region)
        names = [schedule.name for schedule in schedules]
        if len(schedules) not in facts.POLICY_SCHEDULES.value or len(set(names)) < len(names):
            found.append(
                Problem(
                    where=where,
                    option="schedules",
                    got=shown(names),
                    allowed="one to four, each with a name of its own",
                    why=facts.POLICY_SCHEDULES.says,
                    source=facts.POLICY_SCHEDULES.source,
                )
            )
        return found


_WITHOUT_BOOT = dlm.CfnLifecyclePolicy.ParametersProperty(exclude_boot_volume=True)
RULES = (
    *parts.RULES,
    Rule(
        option="with_boot_volume",
        reads=("instances",),
        broken=lambda o: not o["with_boot_volume"] and not o["instances"],
        allowed="True without 'instances'",
        why="a single volume that carries the tag is taken, whatever it is",
        source="https://docs.aws.amazon.com/dlm/latest/APIReference/API_Parameters.html",
    ),
    Rule(
        option="copies",
        reads=("schedules",),
        broken=lambda o: bool(o["copies"]) and not any(schedule.copied for schedule in o["schedules"]),
        allowed="none where no schedule is 'copied'",
        why="nothing would ever be copied",
        source=facts.COPIES.source,
    ),
)
