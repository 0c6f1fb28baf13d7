"""Load balancers: the emulator's, but for a guard that it forgets."""

from __future__ import annotations

from ..errors import ServiceError
from ..wire import Call, Operation
from ._kept import Values


def _delete(call: Call) -> Values:
    """DeleteLoadBalancer: not a protected one."""
    arn = call.parameters["LoadBalancerArn"]
    if any(balancer["LoadBalancerArn"] == arn for balancer in _balancers(call)):
        told = call.moto({"LoadBalancerArn": arn}, operation="DescribeLoadBalancerAttributes")["Attributes"]
        attributes = {pair["Key"]: pair["Value"] for pair in told}
        if attributes.get("deletion_protection.enabled") == "true":
            message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
            raise ServiceError("OperationNotPermitted", message)
    return call.moto()


def _balancers(call: Call) -> list[Values]:
    found: list[Values] = call.moto({}, operation="DescribeLoadBalancers")["LoadBalancers"]
    return found


OPERATIONS: dict[str, Operation] = {"DeleteLoadBalancer": _delete}
