"""Records of a zone: changed all at once or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ...errors import NotModelled, ServiceError
from ...wire import Call

Values = dict[str, Any]
Key = tuple[str, str, str]
GIVEN = "local-aws-id:"
UNCHANGED_ID = "/change/C2682N5HXP0BZ4"
NOT_ANSWERED_HERE = ("GeoLocation", "GeoProximityLocation", "CidrRoutingConfig", "TrafficPolicyInstanceId")


def full(name: str) -> str:
    """A name as Route 53 keeps it: small, with its last dot."""
    return name.lower().rstrip(".") + "."


def zone_id(value: str) -> str:
    """A zone's id without its path."""
    return value.rsplit("/", 1)[-1]


def records(call: Call, zone: str) -> dict[Key, Values]:
    """Our records of a zone that exists; its NS and SOA are the emulator's."""
    zones: dict[str, dict[Key, Values]] = call.state.setdefault("records", {})
    if zone not in zones:
        call.moto({"Id": behind(call, zone)}, operation="GetHostedZone")
        zones[zone] = {}
    return zones[zone]


def behind(call: Call, zone: str) -> str:
    """The emulator's id of a zone."""
    known: dict[str, str] = call.state.get("given", {})
    return known.get(zone, zone)


def create_zone(call: Call) -> Values:
    """CreateHostedZone. The caller reference `local-aws-id:Z...` gives the zone that id.

    Templates name zones that exist by their id; a drill makes such a zone beforehand. AWS chooses ids itself.
    """
    told = call.moto()
    wish = call.parameters["CallerReference"].partition(GIVEN)[2]
    if wish:
        call.state.setdefault("given", {})[wish] = zone_id(told["HostedZone"]["Id"])
        told["HostedZone"]["Id"] = f"/hostedzone/{wish}"
    return told


def list_zones(call: Call) -> Values:
    """ListHostedZones and ListHostedZonesByName."""
    told = call.moto()
    names = {theirs: ours for ours, theirs in call.state.get("given", {}).items()}
    for zone in told["HostedZones"]:
        id = zone_id(zone["Id"])
        zone["Id"] = f"/hostedzone/{names.get(id, id)}"
    return told


def _key(record: Values) -> Key:
    return full(record["Name"]), record["Type"], record.get("SetIdentifier", "")


def change(call: Call) -> Values:
    """ChangeResourceRecordSets."""
    zone = zone_id(call.parameters["HostedZoneId"])
    before = records(call, zone)
    apex = full(call.moto({"Id": behind(call, zone)}, operation="GetHostedZone")["HostedZone"]["Name"])
    after = dict(before)
    for step in call.parameters["ChangeBatch"]["Changes"]:
        record = dict(step["ResourceRecordSet"])
        _apply(after, step["Action"], record, apex)
    _check(call, after)
    call.state["records"][zone] = after
    changed = call.parameters["ChangeBatch"].get("Comment")
    info = {"Id": UNCHANGED_ID, "Status": "INSYNC", "SubmittedAt": datetime.now(UTC)}
    return {"ChangeInfo": {**info, **({"Comment": changed} if changed else {})}}


def _apply(records: dict[Key, Values], action: str, record: Values, apex: str) -> None:
    key = _key(record)
    name = key[0].rstrip(".")
    if not (key[0] == apex or key[0].endswith(f".{apex}")):
        raise _batch(f"RRSet with DNS name {name}. is not permitted in zone {apex}")
    if "AliasTarget" not in record and not (record.get("ResourceRecords") and "TTL" in record):
        raise _batch(f"Invalid request: expected an AliasTarget, or a TTL and ResourceRecords, for {name} {key[1]}")
    for unknown in NOT_ANSWERED_HERE:
        if unknown in record:
            raise NotModelled("route53", f"ChangeResourceRecordSets with {unknown}")
    if action == "CREATE" and key in records:
        raise _batch(f"Tried to create resource record set [name='{key[0]}', type='{key[1]}'] but it already exists")
    if action == "DELETE":
        if key not in records:
            raise _batch(f"Tried to delete resource record set [name='{key[0]}', type='{key[1]}'] but it was not found")
        records.pop(key)
    else:
        records[key] = {**record, "Name": key[0]}


def _check(call: Call, records: dict[Key, Values]) -> None:
    """What the whole must be: one policy per name, one primary, one secondary, checks that exist."""
    for (name, kind, _), record in records.items():
        same = [other for (n, t, _), other in records.items() if (n, t) == (name, kind)]
        if len(same) > 1 and any(not other.get("SetIdentifier") for other in same):
            raise _batch(
                f"RRSet with DNS name {name}, type {kind} cannot be created beside others of its name without one"
            )
        policies = {policy_of(other) for other in same}
        if len(policies) > 1:
            raise _batch(f"RRSets of {name}, type {kind} mix routing policies: {', '.join(sorted(policies))}")
        roles = [other["Failover"] for other in same if "Failover" in other]
        if len(roles) != len(set(roles)):
            raise _batch(f"RRSets of {name}, type {kind} have more than one {roles[0]}")
        check = record.get("HealthCheckId")
        if check and check not in call.state.get("checks", {}):
            raise ServiceError("NoSuchHealthCheck", f"No health check exists with the specified ID {check}", 404)


def policy_of(record: Values) -> str:
    """How Route 53 chooses among records of a name."""
    markers = {"Failover": "failover", "Weight": "weighted", "Region": "latency", "MultiValueAnswer": "multivalue"}
    return next((policy for marker, policy in markers.items() if marker in record), "simple")


def listed(call: Call) -> Values:
    """ListResourceRecordSets: the emulator's NS and SOA, and ours, in Route 53's order."""
    zone = zone_id(call.parameters["HostedZoneId"])
    mine = list(records(call, zone).values())
    base = call.moto({"HostedZoneId": behind(call, zone)})["ResourceRecordSets"]
    everything = [*base, *mine]
    everything.sort(key=lambda r: (full(r["Name"]).split(".")[::-1], r["Type"], r.get("SetIdentifier", "")))
    start = (call.parameters.get("StartRecordName"), call.parameters.get("StartRecordType"))
    if start[0]:
        names = [(full(r["Name"]).split(".")[::-1], r["Type"]) for r in everything]
        first = (full(start[0]).split(".")[::-1], start[1] or "")
        everything = [record for record, name in zip(everything, names, strict=True) if name >= first]
    return {"ResourceRecordSets": everything, "IsTruncated": False, "MaxItems": call.parameters.get("MaxItems", "300")}


def delete_zone(call: Call) -> Values:
    """DeleteHostedZone: only when nothing but NS and SOA is left, and features are off."""
    zone = zone_id(call.parameters["Id"])
    if records(call, zone):
        message = "The specified hosted zone contains non-required resource record sets and so cannot be deleted."
        raise ServiceError("HostedZoneNotEmpty", message)
    told = call.moto({"Id": behind(call, zone)})
    call.state["records"].pop(zone)
    call.state.get("given", {}).pop(zone, None)
    call.state.get("features", {}).pop(zone, None)
    return told


def get_zone(call: Call) -> Values:
    """GetHostedZone, with the count of records and the zone's features."""
    zone = zone_id(call.parameters["Id"])
    told = call.moto({"Id": behind(call, zone)})
    told["HostedZone"]["Id"] = f"/hostedzone/{zone}"
    told["HostedZone"]["ResourceRecordSetCount"] = 2 + len(records(call, zone))
    features = call.state.get("features", {}).get(zone)
    if features:
        told["HostedZone"]["Features"] = features
    return told


def set_features(call: Call) -> Values:
    """UpdateHostedZoneFeatures: accelerated recovery, for public zones.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/accelerated-recovery.html
    """
    zone = zone_id(call.parameters["HostedZoneId"])
    told = call.moto({"Id": behind(call, zone)}, operation="GetHostedZone")["HostedZone"]
    if told.get("Config", {}).get("PrivateZone"):
        raise ServiceError("InvalidInput", "Accelerated recovery is not available for private hosted zones")
    status = "ENABLED" if call.parameters.get("EnableAcceleratedRecovery") else "DISABLED"
    call.state.setdefault("features", {})[zone] = {"AcceleratedRecoveryStatus": status}
    return {}


def _batch(message: str) -> ServiceError:
    return ServiceError("InvalidChangeBatch", message)
