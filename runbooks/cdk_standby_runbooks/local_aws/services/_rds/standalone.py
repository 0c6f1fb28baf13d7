"""DB instances that stand alone: Multi-AZ, storage, keys, and the standby's zone.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html
"""

from __future__ import annotations

import hashlib
from typing import Any

from ...errors import NotModelled, ServiceError
from ...wire import Call
from . import cluster, options
from .events import note

Values = dict[str, Any]

# Engines that the emulator has not heard of are another one there, and themselves to who asks.
UNHEARD = {"db2-ae": 50000, "db2-se": 50000, "db2-ce": 50000, "sqlserver-dev-ee": 1433}
STAND_IN = {"Engine": "postgres", "EngineVersion": "17.4"}
# Kept by the emulator or in another shape.
ELSEWHERE = frozenset(
    {
        "DBParameterGroupName",
        "DBSubnetGroupName",
        "EnableCloudwatchLogsExports",
        "EnableIAMDatabaseAuthentication",
        "EnablePerformanceInsights",
        "ManageMasterUserPassword",
        "MasterUserPassword",
        "MasterUserSecretKmsKeyId",
        "OptionGroupName",
        "Port",
        "Tags",
        "VpcSecurityGroupIds",
    }
)


def known(call: Call, given: Values, places: frozenset[str]) -> None:
    """Refuse parameters that nobody keeps.

    Raises:
        NotModelled: names them.
    """
    if strange := sorted(name for name in given if name not in places | ELSEWHERE):
        raise NotModelled("rds", f"{call.operation} with {', '.join(strange)}")


def prepared(call: Call, given: Values) -> tuple[Values, Values]:
    """What the emulator is asked for, and what is kept beside it."""
    version = str(given.get("EngineVersion", ""))
    mine: Values = {"DbiResourceId": resource_id(call, given["DBInstanceIdentifier"])}
    if given.get("KmsKeyId"):
        given["KmsKeyId"] = cluster.key_arn(call, given["KmsKeyId"])
    if option_group := given.get("OptionGroupName"):
        mine["OptionGroupMemberships"] = options.membership(call, option_group, given["Engine"], version)
    mine |= _zones(call, given)
    sent = {name: value for name, value in given.items() if name != "OptionGroupName"}
    sent["AvailabilityZone"] = mine["AvailabilityZone"]
    sent["DBInstanceIdentifier"] = given["DBInstanceIdentifier"].lower()
    if given["Engine"] in UNHEARD:
        mine |= {"Engine": given["Engine"], "EngineVersion": version}
        sent = {"Port": UNHEARD[given["Engine"]], **sent, **STAND_IN}
    return sent, mine


def resource_id(call: Call, name: str) -> str:
    """The id that a database keeps under every name: one per creation."""
    made = call.state["made"] = call.state.get("made", 0) + 1
    token = hashlib.sha256(f"{call.region}/{name}/{made}".encode()).hexdigest()
    return f"db-{token[:26].upper()}"


def _zones(call: Call, given: Values) -> Values:
    group, wanted = given.get("DBSubnetGroupName"), given.get("AvailabilityZone")
    zones = cluster.zones_of(call, group) if group else [f"{call.region}{letter}" for letter in "abc"]
    if group and len(zones) < 2:
        message = (
            "DB Subnet Group doesn't meet availability zone coverage requirement. "
            "Please add subnets to cover at least 2 availability zones."
        )
        raise ServiceError("DBSubnetGroupDoesNotCoverEnoughAZs", message)
    if not given.get("MultiAZ"):
        return {"AvailabilityZone": wanted or zones[0]}
    if wanted:
        message = "Requesting a specific availability zone is not valid for Multi-AZ instances."
        raise ServiceError("InvalidParameterCombination", message)
    return {"AvailabilityZone": zones[0], "SecondaryAvailabilityZone": zones[1]}


def other_zone(instance: Values) -> str | None:
    """Where a standby goes."""
    subnets = instance.get("DBSubnetGroup", {}).get("Subnets", [])
    region = instance["DBInstanceArn"].split(":")[3]
    named = sorted({subnet["SubnetAvailabilityZone"]["Name"] for subnet in subnets})
    zones = named or [f"{region}{letter}" for letter in "abc"]
    return next((zone for zone in zones if zone != instance.get("AvailabilityZone")), None)


def logs(before: list[str], change: Values) -> list[str]:
    """The exports after a change of them."""
    enabled = set(before) | set(change.get("EnableLogTypes", []))
    return sorted(enabled - set(change.get("DisableLogTypes", [])))


def restarted(call: Call, instance: Values) -> None:
    """A restart where it stands."""
    note(call, instance["DBInstanceArn"], "DB instance restarted.", id="RDS-EVENT-0006", category="availability")


def fail_over(call: Call, instance: Values, mine: Values) -> None:
    """The standby becomes the instance; the endpoint stays."""
    if not instance.get("MultiAZ"):
        message = "You can't force a failover of an instance that isn't configured for Multi-AZ."
        raise ServiceError("InvalidParameterCombination", message)
    arn = instance["DBInstanceArn"]
    note(call, arn, "Multi-AZ instance failover started.", id="RDS-EVENT-0013", category="failover")
    here, there = instance["AvailabilityZone"], instance["SecondaryAvailabilityZone"]
    mine |= {"AvailabilityZone": there, "SecondaryAvailabilityZone": here}
    restarted(call, instance)
    note(call, arn, "Multi-AZ instance failover completed.", id="RDS-EVENT-0049", category="failover")
