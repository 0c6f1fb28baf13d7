"""Snapshots that a template takes: CloudFormation knows them by ARN, RDS ends them by name."""

from __future__ import annotations

from botocore.exceptions import ClientError

from ._functions import Functions
from ._model import Context, Made
from ._rows import Row, RowHandler
from ._send import Values, code_of, send


def _snapshot(kind: str, source: str, gone: str) -> Functions:
    name = f"{kind}Identifier"
    row = Row(
        service="rds",
        create=f"Create{kind}",
        answer=kind,
        id=f"{kind}Arn",
        attributes={f"{kind}Arn": f"{kind}Arn", "Status": "Status", "Engine": "Engine"},
        unkept=(name, source),
    )
    handler = RowHandler(row)

    def delete(context: Context, made: Made, _: Values) -> None:
        try:
            send(context.client("rds"), f"Delete{kind}", {name: made.physical_id.rsplit(":", 1)[-1]})
        except ClientError as error:
            if code_of(error) != gone:
                raise

    return Functions(handler.create, handler.update, delete)


HANDLERS = {
    "AWS::RDS::DBSnapshot": _snapshot("DBSnapshot", "DBInstanceIdentifier", "DBSnapshotNotFound"),
    "AWS::RDS::ClusterSnapshot": _snapshot(
        "DBClusterSnapshot", "DBClusterIdentifier", "DBClusterSnapshotNotFoundFault"
    ),
}
