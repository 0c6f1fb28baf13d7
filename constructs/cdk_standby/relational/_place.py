"""Where a database lives inside a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import Fact, Range
from cdk_standby_review.facts import aurora as facts

from .._checks import InvalidOptions, Problem
from .._tokens import is_token
from ..alarm_topic import AlarmTopic


@dataclass(frozen=True, slots=True)
class Place:
    """The subnets of a database, and their zones."""

    subnets: tuple[str, ...]
    zones: tuple[str, ...]

    @staticmethod
    def of(
        scope: Construct, vpc: ec2.IVpc, subnets: ec2.SubnetSelection | None, needs: Fact[Range] = facts.ZONES
    ) -> Place:
        """The isolated subnets of a network, or those that were chosen; `needs` is why there have to be some.

        Raises:
            InvalidOptions: the network has no such subnets.
        """
        chosen = subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        try:
            found = vpc.select_subnets(
                availability_zones=chosen.availability_zones,
                one_per_az=chosen.one_per_az,
                subnet_filters=chosen.subnet_filters,
                subnet_group_name=chosen.subnet_group_name,
                subnets=chosen.subnets,
                subnet_type=chosen.subnet_type,
            )
        except RuntimeError as unknown:
            raise InvalidOptions([_no_subnets(scope, needs)]) from unknown
        return Place(tuple(found.subnet_ids), tuple(dict.fromkeys(found.availability_zones)))._with_the_storage(found)

    def _with_the_storage(self, found: ec2.SelectedSubnets) -> Place:
        """The zones of the instances and no others: given a choice, Aurora may put the data where none of them is."""
        used = {self.zone(number + 1) for number in range(min(len(self.zones), facts.STORAGE_ZONES.value))}
        if used >= set(self.zones):
            return self
        subnets = [subnet.subnet_id for subnet in found.subnets if subnet.availability_zone in used]
        return Place(tuple(subnets), tuple(zone for zone in self.zones if zone in used))

    def zone(self, number: int) -> str:
        """The zone of an instance, counted from 1: spread over as many zones as the storage.

        Names are sorted, so that the order in which a network lists them moves no instance. What only the deployment
        names keeps its order: its text at synth says nothing.
        """
        known = not any(is_token(zone) for zone in self.zones)
        spread = (sorted(self.zones) if known else self.zones)[: facts.STORAGE_ZONES.value]
        return spread[(number - 1) % len(spread)]


def placed(database: Construct, vpc: ec2.IVpc, key: kms.IKey, alarms: AlarmTopic | None) -> dict[str, Any]:
    """What was given, by path and Region, for the rules: messages show paths."""
    given = {"vpc": vpc, "key": key, "alarms": alarms}
    regions = {"vpc": vpc.env.region, "key": key.env.region, "alarms": Stack.of(alarms).region if alarms else None}
    paths = {option: thing.node.path for option, thing in given.items() if thing is not None}
    return {"region": Stack.of(database).region, "regions": regions, **paths}


def lower(name: str | None) -> str | None:
    """As RDS keeps it, and names log groups after it."""
    return name if name is None or is_token(name) else name.lower()


def _no_subnets(scope: Construct, needs: Fact[Range]) -> Problem:
    return Problem(
        where=scope.node.path,
        option="vpc",
        got="a VPC without subnets of that kind",
        allowed="isolated subnets in two Availability Zones or more, or 'subnets' that exist",
        why=needs.says,
        source=needs.source,
    )
