"""After a failover the app names another active Region: what its templates change is what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from every_tier import HERE, THERE

from cdk_standby_stacks import MultiSite, PilotLight, WarmStandby

PAGE = Path(__file__).parents[2] / "docs" / "after-a-failover.md"
GROUP, PLAN = "AWS::AutoScaling::AutoScalingGroup", "AWS::Backup::BackupPlan"
FAIL_OVER = (PilotLight, WarmStandby, MultiSite)


def told() -> dict[str, set[str]]:
    """What the page's table says of each type: the properties that change, none where nothing does."""
    section = PAGE.read_text("utf-8").split("## Store by store")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in section.splitlines() if "`AWS::" in line
    ]
    return {
        kind: set(re.findall(r"`(\w+)`", changes))
        for _, kinds, _, changes, _ in rows
        for kind in re.findall(r"`(AWS::[\w:]+)`", kinds)
    }


@pytest.fixture(scope="module")
def changed(each, flipped):
    """What differs between the sides, by strategy: (stack, type, property), or (stack, type, id) of what is in one."""
    return {word: set(differences(each[word].templates, flipped[word].templates)) for word in FAIL_OVER}


def differences(before, after):
    assert before.keys() == after.keys()
    for stack, template in before.items():
        old, new = template["Resources"], after[stack]["Resources"]
        for name in old.keys() ^ new.keys():
            yield stack, (old | new)[name]["Type"], name
        for name in old.keys() & new.keys():
            assert {**old[name], "Properties": None, "Metadata": None} == {
                **new[name],
                "Properties": None,
                "Metadata": None,
            }
            one, other = (side[name].get("Properties", {}) for side in (old, new))
            yield from (
                (stack, old[name]["Type"], key) for key in one.keys() | other.keys() if one.get(key) != other.get(key)
            )


@pytest.mark.parametrize("word", FAIL_OVER, ids=lambda word: word.__name__)
def test_what_changes_is_what_the_page_says_and_nothing_else(changed, word):
    found: dict[str, set[str]] = {}
    for _, kind, what in changed[word]:
        found.setdefault(kind, set()).add(what)

    says = told()
    if word is MultiSite:  # every Region is full, whoever writes
        says[GROUP] = set()
        says["AWS::CloudWatch::Alarm"] -= {"Threshold"}
    else:  # writes are forwarded where several Regions serve
        says["AWS::RDS::DBCluster"] -= {"EnableGlobalWriteForwarding"}
    assert found == {kind: properties for kind, properties in says.items() if properties}


def test_every_type_that_holds_data_has_a_line_of_the_page(each):
    held = {
        resource["Type"]
        for template in each[WarmStandby].templates.values()
        for resource in template["Resources"].values()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    }
    parts = {"AWS::EC2::SecurityGroup", "AWS::IAM::Role", "AWS::Logs::LogGroup"}
    parts |= {"AWS::ElastiCache::ParameterGroup", "AWS::ElastiCache::UserGroup", "AWS::ElastiCache::SubnetGroup"}

    assert held - parts <= told().keys()


def test_every_type_of_the_page_is_in_a_template(each):
    there = {
        resource["Type"]
        for template in each[WarmStandby].templates.values()
        for resource in template["Resources"].values()
    }

    assert told().keys() <= there


@pytest.mark.parametrize("word", FAIL_OVER, ids=lambda word: word.__name__)
def test_the_stacks_of_what_belongs_to_no_region_stay_as_they_are(changed, word):
    """The global database, records and health checks: a failover changes nothing of them, nor does a deployment."""
    assert {stack for stack, _, _ in changed[word]} <= {
        f"Shop-{region}-{layer}" for region in (HERE, THERE) for layer in ("data", "service")
    }


@pytest.mark.parametrize("word", FAIL_OVER, ids=lambda word: word.__name__)
def test_no_template_sends_instances_home(each, flipped, word):
    groups = [*each[word].of_type(GROUP).values(), *flipped[word].of_type(GROUP).values()]

    assert all("DesiredCapacity" not in group["Properties"] for group in groups)
    assert {group["Properties"]["MaxSize"] for group in groups} == {"24"}


def copies(synthesized, region):
    return {
        action["DestinationBackupVaultArn"]
        for (stack, _), plan in synthesized.of_type(PLAN).items()
        if stack == f"Shop-{region}-data"
        for rule in plan["Properties"]["BackupPlan"]["BackupPlanRule"]
        for action in rule.get("CopyActions", [])
    }


@pytest.mark.parametrize("word", FAIL_OVER, ids=lambda word: word.__name__)
def test_backups_are_copied_out_of_the_region_that_serves(each, flipped, word):
    vault = "arn:aws:backup:{0}:111111111111:backup-vault:shop-{0}".format

    assert (copies(each[word], HERE), copies(each[word], THERE)) == ({vault(THERE)}, set())
    assert (copies(flipped[word], HERE), copies(flipped[word], THERE)) == (set(), {vault(HERE)})


def test_where_the_writer_was_writes_are_sent_on_once_the_app_says_so(each, flipped):
    def forwarding(synthesized):
        clusters = synthesized.of_type("AWS::RDS::DBCluster").items()
        return {stack for (stack, _), one in clusters if one["Properties"].get("EnableGlobalWriteForwarding")}

    assert forwarding(each[MultiSite]) == {f"Shop-{THERE}-data"}
    assert forwarding(flipped[MultiSite]) == {f"Shop-{HERE}-data", f"Shop-{THERE}-data"}
