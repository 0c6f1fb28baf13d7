"""What a stack reads from outside its template: parameters, dynamic references, exports and outputs of other stacks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ..resources._model import Clients
from .intrinsics import World
from .store import Stack, Store
from .template import Template, invalid

DYNAMIC = re.compile(r"\{\{resolve:(?P<service>ssm|ssm-secure|secretsmanager):(?P<what>[^}]+)\}\}")


def parameters(template: Template, given: Mapping[str, str], ssm: Callable[[str], str]) -> dict[str, Any]:
    """Values of all declared parameters; every problem at once."""
    declared = template.section("Parameters")
    if unknown := sorted(set(given) - set(declared)):
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    if missing := sorted(name for name, spec in declared.items() if name not in given and "Default" not in spec):
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    values: dict[str, Any] = {}
    for name, spec in declared.items():
        value: Any = str(given.get(name, spec.get("Default", "")))
        if spec.get("AllowedValues") and value not in map(str, spec["AllowedValues"]):
            raise invalid(f"Parameter '{name}' must be one of AllowedValues")
        if spec.get("AllowedPattern") and not re.fullmatch(spec["AllowedPattern"], value):
            why = spec.get("ConstraintDescription") or spec["AllowedPattern"]
            raise invalid(f"Parameter {name} failed to satisfy constraint: {why}")
        if spec["Type"].startswith("AWS::SSM::Parameter::Value<"):
            value = ssm(value)
        values[name] = [item.strip() for item in value.split(",")] if "List" in spec["Type"] else value
    return values


@dataclass(frozen=True, slots=True)
class Outside:
    """What the engine reaches beyond one stack: the other stacks, the other services, and which Regions are away."""

    store: Store
    clients: Clients
    dark: Callable[[], frozenset[str]]


def world(outside: Outside, stack: Stack, template: Template, given: Mapping[str, str], used: set[str]) -> World:
    """Everything outside the template that one deployment of a stack can see; `used` collects the exports it reads."""
    view = _View(outside, stack, used)
    pseudo = {
        "AWS::AccountId": outside.store.account,
        "AWS::Region": stack.region,
        "AWS::StackId": stack.id,
        "AWS::StackName": stack.name,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::NotificationARNs": stack.notifications,
    }
    values = parameters(template, given, view.ssm)
    return World(pseudo, values, view.imported, view.output, view.zones, view.dynamic)


@dataclass(frozen=True, slots=True)
class _View:
    outside: Outside
    stack: Stack
    used: set[str]

    def dynamic(self, text: str) -> str:
        """The text with its `{{resolve:...}}` parts resolved."""

        def one(found: re.Match[str]) -> str:
            return self._secret(found["what"]) if found["service"] == "secretsmanager" else self.ssm(found["what"])

        return DYNAMIC.sub(one, text)

    def ssm(self, name: str) -> str:
        """A parameter's value; the name may carry a version."""
        try:
            found = self.outside.clients("ssm", self.stack.region).get_parameter(Name=name, WithDecryption=True)
        except ClientError as error:
            raise invalid(f"Unable to fetch parameters [{name}] from parameter store: {_message(error)}") from None
        return str(found["Parameter"]["Value"])

    def _secret(self, what: str) -> str:
        # An ARN holds six colons of its own; after it come SecretString, key, stage and version.
        parts = what.split(":")
        size = 7 if parts[0] == "arn" else 1
        name, rest = ":".join(parts[:size]), parts[size:]
        try:
            found = self.outside.clients("secretsmanager", self.stack.region).get_secret_value(SecretId=name)
        except ClientError as error:
            raise invalid(f"Could not resolve the secret {name}: {_message(error)}") from None
        key = rest[1] if len(rest) > 1 else ""
        if not key:
            return str(found["SecretString"])
        values: dict[str, Any] = json.loads(found["SecretString"])
        if key not in values:
            raise invalid(f"Could not find a value associated with JSONKey {key} in the secret {name}")
        return str(values[key])

    def imported(self, name: str) -> str:
        """An export's value, and the memory that it is in use."""
        exports = self.outside.store.exports(self.stack.region)
        if name not in exports:
            raise invalid(f"No export named {name} found.")
        self.used.add(name)
        return exports[name][1]

    def output(self, asked: Mapping[str, Any]) -> str:
        """An output of another stack, which nothing protects: a weak reference."""
        region, name, key = asked.get("Region", self.stack.region), asked["StackName"], asked["OutputName"]
        if region in self.outside.dark():
            raise invalid(f"Fn::GetStackOutput cannot read {name}.{key}: {region} is dark")
        other = self.outside.store.find(region, name)
        values = {found["OutputKey"]: found["OutputValue"] for found in other.outputs} if other else {}
        if key not in values:
            raise invalid(f"Fn::GetStackOutput finds no output {key} of stack {name} in {region}")
        return values[key]

    def zones(self, region: str) -> list[str]:
        """The names of a Region's zones."""
        only = [{"Name": "region-name", "Values": [region]}]
        told = self.outside.clients("ec2", region).describe_availability_zones(Filters=only)
        return sorted(zone["ZoneName"] for zone in told["AvailabilityZones"])


def _message(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message", error))
