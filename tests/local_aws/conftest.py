"""One local AWS for all tests of the folder, and CloudFormation alone with resources that are only pretended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws
from cdk_standby_runbooks.local_aws.cloudformation.service import CloudFormation
from cdk_standby_runbooks.local_aws.cloudformation.store import Stack
from cdk_standby_runbooks.local_aws.resources._model import Context, Made, Unsupported
from cdk_standby_runbooks.local_aws.wire import Call

ACCOUNT = "111111111111"


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    """Shared: give what you make names of your own, and bring back what you darken."""
    with LocalAws(account=ACCOUNT) as running:
        yield running


@dataclass
class Pretended:
    """A handler that keeps properties by physical id; some values of `DisplayName` make trouble."""

    living: dict[str, dict[str, Any]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def create(self, context: Context, properties: dict[str, Any]) -> Made:
        self._trouble(context, properties)
        name = properties.get("TopicName") or context.name()
        self.living[name] = properties
        self.log.append(f"create {context.logical_id}")
        return Made(name, {"TopicArn": f"arn:{name}", "TopicName": name})

    def update(self, context: Context, made: Made, before: dict[str, Any], after: dict[str, Any]) -> Made:
        self._trouble(context, after)
        self.living[made.physical_id] = after
        self.log.append(f"update {context.logical_id}")
        return made

    def delete(self, context: Context, made: Made, properties: dict[str, Any]) -> None:
        if properties.get("DisplayName") == "stays":
            raise Unsupported("it does not want to go")
        del self.living[made.physical_id]
        self.log.append(f"delete {context.logical_id}")

    def _trouble(self, context: Context, properties: dict[str, Any]) -> None:
        display = properties.get("DisplayName")
        if display == "explodes":
            raise Unsupported("it explodes")
        if display == "afar":
            context.client("sns", "eu-central-1")
        if display == "dropped":
            context.dropped("Tags")
        if display == "unencrypted":
            context.dropped("KmsMasterKeyId")


@dataclass
class Shelf:
    """Other services, as far as CloudFormation reads them."""

    parameters: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def __call__(self, service: str, region: str | None = None) -> Any:
        return self

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> Any:  # noqa: N803
        if Name not in self.parameters:
            raise ClientError(
                {"Error": {"Code": "ParameterNotFound", "Message": f"{Name} is not there"}}, "GetParameter"
            )
        return {"Parameter": {"Value": self.parameters[Name]}}

    def get_secret_value(self, *, SecretId: str) -> Any:  # noqa: N803
        return {"SecretString": self.secrets[SecretId]}

    def describe_availability_zones(self, *, Filters: Any) -> Any:  # noqa: N803
        return {"AvailabilityZones": [{"ZoneName": Filters[0]["Values"][0] + letter} for letter in "cab"]}


@dataclass
class Cloud:
    """CloudFormation in this process, called by operation."""

    topics: Pretended = field(default_factory=Pretended)
    shelf: Shelf = field(default_factory=Shelf)
    dark: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        handlers = {"AWS::SNS::Topic": self.topics, "AWS::IAM::Role": self.topics}
        self.service = CloudFormation(ACCOUNT, handlers, self.shelf, lambda: frozenset(self.dark))
        self.table = self.service.operations()

    def call(self, operation: str, region: str = "eu-west-1", **parameters: Any) -> dict[str, Any]:
        def no_moto(*_: Any) -> Any:
            raise AssertionError("CloudFormation asks nobody else")

        call = Call("cloudformation", operation, region, ACCOUNT, parameters, {}, self.shelf, no_moto)
        return self.table[operation](call)

    def deploy(
        self, resources: dict[str, Any], *, stack: str = "Shop", region: str = "eu-west-1", **more: Any
    ) -> Stack:
        """Create or update by change set, as the CLI does."""
        sections = {name: more.pop(name) for name in list(more) if name[0].isupper() and name != "Capabilities"}
        body = json.dumps({"Resources": resources, **sections})
        found = self.service.store.find(region, stack)
        kind = "UPDATE" if found and found.status != "REVIEW_IN_PROGRESS" else "CREATE"
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in more.pop("given", {}).items()]
        asked = {"StackName": stack, "ChangeSetName": "set", "ChangeSetType": kind, "TemplateBody": body}
        self.call("CreateChangeSet", region, **asked, Parameters=given, **more)
        told = self.call("DescribeChangeSet", region, StackName=stack, ChangeSetName="set")
        if told["Status"] == "FAILED":
            self.call("DeleteChangeSet", region, StackName=stack, ChangeSetName="set")
            raise AssertionError(told["StatusReason"])
        self.call("ExecuteChangeSet", region, StackName=stack, ChangeSetName="set")
        return self.service.store.get(region, stack)

    def history(self, stack: str = "Shop", region: str = "eu-west-1") -> list[str]:
        """The events of a stack, oldest first, as `id status` with the reason where there is one."""
        found = self.service.store.get(region, stack)
        return [f"{e.logical_id} {e.status}" + (f": {e.reason}" if e.reason else "") for e in found.events]


@pytest.fixture
def cloud() -> Cloud:
    """A CloudFormation of your own."""
    return Cloud()


@pytest.fixture
def topic() -> Callable[..., dict[str, Any]]:
    """Makes the template entry of a topic."""

    def make(display: Any = "hello", **more: Any) -> dict[str, Any]:
        name = {"TopicName": more.pop("name")} if "name" in more else {}
        return {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": display, **name}, **more}

    return make
