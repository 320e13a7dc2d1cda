"""Objects in S3: whether they can be read, and in one line why not. Needs the extra `cloud`."""

from collections.abc import Iterable, Iterator
from typing import Any

from hicloom.errors import InputError, WorkError

SCHEME = "s3://"
# What S3 answers, and what it means to its user. The answer itself is never told: some hold
# the id of the key.
_MEANINGS = {
    **dict.fromkeys(("NoSuchBucket",), "there is no such bucket"),
    **dict.fromkeys(("NoSuchKey", "404"), "there is no such object"),
    **dict.fromkeys(
        ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"),
        "the credentials have expired; get new ones (aws sso login, aws configure)",
    ),
    **dict.fromkeys(
        ("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken"),
        "the credentials are not valid there; look at AWS_PROFILE and the AWS_ variables",
    ),
    **dict.fromkeys(("AccessDenied", "403"), "the credentials do not allow to read it"),
    **dict.fromkeys(
        ("PermanentRedirect", "AuthorizationHeaderMalformed", "301"),
        "the bucket is in another region; set AWS_DEFAULT_REGION (of the workflow: "
        "--storage-s3-region)",
    ),
}


def split_url(url: Any) -> tuple[str, str] | None:
    """Bucket and key of an `s3://` URL; None for anything else."""
    if not isinstance(url, str) or not url.startswith(SCHEME):
        return None
    bucket, _, key = url.removeprefix(SCHEME).partition("/")
    return bucket, key


def new_client() -> Any:
    """A client of S3 with the credentials that boto3 finds.

    Raises
    ------
    InputError
        If boto3 is not installed.
    """
    try:
        import boto3
    except ModuleNotFoundError:
        raise InputError("S3 needs the extra cloud: pip install 'hicloom[cloud]'") from None
    return boto3.client("s3")


def require_objects(urls: Iterable[str], client: Any) -> None:
    """Refuse the first object that cannot be read.

    Raises
    ------
    InputError
        Naming it and the reason.
    WorkError
        If the server cannot be reached.
    """
    for fault in unreadable(urls, client):
        raise InputError(fault)


def unreadable(urls: Iterable[str], client: Any) -> Iterator[str]:
    """The objects that cannot be read, each with the reason.

    Parameters
    ----------
    urls : iterable of str
        `s3://BUCKET/KEY`. One that ends on `/` is a folder, which may be empty.
    client
        As boto3 has them for S3.

    Raises
    ------
    WorkError
        If the server cannot be reached.
    """
    for url in dict.fromkeys(urls):
        bucket, key = split_url(url) or ("", "")
        code = _answer(client, bucket, key)
        if code and not (code == "AccessDenied" and _is_readable(client, bucket, key)):
            yield f"{url}: {_MEANINGS.get(code, f'S3 says {code}')}"


def _answer(client: Any, bucket: str, key: str) -> str:
    """The code of S3's error; empty if the object is there.

    Listing answers with a reason, where asking for the object's head gives a number only.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        found = client.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1)
    except ClientError as error:
        return str(error.response.get("Error", {}).get("Code", "an error without a code"))
    except BotoCoreError as error:
        raise WorkError(f"s3://{bucket}: {_told(error)}") from None
    is_there = [one["Key"] for one in found.get("Contents", [])][:1] == [key]
    return "" if is_there or not key or key.endswith("/") else "NoSuchKey"


def _is_readable(client: Any, bucket: str, key: str) -> bool:
    """Whether an object can be read by those who may not list the bucket."""
    from botocore.exceptions import ClientError

    try:
        client.head_object(Bucket=bucket, Key=key)
    except ClientError:
        return False
    return True


def _told(error: Exception) -> str:
    name = type(error).__name__
    if "Credential" in name or "Token" in name or "SSO" in name or "Profile" in name:
        return f"no valid credentials are found ({name}); see docs/cloud.md"
    return f"the server cannot be reached ({name})"
