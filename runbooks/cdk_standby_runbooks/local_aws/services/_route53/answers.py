"""What Route 53 answers, from the records, their health checks, and what they lead to.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from ...wire import Call
from . import checks
from .records import Values, full, policy_of, records, zone_id

BALANCER = re.compile(r"^(?:dualstack\.)?(?P<name>.+?\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.elb\.amazonaws\.com)\.?$")

FROM_US_EAST_1 = ("us-east-", "ca-", "us-", "mx-", "eu-west-", "eu-", "sa-", "af-", "me-", "il-", "ap-", "")


def test(call: Call) -> Values:
    """TestDNSAnswer."""
    zone, given = zone_id(call.parameters["HostedZoneId"]), call.parameters
    name, kind = full(given["RecordName"]), given["RecordType"]
    there = any(key[0] == name for key in records(call, zone))
    return {
        "Nameserver": "ns-1.local-aws.invalid",
        "RecordName": given["RecordName"],
        "RecordType": kind,
        "RecordData": answer(call, zone, name, kind),
        "ResponseCode": "NOERROR" if there else "NXDOMAIN",
        "Protocol": "UDP",
    }


def answer(call: Call, zone: str, name: str, kind: str) -> list[str]:
    """Values for a name, alias records followed to their end; empty when there is nothing."""
    found = _named(call, zone, name, kind)
    values: list[str] = []
    for record in chosen(call, zone, found):
        if "AliasTarget" not in record:
            values += [one["Value"] for one in record["ResourceRecords"]]
        elif target := balancer(call, record["AliasTarget"]["DNSName"]):
            values += addresses(target, kind)
        else:
            values += answer(call, zone, full(record["AliasTarget"]["DNSName"]), kind)
    return values


def _named(call: Call, zone: str, name: str, kind: str) -> list[Values]:
    return [record for (n, t, _), record in sorted(records(call, zone).items()) if (n, t) == (full(name), kind)]


def chosen(call: Call, zone: str, found: list[Values]) -> list[Values]:
    """The records that answer: healthy ones, and all of them when none is."""
    if not found:
        return []
    policy = policy_of(found[0])
    well = [record for record in found if healthy(call, zone, record)]
    if policy == "failover":
        ranked = sorted(well or found, key=lambda record: str(record["Failover"]))  # PRIMARY before SECONDARY
        return ranked[:1]
    if policy == "weighted":
        return [max(well or found, key=lambda record: int(record["Weight"]))]
    if policy == "latency":
        return [min(well or found, key=lambda record: _distance(str(record["Region"])))]
    return well or found


def _distance(region: str) -> tuple[int, str]:
    """How far it is from us-east-1, where `TestDNSAnswer` asks from when nobody says otherwise: by continent only."""
    return next(n for n, place in enumerate(FROM_US_EAST_1) if region.startswith(place)), region


def healthy(call: Call, zone: str, record: Values) -> bool:
    """A record's own health check and, for an alias that asks for it, the health of what it leads to: both."""
    if "HealthCheckId" in record and not checks.healthy(call, record["HealthCheckId"]):
        return False
    alias = record.get("AliasTarget")
    if alias is None or not alias.get("EvaluateTargetHealth"):
        return True
    target = balancer(call, alias["DNSName"])
    if target is not None:
        return balancer_is_healthy(call, target)
    leads_to = _named(call, zone, alias["DNSName"], record["Type"])
    return any(healthy(call, zone, other) for other in leads_to)


def balancer(call: Call, name: str) -> Values | None:
    """The load balancer that a name belongs to, with its Region; None when the name is no balancer's."""
    match = BALANCER.match(name.lower())
    if match is None:
        return None
    everybody: list[Any] = call.client("elbv2", match["region"]).describe_load_balancers()["LoadBalancers"]
    found = [one for one in everybody if one["DNSName"].lower() == match["name"]]
    return {**found[0], "region": match["region"]} if found else {"region": match["region"]}


def balancer_is_healthy(call: Call, target: Values) -> bool:
    """In a Region that lives, and every target group with targets has a healthy one; none at all is unhealthy.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias-common.html
    """
    if target["region"] in call.dark or "LoadBalancerArn" not in target:
        return False
    elbv2 = call.client("elbv2", target["region"])
    groups = elbv2.describe_target_groups(LoadBalancerArn=target["LoadBalancerArn"])["TargetGroups"]
    counts = [_healthy_targets(elbv2, group["TargetGroupArn"]) for group in groups]
    used = [well for well, everybody in counts if everybody]
    return bool(used) and all(used)


def _healthy_targets(elbv2: Any, group: str) -> tuple[int, int]:
    told = elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return sum(one["TargetHealth"]["State"] == "healthy" for one in told), len(told)


def addresses(target: Values, kind: str) -> list[str]:
    """One address for each zone of a balancer, of the range for tests of networks: always the same, never real."""
    zones = sorted(zone["ZoneName"] for zone in target.get("AvailabilityZones", []))
    made: list[str] = []
    for zone in zones:
        seed = hashlib.sha256(f"{target['LoadBalancerArn']}/{zone}".encode()).digest()
        v4 = f"198.{18 + seed[0] % 2}.{seed[1]}.{seed[2]}"
        made.append(v4 if kind == "A" else f"2001:db8::{seed[1]:x}{seed[2]:02x}")
    return made


def regions_behind(call: Call, name: str) -> list[Values]:
    """The balancers that a name leads to now, in whichever zone of ours it stands."""
    for zone in call.state.get("records", {}):
        if found := _named(call, zone, name, "A"):
            return _ends(call, zone, found)
    return []


def _ends(call: Call, zone: str, found: list[Values]) -> list[Values]:
    ends: list[Values] = []
    for record in chosen(call, zone, found):
        if "AliasTarget" not in record:
            continue
        target = balancer(call, record["AliasTarget"]["DNSName"])
        if target is not None:
            ends.append(target)
        else:
            ends += _ends(call, zone, _named(call, zone, record["AliasTarget"]["DNSName"], "A"))
    return ends
