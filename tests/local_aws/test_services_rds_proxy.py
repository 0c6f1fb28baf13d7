"""Proxies keep their endpoint while what is behind them changes; custom endpoints name some instances of a cluster."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

REGION = "eu-west-1"
NUMBERS = count()
USER = {"MasterUsername": "clusteradmin", "MasterUserPassword": "correct-horse"}
AURORA = {"Engine": "aurora-postgresql", "EngineVersion": "17.4"}
ROLE = "arn:aws:iam::111111111111:role/proxy"
AUTH = [{"AuthScheme": "SECRETS", "SecretArn": f"arn:aws:secretsmanager:{REGION}:111111111111:secret:x-abcdef"}]


@pytest.fixture(scope="module")
def rds(aws: LocalAws) -> Any:
    return aws.client("rds", REGION)


@pytest.fixture(scope="module")
def subnets(aws: LocalAws) -> list[str]:
    found = aws.client("ec2", REGION).describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])
    return sorted(subnet["SubnetId"] for subnet in found["Subnets"])


@pytest.fixture
def name() -> str:
    return f"pool-{next(NUMBERS)}"


@pytest.fixture
def cluster(rds: Any, name: str) -> str:
    rds.create_db_cluster(DBClusterIdentifier=name, **AURORA, **USER)
    for number in (1, 2):
        rds.create_db_instance(
            DBInstanceIdentifier=f"{name}-{number}",
            DBClusterIdentifier=name,
            DBInstanceClass="db.r7g.large",
            Engine=AURORA["Engine"],
        )
    return name


@pytest.fixture
def proxy(rds: Any, name: str, subnets: list[str]) -> Any:
    return make(rds, name, subnets)


def make(rds: Any, name: str, subnets: list[str], **more: Any) -> Any:
    given = {"EngineFamily": "POSTGRESQL", "RoleArn": ROLE, "VpcSubnetIds": subnets, "Auth": AUTH}
    return rds.create_db_proxy(DBProxyName=name, **{**given, **more})["DBProxy"]


def behind(rds: Any, name: str) -> list[tuple[str, str | None, str | None]]:
    told = rds.describe_db_proxy_targets(DBProxyName=name)["Targets"]
    return [(one["RdsResourceId"], one.get("Role"), one.get("TargetHealth", {}).get("State")) for one in told]


def refusal(of: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        of(**parameters)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def test_a_proxy_follows_the_writer_of_its_cluster(rds: Any, name: str, cluster: str, proxy: Any) -> None:
    rds.register_db_proxy_targets(DBProxyName=name, DBClusterIdentifiers=[cluster])
    before = behind(rds, name)

    rds.failover_db_cluster(DBClusterIdentifier=cluster, TargetDBInstanceIdentifier=f"{cluster}-2")

    assert before == [
        (cluster, None, None),
        (f"{cluster}-1", "READ_WRITE", "AVAILABLE"),
        (f"{cluster}-2", "READ_ONLY", "AVAILABLE"),
    ]
    assert behind(rds, name)[1:] == [
        (f"{cluster}-1", "READ_ONLY", "AVAILABLE"),
        (f"{cluster}-2", "READ_WRITE", "AVAILABLE"),
    ]
    assert rds.describe_db_proxies(DBProxyName=name)["DBProxies"][0]["Endpoint"] == proxy["Endpoint"]


def test_a_proxy_says_when_nothing_is_behind_it(rds: Any, name: str, proxy: Any) -> None:
    wanted = {"Engine": "postgres", "EngineVersion": "17.4", "DBInstanceClass": "db.r7g.large", **USER}
    rds.create_db_instance(DBInstanceIdentifier=name, AllocatedStorage=100, **wanted)
    rds.register_db_proxy_targets(DBProxyName=name, DBInstanceIdentifiers=[name])
    before = behind(rds, name)

    rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)

    assert (before, behind(rds, name)) == ([(name, "READ_WRITE", "AVAILABLE")], [(name, None, "UNAVAILABLE")])


def test_a_proxy_takes_one_target_of_its_family(rds: Any, name: str, cluster: str, subnets: list[str]) -> None:
    make(rds, name, subnets, EngineFamily="MYSQL")
    make(rds, f"{name}-b", subnets)
    rds.register_db_proxy_targets(DBProxyName=f"{name}-b", DBClusterIdentifiers=[cluster])

    strange = refusal(rds.register_db_proxy_targets, DBProxyName=name, DBClusterIdentifiers=[cluster])
    second = refusal(rds.register_db_proxy_targets, DBProxyName=f"{name}-b", DBClusterIdentifiers=[cluster])

    assert strange == (
        f"InvalidParameterValue: The proxy's engine family is MYSQL, and {cluster} is of aurora-postgresql."
    )
    assert second == (
        f"DBProxyTargetAlreadyRegisteredFault: DBProxy {name}-b takes one target: a DB instance or a cluster."
    )


def test_a_proxy_lies_in_two_zones_and_knows_how_to_log_in(rds: Any, name: str, subnets: list[str]) -> None:
    one = refusal(lambda: make(rds, name, subnets[:1]))
    nobody = refusal(lambda: make(rds, name, subnets, Auth=[]))

    assert one == "InvalidParameterValue: The subnets of a proxy must lie in at least two Availability Zones."
    assert nobody == "InvalidParameterValue: Auth must name a secret, unless DefaultAuthScheme is IAM_AUTH."


def test_the_pool_and_further_endpoints_are_kept(rds: Any, name: str, subnets: list[str], proxy: Any) -> None:
    pool = {"MaxConnectionsPercent": 80, "MaxIdleConnectionsPercent": 20, "ConnectionBorrowTimeout": 60}
    rds.modify_db_proxy_target_group(DBProxyName=name, TargetGroupName="default", ConnectionPoolConfig=pool)
    made = rds.create_db_proxy_endpoint(
        DBProxyName=name, DBProxyEndpointName=f"{name}-ro", VpcSubnetIds=subnets, TargetRole="READ_ONLY"
    )["DBProxyEndpoint"]

    told = rds.describe_db_proxy_target_groups(DBProxyName=name)["TargetGroups"][0]["ConnectionPoolConfig"]
    assert {key: told[key] for key in pool} == pool
    assert rds.describe_db_proxy_endpoints(DBProxyName=name)["DBProxyEndpoints"] == [made]
    assert made["Endpoint"] != proxy["Endpoint"]


def test_a_custom_endpoint_names_instances_of_its_cluster_and_goes_with_it(rds: Any, cluster: str) -> None:
    reports = f"{cluster}-reports"
    wanted = {"DBClusterIdentifier": cluster, "DBClusterEndpointIdentifier": reports, "EndpointType": "READER"}

    strange = refusal(rds.create_db_cluster_endpoint, **wanted, StaticMembers=["nobody"])
    made = rds.create_db_cluster_endpoint(**wanted, StaticMembers=[f"{cluster}-2"])

    assert strange == f"DBInstanceNotFound: nobody is not an instance of the cluster {cluster}."
    assert (made["EndpointType"], made["CustomEndpointType"], made["StaticMembers"]) == (
        "CUSTOM",
        "READER",
        [f"{cluster}-2"],
    )
    told = rds.describe_db_cluster_endpoints(DBClusterIdentifier=cluster)["DBClusterEndpoints"]
    assert [one["EndpointType"] for one in told] == ["WRITER", "READER", "CUSTOM"]
    for number in (1, 2):
        rds.delete_db_instance(DBInstanceIdentifier=f"{cluster}-{number}", SkipFinalSnapshot=True)
    rds.delete_db_cluster(DBClusterIdentifier=cluster, SkipFinalSnapshot=True)
    gone = refusal(rds.describe_db_cluster_endpoints, DBClusterEndpointIdentifier=reports)
    assert gone == f"DBClusterEndpointNotFoundFault: DBClusterEndpoint {reports} not found."
