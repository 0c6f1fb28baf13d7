"""What a change does: data first, then what got weaker, worse or wider."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest

from cdk_standby_review import Objectives, UnreadableInput, review_templates
from cdk_standby_review.report import as_json, as_markdown, as_text


@pytest.fixture(scope="module")
def changed(make):
    """`changed(base, head)`: (kind, logical id, property) of every change of resources; counts left out."""

    def ask(base, head, **options):
        found = review_templates([make.template(head)], against=[make.template(base)], **options).changes
        return [
            (str(c.kind), c.resource.logical_id, c.property)
            for c in found
            if c.resource and c.kind not in {"outcome-worse", "outcome-better"}
        ]

    return ask


@pytest.fixture(scope="module")
def told(make):
    """`told(base, head)`: {kind: messages}."""

    def ask(base, head, **options):
        found = review_templates([make.template(head)], against=[make.template(base)], **options).changes
        return {str(c.kind): [d.message for d in found if d.kind is c.kind] for c in found}

    return ask


def test_a_change_of_nothing_tells_nothing(make):
    found = review_templates(make.warm_standby(), against=make.warm_standby())

    assert found.changes == ()
    assert "### This change replaces, deletes and weakens nothing" in as_markdown(found)


def test_without_a_base_nothing_is_compared(make):
    assert review_templates(make.warm_standby()).changes is None


def test_a_create_only_property_replaces_the_database(make, told):
    base, head = make.rds(StorageEncrypted=True), make.rds(StorageEncrypted=False)

    found = told(make.network() | base, make.network() | head)

    assert found["data-replaced"] == [
        "StorageEncrypted would change from true to false, which replaces an AWS::RDS::DBInstance; "
        "CloudFormation would make a new, empty one and delete the old one with all that is in it "
        "(UpdateReplacePolicy Delete)"
    ]


@pytest.mark.parametrize(
    ("before", "after", "replaced"),
    [
        ({"AvailabilityZone": "eu-west-1a"}, {"AvailabilityZone": "eu-west-1b"}, ["AvailabilityZone"]),
        ({"AvailabilityZone": "eu-west-1a"}, {}, []),
        ({"DBSnapshotIdentifier": "old"}, {}, []),
        ({}, {"DBSnapshotIdentifier": "old"}, ["DBSnapshotIdentifier"]),
        ({"Engine": "oracle-se2"}, {"Engine": "oracle-se2-cdb"}, []),
        ({"Engine": "postgres"}, {"Engine": "mysql"}, ["Engine"]),
    ],
)
def test_properties_that_replace_in_some_cases_only_are_told_in_those_only(make, changed, before, after, replaced):
    found = changed(make.rds(**before), make.rds(**after))

    assert [name for kind, _, name in found if kind == "data-replaced"] == replaced


def test_a_condition_that_flips_is_seen_behind_an_unchanged_property(make):
    table = make.resource("AWS::DynamoDB::Table", TableName={"Fn::If": ["Long", "orders", "o"]})
    base, head = make.template({"Orders": table}), make.template({"Orders": table})
    base.body["Conditions"] = {"Long": {"Fn::Equals": ["a", "a"]}}
    head.body["Conditions"] = {"Long": {"Fn::Equals": ["a", "b"]}}

    found = review_templates([head], against=[base]).changes

    assert [(str(c.kind), c.property, c.before, c.after) for c in found] == [
        ("data-replaced", "TableName", "orders", "o")
    ]


def test_a_resource_whose_condition_no_longer_holds_is_deleted(make):
    table = make.resource("AWS::DynamoDB::Table") | {"Condition": "There"}
    base, head = make.template({"Orders": table}), make.template({"Orders": table})
    base.body["Conditions"] = {"There": {"Fn::Equals": ["a", "a"]}}
    head.body["Conditions"] = {"There": {"Fn::Equals": ["a", "b"]}}

    found = review_templates([head], against=[base]).changes

    assert [str(c.kind) for c in found] == ["data-deleted", "resources-removed"]


@pytest.mark.parametrize(
    ("policy", "left"),
    [
        ("Retain", "leave this one behind, outside of the stack (DeletionPolicy Retain)"),
        (
            "Snapshot",
            "delete this one, which fails as long as there are objects in it (DeletionPolicy Snapshot, which it cannot "
            "have)",
        ),
        (None, "delete this one, which fails as long as there are objects in it (DeletionPolicy Delete)"),
    ],
)
def test_a_deletion_says_what_the_policy_leaves(make, told, policy, left):
    base = {"Bucket": make.resource("AWS::S3::Bucket", policy), "Topic": make.resource("AWS::SNS::Topic")}

    found = told(base, {"Topic": base["Topic"]})

    assert found["data-deleted"] == [f"it is gone; CloudFormation would {left}"]
    assert found["resources-removed"] == ["1 AWS::S3::Bucket: stack-eu-west-1/Bucket"]


def test_a_new_logical_id_is_a_new_empty_table(make, told):
    table = make.resource("AWS::DynamoDB::Table", "Retain")

    found = told({"Old": table, "Topic": make.resource("AWS::SNS::Topic")},
                 {"New": table, "Topic": make.resource("AWS::SNS::Topic")})  # fmt: skip

    assert found["data-deleted"] == [
        "its id would become New, which is another resource to CloudFormation: it would make a new, empty one and "
        "leave this one behind, outside of the stack (DeletionPolicy Retain)"
    ]


def test_what_points_at_something_replaced_is_replaced_with_it(make, changed):
    base, head = make.aurora(1, StorageEncrypted=True), make.aurora(1, StorageEncrypted=False)

    assert changed(make.network() | base, make.network() | head)[:2] == [
        ("data-replaced", "Db", "StorageEncrypted"),
        ("data-replaced", "Instance0", "DBClusterIdentifier"),
    ]


def test_a_stack_that_is_gone_takes_its_data_along(make):
    kept = make.template({"Topic": make.resource("AWS::SNS::Topic")}, name="kept")
    gone = make.template({"Bucket": make.resource("AWS::S3::Bucket", "Retain")}, name="gone")

    found = review_templates([kept], against=[kept, gone]).changes

    assert [(str(c.kind), c.gone, c.message) for c in found][:1] == [
        (
            "data-deleted",
            True,
            "its stack gone in eu-west-1 is gone; once that is deleted, CloudFormation would leave this one behind, "
            "outside of the stack (DeletionPolicy Retain)",
        )
    ]


def test_a_policy_that_keeps_less_is_told(make, changed):
    base, head = make.resource("AWS::S3::Bucket", "Retain"), make.resource("AWS::S3::Bucket", "Delete")

    assert changed({"B": base}, {"B": head}) == [("data-unprotected", "B", "DeletionPolicy")]


def test_apps_without_a_common_stack_are_refused_in_one_line(make):
    shop = make.template({"A": make.resource("AWS::SNS::Topic")}, name="shop")
    blog = make.template({"B": make.resource("AWS::SNS::Topic")}, name="blog")

    with pytest.raises(UnreadableInput) as refused:
        review_templates([blog], against=[shop])

    assert str(refused.value) == (
        "base and head are different apps: no stack is in both; the base has shop, the head blog"
    )


def test_two_files_with_a_resource_in_common_are_base_and_head(make):
    topic = make.template({"A": make.resource("AWS::SNS::Topic")}, region=None)
    old, new = (replace(topic, name=name, file=name, stack=name) for name in ("old.json", "new.json"))

    assert review_templates([new], against=[old]).changes == ()


PROTECTIONS = [
    ("AWS::RDS::DBInstance", "DeletionProtection", True, False),
    ("AWS::RDS::DBCluster", "BackupRetentionPeriod", 35, 7),
    ("AWS::RDS::DBInstance", "BackupRetentionPeriod", 7, None),
    ("AWS::RDS::DBInstance", "MultiAZ", True, None),
    ("AWS::DynamoDB::Table", "DeletionProtectionEnabled", True, None),
    ("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", True, False),
    ("AWS::DynamoDB::GlobalTable", "Replicas", [{"Region": "a"}, {"Region": "b"}], [{"Region": "a"}]),
    ("AWS::S3::Bucket", "VersioningConfiguration.Status", "Enabled", "Suspended"),
    ("AWS::S3::Bucket", "ReplicationConfiguration.Rules", [{"Status": "Enabled"}], [{"Status": "Disabled"}]),
    ("AWS::EFS::FileSystem", "BackupPolicy.Status", "ENABLED", None),
    ("AWS::ElastiCache::ReplicationGroup", "ReplicasPerNodeGroup", 2, 1),
    ("AWS::ElastiCache::ReplicationGroup", "SnapshotRetentionLimit", 7, 0),
    ("AWS::ElastiCache::ReplicationGroup", "AutomaticFailoverEnabled", True, False),
    ("AWS::Kinesis::Stream", "StreamEncryption", {"EncryptionType": "KMS"}, None),
    ("AWS::SecretsManager::Secret", "ReplicaRegions", [{"Region": "eu-central-1"}], []),
    ("AWS::SQS::Queue", "KmsMasterKeyId", "alias/x", None),
    ("AWS::AutoScaling::AutoScalingGroup", "MinSize", "3", "1"),
    ("AWS::ECS::Service", "DesiredCount", 3, 1),
    ("AWS::KMS::Key", "EnableKeyRotation", True, False),
    ("AWS::KMS::Key", "PendingWindowInDays", None, 7),
    ("AWS::CloudWatch::Alarm", "ActionsEnabled", None, False),
    ("AWS::CloudWatch::Alarm", "AlarmActions", ["arn:aws:sns:eu-west-1:111111111111:calls"], []),
    ("AWS::Cognito::UserPool", "DeletionProtection", "ACTIVE", "INACTIVE"),
]


def nested(path, value):
    if value is None:
        return {}
    for name in reversed(path.split(".")):
        value = {name: value}
    return value


@pytest.mark.parametrize(("kind", "property", "strong", "weak"), PROTECTIONS)
def test_a_weaker_protection_is_told_and_a_stronger_one_is_not(make, changed, kind, property, strong, weak):
    more = {"X": make.resource(kind, **nested(property, strong))}
    less = {"X": make.resource(kind, **nested(property, weak))}

    assert ("protection-weakened", "X", property) in changed(more, less)
    assert [c for c in changed(less, more) if c[0] == "protection-weakened"] == []


def test_a_protection_that_only_the_deployment_knows_is_not_guessed(make, changed):
    more = {"X": make.resource("AWS::RDS::DBInstance", DeletionProtection=True)}
    unknown = {"X": make.resource("AWS::RDS::DBInstance", DeletionProtection={"Ref": "Protected"})}

    assert changed(more, unknown) == []


@pytest.mark.parametrize(
    ("kind", "property", "value"),
    [
        ("AWS::ECS::Service", "DesiredCount", 3),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Subnets", ["a", "b"]),
        ("AWS::AutoScaling::AutoScalingGroup", "VPCZoneIdentifier", ["a", "b"]),
    ],
)
def test_what_is_said_elsewhere_or_left_to_run_is_not_weaker(make, changed, kind, property, value):
    said, silent = ({"X": make.resource(kind, **properties)} for properties in ({property: value}, {}))

    assert [c for c in (*changed(said, silent), *changed(silent, said)) if c[0] == "protection-weakened"] == []


def test_a_backup_plan_that_is_gone_is_a_protection_that_is_gone(make, changed):
    table = {"Orders": make.resource("AWS::DynamoDB::Table")}
    plan = make.backup({"Fn::GetAtt": ["Orders", "Arn"]})

    assert changed(table | plan, table) == [
        ("protection-weakened", "Plan", ""),
        ("protection-weakened", "Selection", ""),
    ]
    assert [c for c in changed(table | plan, table | {f"{k}2": v for k, v in plan.items()}) if "weak" in c[0]] == []


def test_outcomes_that_got_worse_are_told_with_both_ends(make, told):
    more, less = make.network() | make.aurora(2), make.network() | make.aurora(1)

    worse, better = told(more, less), told(less, more)

    assert [m.split(": ", 1)[0] for m in worse["outcome-worse"]] == [
        m.split(": ", 1)[0] for m in better["outcome-better"]
    ]
    assert worse["outcome-worse"][0] == (
        "the workload, loss of any one instance: recovers by itself (RTO 30 s to 1 min, RPO 0 s) before, "
        "recovers by itself (RTO 0 s to 10 min, RPO 0 s) now"
    )
    assert "outcome-better" not in worse
    assert "outcome-worse" not in better


def test_an_objective_that_is_missed_now_is_told(make):
    promised = Objectives.from_seconds({"zone": {"rto": 300, "rpo": 0}})
    base, head = make.network() | make.aurora(2), make.network() | make.aurora(1)

    found = review_templates([make.template(head)], promised, against=[make.template(base)]).changes

    missed = [c for c in found if c.kind == "objective-newly-missed"]
    assert [(str(c.severity), c.before, c.after) for c in missed] == [("error", "met", "at risk")]
    assert missed[0].message.startswith(
        "the workload, loss of zone eu-west-1a: the objective (RTO 5 min, RPO 0 s) was met, and is at risk: "
    )


def test_a_promise_that_is_taken_back_is_told(make, told):
    def shop(rto):
        return make.template({"Q": make.resource("AWS::SQS::Queue")}, workload="shop",
                             objectives={"zone": {"rto": rto, "rpo": 0}})  # fmt: skip

    found = review_templates([shop(3600)], against=[shop(60)]).changes

    assert [c.message for c in found] == [
        "shop: the promise for the loss of a zone was RTO 1 min, RPO 0 s, and is RTO 1 h, RPO 0 s"
    ]


def test_what_happens_to_many_in_the_same_way_is_one_line(make):
    def queues(**properties):
        topic = {"Topic": make.resource("AWS::SNS::Topic")}
        return make.template(topic | {f"Q{n}": make.resource("AWS::SQS::Queue", **properties) for n in range(5)})

    found = review_templates([queues()], against=[queues(KmsMasterKeyId="alias/shop")])

    assert len([c for c in found.changes if c.kind == "protection-weakened"]) == 5
    assert as_markdown(found).count("**protection weaker**") == 1
    assert (
        "**protection weaker** `stack-eu-west-1/Q0`, `stack-eu-west-1/Q1`, `stack-eu-west-1/Q2` and 2 more: "
        "encryption with a key of the account (KmsMasterKeyId): alias/shop before, nothing now."
    ) in as_markdown(found)


def test_what_nobody_waits_for_is_told_below_and_fails_nothing(make):
    def site(region, role, **more):
        said = {"workload": "shop", "site": region, "role": role}
        return make.template(make.network(region=region) | make.aurora(**more), region=region, name=region, **said)

    def both(instances):
        return [site("eu-west-1", "active"), site("eu-central-1", "standby", instances=instances)]

    found = review_templates(both(1), against=both(2))

    worse = {(str(c.severity), c.resource.logical_id) for c in found.changes if c.kind == "outcome-worse"}
    assert worse == {("info", "Db")}
    assert "Worse, and nobody is stopped by it" in as_markdown(found)


def test_new_findings_are_told_apart_from_those_that_were_there(make):
    base, head = make.rds(DeletionProtection=False), make.rds(DeletionProtection=False, MultiAZ=False)

    found = review_templates([make.template(head)], against=[make.template(base)])

    assert [f.rule for f in found.new] == ["rds-needs-standby"]
    assert "### New findings\n\n- **error** `rds-needs-standby`" in as_markdown(found)
    assert "<summary>Findings that were there before (1)</summary>\n\n- **error** `database-deletion" in as_markdown(
        found
    )


def test_the_worst_stands_first(make):
    base = make.network() | make.rds(StorageEncrypted=True) | {"Bucket": make.resource("AWS::S3::Bucket")}
    head = make.network() | make.rds(StorageEncrypted=False, MultiAZ=False, BackupRetentionPeriod=1)

    found = review_templates([make.template(head)], against=[make.template(base)])

    kinds = list(dict.fromkeys(str(c.kind) for c in found.changes))
    assert kinds[:2] == ["data-replaced", "data-deleted"]
    assert kinds[-1] == "resources-removed"
    assert as_markdown(found).splitlines()[4] == (
        "### This change: 1 replaced, 1 deleted, 3 protection weaker, 4 outcome worse"
    )
    assert "**replaced** `stack-eu-west-1/Db`" in as_markdown(found).splitlines()[6]
    assert as_text(found).splitlines()[2].startswith("This change: 1 replaced, 1 deleted, ")


@pytest.mark.parametrize("engine", ["memcached", {"Ref": "Engine"}])
def test_a_snapshot_of_what_can_have_none_is_no_protection(make, engine):
    def change(was, now, kind="redis"):
        base, head = ({"Cache": make.resource("AWS::ElastiCache::CacheCluster", p, Engine=kind)} for p in (was, now))
        templates = [make.template(each | {"T": make.resource("AWS::SNS::Topic")}) for each in (head, base)]
        for each in templates:
            each.body["Parameters"] = {"Engine": {"Type": "String", "Default": "memcached"}}
        found = review_templates(templates[:1], against=templates[1:]).changes
        return [str(c.kind) for c in found if c.kind == "data-unprotected"]

    assert change("Snapshot", "Delete") == ["data-unprotected"]
    assert change("Snapshot", "Delete", engine) == []
    assert change("Retain", "Snapshot", engine) == ["data-unprotected"]


def test_a_door_that_is_open_to_everybody_stands_below_lost_data_and_above_the_rest_of_its_severity(make):
    weaker = {f"Key{n}": make.resource("AWS::KMS::Key", EnableKeyRotation=True, Description=f"{n}") for n in range(20)}
    group = make.resource("AWS::EC2::SecurityGroup")
    base = {**weaker, "Group": group, "Role": make.resource("AWS::IAM::Role")}
    head = copy.deepcopy(base)
    for n in range(20):
        head[f"Key{n}"]["Properties"] |= {"EnableKeyRotation": False, "PendingWindowInDays": 7 + n}
    opened = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
    head["Group"]["Properties"]["SecurityGroupIngress"] = [opened]
    head["Role"]["Properties"]["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/AdministratorAccess"]

    found = review_templates([make.template(head)], against=[make.template(base)])
    kinds = [str(c.kind) for c in found.changes]

    assert kinds[0] == "access-widened"
    assert found.changes[0].message == "now lets in tcp 22 from everywhere, 0.0.0.0/0"
    assert kinds[1:-1] == ["protection-weakened"] * 40
    assert found.changes[-1].message == "now has the managed policy AdministratorAccess"
    assert "now lets in tcp 22" in as_markdown(found).split("<details>")[0]
    told = [c["message"] for c in json.loads(as_json(found))["changes"]]
    assert told == [c.message for c in found.changes]


def test_reports_of_a_change_are_the_same_bytes_twice(make):
    def report(form):
        head = make.network() | make.aurora(1)
        return form(review_templates([make.template(head)], against=[make.template(make.network() | make.aurora(2))]))

    assert [report(form) for form in (as_json, as_markdown)] == [report(form) for form in (as_json, as_markdown)]
