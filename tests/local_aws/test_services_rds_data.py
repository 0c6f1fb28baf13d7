"""A ledger of writes proves what a failover lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

PRIMARY, RECOVERY = "eu-west-1", "eu-central-1"
NUMBERS = count()


class Shop:
    """A global database whose application counts what it wrote."""

    def __init__(self, aws: LocalAws) -> None:
        self.aws, self.name = aws, f"orders-{next(NUMBERS)}"
        self.data = {region: aws.client("rds-data", region) for region in (PRIMARY, RECOVERY)}
        self.rds = aws.client("rds", RECOVERY)
        engine = {"Engine": "aurora-postgresql", "EngineVersion": "17.4"}
        self.rds.create_global_cluster(GlobalClusterIdentifier=self.name, **engine)
        for region in (PRIMARY, RECOVERY):
            user = {"MasterUsername": "admin1", "MasterUserPassword": "correct-horse"} if region == PRIMARY else {}
            rds, cluster = aws.client("rds", region), f"{self.name}-{region}"
            rds.create_db_cluster(DBClusterIdentifier=cluster, GlobalClusterIdentifier=self.name, **engine, **user)
            kind = {"Engine": engine["Engine"], "DBInstanceClass": "db.r7g.large"}
            rds.create_db_instance(DBInstanceIdentifier=f"{cluster}-1", DBClusterIdentifier=cluster, **kind)

    def arn(self, region: str) -> str:
        return f"arn:aws:rds:{region}:{self.aws.account}:cluster:{self.name}-{region}"

    def run(self, region: str, sql: str) -> Any:
        return self.data[region].execute_statement(resourceArn=self.arn(region), secretArn="a" * 30, sql=sql)

    def write(self, region: str, times: int = 1) -> None:
        for _ in range(times):
            self.run(region, "INSERT INTO orders VALUES (1)")

    def rows(self, region: str) -> int:
        return int(self.run(region, "select count(*) from orders")["records"][0][0]["longValue"])

    def lag(self, milliseconds: float) -> None:
        mine = [{"Name": "DBClusterIdentifier", "Value": f"{self.name}-{RECOVERY}"}]
        datum = {"MetricName": "AuroraGlobalDBReplicationLag", "Dimensions": mine, "Value": milliseconds}
        self.aws.client("cloudwatch", RECOVERY).put_metric_data(Namespace="AWS/RDS", MetricData=[datum])

    def fail_over(self) -> None:
        self.rds.failover_global_cluster(
            GlobalClusterIdentifier=self.name, TargetDbClusterIdentifier=self.arn(RECOVERY), AllowDataLoss=True
        )


@pytest.fixture
def shop(aws: LocalAws) -> Iterator[Shop]:
    yield Shop(aws)
    aws.come_back()


def test_a_reader_takes_no_writes(shop: Shop) -> None:
    with pytest.raises(ClientError, match="cannot execute INSERT in a read-only transaction"):
        shop.write(RECOVERY)


def test_a_failover_loses_the_rows_that_were_under_way_and_no_others(shop: Shop) -> None:
    shop.lag(300)
    shop.write(PRIMARY, 3)
    time.sleep(1)
    shop.write(PRIMARY)
    written = shop.rows(PRIMARY)
    shop.aws.go_dark(PRIMARY)
    seen = shop.rows(RECOVERY)

    shop.fail_over()

    assert (written, seen, shop.rows(RECOVERY)) == (4, 3, 3)
    told = shop.rds.describe_events(SourceIdentifier=f"{shop.name}-{RECOVERY}", SourceType="db-cluster")["Events"]
    assert told[0]["Message"] == (
        "Global failover to this cluster: the last 0.300 seconds of writes were not replicated, 1 rows"
    )
    shop.aws.come_back()
    shop.write(RECOVERY)
    assert shop.rows(RECOVERY) == 4
    with pytest.raises(ClientError, match="cannot execute INSERT in a read-only transaction"):
        shop.write(PRIMARY)


@pytest.mark.parametrize(("lag", "left"), [(0, 5), (3_600_000, 0)])
def test_the_lag_decides_what_is_left(shop: Shop, lag: float, left: int) -> None:
    shop.lag(lag)
    shop.write(PRIMARY, 5)
    before = shop.rows(RECOVERY)

    shop.fail_over()

    assert (before, shop.rows(RECOVERY)) == (left, left)


def test_a_switchover_loses_nothing(shop: Shop) -> None:
    shop.lag(60000)
    shop.write(PRIMARY, 4)

    shop.rds.switchover_global_cluster(GlobalClusterIdentifier=shop.name, TargetDbClusterIdentifier=shop.arn(RECOVERY))

    assert shop.rows(RECOVERY) == 4


def test_no_other_sql_runs(shop: Shop) -> None:
    with pytest.raises(ClientError) as caught:
        shop.run(PRIMARY, "DROP TABLE orders")

    assert caught.value.response["Error"]["Code"] == "NotModelledLocally"
