"""The wheel holds the four packages and nothing else, and works in somebody else's app."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"cdk_standby", "cdk_standby_stacks", "cdk_standby_review", "cdk_standby_runbooks"}

FOREIGN_STACK = """
import aws_cdk as cdk
from cdk_standby import Network


class Shop(cdk.Stack):
    def __init__(self, scope, id, **options):
        super().__init__(scope, id, **options)
        Network(self, "Network")
"""
FOREIGN_APP = """
import pathlib
import sys

import aws_cdk as cdk
import cdk_standby
import cdk_standby_stacks
from stacks.shop import Shop

app = cdk.App(outdir=sys.argv[1])
Shop(app, "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))
app.synth()
print(pathlib.Path(cdk_standby.__file__).parents[1], pathlib.Path(cdk_standby_stacks.__file__).parents[1])
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dist = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", dist], check=True, cwd=ROOT)
    return next(dist.glob("*.whl"))


def test_the_wheel_holds_four_typed_packages_and_nothing_else(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()

    packages = {name.split("/")[0] for name in names if ".dist-info/" not in name}

    assert packages == PACKAGES
    assert {name.split("/")[0] for name in names if name.endswith("/py.typed")} == PACKAGES
    assert [name for name in names if name.endswith("dist-info/licenses/LICENSE")] != []


def test_the_wheel_has_one_command(wheel: Path):
    packed = zipfile.ZipFile(wheel)

    commands = next(name for name in packed.namelist() if name.endswith("entry_points.txt"))

    assert packed.read(commands).decode() == "[console_scripts]\ncdk-standby = cdk_standby_runbooks.cli:main\n"


def test_an_app_with_its_own_stacks_folder_uses_the_wheel(wheel: Path, tmp_path: Path):
    site, shop, out = tmp_path / "site", tmp_path / "shop", tmp_path / "out"
    zipfile.ZipFile(wheel).extractall(site)
    (shop / "stacks").mkdir(parents=True)
    (shop / "stacks" / "__init__.py").touch()
    (shop / "stacks" / "shop.py").write_text(FOREIGN_STACK)
    (shop / "app.py").write_text(FOREIGN_APP)

    done = subprocess.run(
        [sys.executable, "app.py", str(out)],
        cwd=shop,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(site), str(site)]
    assert (out / "Shop.template.json").is_file()
