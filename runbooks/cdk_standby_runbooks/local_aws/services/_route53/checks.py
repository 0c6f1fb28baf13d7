"""Health checks: of endpoints, of alarms' data, and calculated from others.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/welcome-health-checks.html
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from ...errors import NotModelled, ServiceError
from ...wire import Call
from . import answers
from .records import Values, behind, zone_id

CHECKERS = ("us-east-1", "eu-west-1", "ap-southeast-1")
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-calculated-health-checks.html
MOST_CHILDREN = 255


def checks(call: Call) -> dict[str, Values]:
    """All health checks by id."""
    found: dict[str, Values] = call.state.setdefault("checks", {})
    return found


def find(call: Call, id: str | None = None) -> Values:
    """One, by the call's parameter."""
    wanted = id or call.parameters["HealthCheckId"]
    if wanted not in checks(call):
        raise ServiceError("NoSuchHealthCheck", f"No health check exists with the specified ID {wanted}", 404)
    return checks(call)[wanted]


def create(call: Call) -> Values:
    """CreateHealthCheck."""
    reference, config = call.parameters["CallerReference"], dict(call.parameters["HealthCheckConfig"])
    for known in checks(call).values():
        if known["CallerReference"] == reference:
            raise ServiceError("HealthCheckAlreadyExists", "A health check with this caller reference exists", 409)
    _check(call, config)
    made: Values = {
        "Id": str(uuid.uuid4()),
        "CallerReference": reference,
        "HealthCheckConfig": config,
        "HealthCheckVersion": 1,
    }
    checks(call)[made["Id"]] = made
    return {
        "HealthCheck": _view(made),
        "Location": f"https://route53.amazonaws.com/2013-04-01/healthcheck/{made['Id']}",
    }


def _check(call: Call, config: Values) -> None:
    """Raise for what Route 53 does not take, and fill in what it assumes."""
    kind = config["Type"]
    if kind == "RECOVERY_CONTROL":
        raise NotModelled("route53", "CreateHealthCheck with a routing control")
    rules = {"CALCULATED": _check_children, "CLOUDWATCH_METRIC": _check_alarm}
    rules.get(kind, _check_endpoint)(call, config)


def _check_children(call: Call, config: Values) -> None:
    children: list[str] = config.get("ChildHealthChecks", [])
    for child in children:
        if child not in checks(call):
            raise _input(f"Child health check {child} does not exist")
    if len(children) > MOST_CHILDREN:
        raise _input(f"A calculated health check has at most {MOST_CHILDREN} children")


def _check_alarm(call: Call, config: Values) -> None:
    if "AlarmIdentifier" not in config:
        raise _input("AlarmIdentifier is required for a health check of a CloudWatch metric")
    _alarm_is_usable(call, config["AlarmIdentifier"])


def _check_endpoint(_: Call, config: Values) -> None:
    if not config.get("FullyQualifiedDomainName") and not config.get("IPAddress"):
        raise _input("Either IPAddress or FullyQualifiedDomainName is required")
    if not config.get("FullyQualifiedDomainName"):
        raise NotModelled("route53", "CreateHealthCheck of an address without a name")
    config.setdefault("Port", 443 if config["Type"].startswith("HTTPS") else 80)
    config.setdefault("RequestInterval", 30)
    config.setdefault("FailureThreshold", 3)


def _alarm_is_usable(call: Call, alarm: Values) -> None:
    """An alarm that is not there yet may come; one that Route 53 cannot follow is refused."""
    found = _alarm(call, alarm)
    if found is None:
        return
    few = found.get("DatapointsToAlarm") not in (None, found.get("EvaluationPeriods"))
    if few or "Statistic" not in found or int(found.get("Period", 60)) < 60:
        why = "M out of N, high resolution and extended statistics are not supported"
        message = f"The alarm {alarm['Name']} cannot be used: {why}"
        raise _input(message)


def get(call: Call) -> Values:
    """GetHealthCheck."""
    return {"HealthCheck": _view(find(call))}


def listed(call: Call) -> Values:
    """ListHealthChecks."""
    found = [_view(check) for check in checks(call).values()]
    return {"HealthChecks": found, "Marker": "", "IsTruncated": False, "MaxItems": "1000"}


def count(call: Call) -> Values:
    """GetHealthCheckCount."""
    return {"HealthCheckCount": len(checks(call))}


def _view(check: Values) -> Values:
    return {name: value for name, value in check.items() if name[0].isupper()}


def update(call: Call) -> Values:
    """UpdateHealthCheck."""
    check = find(call)
    given = {
        k: v for k, v in call.parameters.items() if k not in ("HealthCheckId", "HealthCheckVersion", "ResetElements")
    }
    version = call.parameters.get("HealthCheckVersion")
    if version not in (None, check["HealthCheckVersion"]):
        raise ServiceError("HealthCheckVersionMismatch", "The health check has another version", 409)
    config = {**check["HealthCheckConfig"], **given}
    for reset in call.parameters.get("ResetElements", []):
        config.pop(reset, None)
    _check(call, config)
    check |= {"HealthCheckConfig": config, "HealthCheckVersion": check["HealthCheckVersion"] + 1}
    return {"HealthCheck": _view(check)}


def delete(call: Call) -> Values:
    """DeleteHealthCheck: not while another check counts on it."""
    id = find(call)["Id"]
    if any(id in check["HealthCheckConfig"].get("ChildHealthChecks", []) for check in checks(call).values()):
        raise ServiceError("HealthCheckInUse", "This health check is a child of another one")
    checks(call).pop(id)
    return {}


def status(call: Call) -> Values:
    """GetHealthCheckStatus: looked at now, and seen the same by every checker."""
    check = find(call)
    well, why = look(call, check)
    report = {"Status": f"{'Success' if well else 'Failure'}: {why}", "CheckedTime": datetime.now(UTC)}
    seen = [{"Region": region, "IPAddress": "198.18.0.1", "StatusReport": report} for region in CHECKERS]
    return {"HealthCheckObservations": seen}


def failure(call: Call) -> Values:
    """GetHealthCheckLastFailureReason: of now, for what was before is not kept."""
    told = status(call)["HealthCheckObservations"]
    return {"HealthCheckObservations": [one for one in told if one["StatusReport"]["Status"].startswith("Failure")]}


def healthy(call: Call, id: str) -> bool:
    """Whether Route 53 takes a check for healthy."""
    return look(call, find(call, id))[0]


def look(call: Call, check: Values) -> tuple[bool, str]:
    """The state of a check and why; a disabled one counts as healthy, an inverted one as its opposite."""
    config = check["HealthCheckConfig"]
    if config.get("Disabled"):
        well, why = True, "disabled"
    elif config["Type"] == "CALCULATED":
        well, why = _calculated(call, config)
    elif config["Type"] == "CLOUDWATCH_METRIC":
        well, why = _by_alarm(call, check)
    else:
        well, why = _endpoint(call, config)
    return (not well, f"inverted: {why}") if config.get("Inverted") else (well, why)


def _calculated(call: Call, config: Values) -> tuple[bool, str]:
    children = config.get("ChildHealthChecks", [])
    well = sum(healthy(call, child) for child in children)
    needed = int(config.get("HealthThreshold", 0))
    return well >= needed, f"{well} of {len(children)} children are healthy, {needed} needed"


def _endpoint(call: Call, config: Values) -> tuple[bool, str]:
    name = config["FullyQualifiedDomainName"]
    ends = answers.regions_behind(call, name)
    if not ends:
        return False, f"DNS resolution failed for {name}"
    dark = [end["region"] for end in ends if end["region"] in call.dark]
    if dark:
        return False, f"connection timed out: {', '.join(sorted(dark))} does not answer"
    sick = [end["region"] for end in ends if not _serves(call, end, config)]
    return (not sick), (f"HTTP status code 503 in {', '.join(sick)}" if sick else "HTTP Status Code 200, OK")


def _serves(call: Call, end: Values, config: Values) -> bool:
    if "LoadBalancerArn" not in end:
        return False
    elbv2 = call.client("elbv2", end["region"])
    listeners = elbv2.describe_listeners(LoadBalancerArn=end["LoadBalancerArn"])["Listeners"]
    port_is_open = any(listener.get("Port") == config["Port"] for listener in listeners)
    return port_is_open and answers.balancer_is_healthy(call, end)


def _by_alarm(call: Call, check: Values) -> tuple[bool, str]:
    """By the alarm's data, not its state: `SetAlarmState` moves nothing here, as on AWS."""
    config = check["HealthCheckConfig"]
    identifier = config["AlarmIdentifier"]
    alarm = _alarm(call, identifier) or {}
    if alarm.get("StateReason", "").startswith("Threshold Crossed"):
        return alarm["StateValue"] == "OK", f"alarm {identifier['Name']} is {alarm['StateValue']}"
    wish = config.get("InsufficientDataHealthStatus", "LastKnownStatus")
    known = json.loads(alarm.get("StateReasonData", "{}")).get("state")  # what data last said, whoever asked then
    well = known != "ALARM" if wish == "LastKnownStatus" else wish == "Healthy"
    return well, f"alarm {identifier['Name']} has no data: {wish}"


def _alarm(call: Call, identifier: Values) -> Values | None:
    cloudwatch = call.client("cloudwatch", identifier["Region"])
    found: list[Any] = cloudwatch.describe_alarms(AlarmNames=[identifier["Name"]])["MetricAlarms"]
    return found[0] if found else None


def tags(call: Call) -> Values:
    """ListTagsForResource."""
    if call.parameters["ResourceType"] != "healthcheck":
        zone = behind(call, zone_id(call.parameters["ResourceId"]))
        return call.moto({**call.parameters, "ResourceId": zone})
    id = call.parameters["ResourceId"]
    mine: dict[str, str] = find(call, id).get("tags", {})
    told = [{"Key": key, "Value": value} for key, value in mine.items()]
    return {"ResourceTagSet": {"ResourceType": "healthcheck", "ResourceId": id, "Tags": told}}


def change_tags(call: Call) -> Values:
    """ChangeTagsForResource."""
    if call.parameters["ResourceType"] != "healthcheck":
        zone = behind(call, zone_id(call.parameters["ResourceId"]))
        return call.moto({**call.parameters, "ResourceId": zone})
    mine: dict[str, str] = find(call, call.parameters["ResourceId"]).setdefault("tags", {})
    mine.update({tag["Key"]: tag.get("Value", "") for tag in call.parameters.get("AddTags", [])})
    for key in call.parameters.get("RemoveTagKeys", []):
        mine.pop(key, None)
    return {}


def _input(message: str) -> ServiceError:
    return ServiceError("InvalidInput", message)
