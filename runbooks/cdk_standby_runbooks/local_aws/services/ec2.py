"""Regional NAT gateways: one for all zones of a VPC, in no subnet; and subnets that somebody still uses.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
"""

from __future__ import annotations

from typing import Any

from ..errors import ServiceError
from ..wire import Call, Operation
from ._kept import Values

REGIONAL = "regional"


def _regional(call: Call) -> dict[str, Values]:
    """What is kept of regional gateways beside the emulator, by id."""
    regions: dict[str, dict[str, Values]] = call.state.setdefault("regional", {})
    return regions.setdefault(call.region, {})


def _create(call: Call) -> Values:
    given = dict(call.parameters)
    if given.get("AvailabilityMode", "zonal") != REGIONAL:
        if not given.get("SubnetId"):
            raise ServiceError("MissingParameter", "The request must contain the parameter SubnetId")
        return call.moto()
    for forbidden in ("SubnetId", "AllocationId"):
        if given.get(forbidden):
            message = f"{forbidden} cannot be used with a regional NAT gateway"
            raise ServiceError("InvalidParameterCombination", message)
    if not given.get("VpcId"):
        raise ServiceError("MissingParameter", "The request must contain the parameter VpcId")
    call.client("ec2").describe_vpcs(VpcIds=[given["VpcId"]])
    # Routes need a gateway that the emulator knows, and that one needs a subnet: the default VPC lends one.
    lent = {"SubnetId": _default_subnet(call), "ConnectivityType": "private"}
    tags = {"TagSpecifications": given["TagSpecifications"]} if "TagSpecifications" in given else {}
    gateway = call.moto({**lent, **tags})["NatGateway"]
    shown = {"VpcId": given["VpcId"], "AvailabilityMode": REGIONAL, "ConnectivityType": "public"}
    addresses = given.get("AvailabilityZoneAddresses", [])
    more = {"AutoScalingIps": "disabled" if addresses else "enabled", "AutoProvisionZones": "enabled"}
    _regional(call)[gateway["NatGatewayId"]] = {**shown, **more, "asked": addresses}
    return {"NatGateway": _view(call, gateway)}


def _default_subnet(call: Call) -> str:
    wanted = [{"Name": "default-for-az", "Values": ["true"]}]
    found: list[Any] = call.client("ec2").describe_subnets(Filters=wanted)["Subnets"]
    return str(found[0]["SubnetId"])


def _view(call: Call, gateway: Values) -> Values:
    kept = _regional(call).get(gateway["NatGatewayId"])
    if kept is None:
        return gateway
    plain = {name: value for name, value in gateway.items() if name not in ("SubnetId", "NatGatewayAddresses")}
    return {**plain, **{name: value for name, value in kept.items() if name[0].isupper()}}


def _describe(call: Call) -> Values:
    """DescribeNatGateways: the VPC is asked of us, for the emulator believes what was lent."""
    given = dict(call.parameters)
    filters: list[Values] = [*given.pop("Filter", []), *given.pop("Filters", [])]
    vpcs = [set(one["Values"]) for one in filters if one["Name"] == "vpc-id"]
    others = [one for one in filters if one["Name"] != "vpc-id"]
    answer = call.moto({**given, **({"Filters": others} if others else {})})
    found = [_view(call, gateway) for gateway in answer["NatGateways"]]
    answer["NatGateways"] = [gateway for gateway in found if all(gateway["VpcId"] in wanted for wanted in vpcs)]
    return answer


def _delete_subnet(call: Call) -> Values:
    """DeleteSubnet: not under a database or a load balancer, whose network interfaces stand in it."""
    subnet = call.parameters["SubnetId"]
    databases: list[Any] = call.client("rds").describe_db_instances()["DBInstances"]
    balancers: list[Any] = call.client("elbv2").describe_load_balancers()["LoadBalancers"]
    used = [one["SubnetIdentifier"] for db in databases for one in db.get("DBSubnetGroup", {}).get("Subnets", [])]
    used += [zone["SubnetId"] for balancer in balancers for zone in balancer["AvailabilityZones"] if "SubnetId" in zone]
    if subnet in used:
        message = f"The subnet '{subnet}' has dependencies and cannot be deleted."
        raise ServiceError("DependencyViolation", message)
    return call.moto()


OPERATIONS: dict[str, Operation] = {
    "CreateNatGateway": _create,
    "DescribeNatGateways": _describe,
    "DeleteSubnet": _delete_subnet,
}
