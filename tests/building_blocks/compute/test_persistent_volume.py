"""A disk that outlives its instance: what is in the template, who may do what, what is refused, what is replaced."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replacement import Together, create_only_options, in_place, replacing

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.compute._persistent_volume_mount import mount_script
from cdk_standby.compute.persistent_volume import PersistentVolume, SnapshotCopy
from cdk_standby.keys import DataKey

EBS = "https://docs.aws.amazon.com/ebs/latest/userguide/"
EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
THERE = "arn:aws:kms:eu-central-1:111111111111:key/12345678-1234-1234-1234-123456789012"
COPIES = (SnapshotCopy(region="eu-central-1", key=THERE),)
TAG = {"Key": "cdk-standby:persistent-volume", "Value": "Test/Data"}


def network(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}{zone}" for zone in "ab"],
        private_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(2)],
        private_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(2)],
    )


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """The usual one, and one that was restored in another zone."""
    stack = make_stack()
    vpc, key = network(stack), DataKey(stack, "Key").key
    alarms = AlarmTopic(stack, "Alarms", key=key)
    usual = PersistentVolume(
        stack,
        "Data",
        vpc=vpc,
        zone="eu-west-1a",
        key=key,
        size_gib=100,
        copies=COPIES,
        commands=["systemctl start shop"],
        alarms=alarms,
    )
    lab = PersistentVolume(
        stack,
        "Restored",
        vpc=vpc,
        zone="eu-west-1b",
        key=key,
        size_gib=200,
        snapshot="snap-0123456789abcdef0",
        volume_type="io2",
        iops=5000,
        no_snapshots_because="a lab",
        paused_because="a lab",
        deletable_because="a lab",
    )
    return SimpleNamespace(app=stack.node.root, stack=stack, usual=usual, lab=lab, template=template(stack))


@pytest.fixture
def one(world: SimpleNamespace) -> Callable[..., dict[str, Any]]:
    """`one("AWS::EC2::Volume", "Data")`: the whole resource of that type whose id begins so."""

    def of(wanted: str, prefix: str) -> dict[str, Any]:
        found = [r for n, r in world.template["Resources"].items() if r["Type"] == wanted and n.startswith(prefix)]
        [only] = found
        return dict(only)

    return of


@pytest.mark.capability("CMP-18")
@pytest.mark.capability("STO-25")
def test_volume_and_group_stand_in_one_zone_and_the_group_has_one_instance(one):
    volume, group = one("AWS::EC2::Volume", "Data"), one("AWS::AutoScaling::AutoScalingGroup", "Data")["Properties"]

    assert volume["Properties"]["AvailabilityZone"] == "eu-west-1a"
    assert group["VPCZoneIdentifier"] == ["subnet-0aaaaaaaaaaaaaaa0"]
    assert (group["MinSize"], group["MaxSize"]) == ("1", "1")
    assert group["InstanceMaintenancePolicy"] == {"MinHealthyPercentage": 0, "MaxHealthyPercentage": 100}


@pytest.mark.capability("STO-25")
def test_the_volume_is_encrypted_and_outlives_its_stack(one):
    volume, lab = one("AWS::EC2::Volume", "Data"), one("AWS::EC2::Volume", "Restored")

    assert volume["Properties"]["Encrypted"] is True
    assert volume["Properties"]["KmsKeyId"] == {"Fn::GetAtt": ["Key9BCD29C7", "Arn"]}
    assert (volume["DeletionPolicy"], volume["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert (lab["DeletionPolicy"], lab["UpdateReplacePolicy"]) == ("Snapshot", "Snapshot")
    assert lab["Properties"]["SnapshotId"] == "snap-0123456789abcdef0"


@pytest.mark.capability("CMP-18")
def test_no_instance_is_in_service_without_the_volume_not_even_the_first(world, one):
    group = one("AWS::AutoScaling::AutoScalingGroup", "Data")
    rule = one("AWS::Events::Rule", "DataLaunched")["Properties"]

    [hook] = group["Properties"]["LifecycleHookSpecificationList"]

    assert hook["LifecycleTransition"] == "autoscaling:EC2_INSTANCE_LAUNCHING"
    assert (hook["DefaultResult"], hook["HeartbeatTimeout"]) == ("ABANDON", 900)
    assert rule["EventPattern"]["detail"] == {"LifecycleHookName": [hook["LifecycleHookName"]]}
    waited_for = {world.template["Resources"][name]["Type"] for name in group["DependsOn"]}
    assert waited_for == {"AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Events::Rule"}


@pytest.mark.capability("CMP-18")
def test_the_function_moves_this_volume_to_instances_of_this_group_and_nothing_else(one):
    statements = one("AWS::IAM::ManagedPolicy", "DataAttach")["Properties"]["PolicyDocument"]["Statement"]
    group = one("AWS::AutoScaling::AutoScalingGroup", "Data")["Properties"]

    volume, instances, hooks = statements[:3]

    assert volume["Action"] == instances["Action"] == ["ec2:AttachVolume", "ec2:DetachVolume"]
    assert volume["Resource"]["Fn::Join"][1][-2:] == [":volume/", {"Ref": "DataVolume84F27F95"}]
    mine = {"StringEquals": {"aws:ResourceTag/cdk-standby:persistent-volume": "Test/Data"}}
    assert instances["Condition"] == hooks["Condition"] == mine
    assert group["Tags"] == [{**TAG, "PropagateAtLaunch": True}]


def test_the_instance_itself_may_not_touch_any_volume(world):
    roles = [r for n, r in world.template["Resources"].items() if n.startswith(("DataRole", "DataSessionManager"))]

    assert roles
    assert "Volume" not in str([r["Properties"].get("PolicyDocument") for r in roles])


def test_snapshots_go_by_the_tag_of_the_volume(world, one):
    details = one("AWS::DLM::LifecyclePolicy", "Data")["Properties"]["PolicyDetails"]

    assert details["TargetTags"] == [TAG]
    assert [s["Name"] for s in details["Schedules"]] == ["Hourly", "Daily"]
    assert world.usual.rpo.to_hours() == 2
    assert world.lab.rpo is None


def test_what_does_not_serve_is_not_handed_over_or_hangs_rings(world):
    assert [*world.usual.alarms] == ["NotInService", "AttachErrors", "VolumeStalled"]


def test_a_paused_one_keeps_its_volume_and_starts_nothing(one):
    group = one("AWS::AutoScaling::AutoScalingGroup", "Restored")["Properties"]
    alarm = one("AWS::CloudWatch::Alarm", "RestoredNotInService")["Properties"]

    assert (group["MinSize"], group["MaxSize"]) == ("0", "0")
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 0)


def test_the_ids_of_data_never_change(world):
    volumes = [n for n, r in world.template["Resources"].items() if r["Type"] == "AWS::EC2::Volume"]

    assert volumes == ["DataVolume84F27F95", "RestoredVolumeD66716F8"]


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert lint(world.template) == []


# What is refused

WRONG = [
    ({"zone": "eu-central-1a"}, "'zone' is 'eu-central-1a'; allowed: one zone of eu-west-1, such as 'eu-west-1a', "
     f"because a volume is attached to instances of its own zone only ({EC2}API_AttachVolume.html)"),
    ({"size_gib": 0}, "'size_gib' is 0; allowed: 1 to 65536 for gp3, because a gp3 volume has 1 GiB to 64 TiB, an io2 "
     f"volume 4 GiB to 64 TiB ({EC2}API_CreateVolume.html)"),
    ({"volume_type": "io2"}, "'iops' is not given; allowed: a number for io2, because a gp3 volume does 3000 to 80000 "
     f"operations a second, an io2 volume 100 to 256000 ({EC2}API_CreateVolume.html)"),
    ({"copies": ()}, "'copies' is []; allowed: one copy in another Region or more, or one of 'one_region_because' and "
     "'no_snapshots_because', because what is in one Region is lost with it "
     "(https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html)"),
    ({"snapshot": "latest"}, "'snapshot' is 'latest'; allowed: an id such as 'snap-0123456789abcdef0', because a "
     f"snapshot is named by its id ({EC2}API_CreateVolume.html)"),
    ({"instance_type": "t2.micro"}, "'instance_type' is 't2.micro'; allowed: a type of the Nitro system, such as "
     "'m7g.large', because volumes are found by their id on instances of the Nitro system only "
     f"({EBS}nvme-ebs-volumes.html)"),
    ({"mount": "data; reboot"}, "'mount' is 'data; reboot'; allowed: a path such as '/data', because the file system "
     "is mounted there"),
    ({"zone": "eu-west-1c"}, "'vpc' is a VPC without subnets of that kind; allowed: private subnets with a way out in "
     "eu-west-1c, and in no other zone, or 'subnets' that exist, because instances have no public address, and need "
     "what they install"),
]  # fmt: skip


@pytest.fixture(scope="module")
def scope(make_stack: Callable[..., cdk.Stack]) -> SimpleNamespace:
    """For calls that are refused before anything is rendered."""
    stack = make_stack()
    return SimpleNamespace(stack=stack, vpc=network(stack), key=DataKey(stack, "Key").key)


def options_of(scope: SimpleNamespace, **options: Any) -> dict[str, Any]:
    usual = {"vpc": scope.vpc, "zone": "eu-west-1a", "key": scope.key, "size_gib": 100, "copies": COPIES}
    return {**usual, **options}


@pytest.mark.capability("CMP-18")
@pytest.mark.parametrize(("options", "message"), WRONG, ids=[str(options) for options, _ in WRONG])
def test_what_cannot_work_is_refused(scope, options, message):
    name = f"Data{len(scope.stack.node.children)}"

    with pytest.raises(InvalidOptions) as refused:
        PersistentVolume(scope.stack, name, **options_of(scope, **options))

    assert str(refused.value) == f"Test/{name}: {message}"


@pytest.mark.capability("CMP-18")
def test_subnets_of_another_zone_are_refused(scope):
    both = ec2.SubnetSelection(subnets=scope.vpc.private_subnets)

    with pytest.raises(InvalidOptions, match="private subnets with a way out in eu-west-1a, and in no other zone"):
        PersistentVolume(scope.stack, "Both", **options_of(scope, subnets=both))


anything = st.fixed_dictionaries(
    {},
    optional={
        "zone": st.sampled_from(["eu-west-1a", "eu-west-1z", "", cdk.Aws.STACK_NAME]),
        "size_gib": st.sampled_from([0, 1, 100, 70_000, cdk.Token.as_number({"Ref": "Size"})]),
        "volume_type": st.sampled_from(["gp3", "io2", "st1", ""]),
        "iops": st.sampled_from([None, 0, 3000, 100_000]),
        "throughput": st.sampled_from([None, 1, 500]),
        "snapshot": st.sampled_from([None, "snap-0123456789abcdef0", "x", cdk.Aws.STACK_NAME]),
        "instance_type": st.sampled_from(["m7g.large", "t2.micro", "m7g", "", cdk.Aws.STACK_NAME]),
        "mount": st.sampled_from(["/data", "/", "", "/a b"]),
        "root_gib": st.sampled_from([1, 20]),
        "boot_time": st.sampled_from([None, cdk.Duration.minutes(10), cdk.Duration.days(1)]),
        "copies": st.sampled_from([COPIES, (), (SnapshotCopy(region="eu-west-1", key="alias/shop"),)]),
        "no_snapshots_because": st.sampled_from([None, "a lab"]),
        "one_region_because": st.sampled_from([None, "a lab", ""]),
        "deletable_because": st.sampled_from([None, "a lab"]),
    },
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(options=anything)
def test_any_options_are_built_or_refused_in_our_words(scope, options):
    name = f"Any{len(scope.stack.node.children)}"

    try:
        built = PersistentVolume(scope.stack, name, **options_of(scope, **options))
    except InvalidOptions:
        return

    assert built.volume.encrypted is True


# What is replaced

CHANGES: dict[str, Any] = {
    "size_gib": 200,
    "instance_type": Together(mount="/srv", commands=("true",), instance_type="m7g.xlarge", root_gib=30),
    "volume_type": Together(volume_type="io2", iops=3000),
    "throughput": 500,
    "no_snapshots_because": Together(copies=(), no_snapshots_because="a lab"),
    "paused_because": "restored elsewhere",
    "deletable_because": "a lab",
}


def test_no_option_replaces_the_volume(make_stack):
    def build(**options: Any) -> cdk.Stack:
        stack = make_stack()
        given = SimpleNamespace(vpc=network(stack), key=DataKey(stack, "Key").key)
        PersistentVolume(stack, "Data", **options_of(given, **options))
        return stack

    found = in_place(build, {}, CHANGES)

    assert replacing(found) == create_only_options(PersistentVolume) == set()


# What the instance does first


def run(tmp_path: Path, *, restored: bool, kind: str = "", fails: str = "") -> tuple[list[str], int]:
    """Run the script with everything that it calls written down instead of done."""
    disk, calls, tools = tmp_path / "nvme-Amazon_Elastic_Block_Store_vol0abc", tmp_path / "calls", tmp_path / "bin"
    disk.touch()
    tools.mkdir()
    answers = {
        "blkid": f"echo '{kind}'; [ -n '{kind}' ] || exit 2",
        "findmnt": "echo xfs",
        "mountpoint": "exit 1",
        "mkdir": "",
        "grep": "exit 0",
        "tee": "cat > /dev/null",
    }
    for tool in ("mkfs.xfs", "mount", "xfs_growfs", "resize2fs", "shutdown", "sleep", *answers):
        end = "exit 1" if tool == fails else answers.get(tool, "")
        written = f'echo "{tool} $*" >> {calls}' if tool not in answers else ":"
        (tools / tool).write_text(f"#!/bin/bash\n{written}\n{end}\n")
        (tools / tool).chmod(0o755)
    script = mount_script("vol-0abc", "/data", restored=restored, by_id=str(tmp_path))
    done = subprocess.run(
        ["/bin/bash", "-c", script],
        env={"PATH": f"{tools}:/usr/bin:/bin"},
        capture_output=True,
        check=False,
    )
    return [line.replace(str(disk), "DISK") for line in calls.read_text().splitlines()], done.returncode


@pytest.mark.parametrize(
    ("given", "calls"),
    [
        ({"restored": False}, ["mkfs.xfs DISK", "mount -o noatime DISK /data", "xfs_growfs /data"]),
        ({"restored": False, "kind": "xfs"}, ["mount -o noatime DISK /data", "xfs_growfs /data"]),
        ({"restored": True, "kind": "xfs"}, ["mount -o noatime DISK /data", "xfs_growfs /data"]),
    ],
)
def test_a_blank_volume_is_formatted_once_and_one_with_data_never(tmp_path, given, calls):
    assert run(tmp_path, **given) == (calls, 0)


@pytest.mark.parametrize("given", [{"restored": True}, {"restored": False, "kind": "xfs", "fails": "mount"}])
def test_an_instance_that_cannot_mount_switches_itself_off(tmp_path, given):
    calls, status = run(tmp_path, **given)

    assert calls[-1] == "shutdown -h now"
    assert "mkfs.xfs DISK" not in calls
    assert status == 1
