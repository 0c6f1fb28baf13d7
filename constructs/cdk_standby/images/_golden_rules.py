"""What the options of a golden image must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from aws_cdk import aws_ec2 as ec2

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import images as facts

from .._checks import Options, Problem, Rule, within
from .._durations import days
from .._tokens import is_token
from ..relational._rules import of_the_region
from ._copies import ImageCopy, bad_keys, bad_regions
from ._image_values import ImageComponent, bad_components, bad_name

_REGIONS = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html"


def _rule(option: str, broken: Callable[[Options], bool], allowed: str, fact: Fact[Any], *reads: str) -> Rule:
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def _bad_version(options: Options) -> bool:
    found = re.fullmatch(r"(\d{1,10})\.(\d{1,10})\.(\d{1,10})", options["version"])
    return found is None or any(int(number) not in facts.VERSIONS.value for number in found.groups())


def _bad_types(options: Options) -> bool:
    types = options["instance_types"]
    return not types or any(not re.fullmatch(r"[a-z][a-z0-9-]*\.[a-z0-9-]+", kind) for kind in types)


def _mixed(options: Options) -> bool:
    types = options["instance_types"]
    return not _bad_types(options) and len({str(ec2.InstanceType(kind).architecture) for kind in types}) > 1


def _bad_accounts(options: Options) -> bool:
    accounts = options["target_accounts"]
    return bool(accounts) and (
        len(accounts) not in facts.ACCOUNTS.value
        or len(set(accounts)) < len(accounts)
        or any(not re.fullmatch(r"\d{12}", account) for account in accounts)
    )


def _counted(option: str, fact: Fact[Any]) -> Rule:
    """A number of whole days that Image Builder counts."""

    def broken(options: Options) -> bool:
        if options[option] is None:
            return False
        number = days(options[option])
        return number is None or number not in fact.value or not float(number).is_integer()

    return _rule(option, broken, f"{fact.value} whole days, known at synth", fact)


def _out_of_order(options: Options) -> bool:
    deprecated, deleted = days(options["deprecate_after"]), days(options["delete_after"])
    return None not in (deprecated, deleted) and (deprecated or 0) >= (deleted or 0)


def _bad_schedule(options: Options) -> bool:
    return options["schedule"] is not None and re.fullmatch(facts.SCHEDULES.value, options["schedule"]) is None


RULES = (
    _rule("version", _bad_version, "three numbers, such as '1.4.0'", facts.VERSIONS),
    _rule("instance_types", _bad_types, "one type or more, such as 'm7g.large'", facts.RECIPE_DISK),
    _rule("instance_types", _mixed, "types of one architecture", facts.IMMUTABLE),
    _rule("parent_image", lambda o: not o["parent_image"].strip(), "a name, an ARN, an AMI or 'ssm:...'", facts.NAMES),
    within("volume_gib", facts.RECIPE_DISK),
    _rule("schedule", _bad_schedule, "'cron(...)', 'rate(...)', or None", facts.SCHEDULES),
    Rule(
        option="recovery",
        reads=("one_region_because",),
        broken=lambda o: bool(o["recovery"]) == (o["one_region_because"] is not None),
        allowed="one ImageCopy in another Region or more, or 'one_region_because'",
        why="a Region that has no image of its own starts nothing when this one is lost",
        source=_REGIONS,
    ),
    _rule("target_accounts", _bad_accounts, "other accounts by their twelve digits, each once", facts.ACCOUNTS),
    within("keep", facts.RETAINED),
    within("keep_at_least", facts.RETAINED_AT_LEAST),
    _rule(
        "keep",
        lambda o: o["keep"] is not None and o["delete_after"] is not None,
        "either this or 'delete_after'",
        facts.RETAINED,
        "delete_after",
    ),
    _counted("delete_after", facts.AGES),
    _counted("deprecate_after", facts.AGES),
    _counted("launched_within", facts.LAST_LAUNCHED),
    _rule("deprecate_after", _out_of_order, "less than 'delete_after'", facts.AGES, "delete_after"),
    _rule(
        "protected",
        lambda o: not 1 <= o["protected"] <= (o["keep"] or o["keep_at_least"]),
        "1 to as many as retention keeps in any case",
        facts.PROTECTION,
        "keep",
        "keep_at_least",
    ),
    of_the_region("vpc", "a build instance lives in the Region of its pipeline", facts.RECIPE_DISK.source),
    of_the_region("key", "a key encrypts in its own Region only", facts.SOURCE_KEY.source),
    of_the_region("alarms", "events tell topics of their own Region only", facts.EVENTS.source),
)


def problems(
    where: str, name: str, components: Sequence[ImageComponent | str], recovery: Sequence[ImageCopy], here: str
) -> Iterator[Problem]:
    """What is wrong with values that are more than a word."""
    if problem := bad_name(where, name):
        yield problem
    yield from bad_components(where, components)
    yield from bad_regions(where, "recovery", recovery, here)
    yield from bad_keys(where, "recovery", recovery, aliases=True)
    for copy in recovery:
        template = copy.launch_template_id
        if template is not None and not is_token(template) and not re.fullmatch(r"lt-[a-z0-9-_]{17}", template):
            yield Problem(
                where=where,
                option=f"recovery['{copy.region}'].launch_template_id",
                got=f"'{template}'",
                allowed="the id of a launch template there, such as 'lt-0123456789abcdef0'",
                why="Image Builder takes no names of launch templates",
                source="https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_LaunchTemplateConfiguration.html",
            )
