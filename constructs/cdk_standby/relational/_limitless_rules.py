"""What the options of an Aurora Limitless database must be."""

from __future__ import annotations

from cdk_standby_review.facts import aurora as facts
from cdk_standby_review.facts import aurora_features as features

from .._checks import Options, Rule, one_of, within
from ._aurora_names import identifier, named
from ._aurora_rules import MASTER_USERNAME, not_here
from ._restore import Restore
from ._rules import SECRET_REPLICAS, neighbours, retention, windows

_KEYS = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html"
_STANDBYS = features.LIMITLESS_STANDBYS


def _bad_capacity(options: Options) -> bool:
    least, most = options["capacity"]
    halves = all(float(value * 2).is_integer() for value in (least, most))
    fits = least in features.LIMITLESS_CAPACITY.value and most in features.LIMITLESS_CAPACITY.value
    return not (fits and halves and least <= most)


def _few_zones(options: Options) -> bool:
    standbys = options["standbys"]
    known = isinstance(standbys, int) and standbys in _STANDBYS.value
    return known and options["zones"] < max(facts.ZONES.value.low, standbys + 1)


RULES = (
    named("version", features.LIMITLESS_VERSIONS, "a version of Limitless such as '16.6-limitless'"),
    Rule(
        option="capacity",
        broken=_bad_capacity,
        allowed="(least, most) in half steps, 16 to 6144",
        why=features.LIMITLESS_CAPACITY.says,
        source=features.LIMITLESS_CAPACITY.source,
    ),
    within("standbys", _STANDBYS),
    Rule(
        option="fewer_standbys_because",
        reads=("standbys",),
        broken=lambda o: (
            o["standbys"] in _STANDBYS.value and (o["standbys"] < 2) != (o["fewer_standbys_because"] is not None)
        ),
        allowed="a reason with fewer than 2 'standbys', and none with 2",
        why="a shard without a standby in another zone is lost with its zone until a new one has started",
        source=_STANDBYS.source,
    ),
    Rule(
        option="vpc",
        broken=_few_zones,
        allowed="isolated (or chosen) subnets in a zone for each standby and one more, and in two at least",
        why=features.LIMITLESS_ZONES.says,
        source=features.LIMITLESS_ZONES.source,
    ),
    one_of(
        "monitoring_interval",
        features.LIMITLESS_MONITORING.value,
        why=features.LIMITLESS_MONITORING.says,
        source=features.LIMITLESS_MONITORING.source,
    ),
    *retention(facts.BACKUP_RETENTION),
    *windows(facts.BACKUP_WINDOW, facts.MAINTENANCE_WINDOW),
    not_here("rds.force_ssl", "plaintext_because"),
    identifier("cluster_identifier", "it names the cluster in its Region"),
    identifier("shard_group_identifier", "it names the shard group in its Region"),
    MASTER_USERNAME,
    SECRET_REPLICAS,
    *neighbours(facts.ZONES, _KEYS),
    *Restore.rules(of="cluster"),
    Rule(
        option="restore",
        broken=lambda o: o["restore"] is not None and o["restore"].clone,
        allowed="a full copy",
        why=features.LIMITLESS_CLONES.says,
        source=features.LIMITLESS_CLONES.source,
    ),
)
