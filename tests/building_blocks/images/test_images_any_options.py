"""Whatever somebody asks for: built, or refused in our words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.images.golden_image import GoldenImage, ImageComponent, ImageCopy
from cdk_standby.images.image_retention import ImageRetention
from cdk_standby.images.recycle_bin import RecycleBin
from cdk_standby.images.volume_snapshots import SnapshotCopy, SnapshotSchedule, VolumeSnapshots

THERE = "arn:aws:kms:eu-central-1:111111111111:key/12345678-1234-1234-1234-123456789012"
TOKEN = cdk.Aws.STACK_NAME
NUMBER = cdk.Token.as_number({"Ref": "Number"})
LATE = cdk.Duration.days(NUMBER)

reasons = st.sampled_from([None, "a lab", ""])
numbers = st.sampled_from([None, 0, 1, 10, 1001, NUMBER])
durations = st.sampled_from(
    [None, cdk.Duration.hours(1), cdk.Duration.hours(5), cdk.Duration.days(1), cdk.Duration.days(400), LATE]
)
regions = st.sampled_from(["eu-central-1", "eu-west-1", "eu-wset-1", TOKEN])
keys = st.sampled_from([THERE, "alias/shop", "", TOKEN])
crons = st.sampled_from([None, "cron(0 3 * * ? *)", "cron(0/5 * * * ? *)", "cron()", "", TOKEN])
texts = st.sampled_from(["shop", "My Shop", "", TOKEN])
copies = st.lists(
    st.builds(
        SnapshotCopy,
        region=regions,
        key=keys,
        keep_for=durations.filter(lambda duration: duration is not None),
    ),
    max_size=4,
)
schedules = st.none() | st.lists(
    st.builds(
        SnapshotSchedule,
        name=texts,
        every=durations,
        at=st.sampled_from(["03:00", "25:00", TOKEN]),
        cron=crons,
        keep=numbers,
        keep_for=durations,
        fast_restore_in=st.sampled_from([(), ("eu-west-1a",), ("us-east-1a",), (TOKEN,)]),
        fast_restore=st.sampled_from([0, 1, NUMBER]),
        share_with=st.sampled_from([(), ("222222222222",), ("me",)]),
        unshare_after=durations,
    ),
    max_size=2,
)
tags = st.sampled_from([{"backup": "hourly"}, {}, {"aws:x": "y"}, {TOKEN: TOKEN}])
ANYTHING: dict[type[Any], st.SearchStrategy[dict[str, Any]]] = {
    VolumeSnapshots: st.fixed_dictionaries(
        {"tags": tags, "copies": copies, "one_region_because": reasons},
        optional={"schedules": schedules, "instances": st.booleans(), "with_boot_volume": st.booleans()},
    ),
    ImageRetention: st.fixed_dictionaries(
        {"tags": tags, "copies": copies, "one_region_because": reasons, "reboot": st.booleans()},
        optional={
            "every": durations,
            "cron": crons,
            "keep": numbers,
            "keep_for": durations,
            "deprecate_after": durations,
        },
    ),
    RecycleBin: st.fixed_dictionaries(
        {"of": st.sampled_from(["snapshots", "images", "volumes", "disks", TOKEN])},
        optional={"keep_for": durations, "tags": st.none() | tags, "lock_for": durations},
    ),
    GoldenImage: st.fixed_dictionaries(
        {
            "name": texts,
            "components": st.sampled_from(
                [
                    [],
                    ["update-linux"],
                    ["No such", TOKEN],
                    [ImageComponent(name="app", document="schemaVersion: 1.0\nphases: []")],
                    [ImageComponent(name=TOKEN, document=TOKEN)],
                ]
            ),
            "recovery": st.lists(
                st.builds(
                    ImageCopy,
                    region=regions,
                    key=keys,
                    launch_template_id=st.sampled_from([None, "lt-0123456789abcdef0", "x", TOKEN]),
                ),
                max_size=2,
            ),
        },
        optional={
            "one_region_because": reasons,
            "version": st.sampled_from(["1.0.0", "1.0", "9999999999.0.0", TOKEN]),
            "parent_image": st.sampled_from(["amazon-linux-2023-arm64", "ami-0123456789abcdef0", "", TOKEN]),
            "instance_types": st.sampled_from([(), ("m7g.large",), ("m7g.large", "m7i.large"), ("large",), (TOKEN,)]),
            "volume_gib": st.sampled_from([1, 20, NUMBER]),
            "schedule": st.sampled_from([None, "cron(0 3 ? * sun *)", "daily", TOKEN]),
            "target_accounts": st.sampled_from([(), ("222222222222",), ("me",), (TOKEN,)]),
            "keep": numbers,
            "delete_after": durations,
            "deprecate_after": durations,
            "launched_within": durations,
            "keep_at_least": st.sampled_from([0, 3, 11, NUMBER]),
            "unprotected_because": reasons,
            "protected": st.sampled_from([0, 2, 5, NUMBER]),
        },
    ),
}
USUAL: dict[type[Any], dict[str, Any]] = {
    VolumeSnapshots: {"tags": {"backup": "hourly"}, "one_region_because": "a lab"},
    ImageRetention: {"tags": {"backup": "hourly"}, "one_region_because": "a lab", "reboot": False},
    RecycleBin: {"of": "snapshots"},
    GoldenImage: {"name": "shop", "components": ["update-linux"], "one_region_because": "a lab"},
}
"""What is built; half of the examples change little of it, so that what depends on one option is reached."""


@pytest.mark.parametrize("kind", ANYTHING, ids=lambda kind: kind.__name__)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_options_are_built_or_refused_in_our_words(scope: SimpleNamespace, kind, data):
    asked = data.draw(ANYTHING[kind])
    changed = data.draw(st.sets(st.sampled_from(sorted(asked)), max_size=4)) if data.draw(st.booleans()) else asked
    options = USUAL[kind] | {option: asked[option] for option in changed}
    given_too = {
        GoldenImage: {"vpc": scope.vpc, "key": scope.key},
        RecycleBin: {},
    }.get(kind, {"key": scope.key})
    name = f"Any{len(scope.stack.node.children)}"

    try:
        built = kind(scope.stack, name, **given_too, **options)
    except InvalidOptions:
        return

    assert built.node.path == f"Test/{name}"
