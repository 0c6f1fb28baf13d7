"""Blue/green: of what RDS copies, with groups that fit the new version, and nothing that goes with the code."""

from __future__ import annotations

from types import SimpleNamespace

import databases
import pytest
from aws_cdk import Aws
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.relational.blue_green import BlueGreen

GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
LIMITS = GUIDE + "blue-green-deployments-considerations.html"
CREATING = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/blue-green-deployments-creating.html"
LOGICAL = (
    "green follows blue by logical replication, which blue must write; PostgreSQL outside of Aurora needs it for"
    " another major version only"
)
REPLICATES = {"parameters": {"rds.logical_replication": "1"}}


@pytest.fixture(scope="module")
def built(make_stack, template, resources):
    stack = make_stack()
    topic = AlarmTopic(stack, "Alarms", key=databases.key(stack))
    cluster = databases.aurora(stack, **REPLICATES)
    BlueGreen(stack, "Major", database=cluster, name="shop-18", version="18.1", alarms=topic)
    BlueGreen(
        stack,
        "Smaller",
        database=databases.instance(stack),
        name="orders-smaller",
        instance="r7g.xlarge",
        storage=50,
        storage_type="gp3",
        parameters={"work_mem": "65536"},
    )
    made = template(stack)

    def of(kind, name):
        [(key, one)] = [(k, r) for k, r in made["Resources"].items() if r["Type"] == kind and k.startswith(name)]
        return key, one

    return SimpleNamespace(of=of, template=made, resources=resources)


@pytest.mark.capability("RDS-33", "AUR-24")
def test_a_cluster_gets_a_green_one_of_the_newer_version(built):
    _, deployment = built.of("AWS::RDS::Deployment", "Major")

    assert deployment["Properties"]["BlueGreenDeploymentName"] == "shop-18"
    assert deployment["Properties"]["TargetEngineVersion"] == "18.1"
    assert deployment["Properties"]["Source"]["Fn::GetAtt"][1] == "DBClusterArn"
    assert len([name for name in deployment["DependsOn"] if name.startswith("AuroraInstance")]) == 3


@pytest.mark.capability("AUR-24")
def test_green_groups_are_of_the_family_of_its_version_and_set_what_those_of_blue_set(built):
    _, deployment = built.of("AWS::RDS::Deployment", "Major")
    cluster, group = built.of("AWS::RDS::DBClusterParameterGroup", "Major")
    instance, members = built.of("AWS::RDS::DBParameterGroup", "Major")

    assert group["Properties"]["Family"] == members["Properties"]["Family"] == "aurora-postgresql18"
    assert group["Properties"]["Parameters"]["rds.force_ssl"] == "1"
    assert group["Properties"]["Parameters"]["rds.logical_replication"] == "1"
    assert deployment["Properties"]["TargetDBClusterParameterGroupName"] == {"Ref": cluster}
    assert deployment["Properties"]["TargetDBParameterGroupName"] == {"Ref": instance}


@pytest.mark.capability("RDS-33")
def test_an_instance_gets_a_green_one_of_another_size(built):
    name, group = built.of("AWS::RDS::DBParameterGroup", "Smaller")
    _, deployment = built.of("AWS::RDS::Deployment", "Smaller")

    assert group["Properties"]["Family"] == "postgres17"
    assert group["Properties"]["Parameters"] == {"work_mem": "65536"}
    assert "TargetEngineVersion" not in deployment["Properties"]
    assert deployment["Properties"] | {"Source": None} == {
        "BlueGreenDeploymentName": "orders-smaller",
        "Source": None,
        "TargetAllocatedStorage": 50,
        "TargetDBInstanceClass": "db.r7g.xlarge",
        "TargetDBParameterGroupName": {"Ref": name},
        "TargetStorageType": "gp3",
    }


@pytest.mark.capability("RDS-33")
def test_nothing_of_a_deployment_is_deleted_with_its_code(built):
    kinds = ("AWS::RDS::Deployment", "AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBParameterGroup")
    made = [
        one
        for name, one in built.template["Resources"].items()
        if one["Type"] in kinds and name.startswith(("Major", "Smaller"))
    ]

    assert len(made) == 5
    assert {(one["DeletionPolicy"], one["UpdateReplacePolicy"]) for one in made} == {("Retain", "Retain")}


@pytest.mark.capability("RDS-06")
def test_how_it_goes_is_told(built):
    deployment, _ = built.of("AWS::RDS::Deployment", "Major")
    _, told = built.of("AWS::RDS::EventSubscription", "Major")

    assert told["Properties"]["SourceType"] == "blue-green-deployment"
    assert told["Properties"]["SourceIds"] == [{"Fn::GetAtt": [deployment, "BlueGreenDeploymentIdentifier"]}]


def unfit(**options):
    return lambda stack: databases.instance(stack, "Database", **options)


REFUSED = {
    "Oracle": (
        unfit(engine="oracle-ee", engine_version="19.0.0.0.ru-2025-04.rur-2025-04.r1"),
        "a database of 'mysql', 'mariadb', 'postgres', 'aurora-mysql', 'aurora-postgresql'",
        "blue/green deployments know these engines",
        GUIDE + "Concepts.RDS_Fea_Regions_DB-eng.Feature.BlueGreenDeployments.html",
    ),
    "a managed password": (
        unfit(manage_master_user_password=True),
        "a database with a secret of its own",
        "blue/green deployments do not work with passwords that RDS manages",
        LIMITS,
    ),
    "a replica": (
        unfit(source_db_instance_identifier="orders"),
        "the primary",
        "a deployment starts at the primary, whose replicas it copies",
        LIMITS,
    ),
    "a Multi-AZ DB cluster": (
        lambda stack: databases.cluster(stack, "Database"),
        "a Multi-AZ instance or an Aurora cluster",
        "blue/green deployments do not work with Multi-AZ DB clusters",
        LIMITS,
    ),
    "no backups": (
        unfit(backup_retention_period=0),
        "a database with automated backups",
        "green is made from a backup and kept level by the log that backups keep",
        LIMITS,
    ),
    "a global database": (
        lambda stack: databases.aurora(stack, "Database", global_cluster="shop", **REPLICATES),
        "a database that stands alone; for a global one, the runbook 'BlueGreenCreate'",
        "a deployment of a global database copies every Region of it, and a failover while it is there makes it void:"
        " it belongs to a runbook, not to a template",
        LIMITS,
    ),
    "Aurora without logical replication": (
        lambda stack: databases.aurora(stack, "Database"),
        "a database with the parameter 'rds.logical_replication' at '1'",
        LOGICAL,
        CREATING,
    ),
}


@pytest.mark.capability("RDS-33", "AUR-24")
@pytest.mark.parametrize("what", REFUSED)
def test_what_rds_cannot_copy_is_refused(make_stack, what):
    build, allowed, why, source = REFUSED[what]
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        BlueGreen(stack, "Green", database=build(stack), name="green")

    assert str(raised.value) == (
        f"Test/Green: 'database' is 'Test/Database'; allowed: {allowed}, because {why} ({source})"
    )


@pytest.mark.capability("RDS-33")
@pytest.mark.parametrize(("region", "fits"), [("eu-west-1", True), ("eu-central-1", False)])
def test_replicas_of_its_own_region_are_copied_and_those_of_another_are_not(make_stack, region, fits):
    stack = make_stack()
    beside = stack if fits else make_stack(app=stack.node.root, name="Away", region=region)
    database = databases.followed(stack, "Database", follower=beside)
    try:
        BlueGreen(stack, "Green", database=database, name="green", version="17.6")
        refused = ""
    except InvalidOptions as invalid:
        refused = str(invalid)

    assert refused == (
        ""
        if fits
        else "Test/Green: 'database' is 'Test/Database'; allowed: a database whose replicas are in its own Region,"
        f" because blue/green deployments do not work with cross-Region replicas ({LIMITS})"
    )


@pytest.mark.capability("RDS-33")
def test_another_major_version_of_postgresql_needs_logical_replication(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        BlueGreen(stack, "Green", database=databases.instance(stack), name="green", version="18.1")

    assert str(raised.value) == (
        "Test/Green: 'database' is 'Test/Instance'; allowed: a database with the parameter 'rds.logical_replication' at"
        f" '1', because {LOGICAL} ({CREATING})"
    )


@pytest.mark.capability("RDS-33", "AUR-24")
@pytest.mark.parametrize("version", ["17.4", "17.3", "16.9"])
def test_a_version_that_is_not_newer_is_refused(make_stack, version):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        BlueGreen(stack, "Green", database=databases.aurora(stack, **REPLICATES), name="green", version=version)

    assert str(raised.value) == (
        f"Test/Green: 'version' is '{version}'; allowed: one that is newer than '17.4', or left out, because green runs"
        f" the version of blue or a newer one ({LIMITS})"
    )


def test_a_prefix_a_bad_name_and_what_aurora_has_not_are_refused_together(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        BlueGreen(
            stack,
            "Green",
            database=databases.aurora(stack, **REPLICATES),
            name="green--18",
            version="18",
            instance="r7g.large",
        )

    assert str(raised.value).splitlines() == [
        "Test/Green: 'name' is 'green--18'; allowed: up to 60 letters, digits and single hyphens, starting with a"
        " letter, because names of deployments hold up to 60 letters, digits and single hyphens, starting with a letter"
        " (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-deployment.html)",
        "Test/Green: 'version' is '18'; allowed: a full version such as '18.1', because a prefix means another one"
        f" every few months ({LIMITS})",
        "Test/Green: 'instance' is 'r7g.large'; allowed: left out for Aurora, because the instances of green are those"
        " of blue; change them there before the switchover"
        " (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateBlueGreenDeployment.html)",
    ]


@settings(max_examples=25)
@given(
    engine=st.sampled_from(["postgres", "mysql", "mariadb", "sqlserver-se", "db2-se"]),
    options=st.fixed_dictionaries(
        {"name": st.sampled_from(["green", "green-2", "", "1green", "g" * 61])},
        optional={
            "version": st.sampled_from([None, "18.1", "17.5", "17.4", "8.4.5", "18", "", "newest", Aws.REGION]),
            "instance": st.sampled_from([None, "r7g.xlarge"]),
            "storage": st.sampled_from([None, 20]),
            "parameters": st.sampled_from([None, {"work_mem": "1"}]),
        },
    ),
)
def test_whatever_is_asked_for_is_a_deployment_or_an_error_of_ours(make_stack, engine, options):
    stack = make_stack()
    now = {"mysql": "8.0.40", "mariadb": "11.4.5"}.get(engine, "17.4")
    database = databases.instance(stack, engine=engine, engine_version=now)
    try:
        made = BlueGreen(stack, "Green", database=database, **options)
    except InvalidOptions:
        return

    assert made.deployment.blue_green_deployment_name == options["name"]
