"""The warm standby of the README, read from its templates."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from shop import regions_read

PRIMARY, RECOVERY = "eu-west-1", "eu-central-1"
INSTANCES = {"DatabaseInstance1844F58FD", "DatabaseInstance2AA380DEE", "DatabaseInstance32FCBA185"}
VAULT = "Vault645BC77C"
STACKS = {
    "Shop-database",
    "Shop-traffic",
    *(f"Shop-{region}-{part}" for region in (PRIMARY, RECOVERY) for part in ("network", "vault", "data", "service")),
}


def test_every_site_has_its_stacks_and_nothing_else_is_made(warm_standby):
    assert set(warm_standby.templates) == STACKS


def test_no_template_reads_another_region(warm_standby):
    """A recovery Region stands alone: nothing in it waits for a Region that may be gone."""
    for stack, template in warm_standby.templates.items():
        text = json.dumps(template)
        own = next((region for region in (PRIMARY, RECOVERY) if region in stack), None)

        assert regions_read(template) <= {own}
        assert "Fn::ImportValue" not in text
        assert "Custom::" not in text


def test_no_id_or_name_holds_a_role(warm_standby):
    """Primary and recovery swap one day; what is named after them would lie."""
    roles = re.compile("primary|secondary|recovery(?!plan)|standby|active|writer|reader", re.IGNORECASE)
    for stack, template in warm_standby.templates.items():
        assert not roles.search(stack)
        assert [name for name in template["Resources"] if roles.search(name)] == []


def test_data_and_keys_are_protected_from_deletion_of_their_stacks(warm_standby):
    protected = {stack.stack_name for stack in warm_standby.app.synth().stacks if stack.termination_protection}

    assert protected == {stack for stack in STACKS if stack.endswith(("-data", "-vault", "-database"))}


def test_logical_ids_of_data_never_change(standby):
    """A new id means that CloudFormation makes a new, empty database: release it as a major version, if ever."""
    data = {"AWS::RDS::GlobalCluster", "AWS::RDS::DBCluster", "AWS::KMS::Key", "AWS::SecretsManager::Secret"}
    data |= {"AWS::RDS::DBInstance", "AWS::Backup::BackupVault"}
    ids = {
        (stack, name)
        for stack, template in standby.templates.items()
        for name, resource in template["Resources"].items()
        if resource["Type"] in data and "network" not in stack and "Alarms" not in name
    }

    cluster = {"DatabaseClusterC6094C50", *INSTANCES}
    assert ids == {
        ("Shop-database", "DatabaseGlobalCluster4A226354"),
        *((f"Shop-{region}-vault", name) for region in (PRIMARY, RECOVERY) for name in ("DataKey2A0DE9E6", VAULT)),
        *((f"Shop-{region}-data", name) for region in (PRIMARY, RECOVERY) for name in cluster),
        (f"Shop-{PRIMARY}-data", "DatabaseSecretC9203AE3"),
    }


def test_logical_ids_are_the_same_under_all_feature_flags(warm_standby, standby):
    for stack, template in standby.templates.items():
        assert set(template["Resources"]) == set(warm_standby.templates[stack]["Resources"])


def test_both_sites_join_one_global_database_with_the_same_engine(warm_standby):
    [container] = warm_standby.of_type("AWS::RDS::GlobalCluster").values()
    clusters = {
        region: warm_standby.only(f"Shop-{region}-data", "AWS::RDS::DBCluster") for region in (PRIMARY, RECOVERY)
    }

    assert container["Properties"]["GlobalClusterIdentifier"] == "shop-database"
    for region, cluster in clusters.items():
        assert cluster["GlobalClusterIdentifier"] == "shop-database"
        assert cluster["DBClusterIdentifier"] == f"shop-database-{region}"
        assert cluster["EngineVersion"] == container["Properties"]["EngineVersion"] == "17.4"


def test_only_the_site_where_data_is_born_has_credentials(warm_standby):
    born = warm_standby.only(f"Shop-{PRIMARY}-data", "AWS::RDS::DBCluster")
    follows = warm_standby.only(f"Shop-{RECOVERY}-data", "AWS::RDS::DBCluster")

    assert {"MasterUsername", "MasterUserPassword", "DatabaseName"} <= set(born)
    assert {"MasterUsername", "MasterUserPassword", "DatabaseName", "ManageMasterUserPassword"} & set(follows) == set()


def test_credentials_survive_the_loss_of_the_primary(warm_standby):
    """A copy in the recovery Region, encrypted by the key there, under a name that both sites know."""
    secret = warm_standby.only(f"Shop-{PRIMARY}-data", "AWS::SecretsManager::Secret")

    assert secret["Name"] == "shop/database"
    assert secret["ReplicaRegions"] == [{"Region": RECOVERY, "KmsKeyId": "alias/shop-eu-central-1-data"}]
    assert warm_standby.only(f"Shop-{RECOVERY}-vault", "AWS::KMS::Alias")["AliasName"] == "alias/shop-eu-central-1-data"


def test_the_primary_survives_a_zone_and_the_standby_runs_its_share(warm_standby):
    """3 instances carry the load: 5 over three zones leave 3. A quarter of the load: 1, so 2 over three zones."""
    full = warm_standby.only(f"Shop-{PRIMARY}-service", "AWS::AutoScaling::AutoScalingGroup")
    warm = warm_standby.only(f"Shop-{RECOVERY}-service", "AWS::AutoScaling::AutoScalingGroup")

    assert (full["MinSize"], full["MaxSize"]) == ("5", "24")
    assert (warm["MinSize"], warm["MaxSize"]) == ("2", "24")
    assert "DesiredCapacity" not in full | warm


def test_backups_are_copied_to_the_locked_vault_of_the_other_region(warm_standby):
    plan = warm_standby.only(f"Shop-{PRIMARY}-data", "AWS::Backup::BackupPlan")["BackupPlan"]
    vault = warm_standby.only(f"Shop-{RECOVERY}-vault", "AWS::Backup::BackupVault")

    copies = [copy["DestinationBackupVaultArn"] for rule in plan["BackupPlanRule"] for copy in rule["CopyActions"]]
    assert copies == ["arn:aws:backup:eu-central-1:111111111111:backup-vault:shop-eu-central-1"]
    assert vault["BackupVaultName"] == "shop-eu-central-1"
    assert "LockConfiguration" in vault


def test_traffic_moves_without_an_edited_record(warm_standby):
    """The switch alarm lives in the recovery Region; the primary's record follows it and the primary's own answers."""
    switch = [
        alarm["Properties"]
        for (stack, _), alarm in warm_standby.of_type("AWS::CloudWatch::Alarm").items()
        if alarm["Properties"].get("AlarmName") == "shop-traffic-leaves-eu-west-1"
    ]
    records = {
        record["Properties"]["Failover"]: record["Properties"]
        for (stack, _), record in warm_standby.of_type("AWS::Route53::RecordSet").items()
        if stack == "Shop-traffic" and "Failover" in record["Properties"]
    }

    assert len(switch) == 1
    assert {role: record["AliasTarget"]["DNSName"] for role, record in records.items()} == {
        "PRIMARY": "eu-west-1.shop.example.com",
        "SECONDARY": "eu-central-1.shop.example.com",
    }
    assert all(record["HealthCheckId"] for record in records.values())


def test_both_regions_hold_the_same_plan(warm_standby):
    plans = {
        region: warm_standby.only(f"Shop-{region}-service", "AWS::SSM::Parameter") for region in (PRIMARY, RECOVERY)
    }

    assert plans[PRIMARY] == plans[RECOVERY]
    assert plans[PRIMARY]["Name"] == "/cdk-standby/shop/plan"
    assert json.loads(plans[PRIMARY]["Value"])["runbooks"]["failover"]


def test_the_plan_stands_beside_the_templates_too(standby):
    written = json.loads(Path(standby.app.outdir, "shop.plan.json").read_text())

    assert written == json.loads(standby.only(f"Shop-{PRIMARY}-service", "AWS::SSM::Parameter")["Value"])


@pytest.mark.parametrize("stack", sorted(STACKS))
def test_every_template_says_what_it_is_part_of(standby, stack):
    facts = standby.templates[stack]["Metadata"]["cdk-standby"]

    assert facts["workload"] == "shop"
    assert facts["strategy"] == "warm-standby"
    assert facts["objectives"]["region"] == {"rto": 1800.0, "rpo": 60.0}
