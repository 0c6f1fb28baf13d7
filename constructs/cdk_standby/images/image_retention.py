"""Images of running instances, by tag, kept by count or by age."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dlm as dlm
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from .._alarms import add_alarms
from .._checks import Problem, check, shown
from .._durations import days
from .._reasons import weakened
from ..alarm_topic import AlarmTopic
from . import _dlm_parts as parts
from ._copies import SnapshotCopy, whole_days
from ._dlm_values import Policy, SnapshotSchedule, bad_keeping, bad_times, copy_rule, create_rule, retain_rule

__all__ = ["ImageRetention", "SnapshotCopy"]


class ImageRetention(Construct):
    """Images of every instance that carries a tag, made by the clock, kept by count or age, copied to other Regions.

    Instance or zone loss: another instance is launched from the newest image. Region loss: the same from the copy
    there. It is for servers that cannot be built anew from code: images that a `GoldenImage` builds say what is in
    them, these are whatever the server had become.
    """

    policy: dlm.CfnLifecyclePolicy
    role: iam.Role
    """What Data Lifecycle Manager assumes."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        tags: Mapping[str, str],
        key: kms.IKey,
        reboot: bool,
        every: Duration | None = None,
        at: str = "03:00",
        cron: str | None = None,
        keep: int | None = None,
        keep_for: Duration | None = None,
        deprecate_after: Duration | None = None,
        copies: Sequence[SnapshotCopy] = (),
        one_region_because: str | None = None,
        paused_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the policy.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            tags: every instance that carries one of them is taken.
            key: that encrypts the volumes of the instances; the policy's role may use it, and so must the key's own
                policy if it is imported.
            reboot: True stops each instance for its image, which is whole then; False takes it as it runs, without
                what is in memory.
            every: 1, 2, 3, 4, 6, 8, 12 or 24 hours; left out: `cron`, and without that 24 hours.
            at: the time of day from which `every` is counted, as ``hh:mm`` in UTC; left out: 03:00.
            cron: ``cron(...)`` in UTC; left out: `every` says when.
            keep: how many images of an instance are kept, 1 to 1000; left out: `keep_for`, and without that 30 images.
            keep_for: how long each is kept, in whole days; left out: `keep` says how many.
            deprecate_after: when an image is no longer offered to others, in whole days, at most `keep_for`, and only
                with it; left out: never.
            copies: at most three other Regions, each with the ARN of a key there. Required, unless
                `one_region_because` is given.
            one_region_because: why the loss of this Region may take all images along.
            paused_because: why no images are made for now.
            alarms: who is told; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: CreateFailed, CopyFailed (in five minutes), NoneMade (fewer a
                day; from the first day on).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/dlm/latest/APIReference/API_RetainRule.html).
        """
        super().__init__(scope, id)
        region, where = Stack.of(self).region, self.node.path
        every = Duration.hours(24) if every is None and cron is None else every
        keep = _IMAGES if keep is None and keep_for is None else keep
        found = [
            *parts.problems(where, tags, copies, region),
            *bad_times(where, "", every=every, at=at, cron=cron),
            *bad_keeping(where, "", keep=keep, keep_for=keep_for),
            *_bad_deprecation(where, deprecate_after, keep_for),
        ]
        check(self, parts.RULES, {**locals(), **parts.placed(region, key, alarms)}, also=found)
        weakened(self, "one_region", one_region_because)
        weakened(self, "paused", paused_because)

        self.role = parts.role(self, images=True, key=key, copies=copies)
        schedule = Policy.ScheduleProperty(
            name="Images",
            create_rule=create_rule(every, at, cron),
            retain_rule=retain_rule(keep, keep_for),
            deprecate_rule=_deprecate(deprecate_after),
            copy_tags=True,
            cross_region_copy_rules=[copy_rule(copy, images=True) for copy in copies] or None,
        )
        self.policy = Policy(
            self,
            "Policy",
            description=parts.description(f"Images {where}"),
            execution_role_arn=self.role.role_arn,
            state="ENABLED" if paused_because is None else "DISABLED",
            policy_details=Policy.PolicyDetailsProperty(
                policy_type="IMAGE_MANAGEMENT",
                resource_types=["INSTANCE"],
                target_tags=parts.cfn_tags(tags),
                schedules=[schedule],
                parameters=Policy.ParametersProperty(no_reboot=not reboot),
            ),
        )
        specs = parts.alarms(self.policy.ref, _interval(every, cron), images=True, copied=bool(copies))
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)


_IMAGES = 30


def _interval(every: Duration | None, cron: str | None) -> float | None:
    return SnapshotSchedule(name="Images", every=every, cron=cron).interval


def _deprecate(after: Duration | None) -> Policy.DeprecateRuleProperty | None:
    return None if after is None else Policy.DeprecateRuleProperty(interval=after.to_days(), interval_unit="DAYS")


def _bad_deprecation(where: str, after: Duration | None, keep_for: Duration | None) -> Iterator[Problem]:
    if after is None:
        return
    kept, earlier = days(keep_for), days(after)
    if not whole_days(after) or kept is None or (earlier or 0) > kept or (earlier or 0) > _TEN_YEARS:
        yield Problem(
            where=where,
            option="deprecate_after",
            got=shown(after),
            allowed="whole days, at most 'keep_for' and ten years, with 'keep_for'",
            why="an image is deprecated before it is deleted",
            source="https://docs.aws.amazon.com/dlm/latest/APIReference/API_DeprecateRule.html",
        )


_TEN_YEARS = 3650
