"""What engine, version and company decide about single features of a cluster."""

from __future__ import annotations

from cdk_standby_review.facts import aurora as facts
from cdk_standby_review.facts import aurora_features as features

from .._checks import Options, Rule, one_of
from ._aurora_names import since, written
from ._rules import without_managed_password


def _bad_data_api(options: Options) -> bool:
    return bool(options["data_api"]) and not since(features.DATA_API_VERSIONS, options)


def _bad_data_api_class(options: Options) -> bool:
    provisioned = options["serverless"] is None or options["serverless_members"] is not None
    return bool(options["data_api"]) and provisioned and written(features.DATA_API_CLASSES, options["instance"])


def _bad_backtrack(options: Options) -> bool:
    window = options["backtrack"]
    if window is None or window.is_unresolved():
        return False
    seconds = window.to_seconds(integral=False)
    fits = seconds in facts.BACKTRACK.value and float(seconds).is_integer()
    return not (fits and options["engine"] == "aurora-mysql" and options["global_cluster"] is None)


FEATURE_RULES = (
    Rule(
        option="backtrack",
        reads=("engine", "global_cluster"),
        broken=_bad_backtrack,
        allowed="1 second to 72 hours, in whole seconds, for MySQL outside of a global database",
        why=facts.BACKTRACK.says,
        source=facts.BACKTRACK.source,
    ),
    Rule(
        option="local_write_forwarding",
        reads=("engine", "version"),
        broken=lambda o: o["local_write_forwarding"] and not since(facts.LOCAL_WRITE_FORWARDING, o),
        allowed="False for this version",
        why=facts.LOCAL_WRITE_FORWARDING.says,
        source=facts.LOCAL_WRITE_FORWARDING.source,
    ),
    Rule(
        option="managed_password",
        broken=lambda o: o["managed_password"] and o["global_cluster"] is not None,
        allowed="False for a member of a global database, which has a secret with replicas instead",
        why=facts.MANAGED_PASSWORDS.says,
        source=facts.MANAGED_PASSWORDS.source,
    ),
    *(
        without_managed_password(option, facts.MANAGED_PASSWORDS.source)
        for option in ("secret_name", "secret_replicas")
    ),
    one_of("storage", features.STORAGE.value, why=features.STORAGE.says, source=features.STORAGE.source),
    one_of(
        "certificate_authority",
        features.CERTIFICATES.value,
        why=features.CERTIFICATES.says,
        source=features.CERTIFICATES.source,
    ),
    Rule(
        option="data_api",
        reads=("engine", "version"),
        broken=_bad_data_api,
        allowed="False for this version",
        why=features.DATA_API_VERSIONS.says,
        source=features.DATA_API_VERSIONS.source,
    ),
    Rule(
        option="data_api",
        reads=("instance", "serverless"),
        broken=_bad_data_api_class,
        allowed="False with burstable instances",
        why=features.DATA_API_CLASSES.says,
        source=features.DATA_API_CLASSES.source,
    ),
    Rule(
        option="no_extended_support_because",
        reads=("engine", "global_cluster"),
        broken=lambda o: (
            o["no_extended_support_because"] is not None
            and o["global_cluster"] is not None
            and o["engine"] in features.LIFECYCLE_OF_CONTAINER.value
        ),
        allowed="nothing for a member: its `GlobalAurora` says it",
        why=features.LIFECYCLE_OF_CONTAINER.says,
        source=features.LIFECYCLE_OF_CONTAINER.source,
    ),
)
