"""What the storage of an instance must be: type, size, growth, IOPS and throughput, by engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk_standby_review.facts import Fact, Range, rds
from cdk_standby_review.facts import rds_engines as facts

from .._checks import Options, Rule, shown
from ._engines import ENGINES


def growth(options: Options) -> int | None:
    """Twice the storage, or as much as RDS takes; None where it takes no more than there is."""
    most = min(2 * options["storage"], _most(options, _iops(options)))
    return int(most) if most >= options["storage"] * rds.GROWTH.value else None


def _most(options: Options, iops: float | None) -> float:
    """What storage may grow to: the largest size, at which the IOPS are still enough for each GiB."""
    most, least = _sizes(options).high, _ratio(options).low
    enough = iops / least if iops and least else most
    return min(most, enough) if options["iops"] or options["storage"] < enough else most


def _known(options: Options) -> bool:
    """Whether engine, type and size are such that the other rules can speak."""
    engine, kind = options["engine"], options["storage_type"]
    return engine in ENGINES and kind in facts.STORAGE.value[engine] and options["storage"] in _sizes(options)


def _sizes(options: Options) -> Range:
    return facts.STORAGE.value[options["engine"]][options["storage_type"]]


def _of(options: Options, values: Mapping[str, Range], kind: str = "") -> Range:
    """The range of an engine, or the one of all others."""
    name = "sqlserver" if options["engine"].startswith("sqlserver") else ""
    return values.get(f"{name} {kind}".strip(), values.get(kind) or values["others"])


def _ratio(options: Options) -> Range:
    return _of(options, facts.IOPS_RATIO.value, options["storage_type"])


def _adjustable(options: Options) -> bool:
    """Whether gp3 has more to give than its baseline."""
    return bool(options["storage"] >= facts.STRIPED_FROM.value[options["engine"]])


def _iops(options: Options) -> float:
    """What was asked for, or comes with the storage."""
    baseline = _of(options, facts.GP3_IOPS.value).low if _adjustable(options) else 3000
    return float(options["iops"] or baseline)


def _iops_range(options: Options) -> Range | None:
    """What can be asked for; None: nothing."""
    size, ratio = options["storage"], _ratio(options)
    if options["storage_type"] == "gp3":
        given = _of(options, facts.GP3_IOPS.value) if _adjustable(options) else None
    else:
        given = _of(options, facts.PROVISIONED_IOPS.value, options["storage_type"])
    return given and Range(max(given.low, ratio.low * size), min(given.high, ratio.high * size))


def _throughput_range(options: Options) -> Range | None:
    if options["storage_type"] != "gp3" or not _adjustable(options):
        return None
    given, iops = _of(options, facts.GP3_THROUGHPUT.value), _iops(options)
    above, each = facts.IOPS_FOR_EACH_THROUGHPUT.value.get(options["engine"], (iops, 1))
    least = max(given.low, iops / each if iops > above else 0)
    return Range(least, max(least, min(given.high, iops / 4)))


def _bad_iops(options: Options) -> bool:
    if not _known(options):
        return False
    asked, given = options["iops"], _iops_range(options)
    if asked is None:
        return bool(options["storage_type"] != "gp3")
    return given is None or asked not in given


def _bad_throughput(options: Options) -> bool:
    if options["throughput"] is None or not _known(options):
        return False
    given = _throughput_range(options)
    return given is None or options["throughput"] not in given


def _bad_growth(options: Options) -> bool:
    limit = options["max_storage"]
    if limit is None or not _known(options) or _bad_iops(options):
        return False
    return not options["storage"] * rds.GROWTH.value <= limit <= _most(options, options["iops"])


def _growth_range(options: Options) -> str:
    least, most = options["storage"] * rds.GROWTH.value, _most(options, options["iops"])
    return f"{least:.0f} to {most:.0f} GiB" if least <= most else "left out, or with more 'iops'"


def _allowed(given: Range | None, options: Options) -> str:
    asked = f"{options['storage']:g} GiB of {options['storage_type']} for {options['engine']}"
    return f"left out for {asked}" if given is None else f"{given.low:.0f} to {given.high:.0f} for {asked}"


def _iops_rule(fact: Fact[Any], *, gp3: bool) -> Rule:
    return Rule(
        option="iops",
        reads=_READS,
        broken=lambda o: (o["storage_type"] == "gp3") is gp3 and _bad_iops(o),
        allowed=lambda o: _allowed(_iops_range(o), o),
        why=fact.says,
        source=fact.source,
    )


_READS = ("engine", "storage_type", "storage", "iops")
STORAGE_RULES = (
    Rule(
        option="storage_type",
        reads=("engine",),
        broken=lambda o: o["engine"] in ENGINES and o["storage_type"] not in facts.STORAGE.value[o["engine"]],
        allowed=lambda o: ", ".join(map(shown, facts.STORAGE.value[o["engine"]])),
        why="other types are of the past: they end earlier, and burst where these are steady",
        source=facts.STORAGE.source,
    ),
    Rule(
        option="storage",
        reads=("engine", "storage_type"),
        broken=lambda o: (
            o["engine"] in ENGINES
            and o["storage_type"] in facts.STORAGE.value[o["engine"]]
            and not (o["storage"] in _sizes(o) and float(o["storage"]).is_integer())
        ),
        allowed=lambda o: f"{_sizes(o)} GiB for {o['engine']} on {o['storage_type']}",
        why=facts.STORAGE.says,
        source=facts.STORAGE.source,
    ),
    _iops_rule(facts.STRIPED_FROM, gp3=True),
    _iops_rule(facts.IOPS_RATIO, gp3=False),
    Rule(
        option="throughput",
        reads=_READS,
        broken=_bad_throughput,
        allowed=lambda o: _allowed(_throughput_range(o), o),
        why=f"{facts.GP3_THROUGHPUT.says}; {facts.STRIPED_FROM.says}",
        source=facts.GP3_THROUGHPUT.source,
    ),
    Rule(
        option="max_storage",
        reads=_READS,
        broken=_bad_growth,
        allowed=_growth_range,
        why=f"{rds.GROWTH.says}; the IOPS for each GiB have to suffice for it too",
        source=rds.GROWTH.source,
    ),
    Rule(
        option="fixed_storage_because",
        reads=("max_storage",),
        broken=lambda o: o["fixed_storage_because"] is not None and o["max_storage"] is not None,
        allowed="left out with 'max_storage'",
        why="storage that may grow is not fixed",
    ),
)
