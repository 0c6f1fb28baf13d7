"""What is refused of buckets and access points, in whole sentences; and which changes replace a bucket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replacement import Together, create_only_options, described, in_place, replacing

from cdk_standby._checks import InvalidOptions
from cdk_standby.access_logs import AccessLogs
from cdk_standby.storage.bucket import Bucket, BucketReplica, ObjectLock
from cdk_standby.storage.multi_region_access_point import MultiRegionAccessPoint

GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
API = "https://docs.aws.amazon.com/AmazonS3/latest/API/"
DAYS = cdk.Duration.days
KEY = "arn:aws:kms:eu-west-1:111111111111:key/0a0a0a0a-0000-0000-0000-000000000000"


def there(**changed: Any) -> BucketReplica:
    return BucketReplica(**{"region": "eu-central-1", "bucket_name": "shop-there", "key": "alias/shop", **changed})


@pytest.fixture(scope="module")
def scope(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """For calls that are refused before anything is rendered."""
    stack = make_stack()
    kms.Key.from_key_arn(stack, "Key", KEY)
    AccessLogs(stack, "Logs")
    return stack


@pytest.fixture
def refused(scope: cdk.Stack) -> Callable[..., list[str]]:
    """What is said about a call; each under an id of its own, shown as "Test/It"."""

    def ask(kind: type[Any] = Bucket, **options: Any) -> list[str]:
        name = f"It{len(scope.node.children)}"
        given = {"key": scope.node.find_child("Key")} if kind is Bucket else {}
        with pytest.raises(InvalidOptions) as caught:
            kind(scope, name, **{**given, **options})
        return str(caught.value).replace(name, "It").split("\n")

    return ask


NAMES = (
    "a bucket's name has 3 to 63 lower-case letters, digits, hyphens and single dots, and is unique in the world "
    f"({GUIDE}bucketnamingrules.html)"
)
ABROAD = "arn:aws:kms:eu-central-1:222222222222:key/0a"
REPLICATED = {"bucket_name": "shop-here"}
KEYS = (
    "S3 encrypts replicas with a key of the destination's Region, which is named by its ARN or by its alias; of "
    f"another account, by its ARN ({API}API_EncryptionConfiguration.html)"
)
KEY_LIKE = "keys such as 'alias/shop', or 'arn:aws:kms:<region>:<account>:key/<id>' where there is an 'account'"
COLDER = (
    f"a lifecycle moves objects only towards colder classes ({GUIDE}lifecycle-transition-general-considerations.html)"
)
CLASSES = "STANDARD_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE"
WHOLE = f"a lifecycle counts in whole days ({GUIDE}intro-lifecycle-rules.html)"


@pytest.mark.parametrize(
    ("options", "option", "message"),
    [
        (
            {"bucket_name": "Shop"},
            "bucket_name",
            f"is 'Shop'; allowed: a name such as 'shop-uploads-eu-west-1', because {NAMES}",
        ),
        pytest.param(
            {"replicate_to": [there()]},
            "bucket_name",
            "is not given; allowed: a name such as 'shop-uploads-eu-west-1', with 'replicate_to', because the other "
            f"Region replicates back to it, and its template knows names only ({GUIDE}bucketnamingrules.html)",
            marks=pytest.mark.capability("STO-10"),
        ),
        pytest.param(
            {**REPLICATED, "replicate_to": [there(bucket_name="shop-here")]},
            "replicate_to",
            f"is [{there(bucket_name='shop-here')}]; allowed: another bucket than itself, because a bucket does not "
            f"replicate to itself ({GUIDE}replication-requirements.html)",
            marks=pytest.mark.capability("STO-09"),
        ),
        (
            {**REPLICATED, "replicate_to": [there(), there(bucket_name="shop-too")]},
            "replicate_to",
            f"is [{there()}, {there(bucket_name='shop-too')}]; allowed: one bucket in each Region, because a second "
            f"copy in one Region survives nothing that the first does not ({API}API_PutBucketReplication.html)",
        ),
        (
            {"bucket_name": f"shop-{cdk.Aws.ACCOUNT_ID}", "replicate_to": [there(account="222222222222", key=ABROAD)]},
            "replicate_to",
            f"is [{there(account='222222222222', key=ABROAD)}]; allowed: names that are known at synth, where there "
            "is an 'account', because each account lets in the role of the other one, which is called after its bucket "
            f"({API}API_EncryptionConfiguration.html)",
        ),
        pytest.param(
            {**REPLICATED, "replicate_to": [there(account="222222222222")]},
            "replicate_to",
            f"is [{there(account='222222222222')}]; allowed: {KEY_LIKE}, because {KEYS}",
            marks=pytest.mark.capability("STO-08"),
        ),
        pytest.param(
            {"transitions": {"ONEZONE_IA": DAYS(30)}},
            "transitions",
            "is {}; allowed: "
            + CLASSES
            + ", because a One Zone class keeps the only copy in a single zone, and loses it "
            f"with that zone ({GUIDE}storage-class-intro.html)",
            marks=pytest.mark.capability("STO-01"),
        ),
        pytest.param(
            {"transitions": {"GLACIER": DAYS(90), "STANDARD_IA": DAYS(120)}},
            "transitions",
            "is {}; allowed: one after the other: " + CLASSES + f", because {COLDER}",
            marks=pytest.mark.capability("STO-06"),
        ),
        pytest.param(
            {"transitions": {"STANDARD_IA": DAYS(29)}},
            "transitions",
            "is {}; allowed: STANDARD_IA after 30 days or more, because objects stay in S3 Standard for 30 days "
            f"before a lifecycle moves them to Standard-IA ({GUIDE}lifecycle-transition-general-considerations.html)",
            marks=pytest.mark.capability("STO-06"),
        ),
        pytest.param(
            {"transitions": {"GLACIER": DAYS(90)}, "expire_after": DAYS(90)},
            "expire_after",
            "is 90 days; allowed: longer than every one of 'transitions', because objects would be moved after they "
            f"are gone ({GUIDE}lifecycle-transition-general-considerations.html)",
            marks=pytest.mark.capability("STO-06"),
        ),
        pytest.param(
            {"keep_versions": cdk.Duration.hours(36)},
            "keep_versions",
            f"is 1 day 12 hours; allowed: 1 to 36500 whole days, because {WHOLE}",
            marks=pytest.mark.capability("STO-04"),
        ),
        pytest.param(
            {"abort_uploads_after": DAYS(0)},
            "abort_uploads_after",
            f"is 0 days; allowed: 1 to 36500 whole days, because {WHOLE}",
            marks=pytest.mark.capability("STO-03"),
        ),
        pytest.param(
            {"archive_after": DAYS(89)},
            "archive_after",
            "is 89 days; allowed: 90 to 730 whole days, because Intelligent-Tiering archives what was not read for "
            f"90 to 730 days ({API}API_Tiering.html)",
            marks=pytest.mark.capability("STO-07"),
        ),
        pytest.param(
            {"object_lock": ObjectLock(mode="SOFT", retention=DAYS(0))},
            "object_lock",
            "is {}; allowed: GOVERNANCE or COMPLIANCE, for 1 to 36500 whole days, because a default retention lasts "
            f"1 to 36500 whole days ({GUIDE}object-lock.html)",
            marks=pytest.mark.capability("STO-13"),
        ),
    ],
)
def test_what_cannot_work_is_refused_in_one_sentence(refused, options, option, message):
    got = message.replace("{}", str(options.get(option, "")))

    assert refused(**options) == [f"Test/It: '{option}' {got}"]


def test_all_problems_are_told_at_once(refused):
    told = refused(
        bucket_name="Shop",
        replicate_to=[there(region="eu-central-9", key="shop")],
        transitions={"FROZEN": DAYS(1)},
        deep_archive_after=DAYS(90),
    )

    assert [line.split("'")[1] for line in told] == [
        "bucket_name",
        "replicate_to",
        "replicate_to",
        "transitions",
        "deep_archive_after",
    ]


def test_a_reason_that_says_nothing_is_refused(refused):
    assert refused(no_time_control_because=" ") == [
        "Test/It: 'no_time_control_because' is ' '; allowed: a reason in words, because who reads the review must "
        "learn what made it acceptable"
    ]


def test_an_access_point_joins_two_buckets_or_more_under_a_name(refused):
    assert refused(MultiRegionAccessPoint, buckets=["shop-one"], name="Shop") == [
        "Test/It: 'buckets' is ['shop-one']; allowed: 2 to 17 buckets, each of them once, because a Multi-Region "
        f"Access Point joins the buckets of up to 17 Regions, one of each "
        f"({GUIDE}MultiRegionAccessPointRestrictions.html)",
        "Test/It: 'name' is 'Shop'; allowed: a name such as 'shop-uploads', because its name has 3 to 50 lower-case "
        f"letters, digits and hyphens, and cannot be changed ({GUIDE}MultiRegionAccessPointRestrictions.html)",
    ]


BUCKET = "AWS::S3::Bucket"
ANEW = {"bucket_name": "shop-anew"}
IN_PLACE: dict[str, Any] = {
    "key": KEY.replace("0a0a0a0a", "0b0b0b0b"),
    "partners_exist": False,
    "no_time_control_because": "hours are enough",
    "object_lock": ObjectLock(retention=DAYS(1)),
    "mfa_to_delete": True,
    "transitions": {"GLACIER_IR": DAYS(1)},
    "expire_after": DAYS(100),
    "keep_versions": DAYS(1),
    "abort_uploads_after": DAYS(1),
    "archive_after": DAYS(90),
    "deep_archive_after": DAYS(180),
    "access_logs": "Other",
    "deletable_because": "a lab",
    "alarms": None,
    "alarm_thresholds": {"ServerErrors": 1.0},
    "alarms_off_because": {"ServerErrors": "noise"},
}


def test_options_replace_the_bucket_only_where_they_say_so(make_stack):
    def build(**options: Any) -> cdk.Stack:
        stack = make_stack()
        key = kms.Key.from_key_arn(stack, "Key", options.pop("key", KEY))
        logs = {name: AccessLogs(stack, name) for name in ("Logs", "Other")}[options.pop("access_logs", "Logs")]
        Bucket(stack, "Bucket", key=key, access_logs=logs, **options)
        return stack

    base = {"bucket_name": "shop-here", "replicate_to": [there()]}
    switched = Together(replicates=False, replicate_to=[there(), there(region="us-east-1", bucket_name="shop-us")])
    found = in_place(build, base, {**ANEW, "switched": switched, "changed": Together(IN_PLACE)}, types={BUCKET})

    assert {*ANEW, *IN_PLACE, *switched} == set(described(Bucket)) - {"scope", "id"}
    assert replacing(found) == create_only_options(Bucket) == set(ANEW)


reasons = st.sampled_from([None, "a lab", ""])
spans = st.sampled_from([None, DAYS(0), DAYS(1), DAYS(180), DAYS(40_000), cdk.Duration.hours(30)])
anything = st.fixed_dictionaries(
    {},
    optional={
        "bucket_name": st.sampled_from([None, "shop", "Shop", "", f"shop-{cdk.Aws.ACCOUNT_ID}", "1.2.3.4"]),
        "replicate_to": st.lists(
            st.builds(
                BucketReplica,
                region=st.sampled_from(["eu-central-1", "eu-west-1", "nowhere", cdk.Aws.REGION]),
                bucket_name=st.sampled_from(["shop-there", "S", f"there-{cdk.Aws.ACCOUNT_ID}"]),
                key=st.sampled_from(["alias/shop", "", "arn:aws:kms:eu-central-1:222222222222:key/0a"]),
                account=st.sampled_from([None, "222222222222"]),
            ),
            max_size=2,
        ),
        "no_time_control_because": reasons,
        "object_lock": st.sampled_from([None, ObjectLock(), ObjectLock(mode="x"), ObjectLock(retention=DAYS(3))]),
        "transitions": st.dictionaries(
            st.sampled_from(["STANDARD_IA", "GLACIER", "ONEZONE_IA", ""]), spans.filter(bool)
        ),
        "expire_after": spans,
        "keep_versions": spans,
        "abort_uploads_after": spans,
        "archive_after": spans,
        "deep_archive_after": spans,
        "deletable_because": reasons,
        "alarm_thresholds": st.sampled_from([None, {"ServerErrors": 1.0}, {"Lag": 1.0}]),
    },
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anything)
def test_any_options_build_a_bucket_or_are_refused_in_our_words(scope, options):
    name = f"Any{len(scope.node.children)}"
    given = {"key": scope.node.find_child("Key"), "access_logs": scope.node.find_child("Logs")}
    try:
        built = Bucket(scope, name, **given, **options)
    except InvalidOptions:
        return
    assert (built.replication_role is None) == (not options.get("replicate_to"))
