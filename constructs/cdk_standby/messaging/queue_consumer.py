"""A function that empties a queue, or waits until its Region takes over."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk_standby_review.facts import sqs as facts

from .._checks import Options, Rule, check, within
from ._queue_rules import in_seconds, seconds
from .queue import Queue

__all__ = ["QueueConsumer"]


class QueueConsumer(Construct):
    """A function that gets the messages of a queue in batches, and reports which of them failed.

    In a Region that waits, `enabled=False` holds it: nothing is polled, what is in the queue stays there, and its
    retention goes on. A failover enables the mapping (``aws lambda update-event-source-mapping --enabled``, or a step
    of ARC Region switch), and the next deployment says the same.
    """

    mapping: lambda_.EventSourceMapping

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        queue: Queue,
        function: lambda_.IFunction,
        enabled: bool = True,
        batch_size: int = 10,
        window: Duration | None = None,
        max_concurrency: int | None = None,
    ) -> None:
        """Connect the function with the queue.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            queue: where messages wait; its `visibility_timeout` is six times the function's timeout, or more.
            function: gets them, in the queue's Region; has to return ``batchItemFailures``, and bears to see a message
                twice.
            enabled: False holds it; left out: it polls.
            batch_size: how many messages it gets at once, up to 10, or with a `window` up to 10000; left out: 10.
            window: for how long messages of a standard queue are collected, up to 300 seconds; left out: not at all.
            max_concurrency: how many run at once because of this queue, 2 to 1000; left out: as many as the account
                has, so that a full queue may starve other functions.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
        """
        super().__init__(scope, id)
        options: dict[str, Any] = {**locals(), "queue": queue.node.path, "function": function.node.path}
        options["regions"] = (function.env.region, Stack.of(queue).region)
        options["timeout"] = function.timeout if isinstance(function, lambda_.Function) else None
        options["role"] = function.role
        options |= {"fifo": queue.fifo, "visible": queue.visibility_timeout}
        check(self, _RULES, options)
        self.mapping = lambda_.EventSourceMapping(
            self,
            "Mapping",
            target=function,
            event_source_arn=queue.queue_arn,
            enabled=enabled,
            batch_size=batch_size,
            max_batching_window=window,
            max_concurrency=max_concurrency,
            report_batch_item_failures=True,
        )
        queue.grant_consume(function)

    @property
    def mapping_id(self) -> str:
        """What a failover enables."""
        return self.mapping.event_source_mapping_id


def _hidden_too_short(options: Options) -> bool:
    hidden, timeout = seconds(options["visible"]), seconds(options["timeout"])
    return hidden is not None and timeout is not None and hidden < facts.TIMES_THE_FUNCTION.value * timeout


def _too_many(options: Options) -> bool:
    plain = not seconds(options["window"]) or options["fifo"]
    return options["batch_size"] in facts.BATCH.value and plain and options["batch_size"] > facts.PLAIN_BATCH.value


_RULES = (
    Rule(
        option="queue",
        broken=_hidden_too_short,
        allowed="a queue whose 'visibility_timeout' is six times the timeout of the function, or more",
        why=facts.TIMES_THE_FUNCTION.says,
        source=facts.TIMES_THE_FUNCTION.source,
    ),
    Rule(
        option="function",
        broken=lambda o: o["regions"][0] != o["regions"][1] and not any("Token" in region for region in o["regions"]),
        allowed="a function of the queue's Region",
        why="Lambda polls queues of its own Region only",
        source=facts.BATCH.source,
    ),
    Rule(
        option="function",
        broken=lambda o: o["role"] is None,
        allowed="a function whose role is known here, such as of 'from_function_attributes' with 'role'",
        why="Lambda polls the queue as that role",
        source=facts.BATCH.source,
    ),
    within("batch_size", facts.BATCH),
    Rule(
        option="batch_size",
        broken=_too_many,
        allowed="1 to 10, or up to 10000 of a standard queue with 'window'",
        why=facts.BATCH.says,
        source=facts.BATCH.source,
        reads=("window",),
    ),
    *in_seconds("window", facts.WINDOW),
    Rule(
        option="window",
        broken=lambda o: o["fifo"] and o["window"] is not None,
        allowed="nothing with a FIFO queue",
        why=facts.WINDOW.says,
        source=facts.WINDOW.source,
    ),
    within("max_concurrency", facts.CONCURRENCY),
)
