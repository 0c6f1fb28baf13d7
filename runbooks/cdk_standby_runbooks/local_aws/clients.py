"""boto3 clients that reach the local AWS without a socket: handlers and models call it from inside."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from werkzeug.test import run_wsgi_app

ACCESS_KEY = "LOCALAWSINTERNAL0000"
QUICK = Config(
    retries={"max_attempts": 0},
    s3={"addressing_style": "path"},
    inject_host_prefix=False,
    parameter_validation=True,
)

LOCK = threading.Lock()

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


@cache
def _session() -> Any:
    """One for all: it reads the description of each service once."""
    return boto3.Session()


class InProcess:
    """Gives clients, one per service and Region, whose requests go straight into a WSGI application.

    Args:
        app: the front, or what stands behind it.
        marks: put into every request's environ; no HTTP caller can set them.
    """

    def __init__(self, app: App, endpoint: str, **marks: Any) -> None:
        self._app = app
        self._endpoint = endpoint
        self._marks = {f"cdk_standby.{name}": value for name, value in marks.items()}
        self._made: dict[tuple[str, str], Any] = {}

    def __call__(self, service: str, region: str | None = None) -> Any:
        key = (service, region or "us-east-1")
        with LOCK:
            if key not in self._made:
                self._made[key] = self._make(*key)
            return self._made[key]

    def _make(self, service: str, region: str) -> Any:
        client: Any = _session().client(
            service,
            region_name=region,
            endpoint_url=self._endpoint,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key="local",  # noqa: S106  nothing is secret on a laptop's own loopback
            config=QUICK,
        )
        client.meta.events.register("before-send.*", self._send)
        return client

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        chunks, status, headers = run_wsgi_app(self._app, self._environ(request), buffered=True)
        body = b"".join(chunks)
        answer: Any = AWSResponse  # its annotation asks for more than it needs
        return cast("AWSResponse", answer(request.url, int(status.split()[0]), dict(headers), _Raw(body)))

    def _environ(self, request: AWSPreparedRequest) -> dict[str, Any]:
        url = urlsplit(request.url)
        body: Any = request.body or b""
        if hasattr(body, "read"):
            body = body.read()
        data = body.encode() if isinstance(body, str) else bytes(body)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(url.path, "latin-1"),
            "RAW_URI": url.path + (f"?{url.query}" if url.query else ""),
            "QUERY_STRING": url.query,
            "SERVER_NAME": url.hostname,
            "SERVER_PORT": str(url.port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": url.netloc,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": url.scheme,
            "wsgi.input": io.BytesIO(data),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **self._marks,
        }
        for name, value in request.headers.items():
            text = value.decode() if isinstance(value, bytes) else str(value)
            upper = name.upper().replace("-", "_")
            environ[upper if upper in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{upper}"] = text
        environ["CONTENT_LENGTH"] = str(len(data))
        return environ


class _Raw(io.BytesIO):
    """What botocore expects of urllib3's response."""

    def stream(self, amt: int = 65536, **_: Any) -> Iterable[bytes]:
        while chunk := self.read(amt):
            yield chunk
