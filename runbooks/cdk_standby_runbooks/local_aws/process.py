"""Starts the local AWS as a child process and speaks with it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# Any key is taken; this one cannot be mistaken for a person's.
ACCESS_KEY = "LOCALAWSONLOOPBACK00"


class LocalAws:
    """An AWS on 127.0.0.1, of this process only: it ends with the `with` block, and when this process dies.

    It proves that templates deploy and that runbooks call the right APIs in the right Region and order. It proves
    nothing about AWS's own times, quotas, permissions or networks.

    Args:
        account: the only account there is. Left out: 111111111111.
        region: the Region of clients and commands that name none. Left out: eu-west-1.
        port: where to listen. Left out: any free port.
        patience: seconds to wait for the server to be ready. Left out: 60.

    Raises:
        RuntimeError: when the server does not start; the message carries what it printed.
    """

    def __init__(
        self, *, account: str = "111111111111", region: str = "eu-west-1", port: int = 0, patience: float = 60
    ) -> None:
        self.account = account
        self.region = region
        self.endpoint = ""
        self._port = port
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._home: tempfile.TemporaryDirectory[str] | None = None
        self._log: Any = None
        self._session: Any = None
        self._clients: dict[tuple[str, str], Any] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._home = tempfile.TemporaryDirectory(prefix="local-aws-")
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the child
        module = [sys.executable, "-m", "cdk_standby_runbooks.local_aws", "--follow"]
        self._process = subprocess.Popen(  # noqa: S603  our own module
            [*module, "--port", str(self._port), "--account", self.account],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=_without_aws(os.environ),
        )
        said = self._first_line(self._process)
        if not said:
            told = self.log()
            self.stop()
            raise RuntimeError(f"the local AWS did not start: {told.strip() or 'it said nothing'}")
        self.endpoint = json.loads(said)["endpoint"]

    def stop(self) -> None:
        """End the server; safe to call twice."""
        while self._clients:
            self._clients.popitem()[1].close()
        process, self._process = self._process, None
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._home is not None:
            self._home.cleanup()
            self._home = None
        if self._log is not None:
            self._log.close()
            self._log = None

    @property
    def pid(self) -> int | None:
        """The server's process id, while it runs."""
        return self._process.pid if self._process else None

    def environment(self, region: str | None = None) -> dict[str, str]:
        """What a subprocess (the CDK CLI, a runbook) needs in order to see this AWS and nothing of the person's own."""
        assert self._home is not None, "start it first"
        return {
            **_without_aws(os.environ),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": region or self.region,
            "AWS_DEFAULT_REGION": region or self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "2",
            "CDK_DEFAULT_ACCOUNT": self.account,
            "CDK_DEFAULT_REGION": region or self.region,
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "CDK_DISABLE_VERSION_CHECK": "1",
            "HOME": self._home.name,
            "CDK_HOME": self._home.name + "/.cdk",
            # Unpacked once per machine, not once per home.
            "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(Path.home() / ".cache/aws/jsii/package-cache"),
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client on this AWS that does not retry: a dark Region shows at once. The same for each who asks."""
        key = (service, region or self.region)
        if key not in self._clients:
            self._clients[key] = self._client(*key)
        return self._clients[key]

    def _client(self, service: str, region: str) -> Any:
        import boto3  # noqa: PLC0415  who only deploys needs no SDK
        from botocore.config import Config  # noqa: PLC0415  as above

        if self._session is None:
            self._session = boto3.Session()  # one for all: it reads the description of each service once
        made: Any = self._session.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key="local",  # noqa: S106
            config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}, inject_host_prefix=False),
        )
        return made

    def go_dark(self, *regions: str) -> None:
        """Take Regions away: every call signed for them is answered 503."""
        self._control("dark", {"regions": sorted({*self.dark(), *regions})})

    def come_back(self, *regions: str) -> None:
        """Give Regions back; none named: all."""
        left = set(self.dark()) - set(regions) if regions else set[str]()
        self._control("dark", {"regions": sorted(left)})

    def dark(self) -> list[str]:
        """The Regions that are away."""
        regions: list[str] = self._control("dark")
        return regions

    def state(self) -> dict[str, Any]:
        """Account, endpoint and dark Regions."""
        told: dict[str, Any] = self._control("state")
        return told

    def report(self) -> dict[str, Any]:
        """What deployments took and nothing acts on, and updates that AWS may answer with a replacement."""
        told: dict[str, Any] = self._control("report")
        return told

    def ledger(self) -> list[dict[str, Any]]:
        """Every call so far: when (Unix time), how long, region, service, operation, status, whether from inside."""
        told: list[dict[str, Any]] = self._control("ledger")
        return told

    def log(self) -> str:
        """What the server printed to standard error."""
        if self._log is None:
            return ""
        # The child shares the file's position: reading must not move it.
        return os.pread(self._log.fileno(), os.fstat(self._log.fileno()).st_size, 0).decode(errors="replace")

    def _control(self, what: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_local/{what}", data=data)  # noqa: S310  loopback
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.loads(answer.read())

    def _first_line(self, process: subprocess.Popen[bytes]) -> str:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], self._patience)
        return process.stdout.readline().decode() if ready else ""


def _without_aws(environment: Any) -> dict[str, str]:
    """The environment without the person's own AWS settings."""
    return {name: value for name, value in environment.items() if not name.startswith(("AWS_", "MOTO_"))}
