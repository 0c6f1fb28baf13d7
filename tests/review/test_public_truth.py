"""What templates of others taught the review: each was told wrongly at first (docs/public-templates.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cdk_standby_review import Case, Fault, read, review_templates
from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph

SURVIVES, LOST, UNKNOWN = "survives", "lost", "unknown"
SUBNETS = {"Fn::GetAtt": ["Network", "Outputs.Subnets"]}


def told(*templates: Any) -> dict[tuple[str, str], tuple[str, str]]:
    """Fate and reason, by case and logical id."""
    found = outcomes(Graph(templates))
    return {(str(o.case), o.resource.logical_id): (str(o.fate), o.judgement.says) for o in found}


def stack(url: str, **parameters: Any) -> dict[str, Any]:
    properties = {"TemplateURL": f"https://s3.amazonaws.com/bucket/{url}", "Parameters": parameters}
    return {"Type": "AWS::CloudFormation::Stack", "Properties": properties}


def network(zone: dict[str, Any], kind: str = "") -> dict[str, Any]:
    """Two subnets, put out together as text, as nested stacks do."""
    zones = [{"Fn::Select": [n, zone]} for n in (0, 1)]
    subnets = {
        f"S{n}": {"Type": "AWS::EC2::Subnet", "Properties": {"AvailabilityZone": z}} for n, z in enumerate(zones)
    }
    out = {"Subnets": {"Value": {"Fn::Join": [",", [{"Ref": "S0"}, {"Ref": "S1"}]]}}}
    return {"Resources": subnets, "Outputs": out} | ({"Parameters": {"Zones": {"Type": kind}}} if kind else {})


def service(**properties: Any) -> dict[str, Any]:
    task = {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": {"Ref": "Subnets"}}}, "DesiredCount": 2}
    return {
        "Parameters": {"Subnets": {"Type": "List<AWS::EC2::Subnet::Id>"}},
        "Resources": {"Service": {"Type": "AWS::ECS::Service", "Properties": {**task, **properties}}},
    }


@pytest.mark.parametrize(
    "made",
    [
        network({"Fn::GetAZs": ""}),
        network({"Ref": "Zones"}, "List<AWS::EC2::AvailabilityZone::Name>"),
    ],
    ids=["of the account", "that somebody chooses"],
)
def test_subnets_that_go_from_stack_to_stack_as_text_keep_their_zones(made, written):
    zones = {"Zones": {"Fn::Join": [",", {"Ref": "Zones"}]}} if "Parameters" in made else {}
    main = {
        **{key: value for key, value in made.items() if key == "Parameters"},
        "Resources": {"Network": stack("network.json", **zones), "App": stack("app.json", Subnets=SUBNETS)},
    }

    found = told(*read(written({"main.json": main, "network.json": made, "app.json": service()})))

    assert found["loss of zone 1 of the Region", "Service"] == (SURVIVES, "the tasks in the other zones serve")


def test_templates_of_one_name_are_told_apart_by_their_folders(written):
    url = "services/shop/service.json"
    main = {"Resources": {"Network": stack("network.json"), "App": stack(url, Subnets=SUBNETS)}}
    other = service(DesiredCount=0)
    files = {"main.json": main, "network.json": network({"Fn::GetAZs": ""}), "services/blog/service.json": other}

    found = read(written({**files, url: service()}))

    assert [t.parent for t in found if t.name == url] == ["main.json"]
    assert [t.parent for t in found if t.name == "services/blog/service.json"] == [None]


@pytest.mark.parametrize("name", ["t.yaml", "t.json"])
def test_of_a_key_that_stands_twice_the_last_one_counts(name, written):
    properties = '{"MultiAZ": false, "MultiAZ": true}'
    text = f'{{"Resources": {{"Db": {{"Type": "AWS::RDS::DBInstance", "Properties": {properties}}}}}}}'
    written({name: text if name == "t.json" else text[1:-1]})

    [database] = Graph(read(written({}))).resources

    assert database.get("MultiAZ") is True


def test_zones_without_a_name_are_counted():
    cases = [Case(Fault.ZONE, "", "zone 2 of the Region"), Case(Fault.ZONE, "", "eu-west-1a"), Case(Fault.ZONE)]

    assert list(map(str, cases)) == [
        "loss of zone 2 of the Region", "loss of zone eu-west-1a", "loss of one zone of the Region"
    ]  # fmt: skip


def test_subnets_of_zones_that_nobody_names_are_not_said_to_be_missing(make):
    body = make.network("a")
    body["SubnetA"]["Properties"]["AvailabilityZone"] = {"Ref": "Zone"}

    found = told(make.template({**body, **make.balancer("a")}))

    assert found["loss of one zone of eu-west-1", "Balancer"] == (
        UNKNOWN, "the templates do not say which zones its subnets are in"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "fate", "says"),
    [
        ({"Ref": "SomebodysDomain"}, SURVIVES, ""),
        ({"Fn::GetAtt": ["Pages", "DomainName"]}, LOST, "all its origins are in the Region; only what is cached"),
    ],
    ids=["an origin that nobody knows", "a bucket beside it"],
)
def test_an_origin_that_nobody_knows_is_not_in_the_region_that_nobody_named(domain, fate, says, make):
    config = {"Origins": [{"Id": "o", "DomainName": domain}], "DefaultCacheBehavior": {"TargetOriginId": "o"}}
    site = make.resource("AWS::CloudFront::Distribution", DistributionConfig=config)

    found = told(make.template({"Site": site, "Pages": make.resource("AWS::S3::Bucket")}, region=None))

    told_fate, told_why = found["loss of the Region", "Site"]
    assert (told_fate, told_why.startswith(says)) == (fate, True)


def test_a_bucket_that_replicates_where_a_deployment_says_so_is_unknown(make):
    rules = {"Rules": [{"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::there"}}]}
    asked = {"Fn::If": ["IsPrimary", rules, {"Ref": "AWS::NoValue"}]}
    plain = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    bucket = make.resource("AWS::S3::Bucket", ReplicationConfiguration=asked, BucketEncryption=plain)

    found = told(make.template({"Objects": bucket}))

    assert found["loss of eu-west-1", "Objects"] == (UNKNOWN, "whether it replicates is known only at deployment")


def test_a_global_database_whose_other_clusters_are_elsewhere_is_unknown(make):
    body = make.aurora(GlobalClusterIdentifier={"Ref": "Parameter"})

    found = told(make.template({**make.network(), **body}))

    assert found["loss of eu-west-1", "Db"] == (
        UNKNOWN, "it is in a global database, whose other clusters are not in the templates"
    )  # fmt: skip


def test_tasks_stand_on_the_only_group_beside_their_cluster(make):
    tasks = make.resource("AWS::ECS::Service", Cluster={"Ref": "Cluster"}, DesiredCount=2)
    body = {"Cluster": make.resource("AWS::ECS::Cluster"), "Service": tasks, **make.group("a")}

    found = told(make.template({**make.network(), **body}))

    assert found["loss of zone eu-west-1a", "Service"] == (LOST, "all its subnets are in one zone")


def test_a_balancer_that_anybody_may_reach_lets_nobody_try_passwords(make, broken):
    everybody = [{"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}]
    groups = {f"Of{n}": make.resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=everybody) for n in ("Lb", "Db")}
    balancer = make.resource("AWS::ElasticLoadBalancingV2::LoadBalancer", SecurityGroups=[{"Ref": "OfLb"}])
    host = make.resource("AWS::EC2::Instance", SecurityGroupIds=[{"Ref": "OfDb"}])

    found = broken(make.template({**groups, "Balancer": balancer, "Host": host}))

    assert found == [("data-port-open", "OfDb")]


def test_a_stack_that_passes_something_on_does_not_use_it(written):
    group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {}}
    balancer = {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {"SecurityGroups": [{"Ref": "G"}]}}
    main = {"Resources": {"Group": group, "App": stack("app.json", G={"Ref": "Group"})}}
    app = {"Parameters": {"G": {"Type": "AWS::EC2::SecurityGroup::Id"}}, "Resources": {"Balancer": balancer}}

    graph = Graph(read(written({"main.json": main, "app.json": app})))

    [found] = graph.of_type("AWS::EC2::SecurityGroup")
    assert [user.logical_id for user in graph.users_of(found)] == ["Balancer"]


def test_what_the_cdk_carries_from_region_to_region_leads_where_it_comes_from(make):
    name = "/cdk/exports/Dns/Lb"
    given = {"region": "us-east-1", "exports": {name: {"Fn::GetAtt": ["Balancer", "DNSName"]}}}
    writer = make.resource("Custom::CrossRegionExportWriter", WriterProps=given)
    here = make.template({**make.balancer(), "Writer": writer})
    alias = {"DNSName": {"Fn::GetAtt": ["Reader", name]}, "EvaluateTargetHealth": True}
    said = {"Name": "shop.example.com", "Type": "A"}
    records = {
        "First": make.resource("AWS::Route53::RecordSet", Failover="PRIMARY", AliasTarget=alias, **said),
        "Second": make.resource("AWS::Route53::RecordSet", Failover="SECONDARY", **said, ResourceRecords=["1.2.3.4"]),
        "Reader": make.resource("Custom::CrossRegionExportReader"),
    }

    found = told(here, make.template(records, region="us-east-1"))

    assert found["loss of eu-west-1", "First"][1] == "its health check turns the record"
    assert found["loss of us-east-1", "First"] == (SURVIVES, "it leads to eu-west-1")


def test_records_of_a_group_that_fail_over_are_said_not_to_be_looked_into(make):
    plain, failing = ({"Name": "a", "Type": "A", **more} for more in ({}, {"Failover": "PRIMARY"}))
    group = "AWS::Route53::RecordSetGroup"
    groups = {name: make.resource(group, RecordSets=[r]) for name, r in (("P", plain), ("F", failing))}

    found = told(make.template(groups))

    assert ("loss of eu-west-1", "P") not in found
    assert found["loss of eu-west-1", "F"] == (UNKNOWN, "which of its records leads where is not looked into")


def test_an_item_of_a_list_that_a_condition_leaves_out_changes_nothing(make):
    by, at = ({"AttributeName": name, "KeyType": kind} for name, kind in (("id", "HASH"), ("at", "RANGE")))
    schemas = ({"Fn::If": ["Sorted", [by, at], [by]]}, [by, {"Fn::If": ["Sorted", at, {"Ref": "AWS::NoValue"}]}])
    made = [make.template({"T": make.resource("AWS::DynamoDB::Table", KeySchema=schema)}) for schema in schemas]
    conditions = {"Sorted": {"Fn::Equals": ["a", "b"]}}
    base, head = (replace(each, body={**each.body, "Conditions": conditions}) for each in made)

    assert review_templates([head], against=[base]).changes == ()


def test_a_cluster_of_an_unknown_engine_is_aurora_unless_it_chooses_the_class_of_its_instances(make):
    engine = {"Ref": "Engine"}
    serverless = make.resource("AWS::RDS::DBCluster", Engine=engine)
    standbys = make.resource("AWS::RDS::DBCluster", Engine=engine, DBClusterInstanceClass="db.r7g.large")

    found = told(make.template({"Serverless": serverless, "Standbys": standbys}))

    assert found["loss of any one instance", "Serverless"][0] == SURVIVES
    assert found["loss of any one instance", "Standbys"][1].startswith("a readable standby")


def test_a_branch_that_leaves_a_property_out_is_told_as_it_is_written(make):
    said = {"Fn::If": ["Asked", "app", {"Ref": "AWS::NoValue"}]}
    base, head = (
        make.template({"Db": make.resource("AWS::RDS::DBCluster", DatabaseName=name)}) for name in (said, "shop")
    )

    [change] = [c for c in review_templates([head], against=[base]).changes if c.property == "DatabaseName"]

    assert change.before == '{"Fn::If": ["Asked", "app", {"Ref": "AWS::NoValue"}]}'


@pytest.mark.parametrize("kind", ["AWS::Lambda::Function", "AWS::StepFunctions::StateMachine", "AWS::SNS::Topic"])
def test_a_workload_of_nothing_that_users_wait_for_is_gone_with_its_region_too(kind, make):
    found = review_templates([make.template({"It": make.resource(kind)})]).estimates

    assert [str(e.fate) for e in found if e.case.fault is Fault.REGION] == [LOST]
    assert [str(e.fate) for e in found if e.case.fault is Fault.ZONE] == [SURVIVES]


def test_a_region_that_holds_but_the_certificate_of_a_site_takes_nothing_over(make, broken):
    cache = {"Cache": make.resource("AWS::ElastiCache::ReplicationGroup", NumCacheClusters=2, MultiAZEnabled=True)}
    certificate = make.template({"Site": make.resource("AWS::CertificateManager::Certificate")}, region="us-east-1")
    second = make.template(make.group("a"), region="eu-central-1")
    emptied = ("failover-empties-cache", "Cache")

    assert emptied not in broken(make.template(cache), certificate)
    assert emptied in broken(make.template(cache), second)


def test_a_bucket_that_a_trail_writes_into_is_needed_by_nobody(make):
    trail = make.resource("AWS::CloudTrail::Trail", S3BucketName={"Ref": "Logs"})
    emptied = make.resource("Custom::S3AutoDeleteObjects", BucketName={"Ref": "Logs"})
    body = {"Logs": make.resource("AWS::S3::Bucket"), "Trail": trail, "Emptied": emptied}

    found = outcomes(Graph([make.template(body)]))

    assert {o.judgement.vital for o in found if o.case.fault in {Fault.REGION, Fault.DELETION}} == {False}


@pytest.mark.parametrize(
    "user",
    [
        ("AWS::S3::BucketPolicy", {"Bucket": {"Ref": "Data"}}),
        ("Custom::S3AutoDeleteObjects", {"BucketName": {"Ref": "Data"}}),
        ("AWS::S3::Bucket", {"ReplicationConfiguration": {"Rules": [{"Destination": {"Bucket": {"Ref": "Data"}}}]}}),
    ],
    ids=["a policy", "what empties it", "what it is a copy of"],
)
def test_a_bucket_of_which_no_use_is_known_holds_data(user, make):
    body = {"Data": make.resource("AWS::S3::Bucket"), "User": make.resource(user[0], **user[1])}

    found = outcomes(Graph([make.template(body)]))

    assert {o.judgement.vital for o in found if o.resource.logical_id == "Data"} == {True}


@pytest.mark.parametrize(
    "said",
    [{"Fn::If": ["Asked", {"Status": "Enabled"}, {"Ref": "AWS::NoValue"}]}, {"Status": {"Ref": "Asked"}}],
    ids=["a condition", "a parameter"],
)
def test_whether_versions_are_kept_is_not_guessed(said, make, broken):
    body = make.template({"Data": make.resource("AWS::S3::Bucket", VersioningConfiguration=said)})

    assert told(body)["deletion or corruption of data", "Data"][0] == UNKNOWN
    assert broken(body) == []


def test_a_bucket_of_logs_needs_no_versions(make, broken):
    logged = {"DestinationBucketName": {"Ref": "Logs"}}
    body = {
        "Logs": make.resource("AWS::S3::Bucket"),
        "Data": make.resource("AWS::S3::Bucket", LoggingConfiguration=logged),
    }

    assert broken(make.template(body)) == [("bucket-versioning", "Data")]


def test_a_number_that_nobody_knows_is_not_spelled_out(make):
    body = make.template({**make.network(), **make.group(DesiredCapacity={"Ref": "Wanted"})})

    [message] = [f.message for f in review_templates([body]).findings if f.rule == "autoscaling-desired-capacity"]

    assert message.startswith("DesiredCapacity is set: ")
