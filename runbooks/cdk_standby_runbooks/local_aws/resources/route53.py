"""Hosted zones, records and health checks."""

from __future__ import annotations

from typing import Any

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, send, without, yes

ZONE_FEATURES = "HostedZoneFeatures"


def _zone(context: Context, properties: Values) -> Made:
    route53 = context.client("route53")
    name = properties["Name"].rstrip(".") + "."
    parameters = {
        **without(properties, "HostedZoneTags", "VPCs", ZONE_FEATURES, "QueryLoggingConfig"),
        "Name": name,
        "CallerReference": context.name(128),
    }
    vpcs = properties.get("VPCs", [])
    if vpcs:
        parameters["VPC"] = vpcs[0]
    answer = send(route53, "CreateHostedZone", parameters, context.dropped)
    zone = answer["HostedZone"]["Id"].rsplit("/", 1)[-1]
    for vpc in vpcs[1:]:
        route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=vpc)
    if properties.get("HostedZoneTags"):
        route53.change_tags_for_resource(
            ResourceType="hostedzone", ResourceId=zone, AddTags=properties["HostedZoneTags"]
        )
    _features(context, zone, {}, properties)
    if "QueryLoggingConfig" in properties:
        context.dropped("QueryLoggingConfig")
    return Made(zone, {"Id": zone, "NameServers": answer.get("DelegationSet", {}).get("NameServers", [])})


def _features(context: Context, zone: str, before: Values, after: Values) -> None:
    if before.get(ZONE_FEATURES) != after.get(ZONE_FEATURES):
        wanted = yes(after.get(ZONE_FEATURES, {}).get("EnableAcceleratedRecovery", False))
        send(
            context.client("route53"),
            "UpdateHostedZoneFeatures",
            {"HostedZoneId": zone, "EnableAcceleratedRecovery": wanted},
        )


def _update_zone(context: Context, made: Made, before: Values, after: Values) -> Made:
    route53 = context.client("route53")
    comment = after.get("HostedZoneConfig", {}).get("Comment", "")
    route53.update_hosted_zone_comment(Id=made.physical_id, Comment=comment)
    if after.get("HostedZoneTags"):
        route53.change_tags_for_resource(
            ResourceType="hostedzone", ResourceId=made.physical_id, AddTags=after["HostedZoneTags"]
        )
    _features(context, made.physical_id, before, after)
    return made


def _delete_zone(context: Context, made: Made, properties: Values) -> None:
    _features(context, made.physical_id, properties, {})
    context.client("route53").delete_hosted_zone(Id=made.physical_id)


def zone_of(context: Context, properties: Values) -> str:
    """The zone's id, also when the template names the zone."""
    if "HostedZoneId" in properties:
        return str(properties["HostedZoneId"])
    name = properties["HostedZoneName"].rstrip(".") + "."
    zones: list[Any] = context.client("route53").list_hosted_zones_by_name(DNSName=name)["HostedZones"]
    return str(next(zone["Id"] for zone in zones if zone["Name"] == name)).rsplit("/", 1)[-1]


def _record(properties: Values) -> Values:
    record = without(properties, "HostedZoneId", "HostedZoneName", "Comment", "ResourceRecords")
    if "ResourceRecords" in properties:
        record["ResourceRecords"] = [{"Value": value} for value in properties["ResourceRecords"]]
    return record


def _change(context: Context, zone: str, changes: list[tuple[str, Values]]) -> None:
    if changes:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": _record(record)} for action, record in changes]}
        parameters = {"HostedZoneId": zone, "ChangeBatch": batch}
        send(context.client("route53"), "ChangeResourceRecordSets", parameters, context.dropped)


def _key(record: Values) -> tuple[Any, ...]:
    return record["Name"], record["Type"], record.get("SetIdentifier")


def _create_record(context: Context, properties: Values) -> Made:
    _change(context, zone_of(context, properties), [("CREATE", properties)])
    return Made(properties["Name"].rstrip("."))


def _update_record(context: Context, made: Made, before: Values, after: Values) -> Made:
    gone = [("DELETE", before)] if _key(before) != _key(after) else []
    _change(context, zone_of(context, after), [*gone, ("UPSERT", after)])
    return made


def _delete_record(context: Context, made: Made, properties: Values) -> None:
    _change(context, zone_of(context, properties), [("DELETE", properties)])


def _create_group(context: Context, properties: Values) -> Made:
    _change(context, zone_of(context, properties), [("CREATE", record) for record in properties["RecordSets"]])
    return Made(context.name())


def _update_group(context: Context, made: Made, before: Values, after: Values) -> Made:
    kept = {_key(record) for record in after["RecordSets"]}
    gone = [("DELETE", record) for record in before["RecordSets"] if _key(record) not in kept]
    _change(context, zone_of(context, after), [*gone, *(("UPSERT", record) for record in after["RecordSets"])])
    return made


def _delete_group(context: Context, made: Made, properties: Values) -> None:
    _change(context, zone_of(context, properties), [("DELETE", record) for record in properties["RecordSets"]])


def _check(context: Context, properties: Values) -> Made:
    route53 = context.client("route53")
    parameters = {"CallerReference": context.name(64), "HealthCheckConfig": properties["HealthCheckConfig"]}
    check = send(route53, "CreateHealthCheck", parameters, context.dropped)["HealthCheck"]["Id"]
    if properties.get("HealthCheckTags"):
        tags = properties["HealthCheckTags"]
        route53.change_tags_for_resource(ResourceType="healthcheck", ResourceId=check, AddTags=tags)
    return Made(check, {"HealthCheckId": check})


def _update_check(context: Context, made: Made, before: Values, after: Values) -> Made:
    changed = without(after["HealthCheckConfig"], "Type", "RequestInterval", "MeasureLatency", "RoutingControlArn")
    send(context.client("route53"), "UpdateHealthCheck", {"HealthCheckId": made.physical_id, **changed})
    return made


def _delete_check(context: Context, made: Made, _: Values) -> None:
    context.client("route53").delete_health_check(HealthCheckId=made.physical_id)


HANDLERS: dict[str, Handler] = {
    "AWS::Route53::HostedZone": Functions(_zone, _update_zone, _delete_zone),
    "AWS::Route53::RecordSet": Functions(_create_record, _update_record, _delete_record),
    "AWS::Route53::RecordSetGroup": Functions(_create_group, _update_group, _delete_group),
    "AWS::Route53::HealthCheck": Functions(_check, _update_check, _delete_check),
}
