"""The door of the local AWS: every request passes here, and here a Region can be taken away."""

from __future__ import annotations

import json
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError
from werkzeug.test import run_wsgi_app

from .clients import InProcess
from .errors import NotModelled, ServiceError
from .honesty import is_watched, refuse_silent
from .protocols import Answer, Incoming
from .regions import refuse_dark
from .wire import Call, Operation

App = Callable[[dict[str, Any], Any], Iterable[bytes]]

INTERNAL = "cdk_standby.internal"


class Front:
    """Routes a request to a service of ours, to the emulator behind, or to a refusal; writes each down.

    Args:
        account: the only account there is.
        endpoint: where this front listens.
        behind: the emulator.
    """

    def __init__(self, account: str, endpoint: str, behind: App) -> None:
        self.account = account
        self.endpoint = endpoint
        self.dark: frozenset[str] = frozenset()
        self.ledger: list[dict[str, Any]] = []
        self.reports: dict[str, Callable[[], Any]] = {}
        self.clients = InProcess(self, endpoint, internal=True)
        self._behind = behind
        self._moto_clients = InProcess(self._ask_moto, endpoint)
        self._services: dict[str, Mapping[str, Operation]] = {}
        self._whole: set[str] = set()
        self._state: dict[str, dict[str, Any]] = {}
        # The emulator does not promise to be thread-safe, and our models read and write its state: one at a time.
        self._turn = threading.RLock()

    def serve(self, service: str, operations: Mapping[str, Operation], *, whole: bool = False) -> None:
        """Let operations of ours answer before the emulator; `whole` services never reach it and need no turns."""
        self._services[service] = operations
        if whole:
            self._whole.add(service)

    def state(self, service: str) -> dict[str, Any]:
        """The store of one service."""
        return self._state.setdefault(service, {})

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = _body(environ)
        if environ.get("PATH_INFO", "").startswith("/_local/"):
            status, headers, said = self._control(environ["REQUEST_METHOD"], environ["PATH_INFO"][8:], body)
        else:
            incoming, at = Incoming(environ, body), time.time()
            status, headers, said = self._answer(incoming)
            self._write_down(incoming, status, at)
        if environ["REQUEST_METHOD"] == "HEAD":
            said = b""
        else:
            headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
            headers["Content-Length"] = str(len(said))
        start_response(f"{status} -", list(headers.items()))
        return [said]

    # --- what a request becomes

    def _answer(self, incoming: Incoming) -> Answer:
        try:
            if not incoming.environ.get(INTERNAL):
                refuse_dark(incoming.service, incoming.region, self.dark)
            return self._route(incoming)
        except ServiceError as error:
            return incoming.refusal(error)
        except ClientError as error:
            told = error.response
            status = told.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
            code, message = told.get("Error", {}).get("Code", "Unknown"), told.get("Error", {}).get("Message", "")
            return incoming.refusal(ServiceError(code, message, status))
        except NotImplementedError:
            return incoming.refusal(NotModelled(incoming.service, incoming.operation))
        except Exception as error:  # a caller deserves a protocol error, never an HTML page
            traceback.print_exc()
            return incoming.refusal(ServiceError("InternalFailure", f"{type(error).__name__}: {error}", 500))

    def _route(self, incoming: Incoming) -> Answer:
        service = incoming.service
        ours = self._services.get(service, {})
        if incoming.operation in ours:
            call = self._call(incoming)
            if service in self._whole:
                return incoming.answer(ours[incoming.operation](call))
            with self._turn:
                return incoming.answer(ours[incoming.operation](call))
        if service in self._whole:
            raise NotModelled(service, incoming.operation)
        if is_watched(service, incoming.operation):
            refuse_silent(service, incoming.operation, incoming.parameters())
        return self._from_moto(incoming)

    def _call(self, incoming: Incoming) -> Call:
        return Call(
            service=incoming.service,
            operation=incoming.operation,
            region=incoming.region,
            account=self.account,
            parameters=incoming.parameters(),
            state=self.state(incoming.service),
            clients=self.clients,
            behind=self._moto_answer,
            dark=self.dark,
        )

    def _moto_answer(self, service: str, region: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        client = self._moto_clients(service, region)
        with self._turn:
            told: dict[str, Any] = client._make_api_call(operation, parameters)  # noqa: SLF001  operations by name
        told.pop("ResponseMetadata", None)
        return told

    def _ask_moto(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        incoming = Incoming(environ, _body(environ))
        try:
            status, headers, said = self._from_moto(incoming)
        except NotImplementedError:
            status, headers, said = incoming.refusal(NotModelled(incoming.service, incoming.operation))
        except ServiceError as error:
            status, headers, said = incoming.refusal(error)
        start_response(f"{status} -", list(headers.items()))
        return [said]

    def _from_moto(self, incoming: Incoming) -> Answer:
        with self._turn:
            chunks, status, headers = run_wsgi_app(self._behind, incoming.request().environ, buffered=True)
            said = b"".join(chunks)
        code = int(status.split()[0])
        if code >= 400 and incoming.service != "s3" and b"<html" in said[:200].lower():
            # A page for people means that no handler was found.
            raise NotModelled(incoming.service, incoming.operation)
        return code, dict(headers), said

    # --- what only this machine may ask

    def _control(self, method: str, what: str, body: bytes) -> Answer:
        if what == "dark" and method == "POST":
            self.dark = frozenset(json.loads(body or b"{}").get("regions", []))
        answers: dict[str, Callable[[], Any]] = {
            "dark": lambda: sorted(self.dark),
            "state": lambda: {"account": self.account, "dark": sorted(self.dark), "endpoint": self.endpoint},
            "ledger": lambda: list(self.ledger),
            "report": lambda: {name: report() for name, report in self.reports.items()},
        }
        if what not in answers:
            return 404, {"Content-Type": "application/json"}, b'{"known": ["dark", "ledger", "report", "state"]}'
        return 200, {"Content-Type": "application/json"}, json.dumps(answers[what](), default=str).encode()

    def _write_down(self, incoming: Incoming, status: int, at: float) -> None:
        self.ledger.append(
            {
                "at": round(at, 3),
                "seconds": round(time.time() - at, 3),
                "region": incoming.region,
                "service": incoming.service,
                "operation": incoming.operation,
                "status": status,
                "internal": bool(incoming.environ.get(INTERNAL)),
            }
        )


def _body(environ: dict[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH")
    stream = environ["wsgi.input"]
    if length:
        return bytes(stream.read(int(length)))
    return bytes(stream.read()) if environ.get("wsgi.input_terminated") else b""
