"""What the storage of an instance must be: type, size, growth, IOPS and throughput, by engine."""

from __future__ import annotations

from cdk_standby_review.facts import Range, rds
from cdk_standby_review.facts import rds_engines as facts

from .._checks import Options, Rule, shown
from ._engines import ENGINES


def sizes(options: Options) -> Range | None:
    """How much storage there can be; None: other rules speak of engine or type."""
    return facts.STORAGE.value.get(options["engine"], {}).get(options["storage_type"])


def gp3(options: Options, fact_value: dict[str, Range]) -> Range:
    """What gp3 gives an engine."""
    return fact_value["sqlserver" if options["engine"].startswith("sqlserver") else "striped"]


def _bad_type(options: Options) -> bool:
    return options["engine"] in ENGINES and options["storage_type"] not in facts.STORAGE.value[options["engine"]]


def _bad_size(options: Options) -> bool:
    known = sizes(options)
    return known is not None and not (options["storage"] in known and float(options["storage"]).is_integer())


def _bad_growth(options: Options) -> bool:
    limit, known = options["max_storage"], sizes(options)
    if limit is None or known is None:
        return False
    return not options["storage"] * rds.GROWTH.value <= limit <= known.high


def _growth(options: Options) -> str:
    known = facts.STORAGE.value[options["engine"]][options["storage_type"]]
    return f"{options['storage'] * rds.GROWTH.value:.0f} to {known.high:.0f} GiB"


def _adjustable(options: Options) -> bool:
    """Whether gp3 has more to give than its baseline."""
    return bool(options["storage"] >= facts.GP3_FROM.value[options["engine"]])


def _bad_gp3(option: str, given: dict[str, Range]) -> Rule:
    def broken(options: Options) -> bool:
        value = options[option]
        if value is None or options["engine"] not in ENGINES or options["storage_type"] != "gp3":
            return False
        return not _adjustable(options) or value not in gp3(options, given)

    def allowed(options: Options) -> str:
        return f"{gp3(options, given)}, from {facts.GP3_FROM.value[options['engine']]} GiB of storage on"

    fact = facts.GP3_IOPS if option == "iops" else facts.GP3_THROUGHPUT
    return Rule(
        option=option,
        reads=("engine", "storage", "storage_type"),
        broken=broken,
        allowed=allowed,
        why=f"{fact.says}; {facts.GP3_FROM.says}",
        source=fact.source,
    )


def _bad_provisioned(options: Options) -> bool:
    ratio = facts.IOPS_RATIO.value.get(options["storage_type"])
    if ratio is None or not options["storage"]:
        return False
    iops = options["iops"]
    return iops is None or iops not in facts.PROVISIONED_IOPS.value or iops / options["storage"] not in ratio


def _provisioned(options: Options) -> str:
    ratio = facts.IOPS_RATIO.value[options["storage_type"]]
    low, high = (max(1000, options["storage"] * ratio.low), min(256000, options["storage"] * ratio.high))
    return f"{low:.0f} to {high:.0f} for {options['storage']} GiB of {options['storage_type']}"


STORAGE_RULES = (
    Rule(
        option="storage_type",
        reads=("engine",),
        broken=_bad_type,
        allowed=lambda o: ", ".join(map(shown, facts.STORAGE.value[o["engine"]])),
        why="other types are of the past: they end earlier, and burst where these are steady",
        source=facts.GP3_IOPS.source,
    ),
    Rule(
        option="storage",
        reads=("engine", "storage_type"),
        broken=_bad_size,
        allowed=lambda o: f"{sizes(o)} GiB for {o['engine']} on {o['storage_type']}",
        why=facts.STORAGE.says,
        source=facts.STORAGE.source,
    ),
    Rule(
        option="max_storage",
        reads=("engine", "storage", "storage_type"),
        broken=_bad_growth,
        allowed=_growth,
        why=rds.GROWTH.says,
        source=rds.GROWTH.source,
    ),
    Rule(
        option="fixed_storage_because",
        reads=("max_storage",),
        broken=lambda o: o["fixed_storage_because"] is not None and o["max_storage"] is not None,
        allowed="left out with 'max_storage'",
        why="storage that may grow is not fixed",
    ),
    _bad_gp3("iops", dict(facts.GP3_IOPS.value)),
    _bad_gp3("throughput", dict(facts.GP3_THROUGHPUT.value)),
    Rule(
        option="iops",
        reads=("storage", "storage_type"),
        broken=_bad_provisioned,
        allowed=_provisioned,
        why=facts.IOPS_RATIO.says,
        source=facts.IOPS_RATIO.source,
    ),
    Rule(
        option="throughput",
        reads=("storage_type",),
        broken=lambda o: o["throughput"] is not None and o["storage_type"] in facts.IOPS_RATIO.value,
        allowed="left out, or with gp3",
        why="the throughput of io1 and io2 follows from their IOPS",
        source=facts.GP3_THROUGHPUT.source,
    ),
)
