"""Names of a database that stay when the database moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from aws_cdk import Duration, Stack, Tokenization
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_rds as rds
from aws_cdk import aws_route53 as route53
from constructs import Construct

from cdk_standby_review.facts import rds_names as facts

from .._checks import check
from .._traffic_records import health_check
from ._access import InstanceAccess
from ._names_rules import RULES, is_public, taken, unreadable
from ._proxy_target import is_replica


class Reachable(Protocol):
    """What has an endpoint: a database, or a proxy before one."""

    port: int

    @property
    def endpoint(self) -> rds.Endpoint:
        """Where it is reached."""
        ...


class DatabaseNames(Construct):
    """Names for the writer and the readers of a database in a private zone, as short-lived as its own endpoints.

    Instance or zone loss: the endpoint behind the name follows the failover, and so does the name. Region loss: a
    private zone belongs to VPCs, so each Region has a zone of its own that holds the same names and leads to its own
    database; nothing is edited in a failover. Deletion: names go with their stack, the database stays.

    A certificate of RDS does not hold these names. Clients that compare them (``verify-full``, ``VERIFY_IDENTITY``)
    need the endpoints themselves; ``verify-ca`` and ``VERIFY_CA`` work with both.
    """

    writer: str
    """The whole name that leads to the writer."""
    reader: str | None
    """The whole name that leads to the readers."""
    records: dict[str, route53.CfnRecordSet]
    """By construct id: ``"Writer"``, ``"Reader"``, or ``"Reader-<id of the replica>"`` for each replica."""
    port: int
    """On which the database behind the names listens."""
    ttl: Duration

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        zone: route53.IHostedZone,
        database: Reachable,
        writer: str,
        reader: str | None = None,
        replicas: Sequence[InstanceAccess] = (),
        ttl: Duration | None = None,
    ) -> None:
        """Make the names.

        Args:
            scope: the parent, in the Region of the database.
            id: unique among the parent's children.
            zone: a private zone of the VPC that asks, such as a `route53.PrivateHostedZone`.
            database: any database of this library, or a `DatabaseProxy`; another one moves the names in place.
            writer: the name that leads to the writer, such as ``"database"``, inside of the zone or in full.
            reader: the name that leads to the readers; left out: none.
            replicas: read replicas of an instance that share the name `reader`, each until its replication stops or
                lags; left out: the cluster's own endpoint for readers.
            ttl: how long clients may keep an answer, 1 to 60 seconds; left out: 5 seconds, as the endpoints have it.

        Raises:
            InvalidOptions: a name that DNS or a CNAME does not take, a public zone, readers that do not exist
                (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat).
        """
        super().__init__(scope, id)
        readers: rds.Endpoint | None = getattr(database, "reader_endpoint", None) if reader else None
        whole = [None if name is None else _whole(name, zone.zone_name) for name in (writer, reader)]
        options = {
            **locals(),
            "zone": zone.node.path,
            "zone_name": zone.zone_name,
            "is_public": is_public(zone),
            "has_readers": readers is not None,
            "replicas": [replica.node.id for replica in replicas],
            "following": [is_replica(replica.instance) for replica in replicas],
        }
        silent = unreadable(self, reader, readable=readers is not None or bool(replicas))
        check(self, RULES, options, also=[*silent, *taken(self, zone.hosted_zone_id, whole)])
        self.writer, self.reader, self.port = str(whole[0]), whole[1], database.port
        self.ttl = ttl or Duration.seconds(facts.ENDPOINT_TTL.value)
        self._zone = zone
        self.records = {"Writer": self._record("Writer", self.writer, database.endpoint)}
        if self.reader and readers:
            self.records["Reader"] = self._record("Reader", self.reader, readers)
        self.records |= {f"Reader-{one.node.id}": self._shared(str(self.reader), one) for one in replicas}

    def client_environment(self, *, jvm: bool = False) -> Mapping[str, str]:
        """What an application needs to follow the names, for its environment: the names, the port, how long to cache.

        Args:
            jvm: True adds the option by which a JVM keeps addresses no longer than the names live.
        """
        seconds = self._seconds
        reader = {"DATABASE_READER": self.reader} if self.reader else {}
        option = {"JAVA_TOOL_OPTIONS": f"{facts.JVM.value}={seconds}"} if jvm else {}
        return {
            "DATABASE_WRITER": self.writer,
            **reader,
            "DATABASE_PORT": str(self.port),
            "DNS_TTL": seconds,
            **option,
        }

    @property
    def _seconds(self) -> str:
        return Tokenization.stringify_number(self.ttl.to_seconds())

    def _record(self, id: str, name: str, endpoint: rds.Endpoint, **routing: Any) -> route53.CfnRecordSet:
        return route53.CfnRecordSet(
            self,
            id,
            hosted_zone_id=self._zone.hosted_zone_id,
            name=f"{name}.",
            type="CNAME",
            ttl=self._seconds,
            resource_records=[endpoint.hostname],
            **routing,
        )

    def _shared(self, name: str, replica: InstanceAccess) -> route53.CfnRecordSet:
        """An equal share of the answers, as long as the replica follows its source."""
        which = replica.node.id
        return self._record(
            f"Reader-{which}",
            name,
            replica.endpoint,
            set_identifier=which,
            weight=facts.WEIGHTED.value,
            health_check_id=self._follows(which, replica),
        )

    def _follows(self, which: str, replica: InstanceAccess) -> str | None:
        lag: cloudwatch.Alarm | None = getattr(replica, "alarms", {}).get("ReplicaLag")
        if lag is None:
            return None
        config = route53.CfnHealthCheck.HealthCheckConfigProperty(
            type="CLOUDWATCH_METRIC",
            alarm_identifier=route53.CfnHealthCheck.AlarmIdentifierProperty(
                name=lag.alarm_name, region=Stack.of(replica).region
            ),
            insufficient_data_health_status="Unhealthy",
        )
        return health_check(self, f"Follows-{which}", name=f"{self.node.path} {which}", config=config).ref


def _whole(name: str, zone: str) -> str:
    """A name with that of its zone, as the zone's own records have it."""
    name, zone = name.rstrip("."), zone.rstrip(".")
    return name if name == zone or name.endswith(f".{zone}") else f"{name}.{zone}"
