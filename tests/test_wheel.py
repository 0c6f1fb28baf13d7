"""The wheel holds the four packages and nothing else, and works in somebody else's app."""

import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

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
FOREIGN_DATABASES = """
import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from cdk_standby import AuroraCluster, DatabaseNames, DatabaseProxy, MultiAzInstance, ReadReplica


class Databases(cdk.Stack):
    def __init__(self, scope, id, **options):
        super().__init__(scope, id, **options)
        vpc = ec2.Vpc.from_vpc_attributes(
            self,
            "Vpc",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=["eu-west-1a", "eu-west-1b"],
            isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa0", "subnet-0aaaaaaaaaaaaaaa1"],
            isolated_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa0", "rtb-0aaaaaaaaaaaaaaa1"],
        )
        key = kms.Key(self, "Key", enable_key_rotation=True)
        role = iam.Role(self, "Service", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
        zone = route53.PrivateHostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="shop.internal"
        )

        orders = MultiAzInstance(self, "Orders", engine="postgres", version="17.6", vpc=vpc, key=key)
        replica = ReadReplica(self, "OrdersReplica", source=orders, vpc=vpc, key=key)
        DatabaseNames(
            self, "Names", zone=zone, database=orders, writer="orders", reader="orders-reads", replicas=[replica]
        )
        users = AuroraCluster(
            self, "Users", engine="aurora-postgresql", version="17.4", vpc=vpc, key=key, readers=1
        )
        DatabaseProxy(self, "Proxy", database=users, vpc=vpc, read_only=True).grant_connect(role, "app")
"""
FOREIGN_APP = """
import pathlib
import sys

import aws_cdk as cdk
import cdk_standby
import cdk_standby_stacks
from stacks.databases import Databases
from stacks.shop import Shop

env = cdk.Environment(account="111111111111", region="eu-west-1")
app = cdk.App(outdir=sys.argv[1])
Shop(app, "Shop", env=env)
Databases(app, "Databases", env=env)
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


@pytest.fixture(scope="module")
def foreign(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Somebody's app with a folder `stacks` of its own, that has nothing of ours but the wheel."""
    home = tmp_path_factory.mktemp("foreign")
    site, shop, out = home / "site", home / "shop", home / "out"
    zipfile.ZipFile(wheel).extractall(site)
    (shop / "stacks").mkdir(parents=True)
    (shop / "stacks" / "__init__.py").touch()
    (shop / "stacks" / "shop.py").write_text(FOREIGN_STACK)
    (shop / "stacks" / "databases.py").write_text(FOREIGN_DATABASES)
    (shop / "app.py").write_text(FOREIGN_APP)
    done = subprocess.run(
        [sys.executable, "app.py", str(out)],
        cwd=shop,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    return SimpleNamespace(site=site, out=out, done=done)


def test_an_app_with_its_own_stacks_folder_uses_the_wheel(foreign: SimpleNamespace):
    assert foreign.done.returncode == 0, foreign.done.stderr
    assert foreign.done.stdout.split() == [str(foreign.site), str(foreign.site)]
    assert (foreign.out / "Shop.template.json").is_file()


def test_databases_stand_in_a_network_that_somebody_else_made(foreign: SimpleNamespace):
    template = json.loads((foreign.out / "Databases.template.json").read_text())

    found = Counter(resource["Type"] for resource in template["Resources"].values())
    wanted = {name: found[f"AWS::RDS::{name}"] for name in ("DBInstance", "DBCluster", "DBProxy", "DBProxyEndpoint")}
    assert wanted == {"DBInstance": 4, "DBCluster": 1, "DBProxy": 1, "DBProxyEndpoint": 1}
    assert {name for name in found if name.startswith("AWS::EC2::")} == {
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
    }
