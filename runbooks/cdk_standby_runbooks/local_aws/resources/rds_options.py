"""Option groups: CloudFormation takes group and options at once, the API in two calls."""

from __future__ import annotations

from ._model import Context, Made
from ._send import Values, send, without
from ._tags import set_tags


def option_group(context: Context, properties: Values) -> Made:
    """Makes the group, then its options."""
    name = properties.get("OptionGroupName") or context.name(255)
    rds = context.client("rds")
    send(rds, "CreateOptionGroup", {**without(properties, "OptionConfigurations"), "OptionGroupName": name})
    _options(context, name, [], properties.get("OptionConfigurations", []))
    arn = f"arn:aws:rds:{context.region}:{context.account}:og:{name.lower()}"
    return Made(name.lower(), {"OptionGroupArn": arn})


def _options(context: Context, name: str, before: list[Values], after: list[Values]) -> None:
    wanted = {option["OptionName"] for option in after}
    gone = sorted(option["OptionName"] for option in before if option["OptionName"] not in wanted)
    if after or gone:
        change = {"OptionsToInclude": after, "OptionsToRemove": gone}
        given = {key: value for key, value in change.items() if value}
        sent = {"OptionGroupName": name, **given, "ApplyImmediately": True}
        send(context.client("rds"), "ModifyOptionGroup", sent, context.dropped)


def change_options(context: Context, made: Made, before: Values, after: Values) -> Made:
    """Options come and go in place."""
    _options(context, made.physical_id, before.get("OptionConfigurations", []), after.get("OptionConfigurations", []))
    if before.get("Tags") != after.get("Tags"):
        set_tags(context, "rds", made, before.get("Tags", []), after.get("Tags", []))
    return made


def delete_options(context: Context, made: Made, _: Values) -> None:
    """Ends it."""
    context.client("rds").deleteoption_group(OptionGroupName=made.physical_id)
