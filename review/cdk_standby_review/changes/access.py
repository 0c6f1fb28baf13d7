"""Who may do more than before: policies, trust, and what security groups let in."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from ..findings import Severity
from ..graph import Resource
from ..plain import is_true, list_of, within
from ._grants import ITS_OWN, Statement, statements
from ._model import Change, Kind
from ._pairs import Pairs
from .networks import network_changes

LEAST = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege"
PUBLIC = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
READING = ("Get", "List", "Describe", "BatchGet", "Query", "Scan", "View", "Head", "Lookup")
WITHOUT_RESOURCE = frozenset(
    {
        "cloudwatch:PutMetricData",
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
        "logs:CreateLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:PutResourcePolicy",
    }
)
"""Actions that change something and can be allowed for all resources only:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""
BROAD = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "FullAccess")
_EVERYBODY = "everybody ('*')"
_BLOCK = "PublicAccessBlockConfiguration"
BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


def access_changes(pairs: Pairs) -> Iterator[Change]:
    """Every new wildcard, principal, managed policy of great power, open door, and every condition or denial gone."""
    for now in pairs.head:
        was = pairs.before(now)
        told = (*_policies(was, now), *_managed(was, now))
        yield from (_wider(now, each, everybody=_EVERYBODY in each[0]) for each in told)
        yield from (_wider(now, each, everybody=True) for each in _public(was, now))
    yield from network_changes(pairs)


Told = tuple[str, str, str]


def _wider(resource: Resource, told: Told, *, everybody: bool) -> Change:
    message, fix, source = told
    return Change(
        kind=Kind.WIDENED, severity=Severity.WARNING, message=message, fix=fix, source=source, resource=resource,
        everybody=everybody,
    )  # fmt: skip


def _policies(was: Resource | None, now: Resource) -> Iterator[Told]:
    before = statements(was) if was else []
    after = statements(now)
    if [s.text for s in before] == [s.text for s in after]:
        return
    old, new = [s for s in before if s.allows], [s for s in after if s.allows]
    for action in sorted(_beyond(_wide_actions(new), _wide_actions(old))):
        yield f"now allows every action '{action}'", "name the actions that are needed", LEAST
    if now.type not in ITS_OWN:
        known = {action for s in old if "*" in s.resources for action in s.actions}
        for statement in new:
            if "*" in statement.resources and (actions := _beyond(_writing(statement), known)):
                yield f"now allows {_some(actions)} on every resource", "name the resources", LEAST
                known |= actions
    for principal in sorted(_beyond(_who(new), _who(old) & {"*"}) - _who(old)):
        if was is not None or _is_foreign(principal):
            yield f"now lets in {_named(principal)}", "name those who need it, with a condition", LEAST
    yield from _restrictions(before, after)


def _wide_actions(found: list[Statement]) -> set[str]:
    return {action for s in found for action in s.actions if action == "*" or action.endswith(":*")}


def _beyond(new: set[str], old: set[str]) -> set[str]:
    """What no pattern of the old ones covers: whoever names the actions of a wildcard narrows it."""
    return {one for one in new if not any(fnmatchcase(one.lower(), pattern.lower()) for pattern in old)}


def _writing(statement: Statement) -> set[str]:
    """The actions that change something, and can be held to a resource."""
    return {
        action
        for action in statement.actions - WITHOUT_RESOURCE
        if not action.split(":")[-1].startswith(READING) and not (action == "*" or action.endswith(":*"))
    }


def _some(actions: set[str]) -> str:
    listed = sorted(actions)
    return ", ".join(listed[:4]) + (f" and {len(listed) - 4} more actions" if len(listed) > 4 else "")


def _who(found: list[Statement]) -> set[str]:
    return {principal for s in found for principal in s.principals}


def _is_foreign(principal: str) -> bool:
    """Whether a new resource that lets this one in deserves a look: everybody, and accounts by their number."""
    return principal == "*" or (principal.startswith("aws:") and "${" not in principal)


def _named(principal: str) -> str:
    return _EVERYBODY if principal == "*" else f"'{principal.split(':', 1)[-1]}'"


def _restrictions(before: list[Statement], after: list[Statement]) -> Iterator[Told]:
    """What held callers back, and is gone: denials, and conditions of what is allowed."""
    texts = {s.text for s in after}
    denied = {(s.actions, s.conditions) for s in after if not s.allows}
    for old in before:
        if not old.allows and old.text not in texts and (old.actions, old.conditions) not in denied:
            yield f"no longer denies {_some(set(old.actions))}", "keep the denial", LEAST
    allowed = [s for s in after if s.allows]
    for old in before:
        same = [s for s in allowed if (s.actions, s.resources, s.principals) == _what(old)]
        if old.allows and old.text not in texts and same and all(old.conditions - s.conditions for s in same):
            lost = sorted(old.conditions - same[0].conditions)
            yield f"allows {_some(set(old.actions))} without the condition {', '.join(lost)}", "keep it", LEAST


def _what(statement: Statement) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    return (statement.actions, statement.resources, statement.principals)


def _managed(was: Resource | None, now: Resource) -> Iterator[Told]:
    before = {str(arn) for arn in list_of(was.get("ManagedPolicyArns"))} if was else set[str]()
    for arn in list_of(now.get("ManagedPolicyArns")):
        name = str(arn).rsplit("/", 1)[-1]
        if str(arn) not in before and name.endswith(BROAD):
            yield f"now has the managed policy {name}", "use a policy with the actions that are needed", LEAST


def _public(was: Resource | None, now: Resource) -> Iterator[Told]:
    """Doors to the Internet: buckets, databases, function URLs."""
    if now.type == "AWS::S3::Bucket" and was is not None:
        before, after = was.get(_BLOCK), now.get(_BLOCK)
        gone = [n for n in BLOCKS if is_true(within(before, n)) and within(after, n) in (None, False, "false")]
        if gone:
            yield f"no longer blocks public access ({', '.join(gone)})", f"keep {', '.join(gone)} true", PUBLIC
    if now.flag("PubliclyAccessible") and not (was and was.flag("PubliclyAccessible")):
        yield "now has an address on the Internet (PubliclyAccessible)", "set PubliclyAccessible to false", LEAST
    if now.type == "AWS::Lambda::Url" and now.get("AuthType") == "NONE" and not (was and was.get("AuthType") == "NONE"):
        yield "now answers everybody on the Internet (AuthType NONE)", "set AuthType to AWS_IAM", LEAST
    if now.type == "AWS::Lambda::Permission":
        principal = str(now.get("Principal"))
        if principal == "*" and not (was and str(was.get("Principal")) == "*"):
            yield "now lets everybody ('*') call the function", "name who may call it", LEAST
