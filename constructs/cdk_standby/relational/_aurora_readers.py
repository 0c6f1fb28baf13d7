"""What is done with the instances of a cluster: endpoints of their own, and readers that come with the load."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Annotations, Duration, RemovalPolicy
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_rds as rds

from cdk_standby_review.facts import aurora as facts

from .._checks import Options
from ._access import AuroraAccess
from ._aurora_endpoints import endpoint
from ._aurora_scaling import scaled


class AuroraReaders(AuroraAccess):
    """The instances of an Aurora cluster, as those see them who use it."""

    instances: tuple[rds.CfnDBInstance, ...]
    endpoints: dict[str, rds.CfnDBClusterEndpoint]
    """Custom ones, by their id."""
    _options: Options

    def _remember(self, options: Options) -> None:
        self._options, self.endpoints = options, {}

    @property
    def reader_endpoint(self) -> rds.Endpoint:
        """Leads to the readers, in turn; to the writer, with a warning, when there are none."""
        if len(self.instances) == 1:
            Annotations.of(self).add_warning_v2("cdk-standby:no-readers", "its reader endpoint leads to the writer")
        return super().reader_endpoint

    @property
    def instance_endpoints(self) -> tuple[rds.Endpoint, ...]:
        """Each leads to one instance, by its number, whoever writes: to look at it, never for an application."""
        return tuple(rds.Endpoint(one.attr_endpoint_address, self.port) for one in self.instances)

    def add_endpoint(
        self,
        id: str,
        *,
        members: Sequence[int] | None = None,
        excluded: Sequence[int] | None = None,
        kind: str = "READER",
        name: str | None = None,
    ) -> rds.Endpoint:
        """Lead some clients, reports say, to instances of their own.

        Args:
            id: unique among the cluster's children; another id is another endpoint.
            members: the numbers of the instances, from 1, and never those that scaling adds; left out: all of them.
            excluded: the numbers of those that it does not lead to, in place of `members`; left out: none.
            kind: ``"READER"``, which leaves out who writes, or ``"ANY"``; left out: readers.
            name: in lower case, unique in the Region; left out: the cluster's identifier with `id`. Create-only.

        Raises:
            InvalidOptions: numbers that the cluster does not have, both lists, a sixth endpoint, or no name.
        """
        made = endpoint(
            self,
            id,
            instances=self.instances,
            cluster_identifier=self._options["cluster_identifier"],
            others=self.endpoints,
            members=members,
            excluded=excluded,
            kind=kind,
            name=name,
        )
        kept = self._options["deletable_because"] is None
        made.apply_removal_policy(RemovalPolicy.RETAIN if kept else RemovalPolicy.DESTROY)
        self.endpoints[id] = made
        return rds.Endpoint(made.attr_endpoint, self.port)

    def scale_readers(
        self,
        minimum: int,
        maximum: int,
        *,
        cpu: float | None = None,
        connections: float | None = None,
        cooldown: Duration | None = None,
    ) -> scaling.CfnScalableTarget:
        """Let readers come with the load and go with it, beside those of the template, which always stay.

        Those that come have the writer's class and are the last to be promoted. They are no part of the stack: delete
        them by hand before the cluster.

        Args:
            minimum: readers at least, those of the template counted.
            maximum: readers at most, up to 15, or 14 in a global database.
            cpu: the average share of the readers' processors (%) to keep; left out: it does not matter.
            connections: the average number of connections to a reader to keep; left out: it does not matter.
            cooldown: between two changes, in seconds; left out: 5 minutes, about what a new reader takes.

        Raises:
            InvalidOptions: numbers out of range, no target, a second call, or a cluster that follows another Region.
        """
        is_global = self._options["global_cluster"] is not None
        return scaled(
            self,
            instances=self.instances,
            limit=int((facts.GLOBAL_READERS if is_global else facts.READERS).value.high),
            lags=bool(self._options["secondary"] if self._options["follows"] is None else self._options["follows"]),
            minimum=minimum,
            maximum=maximum,
            cpu=cpu,
            connections=connections,
            cooldown=cooldown or Duration.minutes(5),
        )
