"""An S3 bucket in every Region that has live data; all of them hold the same objects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration
from constructs import Construct

from cdk_standby import ObjectLock
from cdk_standby._checks import Problem

from ..bucket_parts import build_bucket
from ._tier import Kind, Layer, Placing, Posture

if TYPE_CHECKING:
    from ..sites import Site


@dataclass(frozen=True, slots=True)
class Bucket:
    """A versioned bucket that replicates both ways with its namesakes in the other Regions.

    S3 refuses a rule that leads to no bucket, so what has new partners is deployed twice: first with the context key
    ``cdk-standby:new-partners`` (no rules yet), then without it.

    Args:
        name: unique in the workload; the buckets are called ``<workload>-<name>-<account>-<region>``.
        expire_after: when objects are deleted. Left out: never.
        keep_versions: how long earlier versions are kept. Left out: 90 days.
        object_lock: locks new objects, in every Region, for ever. Left out: versions protect them.
        no_time_control_because: why objects may arrive whenever they do. Left out: S3 promises 15 minutes.
        last_writer_wins_because: why it is fine that of two Regions that write an object at once the later one wins:
            asked where several Regions serve. Left out: it is not.
    """

    name: str
    expire_after: Duration | None = None
    keep_versions: Duration | None = None
    object_lock: ObjectLock | None = None
    no_time_control_because: str | None = None
    last_writer_wins_because: str | None = None

    @property
    def kind(self) -> Kind:
        """The row of a strategy's table."""
        return Kind.BUCKET

    @property
    def layer(self) -> Layer:
        """The stack of a site that it lives in."""
        return Layer.DATA

    def problems(self, where: str) -> Iterable[Problem]:
        """The construct checks what it is given."""
        return ()

    def misfits(self, where: str, placing: Placing) -> Iterable[Problem]:
        """Writes in several Regions that nobody thought of."""
        if placing.everywhere and not (self.last_writer_wins_because or "").strip():
            yield Problem(
                where=where,
                option="last_writer_wins_because",
                got="not given",
                allowed="the reason; or WarmStandby, where one Region serves",
                why="users write in every Region, and of two objects with one key the later one wins",
                source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequestRouting.html",
            )

    def build(self, scope: Construct, site: Site, posture: Posture) -> None:
        """One Region's bucket, and the rules that lead to the others."""
        site.offers[self.name] = build_bucket(scope, self, site)
