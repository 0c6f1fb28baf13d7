"""Where the data of a cluster comes from: born here, restored, or followed; and how a cluster joins others later."""

from __future__ import annotations

from cdk_standby_review.facts import aurora as facts
from cdk_standby_review.facts import aurora_features as features
from cdk_standby_review.facts import restores

from .._checks import Rule
from ._restore import Restore

BIRTH_RULES = (
    *Restore.rules(of="cluster"),
    Rule(
        option="database_name",
        reads=("restore",),
        broken=lambda o: o["restore"] is not None and o["database_name"] is not None,
        allowed="nothing with 'restore'",
        why=restores.INHERITED.says,
        source=restores.INHERITED.source,
    ),
    Rule(
        option="restore",
        reads=("secondary",),
        broken=lambda o: o["restore"] is not None and o["secondary"],
        allowed="nothing for a secondary",
        why="a secondary receives its data from the Region that writes",
        source=facts.SECONDARY_CREDENTIALS.source,
    ),
    Rule(
        option="restore",
        reads=("global_cluster", "founder"),
        broken=lambda o: (
            o["restore"] is not None and o["global_cluster"] is not None and not (o["founder"] or o["secondary"])
        ),
        allowed="a cluster that stands alone, or with 'founder' and a `GlobalAurora` that is made from it",
        why="RDS restores no cluster into a global database",
        source=restores.INHERITED.source,
    ),
    Rule(
        option="founder",
        reads=("global_cluster", "secondary"),
        broken=lambda o: o["founder"] and (o["global_cluster"] is None or o["secondary"]),
        allowed="True for the member that the global database is made from",
        why=features.JOINING.says,
        source=features.JOINING.source,
    ),
)
