"""What an administrator of an account cannot delete, and what everybody takes for it."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_BACKUP = "https://docs.aws.amazon.com/aws-backup/latest/devguide/"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_DATE = "2026-11-21"


def _kept(says: str, source: str) -> Fact[Range]:
    return Fact(value=Range(0, 0), unit="seconds", says=says, source=source, date=_DATE)


LOCKED_VAULT = _kept(
    "a vault whose lock is in compliance mode, its cooling-off period over, gives up no backup before its time, to "
    "nobody, the root user included",
    _BACKUP + "vault-lock.html",
)
AIR_GAPPED_VAULT = _kept(
    "a logically air-gapped vault is locked in compliance mode from its first day, and keeps its backups in an "
    "account of AWS",
    _BACKUP + "logicallyairgappedvault.html",
)
OTHER_ACCOUNT = _kept(
    "an administrator of the account has no rights in another one", _BACKUP + "create-cross-account-backup.html"
)
OBJECT_LOCK = _kept(
    "a version of an object under Object Lock in compliance mode is deleted by nobody before its time, the root user "
    "included",
    _S3 + "object-lock.html",
)
OBJECTS_ELSEWHERE = _kept(
    "who deletes a version of an object deletes it in the source bucket only: replication does not carry that along",
    _S3 + "replication-what-is-isnot-replicated.html",
)
KEY_WAITS = Fact(
    value=Range(60, 3600),
    unit="seconds",
    says="KMS deletes a key after a waiting period of 7 days or more, which nobody can cut short; meanwhile it is kept "
    "by one call",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the waiting period is documented, the minutes until somebody calls are not
)
SECRET_ANEW = Fact(
    value=Range(60, 3600),
    unit="seconds",
    says="a password is made anew, and set on what it opens",
    source="assumed: minutes to an hour; whoever may force the deletion of a secret leaves no recovery window "
    "(https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
NOTHING_KEPT = _kept(
    "backups, snapshots, versions and points in time of the account, deletion protection, policies and locks in "
    "governance mode are settings that its administrators take off",
    _BACKUP + "vault-lock.html",
)
