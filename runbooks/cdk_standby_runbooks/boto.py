"""The real clients: boto3 with short timeouts and bounded retries, on an endpoint that was allowed.

boto3 is imported when the first client is made, so that ``--help`` and refusals are quick.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, cached_property
from ipaddress import ip_address
from typing import Any, Final, cast
from urllib.parse import urlsplit

from .clients import ApiError, AutoScaling, CloudFormation, CloudWatch, LoadBalancing, Rds, Route53, Ssm, Sts
from .errors import CallFailed, NotLocal

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 15.0
TRIES: Final = 3
ROUTE53_HOME: Final = "us-east-1"
LOCAL_KEYS: Final = {"aws_access_key_id": "LOCALAWSONLOOPBACK00", "aws_secret_access_key": "local"}


def allowed_endpoint(asked: str | None, *, aws: bool) -> str | None:
    """The endpoint to use, once it is certain that calls stay on this machine or are meant to leave it.

    Args:
        asked: from ``--endpoint-url``; left out, the environment's AWS_ENDPOINT_URL; left out too, AWS itself.
        aws: True when the person said ``--aws``.

    Raises:
        NotLocal: calls would leave this machine without ``--aws``.
    """
    endpoint = asked or os.environ.get("AWS_ENDPOINT_URL") or None
    if aws or (endpoint and is_loopback(endpoint)):
        return endpoint
    where = (
        f"the endpoint {endpoint} is not on this machine" if endpoint else "no endpoint was given, so calls go to AWS"
    )
    raise NotLocal(
        f"{where}; say --aws when the real account is meant, or name a local one: --endpoint-url http://127.0.0.1:PORT"
    )


def is_loopback(endpoint: str) -> bool:
    """True for 127.0.0.0/8, ::1 and localhost; a name that merely looks like one is not."""
    host = urlsplit(endpoint).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class BotoClients:
    """Clients on AWS, or on one endpoint.

    Args:
        endpoint: as `allowed_endpoint` returned it; None = AWS itself.
        heard: called with each (call, region) before it is sent; left out, nobody listens.
    """

    def __init__(self, endpoint: str | None, *, heard: Callable[[str, str], None] | None = None) -> None:
        self._endpoint = endpoint
        self._heard = heard
        self._get = cache(self._make)

    def rds(self, region: str) -> Rds:
        """Aurora global databases."""
        return cast("Rds", self._get("rds", region))

    def autoscaling(self, region: str) -> AutoScaling:
        """Auto Scaling groups."""
        return cast("AutoScaling", self._get("autoscaling", region))

    def cloudformation(self, region: str) -> CloudFormation:
        """Stacks."""
        return cast("CloudFormation", self._get("cloudformation", region))

    def elbv2(self, region: str) -> LoadBalancing:
        """Target groups."""
        return cast("LoadBalancing", self._get("elbv2", region))

    def cloudwatch(self, region: str) -> CloudWatch:
        """Metrics and alarms."""
        return cast("CloudWatch", self._get("cloudwatch", region))

    def route53(self) -> Route53:
        """DNS answers."""
        return cast("Route53", self._get("route53", ROUTE53_HOME))

    def ssm(self, region: str) -> Ssm:
        """Stored plans."""
        return cast("Ssm", self._get("ssm", region))

    def sts(self, region: str) -> Sts:
        """Who is calling, asked in that Region."""
        return cast("Sts", self._get("sts", region))

    def recovery_cluster(self, region: str) -> Any:
        """Routing controls, where the endpoint is one of a cluster's own and this its Region."""
        return self._get("route53-recovery-cluster", region)

    @cached_property
    def _session(self) -> Any:
        """One for all clients: it reads the description of each service once."""
        import boto3  # noqa: PLC0415  slow to load, and --help needs none of it

        return boto3.Session()

    def _make(self, service: str, region: str) -> Any:
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415  as boto3

        try:
            return self._client(service, region)
        except (BotoCoreError, ValueError) as error:
            raise CallFailed(f"no client for {service} in {region}: {error}") from None

    def _client(self, service: str, region: str) -> Any:
        from botocore.config import Config  # noqa: PLC0415  as boto3

        local = self._endpoint is not None and is_loopback(self._endpoint)
        # The person's own credentials have no business on an endpoint that is not AWS.
        keys = LOCAL_KEYS if local else {}
        config: Any = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": 1 if local else TRIES, "mode": "standard"},
            # A company's proxy must not see calls to this machine.
            proxies={"http": "", "https": ""} if local else None,
        )
        client = self._session.client(service, region_name=region, endpoint_url=self._endpoint, config=config, **keys)
        return _Translated(client, service, region, self._heard)


class _Translated:
    """A boto3 client whose every failure is an `ApiError`."""

    def __init__(self, client: Any, service: str, region: str, heard: Callable[[str, str], None] | None) -> None:
        self._client = client
        self._service = service
        self._region = region
        self._heard = heard

    def __getattr__(self, method: str) -> Callable[..., Any]:
        operation = self._client.meta.method_to_api_mapping[method]
        call = f"{self._service}:{operation}"

        def send(**request: Any) -> Any:
            from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError  # noqa: A004, PLC0415  as boto3

            if self._heard:
                self._heard(call, self._region)
            try:
                return getattr(self._client, method)(**request)
            except ClientError as refused:
                answer: Any = refused.response
                status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 400))
                error = answer.get("Error", {})
                raise ApiError(
                    code=str(error.get("Code", status)),
                    message=str(error.get("Message", "")).strip() or f"HTTP {status}",
                    call=call,
                    region=self._region,
                    reachable=status not in (500, 502, 503, 504),
                ) from None
            except BotoCoreError as lost:
                raise ApiError(
                    code=type(lost).__name__,
                    message=str(lost),
                    call=call,
                    region=self._region,
                    reachable=not isinstance(lost, ConnectionError | HTTPClientError),
                ) from None

        return send
