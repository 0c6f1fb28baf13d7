"""What the CDK itself puts into every template."""

from __future__ import annotations

from ._functions import Functions, again
from ._model import Context, Handler, Made
from ._send import Values


def _metadata(context: Context, _: Values) -> Made:
    return Made(context.name())


HANDLERS: dict[str, Handler] = {"AWS::CDK::Metadata": Functions(_metadata, again(_metadata))}
