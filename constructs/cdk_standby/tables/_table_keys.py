"""The keys of a table and its indexes: what is wrong with them, and how CloudFormation is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_dynamodb as dynamodb

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import dynamodb as facts

from .._checks import Problem, shown
from .._tokens import is_token
from ._table_names import name_problem
from ._table_values import GlobalIndex, Key, LocalIndex, Projection

Table = dynamodb.CfnGlobalTable


def attribute(key: Key) -> tuple[str, str]:
    """Name and type of a key attribute."""
    return (key, "S") if isinstance(key, str) else (key[0], key[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Everything that a table is read by."""

    partition_key: Key
    sort_key: Key | None
    global_indexes: Sequence[GlobalIndex]
    local_indexes: Sequence[LocalIndex]

    def schema(self) -> list[Table.KeySchemaProperty]:
        """Of the table itself."""
        return _schema([self.partition_key], [] if self.sort_key is None else [self.sort_key])

    def schema_of(self, index: GlobalIndex | LocalIndex) -> list[Table.KeySchemaProperty]:
        """Of an index."""
        if isinstance(index, GlobalIndex):
            return _schema(index.partition_keys, index.sort_keys)
        return _schema([self.partition_key], [index.sort_key])

    def attributes(self) -> list[Table.AttributeDefinitionProperty]:
        """All key attributes, each once, in a lasting order."""
        return [
            Table.AttributeDefinitionProperty(attribute_name=name, attribute_type=kind)
            for name, kind in dict(attribute(key) for _, key in self._all()).items()
        ]

    def local(self) -> list[Table.LocalSecondaryIndexProperty]:
        """The local indexes."""
        return [
            Table.LocalSecondaryIndexProperty(
                index_name=index.name, key_schema=self.schema_of(index), projection=projection(index.project)
            )
            for index in self.local_indexes
        ]

    def problems(self, where: str) -> Iterator[Problem]:
        """What DynamoDB would refuse."""
        yield from self._bad_attributes(where)
        yield from self._bad_indexes(where)
        yield from self._too_many(where)

    def _all(self) -> Iterator[tuple[str, Key]]:
        yield "partition_key", self.partition_key
        if self.sort_key is not None:
            yield "sort_key", self.sort_key
        for local in self.local_indexes:
            yield f"local_indexes['{local.name}']", local.sort_key
        for index in self.global_indexes:
            for key in (*index.partition_keys, *index.sort_keys):
                yield f"global_indexes['{index.name}']", key

    def _bad_attributes(self, where: str) -> Iterator[Problem]:
        types: dict[str, str] = {}
        for option, key in self._all():
            name, kind = attribute(key)
            if not is_token(name) and len(name.encode()) not in facts.ATTRIBUTE_NAME.value:
                yield _problem(where, option, shown(name), "a name of 1 to 255 characters", facts.ATTRIBUTE_NAME)
            if kind not in facts.TYPES.value:
                yield _problem(where, option, _typed(key), "a name, or a name with 'S', 'N' or 'B'", facts.TYPES)
            elif types.setdefault(name, kind) != kind:
                allowed = f"('{name}', '{types[name]}'), as it is elsewhere in the table"
                yield _problem(where, option, _typed(key), allowed, facts.TYPES)
        if self.sort_key is not None and attribute(self.sort_key)[0] == attribute(self.partition_key)[0]:
            yield _problem(where, "sort_key", _typed(self.sort_key), "another attribute than 'partition_key'", _TWICE)

    def _bad_indexes(self, where: str) -> Iterator[Problem]:
        for wide in self.global_indexes:
            yield from _bad_global(where, wide)
        for local in self.local_indexes:
            option = f"local_indexes['{local.name}']"
            if attribute(local.sort_key)[0] == attribute(self.partition_key)[0]:
                yield _problem(where, option, _typed(local.sort_key), "another attribute than 'partition_key'", _TWICE)
        for option, index in self._indexes():
            if problem := name_problem(where, f"{option}.name", index.name):
                yield problem
            if not isinstance(index.project, str) and len(index.project) not in facts.INCLUDED.value:
                got = f"{len(index.project)} attributes"
                yield _problem(where, f"{option}.project", got, "1 to 20 attributes", facts.INCLUDED)
            elif isinstance(index.project, str) and index.project not in _PROJECTIONS:
                allowed = "'all', 'keys', or a list of attributes"
                yield _problem(where, f"{option}.project", shown(index.project), allowed, facts.INCLUDED)

    def _too_many(self, where: str) -> Iterator[Problem]:
        for option, indexes, limit in (
            ("global_indexes", self.global_indexes, facts.GLOBAL_INDEXES),
            ("local_indexes", self.local_indexes, facts.LOCAL_INDEXES),
        ):
            if len(indexes) > limit.value:
                yield _problem(where, option, f"{len(indexes)} indexes", f"at most {limit.value}", limit)
        if self.local_indexes and self.sort_key is None:
            yield _problem(where, "sort_key", "not given", "a sort key with 'local_indexes'", facts.LOCAL_SORT_KEY)
        names = Counter(index.name for _, index in self._indexes())
        for name in (name for name, count in names.items() if count > 1):
            option = "global_indexes" if name in {i.name for i in self.global_indexes} else "local_indexes"
            yield _problem(where, option, f"'{name}' twice", "a name of its own for each index", facts.TABLE_NAME)
        included = sum(len(i.project) for _, i in self._indexes() if not isinstance(i.project, str))
        if included > facts.PROJECTED.value:
            got = f"{included} attributes"
            yield _problem(where, "project of all indexes", got, f"at most {facts.PROJECTED.value}", facts.PROJECTED)

    def _indexes(self) -> Iterator[tuple[str, GlobalIndex | LocalIndex]]:
        yield from ((f"global_indexes['{index.name}']", index) for index in self.global_indexes)
        yield from ((f"local_indexes['{index.name}']", index) for index in self.local_indexes)


def _typed(key: Key) -> str:
    return repr(key)


def projection(project: Projection) -> Table.ProjectionProperty:
    """Which attributes an index holds."""
    if isinstance(project, str):
        return Table.ProjectionProperty(projection_type=_PROJECTIONS[project])
    return Table.ProjectionProperty(projection_type="INCLUDE", non_key_attributes=list(project))


def _schema(partition: Sequence[Key], sort: Sequence[Key]) -> list[Table.KeySchemaProperty]:
    return [
        Table.KeySchemaProperty(attribute_name=attribute(key)[0], key_type=kind)
        for keys, kind in ((partition, "HASH"), (sort, "RANGE"))
        for key in keys
    ]


def _bad_global(where: str, index: GlobalIndex) -> Iterator[Problem]:
    option, most = f"global_indexes['{index.name}']", facts.KEYS_OF_INDEX.value
    if not 1 <= len(index.partition_keys) <= most:
        got = f"{len(index.partition_keys)} attributes"
        yield _problem(where, f"{option}.partition_keys", got, f"1 to {most}", facts.KEYS_OF_INDEX)
    if len(index.sort_keys) > most:
        got = f"{len(index.sort_keys)} attributes"
        yield _problem(where, f"{option}.sort_keys", got, f"at most {most}", facts.KEYS_OF_INDEX)
    names = [attribute(key)[0] for key in (*index.partition_keys, *index.sort_keys)]
    if len(set(names)) < len(names):
        yield _problem(where, option, shown(names), "each attribute once", _TWICE)


_PROJECTIONS: dict[str, str] = {"all": "ALL", "keys": "KEYS_ONLY"}
_TWICE = Fact(
    value="once",
    unit="attribute",
    says="an attribute is in a key once",
    source=facts.TYPES.source,
    date=facts.TYPES.date,
)


def _problem(where: str, option: str, got: str, allowed: str, fact: Fact[Any]) -> Problem:
    return Problem(where=where, option=option, got=got, allowed=allowed, why=fact.says, source=fact.source)
