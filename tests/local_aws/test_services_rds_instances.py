"""Multi-AZ instances, their read replicas, and what both tell of a failover."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

PRIMARY, RECOVERY = "eu-west-1", "eu-central-1"
NUMBERS = count()
CLIENTS: dict[tuple[str, str], Any] = {}  # to make one takes longer than most calls
WANTED = {
    "Engine": "postgres",
    "EngineVersion": "17.4",
    "DBInstanceClass": "db.r7g.large",
    "MasterUsername": "clusteradmin",
    "MasterUserPassword": "correct-horse",
    "AllocatedStorage": 100,
    "StorageType": "gp3",
    "MultiAZ": True,
    "BackupRetentionPeriod": 7,
}


@dataclass
class Shop:
    """A Multi-AZ instance whose application counts what it wrote."""

    aws: LocalAws
    name: str = field(default_factory=lambda: f"orders-{next(NUMBERS)}")

    def client(self, service: str, region: str = PRIMARY) -> Any:
        key = (service, region)
        if key not in CLIENTS:
            CLIENTS[key] = self.aws.client(service, region)
        return CLIENTS[key]

    def rds(self, region: str = PRIMARY) -> Any:
        return self.client("rds", region)

    def arn(self, region: str = PRIMARY, name: str = "") -> str:
        return f"arn:aws:rds:{region}:{self.aws.account}:db:{name or self.name}"

    def make(self, **more: Any) -> Shop:
        self.rds().create_db_instance(DBInstanceIdentifier=self.name, **{**WANTED, **more})
        return self

    def replicate(self, name: str, region: str = PRIMARY, source: str = "", **more: Any) -> Any:
        named = source or (self.name if region == PRIMARY else self.arn())
        given = {"DBInstanceIdentifier": name, "SourceDBInstanceIdentifier": named, **more}
        return self.rds(region).create_db_instance_read_replica(**given)["DBInstance"]

    def see(self, name: str = "", region: str = PRIMARY) -> Any:
        return self.rds(region).describe_db_instances(DBInstanceIdentifier=name or self.name)["DBInstances"][0]

    def run(self, sql: str, region: str = PRIMARY, name: str = "") -> Any:
        data = self.client("rds-data", region)
        return data.execute_statement(resourceArn=self.arn(region, name), secretArn="a" * 30, sql=sql)

    def write(self, times: int = 1, region: str = PRIMARY, name: str = "") -> None:
        for _ in range(times):
            self.run("INSERT INTO orders VALUES (1)", region, name)

    def rows(self, region: str = PRIMARY, name: str = "") -> int:
        return int(self.run("select count(*) from orders", region, name)["records"][0][0]["longValue"])

    def lag(self, name: str, region: str, seconds: float) -> None:
        mine = [{"Name": "DBInstanceIdentifier", "Value": name}]
        datum = {"MetricName": "ReplicaLag", "Dimensions": mine, "Value": seconds}
        self.client("cloudwatch", region).put_metric_data(Namespace="AWS/RDS", MetricData=[datum])


@pytest.fixture
def shop(aws: LocalAws) -> Iterator[Shop]:
    yield Shop(aws).make()
    aws.come_back()


def refusal(of: Callable[..., Any], **parameters: Any) -> str:
    """The code and message of a refused call."""
    with pytest.raises(ClientError) as caught:
        of(**parameters)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


# --- Multi-AZ


def test_a_forced_failover_swaps_the_zones_and_keeps_the_endpoint(shop: Shop) -> None:
    before = shop.see()

    shop.rds().reboot_db_instance(DBInstanceIdentifier=shop.name, ForceFailover=True)

    after = shop.see()
    assert (before["AvailabilityZone"], before["SecondaryAvailabilityZone"]) == (f"{PRIMARY}a", f"{PRIMARY}b")
    assert (after["AvailabilityZone"], after["SecondaryAvailabilityZone"]) == (f"{PRIMARY}b", f"{PRIMARY}a")
    assert after["Endpoint"] == before["Endpoint"]
    told = shop.rds().describe_events(SourceIdentifier=shop.name, SourceType="db-instance")["Events"]
    assert [event["Message"] for event in told[-3:]] == [
        "Multi-AZ instance failover started.",
        "DB instance restarted.",
        "Multi-AZ instance failover completed.",
    ]


def test_a_single_zone_has_no_standby_to_fail_over_to(shop: Shop) -> None:
    shop.rds().modify_db_instance(DBInstanceIdentifier=shop.name, MultiAZ=False, ApplyImmediately=True)

    told = refusal(shop.rds().reboot_db_instance, DBInstanceIdentifier=shop.name, ForceFailover=True)

    assert told == (
        "InvalidParameterCombination: You can't force a failover of an instance that isn't configured for Multi-AZ."
    )
    assert "SecondaryAvailabilityZone" not in shop.see()


def test_nobody_chooses_the_zone_of_a_multi_az_instance(aws: LocalAws) -> None:
    told = refusal(Shop(aws).make, AvailabilityZone=f"{PRIMARY}a")

    assert told == (
        "InvalidParameterCombination: Requesting a specific availability zone is not valid for Multi-AZ instances."
    )


def test_a_failover_reaches_who_listens_by_subscription_or_rule(shop: Shop) -> None:
    sns, sqs, events = (shop.client(service) for service in ("sns", "sqs", "events"))
    topic = sns.create_topic(Name=f"{shop.name}-topic")["TopicArn"]
    queue = sqs.create_queue(QueueName=f"{shop.name}-queue")["QueueUrl"]
    arn = f"arn:aws:sqs:{PRIMARY}:{shop.aws.account}:{shop.name}-queue"
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    shop.rds().create_event_subscription(
        SubscriptionName=shop.name, SnsTopicArn=topic, SourceType="db-instance", EventCategories=["availability"]
    )
    detail = {"EventID": ["RDS-EVENT-0013", "RDS-EVENT-0049"], "SourceArn": [shop.arn()]}
    events.put_rule(Name=shop.name, EventPattern=json.dumps({"source": ["aws.rds"], "detail": detail}))
    short = {"InputPathsMap": {"who": "$.detail.SourceIdentifier"}, "InputTemplate": '{"short": "<who>"}'}
    targets = [{"Id": "Topic", "Arn": topic}, {"Id": "Short", "Arn": topic, "InputTransformer": short}]
    events.put_targets(Rule=shop.name, Targets=targets)

    shop.rds().reboot_db_instance(DBInstanceIdentifier=shop.name, ForceFailover=True)

    got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    said = [json.loads(message["Body"]) for message in got]
    rules = [(one["detail-type"], one["detail"]["EventID"]) for one in said if "detail" in one]
    assert sorted(rules) == [
        ("RDS DB Instance Event", "RDS-EVENT-0013"),
        ("RDS DB Instance Event", "RDS-EVENT-0049"),
    ]
    assert [one["short"] for one in said if "short" in one] == [shop.name, shop.name]
    assert [one["Event Message"] for one in said if "Event ID" in one] == ["DB instance restarted."]


def test_what_nobody_keeps_is_refused_by_name(aws: LocalAws) -> None:
    told = refusal(Shop(aws).make, TdeCredentialPassword="secret", BackupTarget="outposts")

    assert told == (
        "NotModelledLocally: rds:CreateDBInstance with TdeCredentialPassword is refused: "
        "this local AWS does not model it"
    )


def test_an_engine_that_the_emulator_has_not_heard_of_is_itself(aws: LocalAws) -> None:
    wanted = {"Engine": "db2-se", "EngineVersion": "11.5.9.0.sb00063198.r1", "LicenseModel": "bring-your-own-license"}

    shop = Shop(aws).make(**wanted)

    told = shop.see()
    assert {name: told[name] for name in wanted} == wanted
    assert told["Endpoint"]["Port"] == 50000


def test_an_option_group_fits_its_engine_and_stays_while_it_is_used(aws: LocalAws) -> None:
    shop = Shop(aws)
    rds = shop.rds()
    group = {"OptionGroupName": shop.name, "EngineName": "mysql", "MajorEngineVersion": "8.4"}
    rds.create_option_group(**group, OptionGroupDescription="audit")
    rds.modify_option_group(
        OptionGroupName=shop.name, OptionsToInclude=[{"OptionName": "MARIADB_AUDIT_PLUGIN"}], ApplyImmediately=True
    )

    strange = refusal(shop.make, OptionGroupName=shop.name)
    shop.make(OptionGroupName=shop.name, Engine="mysql", EngineVersion="8.4.5")
    used = refusal(rds.delete_option_group, OptionGroupName=shop.name)

    assert strange == (
        f"InvalidParameterCombination: The option group {shop.name} is for mysql 8.4, not for postgres 17.4."
    )
    assert (
        used == f"InvalidOptionGroupStateFault: The option group '{shop.name}' cannot be deleted because it is in use."
    )
    assert shop.see()["OptionGroupMemberships"] == [{"OptionGroupName": shop.name, "Status": "in-sync"}]


# --- read replicas


def test_source_and_replicas_name_each_other(shop: Shop) -> None:
    near, far = f"{shop.name}-near", f"{shop.name}-far"

    shop.replicate(near)
    shop.replicate(far, RECOVERY, MultiAZ=True)

    assert shop.see()["ReadReplicaDBInstanceIdentifiers"] == [near, shop.arn(RECOVERY, far)]
    assert shop.see(near)["ReadReplicaSourceDBInstanceIdentifier"] == shop.name
    told = shop.see(far, RECOVERY)
    assert told["ReadReplicaSourceDBInstanceIdentifier"] == shop.arn()
    assert told["StatusInfos"] == [{"StatusType": "read replication", "Normal": True, "Status": "replicating"}]
    assert (told["AvailabilityZone"], told["SecondaryAvailabilityZone"]) == (f"{RECOVERY}a", f"{RECOVERY}b")
    assert (told["BackupRetentionPeriod"], told["EngineVersion"], told["AllocatedStorage"]) == (0, "17.4", 100)


def test_a_source_needs_backups_and_keeps_them(aws: LocalAws, shop: Shop) -> None:
    bare = Shop(aws).make(BackupRetentionPeriod=0)
    shop.replicate(f"{shop.name}-near")

    assert refusal(bare.replicate, name=f"{bare.name}-near") == (
        "InvalidDBInstanceState: Automated backups are not enabled for this database instance. To enable automated "
        "backups, use ModifyDBInstance to set the backup retention period to a non-zero value."
    )
    assert refusal(shop.rds().modify_db_instance, DBInstanceIdentifier=shop.name, BackupRetentionPeriod=0) == (
        "InvalidParameterCombination: Automated backups cannot be turned off while the DB instance has read replicas."
    )


def test_an_encrypted_source_needs_a_key_of_the_replicas_region(aws: LocalAws) -> None:
    shop = Shop(aws)
    keys = {region: shop.client("kms", region).create_key()["KeyMetadata"]["Arn"] for region in (PRIMARY, RECOVERY)}
    shop.make(StorageEncrypted=True, KmsKeyId=keys[PRIMARY])

    told = refusal(shop.replicate, name=f"{shop.name}-far", region=RECOVERY)
    shop.replicate(f"{shop.name}-far", RECOVERY, KmsKeyId=keys[RECOVERY])

    assert told == (
        "InvalidParameterCombination: "
        "KmsKeyId should be explicitly specified for a cross region encrypted read replica."
    )
    made = shop.see(f"{shop.name}-far", RECOVERY)
    assert (made["StorageEncrypted"], made["KmsKeyId"]) == (True, keys[RECOVERY])


def test_a_chain_ends_where_the_engine_says(aws: LocalAws) -> None:
    shop = Shop(aws).make(Engine="mysql", EngineVersion="8.4.5")
    links = [shop.name, *(f"{shop.name}-{number}" for number in range(1, 5))]
    for source, name in pairwise(links[:4]):
        shop.replicate(name, source=source)
        shop.rds().modify_db_instance(DBInstanceIdentifier=name, BackupRetentionPeriod=1)

    told = refusal(shop.replicate, name=links[4], source=links[3])

    assert told == (
        f"InvalidParameterCombination: {shop.arn(name=links[3])} is a read replica, "
        "and the chain may not be longer for mysql."
    )


def test_some_editions_have_no_replicas(aws: LocalAws) -> None:
    shop = Shop(aws).make(Engine="oracle-se2", EngineVersion="19.0.0.0.ru-2025-04.rur-2025-04.r1")

    told = refusal(shop.replicate, name=f"{shop.name}-near")

    assert told == "InvalidParameterCombination: Read replicas are not supported for the engine oracle-se2."


def test_a_promoted_replica_writes_what_had_arrived_goes_on_and_the_rest_is_lost(shop: Shop) -> None:
    far = f"{shop.name}-far"
    shop.replicate(far, RECOVERY)
    shop.write(3)
    shop.aws.go_dark(PRIMARY)
    with pytest.raises(ClientError, match="cannot execute INSERT in a read-only transaction"):
        shop.write(1, RECOVERY, far)
    status = shop.see(far, RECOVERY)["StatusInfos"][0]["Status"]

    promoted = shop.rds(RECOVERY).promote_read_replica(DBInstanceIdentifier=far, BackupRetentionPeriod=14)["DBInstance"]

    assert (status, promoted["BackupRetentionPeriod"], "StatusInfos" in promoted) == ("error", 14, False)
    shop.write(2, RECOVERY, far)
    assert shop.rows(RECOVERY, far) == 5
    shop.aws.come_back()
    assert (shop.rows(), shop.see()["ReadReplicaDBInstanceIdentifiers"]) == (3, [])
    again = refusal(shop.rds(RECOVERY).promote_read_replica, DBInstanceIdentifier=far)
    assert again == "InvalidDBInstanceState: DB Instance is not a read replica."


def test_a_promotion_says_how_many_rows_had_not_arrived(shop: Shop) -> None:
    near = f"{shop.name}-near"
    shop.replicate(near)
    shop.lag(near, PRIMARY, 3600)
    shop.write(4)

    shop.rds().promote_read_replica(DBInstanceIdentifier=near)

    told = shop.rds().describe_events(SourceIdentifier=near, SourceType="db-instance")["Events"]
    assert told[-1]["Message"] == "Replication on the read replica was terminated. 4 rows had not arrived."
    assert (shop.rows(name=near), shop.rows()) == (0, 4)


def test_a_source_that_goes_leaves_its_region_writable_and_another_region_behind(shop: Shop) -> None:
    near, far = f"{shop.name}-near", f"{shop.name}-far"
    shop.replicate(near)
    shop.replicate(far, RECOVERY)
    shop.write(2)

    shop.rds().delete_db_instance(DBInstanceIdentifier=shop.name, SkipFinalSnapshot=True)

    assert "ReadReplicaSourceDBInstanceIdentifier" not in shop.see(near)
    assert shop.see(far, RECOVERY)["StatusInfos"][0]["Status"] == "terminated"
    assert (shop.rows(name=near), shop.rows(RECOVERY, far)) == (2, 2)


def test_a_protected_source_stays_and_so_does_what_follows_it(shop: Shop) -> None:
    near = f"{shop.name}-near"
    shop.replicate(near)
    shop.rds().modify_db_instance(DBInstanceIdentifier=shop.name, DeletionProtection=True)

    told = refusal(shop.rds().delete_db_instance, DBInstanceIdentifier=shop.name, DeleteAutomatedBackups=False)

    shop.write()
    assert told == (
        "InvalidParameterCombination: "
        "Cannot delete protected DB Instance, please disable deletion protection and try again."
    )
    assert (shop.see()["ReadReplicaDBInstanceIdentifiers"], shop.rows(name=near)) == ([near], 1)


# --- backups elsewhere


def test_backups_are_copied_to_one_other_region(shop: Shop) -> None:
    elsewhere = shop.rds(RECOVERY)

    elsewhere.start_db_instance_automated_backups_replication(SourceDBInstanceArn=shop.arn(), BackupRetentionPeriod=14)

    told = elsewhere.describe_db_instance_automated_backups(DBInstanceIdentifier=shop.name)
    copy = told["DBInstanceAutomatedBackups"][0]
    assert (copy["DBInstanceArn"], copy["Status"], copy["BackupRetentionPeriod"]) == (shop.arn(), "replicating", 14)
    assert copy["DBInstanceAutomatedBackupsArn"].split(":")[3] == RECOVERY
    assert (
        refusal(shop.rds().start_db_instance_automated_backups_replication, SourceDBInstanceArn=shop.arn())
        == "InvalidParameterValue: The source and the destination of backups are the same Region."
    )


# --- blue and green


def test_green_follows_blue_and_nobody_switches_them_over(shop: Shop) -> None:
    rds = shop.rds()
    wanted = {"BlueGreenDeploymentName": shop.name, "Source": shop.arn(), "TargetEngineVersion": "18.1"}

    made = rds.create_blue_green_deployment(**wanted)["BlueGreenDeployment"]
    shop.write(2)

    green = made["Target"].rsplit(":", 1)[-1]
    which = {"BlueGreenDeploymentIdentifier": made["BlueGreenDeploymentIdentifier"]}
    assert (made["Status"], shop.see(green)["EngineVersion"], shop.see()["EngineVersion"]) == (
        "AVAILABLE",
        "18.1",
        "17.4",
    )
    assert shop.rows(name=green) == 2
    assert refusal(rds.switchover_blue_green_deployment, **which) == (
        "NotModelledLocally: rds:SwitchoverBlueGreenDeployment is refused: this local AWS does not model it"
    )
    rds.delete_blue_green_deployment(**which)
    shop.write(1)
    assert shop.rows(name=green) == 2
