"""Puts the local AWS together and listens on loopback; the only module that imports the emulator whole."""

from __future__ import annotations

import importlib
import os
import pkgutil
from typing import Any

from werkzeug.serving import BaseWSGIServer, make_server

from .cloudformation.service import CloudFormation
from .front import Front
from .resources._model import Handler


def build(account: str, port: int) -> tuple[BaseWSGIServer, Front]:
    """A server that is bound, and not yet serving."""
    os.environ |= {"MOTO_ACCOUNT_ID": account, "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
    from .emulator import Emulator, MotoRequestHandler  # noqa: PLC0415  it reads its settings when it is imported

    front: Front | None = None

    def door(environ: dict[str, Any], start_response: Any) -> Any:
        assert front is not None
        return front(environ, start_response)

    class Quiet(MotoRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, type: str, message: str, *args: Any) -> None:
            """Say nothing: the ledger knows."""

    server = make_server("127.0.0.1", port, door, threaded=True, request_handler=Quiet)
    front = Front(account, f"http://127.0.0.1:{server.server_port}", Emulator())
    _serve_ours(front)
    return server, front


def _serve_ours(front: Front) -> None:
    cloudformation = CloudFormation(front.account, _handlers(), front.clients, lambda: front.dark)
    front.serve("cloudformation", cloudformation.operations(), whole=True)
    front.reports["cloudformation"] = cloudformation.report.told
    try:
        services = importlib.import_module(".services", __package__)
    except ModuleNotFoundError:
        services = None
    if services is not None:
        for found in pkgutil.iter_modules(services.__path__):
            if not found.name.startswith("_"):
                module = importlib.import_module(f"{services.__name__}.{found.name}")
                if hasattr(module, "OPERATIONS"):
                    front.serve(found.name.replace("_", "-"), module.OPERATIONS)


def _handlers() -> dict[str, Handler]:
    try:
        return dict(importlib.import_module(".resources", __package__).HANDLERS)
    except AttributeError:
        return {}
