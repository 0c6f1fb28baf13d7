"""Accounts: all sites in one, the domain in another if it is there, and what cannot be in two."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
import validators
from every_tier import HERE, THERE, serving
from shop import OPTIONS, shop

from cdk_standby import InvalidOptions
from cdk_standby_stacks import Dsql, MultiAz, ParentZone, Rds, Table, WarmStandby

ONE, TWO, DOMAINS = "111111111111", "222222222222", "333333333333"
PARENT = ParentZone(account=DOMAINS, hosted_zone_id="Z0123456789PARENT")
SERVERS = [f"ns-{number}.awsdns-0{number}.{end}" for number, end in enumerate(("org", "com", "net", "co.uk"), 1)]
ZONE = {"cdk-standby:hosted-zone-id": {"shop.example.com": "Z0PINNED"}}
PINS = {**ZONE, "cdk-standby:name-servers": {"shop.example.com": SERVERS}}
ALARM = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_AlarmIdentifier.html"
ELSEWHERE = "one account for all sites; or BackupRestore with 'copies_to_vault', and 'restored' in that account"


@pytest.fixture(scope="module")
def two_accounts(synthesize):
    """The sites in one account, the domain in another."""
    options = {"workload": shop(database=None), "zones": 2, "objectives": None, "hosted_zone_id": None}
    return synthesize(strategy=MultiAz, context=PINS, parent_zone=PARENT, **options)


@pytest.fixture(scope="module")
def one_account(synthesize):
    """One, written for each Region as landing zones do."""
    options = {"workload": shop(database=None), "zones": 2, "objectives": None, "hosted_zone_id": None}
    return synthesize(strategy=MultiAz, context=ZONE, account={HERE: ONE, THERE: ONE}, **options)


def test_the_account_of_the_domain_has_one_record_and_nothing_else(two_accounts):
    where = {stack.stack_name: (stack.account, stack.region) for stack in stacks(two_accounts.app)}
    [record] = two_accounts.templates["Shop-delegation"]["Resources"].values()

    assert {name for name, (account, _) in where.items() if account != ONE} == {"Shop-delegation"}
    assert where["Shop-delegation"] == (DOMAINS, "us-east-1")
    assert record == {
        "Type": "AWS::Route53::RecordSet",
        "Properties": {
            "HostedZoneId": "Z0123456789PARENT",
            "Name": "shop.example.com",
            "ResourceRecords": SERVERS,
            "TTL": "172800",
            "Type": "NS",
        },
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
    }


def stacks(app):
    return [one for one in app.node.find_all() if isinstance(one, cdk.Stack)]


def test_no_account_reads_the_other(two_accounts):
    """Values are text: no import, no output that is read, no function that runs, no role that is assumed."""
    delegation = json.dumps(two_accounts.templates["Shop-delegation"])
    others = json.dumps({name: one for name, one in two_accounts.templates.items() if name != "Shop-delegation"})

    assert not {"Fn::ImportValue", "Fn::GetStackOutput", "Custom::", "AWS::IAM::Role"} & set(delegation.split('"'))
    assert "Fn::ImportValue" not in others
    assert "ExportsWriter" not in others
    assert DOMAINS not in others


def test_the_name_servers_are_printed_for_the_account_of_the_domain(two_accounts):
    outputs = two_accounts.templates["Shop-dns"]["Outputs"]

    assert outputs["NameServers"] == {"Value": {"Fn::Join": [" ", {"Fn::GetAtt": ["Zone4AD00F4C", "NameServers"]}]}}


def test_everything_else_is_as_in_one_account(two_accounts, one_account):
    after = {name: one for name, one in two_accounts.templates.items() if name != "Shop-delegation"}
    after["Shop-dns"] = {**after["Shop-dns"], "Outputs": dict(after["Shop-dns"]["Outputs"])}
    del after["Shop-dns"]["Outputs"]["NameServers"]

    assert after == one_account.templates


def test_the_linter_finds_nothing_in_it(two_accounts):
    template = two_accounts.templates["Shop-delegation"]

    assert validators.lint(template, region="us-east-1") == []


def test_before_the_name_servers_are_written_down_it_says_what_to_deploy_first():
    options = {**OPTIONS, "workload": shop(database=None), "objectives": None, "hosted_zone_id": None}

    deployment = MultiAz(cdk.App(), "Shop", parent_zone=PARENT, **options)

    [warning] = [entry.data for entry in deployment.node.metadata if entry.type == "aws:cdk:warning"]
    assert warning == (
        "Shop is not found under shop.example.com yet. Deploy Shop-dns, then commit its output NameServers to cdk.json "
        'as "context": {"cdk-standby:name-servers": {"shop.example.com": ["<four names>"]}}, and deploy the stack of '
        "the domain's account that is there then. The other stacks come after it: certificates wait until their names "
        "are found. [ack: cdk-standby:name-servers]"
    )
    assert "delegation" not in {child.node.id for child in deployment.node.children}


# What is refused


def refused(word=WarmStandby, context=None, **changes):
    with pytest.raises(InvalidOptions) as caught:
        word(
            cdk.App(context=context),
            "Shop",
            **{"workload": shop(database=None), **OPTIONS, "objectives": None, **changes},
        )
    return str(caught.value).splitlines()


def test_records_are_not_written_into_a_zone_of_another_account():
    assert refused(parent_zone=PARENT) == [
        "Shop: 'parent_zone' is given, and 'hosted_zone_id' is 'Z0123456789EXAMPLE'; allowed: one of them: "
        "'hosted_zone_id' for a zone of this account, or 'parent_zone' for a zone of another one that hands the domain "
        "to a zone made here, because records, certificates and health checks are of one account: a health check names "
        "the alarm that it follows by Region and name, and no account, and CloudFormation writes the record that "
        f"validates a certificate into a hosted zone of its own account (assumed) ({ALARM})"
    ]


def test_the_domain_is_in_another_account_and_known_by_its_zone():
    zone = ParentZone(account=ONE, hosted_zone_id="example.com")

    assert refused(parent_zone=zone, hosted_zone_id=None) == [
        "Shop: 'parent_zone.account' is '111111111111'; allowed: the 12 digits of another account than that of the "
        "sites, because a zone of the same account is 'hosted_zone_id'",
        "Shop: 'parent_zone.hosted_zone_id' is 'example.com'; allowed: the id of a hosted zone, such as "
        "'Z0123456789PARENT', because a hosted zone is known by Z and up to 31 capital letters and digits "
        "(https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html)",
    ]


@pytest.mark.parametrize("names", [SERVERS[:3], [*SERVERS[:3], "10.0.0.1"]])
def test_name_servers_are_the_four_that_route_53_made_up(names):
    pins = {"cdk-standby:name-servers": {"shop.example.com": names}}

    [found] = refused(parent_zone=PARENT, hosted_zone_id=None, context=pins)

    assert found.startswith("Shop: 'cdk-standby:name-servers of shop.example.com' is ['ns-1.awsdns-01.org', ")
    assert "; allowed: the four names that the stack of the zone prints, because Route 53 gives a" in found


@pytest.mark.capability("DR-13")
def test_no_store_is_in_two_accounts_and_each_says_why():
    ledger = Rds(engine="postgres", version="17.6", name="ledger", promoted_by_hand_because="rehearsed")
    books = Dsql(name="books", witness="eu-west-2")
    strong = Table("stock", "id", consistency="strong", witness="eu-west-3")

    found = refused(
        workload=serving(tables=[*serving().tables, strong, ledger, books]), account={HERE: ONE, THERE: TWO}
    )

    both = "'account' is '111111111111' and '222222222222'; allowed: "
    rds, guide = "https://docs.aws.amazon.com/AmazonRDS/latest/", "https://docs.aws.amazon.com/amazondynamodb/latest/"
    assert found == [
        f"Shop: workload.database: {both}{ELSEWHERE}, because the clusters of a global database are of one account: "
        f"they join by an identifier, which names none (assumed) ({rds}APIReference/API_CreateDBCluster.html)",
        f"Shop: workload.orders: {both}one account; or in stacks of your own the constructs `Table(shared_with=)` and "
        "`TableAccountReplica`; or BackupRestore with 'copies_to_vault', because each replica of a multi-account "
        "global table is in an account and a Region of its own, of a table that started alone and is eventually "
        f"consistent ({guide}developerguide/V2globaltables_MA_HowItWorks.html)",
        f"Shop: workload.stock: {both}{ELSEWHERE}, because a table is strongly consistent over Regions of one account "
        f"only ({guide}developerguide/globaltables-SameAccount.html)",
        f"Shop: workload.ledger: {both}{ELSEWHERE}, because a replica lives in the account of its source "
        f"(assumed) ({rds}UserGuide/USER_ReadRepl.XRgn.html)",
        f"Shop: workload.books: {both}{ELSEWHERE}, because AWS describes no peering of DSQL clusters of two accounts "
        "(assumed) (https://docs.aws.amazon.com/aurora-dsql/latest/userguide/multi-region-aws-cli.html)",
        f"Shop: workload.payments: {both}{ELSEWHERE}, because Secrets Manager replicates a secret to other Regions of "
        "its own account (assumed) (https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html)",
        f"Shop: {both}{ELSEWHERE}, because one account decides where users are led: a health check names the alarm "
        f"that it follows by Region and name, and no account ({ALARM})",
    ]


def test_each_region_has_its_account_if_one_has():
    assert refused(account={HERE: ONE}) == [
        "Shop: 'account' is {'eu-west-1': '111111111111'}; allowed: one account, or the same one for each of "
        "'eu-west-1', 'eu-central-1', because each site is in an account"
    ]
