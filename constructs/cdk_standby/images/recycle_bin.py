"""Deleted snapshots, images and volumes, kept for a while."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_rbin as rbin
from constructs import Construct

from cdk_standby_review.facts import volumes as facts

from .._checks import Options, Rule, check, one_of
from .._durations import days
from ..relational._operated import unknown_at_synth

__all__ = ["RecycleBin"]

TYPES = {"snapshots": "EBS_SNAPSHOT", "images": "EC2_IMAGE", "volumes": "EBS_VOLUME"}
_LIMITS = {"snapshots": facts.BIN_SNAPSHOTS, "images": facts.BIN_SNAPSHOTS, "volumes": facts.BIN_VOLUMES}


class RecycleBin(Construct):
    """Keeps deleted snapshots, images or volumes of this Region for a while, so that a deletion can be taken back.

    Deletion, by mistake or by somebody who should not: restored from the bin until the time is over; with `lock_for`
    the rule itself cannot be removed before. Region loss: the bin is lost with its Region. What was
    deleted before the rule existed is not in it.
    """

    rule: rbin.CfnRule

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        of: str,
        keep_for: Duration | None = None,
        tags: Mapping[str, str] | None = None,
        lock_for: Duration | None = None,
    ) -> None:
        """Make the rule.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            of: ``"snapshots"``, ``"images"`` or ``"volumes"``. Another kind is another rule.
            keep_for: how long, in whole days: up to 365, volumes up to 7; left out: 14 days, volumes 7.
            tags: only what carries one of them; left out: all of the Region, of whatever application.
            lock_for: how long after an unlocking the rule still cannot be changed or deleted, 7 to 30 days, without
                `tags` only; the rule then stays when its stack goes. Left out: it can be deleted at any time.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/recyclebin/latest/APIReference/API_CreateRule.html).
        """
        super().__init__(scope, id)
        keep_for = keep_for or Duration.days(_USUAL.get(of, 14))
        check(self, RULES, locals(), also=unknown_at_synth(self, of=of))
        lock: Any = None
        if lock_for is not None:
            lock = rbin.CfnRule.UnlockDelayProperty(unlock_delay_unit="DAYS", unlock_delay_value=lock_for.to_days())
        kept = rbin.CfnRule.RetentionPeriodProperty(
            retention_period_unit="DAYS", retention_period_value=keep_for.to_days()
        )
        self.rule = rbin.CfnRule(
            self,
            "Rule",
            resource_type=TYPES[of],
            retention_period=kept,
            description=f"Deleted {of}, {self.node.path}"[:255],
            resource_tags=[
                rbin.CfnRule.ResourceTagProperty(resource_tag_key=key, resource_tag_value=value)
                for key, value in sorted((tags or {}).items())
            ]
            or None,
            lock_configuration=lock,
        )
        self.rule.apply_removal_policy(RemovalPolicy.DESTROY if lock_for is None else RemovalPolicy.RETAIN)


_USUAL = {"volumes": 7}


def _bad_days(options: Options) -> bool:
    limit, kept = _LIMITS.get(options["of"]), days(options["keep_for"])
    return limit is not None and (kept is None or kept not in limit.value or not float(kept).is_integer())


def _bad_lock(options: Options) -> bool:
    if options["lock_for"] is None:
        return False
    delay = days(options["lock_for"])
    return delay is None or delay not in facts.BIN_UNLOCK.value or not float(delay).is_integer()


RULES = (
    one_of("of", tuple(TYPES), why="the bin takes these", source=facts.BIN_SNAPSHOTS.source),
    Rule(
        option="keep_for",
        reads=("of",),
        broken=_bad_days,
        allowed=lambda o: f"{_LIMITS[o['of']].value} whole days, known at synth",
        why="that is how long the bin keeps things",
        source=facts.BIN_SNAPSHOTS.source,
    ),
    Rule(
        option="lock_for",
        broken=_bad_lock,
        allowed="7 to 30 whole days, known at synth",
        why=facts.BIN_UNLOCK.says,
        source=facts.BIN_UNLOCK.source,
    ),
    Rule(
        option="lock_for",
        reads=("tags",),
        broken=lambda o: o["lock_for"] is not None and bool(o["tags"]),
        allowed="nothing with 'tags'",
        why=facts.BIN_LOCKED.says,
        source=facts.BIN_LOCKED.source,
    ),
    Rule(
        option="tags",
        broken=lambda o: o["tags"] is not None and not 1 <= len(o["tags"]) <= 50,
        allowed="1 to 50 tags, or none at all",
        why="a rule with tags takes what carries one of them",
        source=facts.BIN_SNAPSHOTS.source,
    ),
)
