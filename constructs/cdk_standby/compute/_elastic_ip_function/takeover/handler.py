"""What Lambda calls, and AWS as `keeping` sees it."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from .deciding import Health, Side
from .keeping import keep

LOG = logging.getLogger(__name__)
_PATIENCE = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3})
_RUNS, _RUNS_SOON = "InService", "Pending"
_LATER = {"IncorrectInstanceState", "IncorrectState", "InvalidInstanceID.NotFound", "ScalingActivityInProgress"}
"""A server that stops or scales at this moment is started by the next look."""


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Look, whatever the event is; `{"take_over": "spare"}` asks for a takeover."""
    settings: dict[str, Any] = json.loads(os.environ["SETTINGS"])
    world = Aws(settings)
    return keep(world, event, cool_down=settings["cool_down"], fails_back=settings["fails_back"])


@dataclass(frozen=True)
class Aws:
    """The two servers, their addresses and what is remembered of them."""

    settings: Mapping[str, Any]

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def sides(self) -> dict[str, Side]:
        """Both servers, as EC2 and their alarms see them now."""
        told = {name: side["alarm"] for name, side in self.settings["sides"].items()}
        found = _client("cloudwatch").describe_alarms(AlarmNames=list(told.values()), AlarmTypes=["MetricAlarm"])
        ringing = {alarm["AlarmName"] for alarm in found["MetricAlarms"] if alarm["StateValue"] == "ALARM"}
        return {name: self._side(name, alarmed=alarm in ringing) for name, alarm in told.items()}

    def _side(self, name: str, *, alarmed: bool) -> Side:
        known = self.settings["sides"][name]
        instance = known.get("instance") or _instance_of(known["group"])
        return Side(
            name=name,
            health=_health(instance),
            instance=instance,
            alarmed=alarmed,
            starts=known["starts"],
            rests=known["rests"],
        )

    def places(self, instance: str) -> dict[str, bool]:
        """The first address belongs to the first private address, and so on."""
        private = self._private(instance)
        found = {one["AllocationId"]: one for one in self._addresses()}
        return {
            allocation: found[allocation].get("InstanceId") == instance
            and found[allocation].get("PrivateIpAddress") in (None, private[allocation])
            for allocation in self.settings["allocations"]
        }

    def associate(self, address: str, instance: str) -> None:
        """Move the address, from wherever it is."""
        _client("ec2").associate_address(
            AllocationId=address,
            InstanceId=instance,
            PrivateIpAddress=self._private(instance)[address],
            AllowReassociation=True,
        )
        LOG.warning("moved", extra={"allocation": address, "instance": instance})

    def holder(self, sides: Mapping[str, Side]) -> str | None:
        """The side whose instance has an address."""
        holding = {one.get("InstanceId") for one in self._addresses()}
        return next((name for name, side in sides.items() if side.instance and side.instance in holding), None)

    def start(self, side: str) -> None:
        """Start what rests: a stopped instance, or the group that keeps one in its warm pool."""
        known = self.settings["sides"][side]
        try:
            if "instance" in known:
                _client("ec2").start_instances(InstanceIds=[known["instance"]])
            else:
                self._scale(known["group"], 1)
        except ClientError as refused:
            if refused.response.get("Error", {}).get("Code") not in _LATER:
                raise
            LOG.warning("not yet", extra={"side": side, "error": str(refused)})

    def rest(self, side: str) -> None:
        """Let a group have no instance in service."""
        self._scale(self.settings["sides"][side]["group"], 0)

    def load(self) -> Mapping[str, Any]:
        """What the last look remembered."""
        value = _client("ssm").get_parameter(Name=self.settings["state"])["Parameter"]["Value"]
        return dict(json.loads(value))

    def save(self, state: Mapping[str, Any]) -> None:
        """Remember; there is one look at a time."""
        _client("ssm").put_parameter(Name=self.settings["state"], Value=json.dumps(state), Overwrite=True)

    def tell(self, subject: str, message: str) -> None:
        """Publish, where somebody wants to know."""
        if topic := self.settings.get("topic"):
            _client("sns").publish(TopicArn=topic, Subject=subject, Message=f"{self.settings['name']}: {message}")

    def measure(self, **values: float) -> None:
        """Metrics of this pair."""
        dimensions = [{"Name": "Failover", "Value": self.settings["name"]}]
        data = [{"MetricName": name, "Dimensions": dimensions, "Value": value} for name, value in values.items()]
        _client("cloudwatch").put_metric_data(Namespace="cdk-standby", MetricData=data)

    def _scale(self, group: str, wanted: int) -> None:
        _client("autoscaling").set_desired_capacity(
            AutoScalingGroupName=group, DesiredCapacity=wanted, HonorCooldown=False
        )

    def _addresses(self) -> list[dict[str, Any]]:
        found = _client("ec2").describe_addresses(AllocationIds=self.settings["allocations"])
        return list(found["Addresses"])

    def _private(self, instance: str) -> dict[str, str]:
        """The private addresses of the first network interface, by allocation."""
        [reservation] = _client("ec2").describe_instances(InstanceIds=[instance])["Reservations"]
        interfaces = reservation["Instances"][0]["NetworkInterfaces"]
        first = next(one for one in interfaces if one["Attachment"]["DeviceIndex"] == 0)
        ordered = sorted(first["PrivateIpAddresses"], key=lambda ip: (not ip.get("Primary"), ip["PrivateIpAddress"]))
        allocations = self.settings["allocations"]
        if len(ordered) < len(allocations):
            raise RuntimeError(f"{instance} has {len(ordered)} private addresses, and {len(allocations)} are needed")
        return {allocation: ip["PrivateIpAddress"] for allocation, ip in zip(allocations, ordered, strict=False)}


def _instance_of(group: str) -> str | None:
    """The instance of a group that serves, or is about to; what waits in its warm pool does not."""
    found = _client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
    by_state: dict[str, str] = {
        one["LifecycleState"]: one["InstanceId"] for group in found for one in group["Instances"]
    }
    return by_state.get(_RUNS) or by_state.get(_RUNS_SOON)


def _health(instance: str | None) -> Health:
    if instance is None:
        return Health.GONE
    try:
        found = _client("ec2").describe_instance_status(InstanceIds=[instance], IncludeAllInstances=True)
    except ClientError as refused:
        if refused.response.get("Error", {}).get("Code") == "InvalidInstanceID.NotFound":
            return Health.GONE
        raise
    return health_of(found["InstanceStatuses"][0]) if found["InstanceStatuses"] else Health.GONE


def health_of(status: Mapping[str, Any]) -> Health:
    """What an answer of DescribeInstanceStatus comes to; unsure is not healthy."""
    state = status["InstanceState"]["Name"]
    checks = {
        status[check]["Status"]
        for check in ("SystemStatus", "InstanceStatus", "AttachedEbsStatus")
        if status.get(check, {}).get("Status")
    }
    if state not in ("running", "pending"):
        return Health.GONE
    if "impaired" in checks:
        return Health.IMPAIRED
    passed = "ok" in checks and checks <= {"ok", "not-applicable"}
    return Health.OK if state == "running" and passed else Health.STARTING


@cache
def _client(service: str) -> Any:
    make: Any = boto3.client  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return make(service, config=_PATIENCE)
