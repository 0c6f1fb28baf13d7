"""Reads requests and writes answers in the protocols of AWS: query, ec2, json, rest-json and rest-xml.

moto carries botocore's parsers turned round; this module is the only place of ours that touches them.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import unquote_plus
from xml.sax.saxutils import escape

from moto.core.model import ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model

from .errors import ServiceError

SIGNED = re.compile(r"Credential=[^/,]+/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
PRESIGNED = re.compile(
    r"X-Amz-Credential=[^&]+?(?:/|%2F)\d+(?:/|%2F)(?P<region>[^&]+?)(?:/|%2F)(?P<service>[^&]+?)(?:/|%2F)aws4"
)
ACTION = re.compile(rb"(?:^|&)Action=([^&]+)")
VERSION = re.compile(rb"(?:^|&)Version=([^&]+)")

# Where the name in the signature is not botocore's name of the service.
SIGNED_AS = {
    "monitoring": "cloudwatch",
    "elasticloadbalancing": "elbv2",
    "elasticfilesystem": "efs",
    "email": "ses",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
    "servicediscovery": "servicediscovery",
    "api.ecr": "ecr",
}
# Where several services share one signature, the target prefix or the API version tells them apart.
TARGETS = {"DynamoDBStreams_20120810": "dynamodbstreams"}
VERSIONS = {("elasticloadbalancing", b"2012-06-01"): "elb"}

Answer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Incoming:
    """One HTTP request as it came, with what its signature says."""

    environ: dict[str, Any]
    body: bytes

    @cached_property
    def scope(self) -> tuple[str, str] | None:
        """Signing name and Region, or nothing for an unsigned request."""
        found = SIGNED.search(self.environ.get("HTTP_AUTHORIZATION", "")) or PRESIGNED.search(
            self.environ.get("QUERY_STRING", "")
        )
        return (found["service"].lower(), found["region"]) if found else None

    @cached_property
    def service(self) -> str:
        """Botocore's name of the service; `-` when nothing says."""
        if self.scope is None:
            return "-"
        signed = self.scope[0]
        target = self.environ.get("HTTP_X_AMZ_TARGET", "").split(".")[0]
        version = VERSION.search(self.body[:4096]) if signed == "elasticloadbalancing" else None
        shared = TARGETS.get(target) or VERSIONS.get((signed, version[1] if version else b""))
        return shared or SIGNED_AS.get(signed, signed)

    @property
    def region(self) -> str:
        return self.scope[1] if self.scope else "us-east-1"

    @cached_property
    def _routed(self) -> tuple[str, dict[str, Any]]:
        if target := self.environ.get("HTTP_X_AMZ_TARGET"):
            return target.rsplit(".", 1)[-1], {}
        if action := ACTION.search(self.body) or ACTION.search(self.environ.get("QUERY_STRING", "").encode()):
            return unquote_plus(action[1].decode()), {}
        try:
            operation, parameters = get_service_router(self.service).match(self.request())
        except Exception:  # moto's router has many ways to say that nothing fits
            return "-", {}
        return str(operation.name), dict(parameters)

    @property
    def operation(self) -> str:
        """As AWS spells it; `-` when nothing fits."""
        return self._routed[0]

    def request(self) -> Request:
        """A fresh view with the body unread."""
        environ = {**self.environ, "wsgi.input": io.BytesIO(self.body), "CONTENT_LENGTH": str(len(self.body))}
        return Request(environ)

    @cached_property
    def protocol(self) -> str:
        """What the caller speaks."""
        content_type = self.environ.get("CONTENT_TYPE", "").split(";")[0]
        try:
            return str(determine_request_protocol(model(self.service), content_type))
        except Exception:  # an unknown service still deserves a readable refusal
            return "json" if "json" in content_type else "query"

    def parameters(self) -> dict[str, Any]:
        """By botocore's input shape."""
        request = self.request()
        parser = PROTOCOL_PARSERS[self.protocol](model(self.service).operation_model(self.operation))
        parsed: dict[str, Any] = parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": self.body,
                "url_path": request.path,
                "url_params": self._routed[1],
            }
        )
        return parsed

    def answer(self, result: dict[str, Any]) -> Answer:
        """Serialized by botocore's output shape."""
        operation = model(self.service).operation_model(self.operation)
        written = get_serializer_class(self.service, self.protocol)(operation).serialize(result)
        body = written["body"]
        return written["status_code"], dict(written["headers"]), body.encode() if isinstance(body, str) else body

    def refusal(self, error: ServiceError) -> Answer:
        """An error in the shape that the caller's SDK turns into an exception with this code."""
        if self.protocol in ("json", "rest-json"):
            said = json.dumps({"__type": error.code, "message": error.message})
            return (
                error.status,
                {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": error.code},
                said.encode(),
            )
        fault = "Receiver" if error.status >= 500 else "Sender"
        told = f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
        if self.protocol == "ec2":
            said = f"<Response><Errors><Error>{told}</Error></Errors><RequestID>local</RequestID></Response>"
        elif self.service == "s3":
            said = f"<Error>{told}<RequestId>local</RequestId></Error>"
        else:
            said = (
                f"<ErrorResponse><Error><Type>{fault}</Type>{told}</Error><RequestId>local</RequestId></ErrorResponse>"
            )
        return error.status, {"Content-Type": "text/xml"}, said.encode()


@lru_cache(maxsize=64)
def model(service: str) -> ServiceModel:
    """Botocore's model of a service, with moto's additions."""
    return get_service_model(service)
