"""From an HTTP request to a `Call` and back, in every protocol that the AWS SDKs speak.

Services of ours (`services/<service>.py`, and CloudFormation) are tables `OPERATIONS: dict[str, Operation]`. A function
gets a `Call` and returns a dict by botocore's output shape, or raises `ServiceError`. A `ClientError` that comes back
from `call.moto()` or `call.client()` is answered as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .errors import NotModelled, ServiceError
from .resources._model import Clients

__all__ = ["Call", "NotModelled", "Operation", "ServiceError"]


@dataclass(frozen=True, slots=True)
class Call:
    """One API call, parsed.

    Args:
        service: botocore's service name, such as `rds`.
        operation: as AWS spells it, such as `DescribeDBClusters`.
        region: what the request was signed for.
        account: the only account of this local AWS.
        parameters: by botocore's input shape.
        state: the service's own store, one for all Regions, empty at start; kept between calls.
        clients: boto3 clients on this local AWS, through the front, marked internal.
        behind: asks moto, behind the front, for an operation of this service in this Region.
        dark: Regions that are away now.
    """

    service: str
    operation: str
    region: str
    account: str
    parameters: dict[str, Any]
    state: dict[str, Any]
    clients: Clients
    behind: Callable[[str, str, str, dict[str, Any]], dict[str, Any]]
    dark: frozenset[str] = frozenset()

    def moto(
        self, parameters: dict[str, Any] | None = None, *, operation: str | None = None, region: str | None = None
    ) -> dict[str, Any]:
        """What moto answers to the same call, or to another one; errors come as botocore's `ClientError`."""
        asked = self.parameters if parameters is None else parameters
        return self.behind(self.service, region or self.region, operation or self.operation, asked)

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client on this local AWS in the call's Region, or in another one."""
        return self.clients(service, region or self.region)


Operation = Callable[[Call], dict[str, Any]]
