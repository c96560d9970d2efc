"""Copies in an S3 bucket: a real server on 127.0.0.1 (moto), asked as docs/packages.md says."""

from __future__ import annotations

import gzip
import logging
import re
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import s3fs
from moto.server import ThreadedMotoServer

from archive.copies import Directory, copy_file, open_places
from foundation.errors import PlaceError
from tests.archive.test_fixity import flip
from tests.test_custody import folder, kanliu, packages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.test_custody import Door

__all__ = ["folder", "kanliu"]  # the fixtures of custody

pytestmark = pytest.mark.slow

KEY, SECRET = "KANLIUCANARYKEY", "canary-secret-of-the-bucket"
BUCKET = "kanliu-copies"
RAW = "warc/2026/10/kanliu-1.warc.gz"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def environment(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the docs say to set, and nothing else of whoever runs the tests."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_ENDPOINT_URL": address,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    yield
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def bucket(environment: None) -> Iterator[Any]:
    """The bucket as its owner sees it."""
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    yield client
    for name in names(client):
        client.delete_object(Bucket=BUCKET, Key=name)
    client.delete_bucket(Bucket=BUCKET)
    client.close()


def names(client: Any) -> list[str]:
    found = client.list_objects_v2(Bucket=BUCKET).get("Contents", ())
    return [each["Key"] for each in found]


def get(client: Any, name: str) -> bytes:
    with client.get_object(Bucket=BUCKET, Key=name)["Body"] as body:
        return body.read()


def flip_there(client: Any, name: str, place: int) -> None:
    """One bit, and the same length: the bucket's own tag is that of the altered bytes."""
    whole = bytearray(get(client, name))
    whole[place] ^= 4
    client.put_object(Bucket=BUCKET, Key=name, Body=bytes(whole))


def test_a_bucket_has_copies_that_are_checked_restored_and_taken_away(
    folder: Path, kanliu: Door, bucket: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = f"s3://{BUCKET}/archive"
    (folder / "kanliu.toml").write_text(f'copies = ["{place}"]\n', "utf-8")
    raw = folder / "var" / RAW
    whole = raw.read_bytes()

    done = kanliu("copy")
    assert (done.code, "copied   2 files" in done.said) == (0, True), done.said + done.error
    (first, log_of_events) = names(bucket)
    assert first == f"archive/{RAW}"
    assert get(bucket, f"archive/{RAW}") == whole

    flip_there(bucket, f"archive/{RAW}", 700)
    found = kanliu("verify")
    assert found.code == 1
    assert f"{RAW} ({place})\n  its bytes are not those that were copied" in found.said
    mended = kanliu("verify", "--repair")
    assert mended.code == 0, mended.said
    assert "Repaired from here." in mended.said
    assert get(bucket, f"archive/{RAW}") == whole

    flip(raw, 700)
    mended = kanliu("verify", "--repair")
    assert (mended.code, f"Repaired from {place}." in mended.said) == (0, True), mended.said
    assert raw.read_bytes() == whole

    sealed = kanliu("seal")
    assert sealed.code == 0, sealed.said
    assert not raw.exists()
    held = {path.relative_to(folder / "var").as_posix() for path in packages(folder / "var")}
    assert len(held) == 2
    # What the commands did stands in files of its own, this month's, and these are there as well.
    logs = [path.relative_to(folder / "var") for path in (folder / "var").rglob("*.warc.gz")]
    assert log_of_events in {f"archive/{name}" for name in logs}
    assert sorted(names(bucket)) == sorted(f"archive/{name}" for name in (*held, *logs))
    (lost, _) = packages(folder / "var")
    before = lost.read_bytes()
    lost.unlink()
    assert kanliu("verify", "--repair").code == 0
    assert lost.read_bytes() == before
    assert kanliu("copy").code == 0
    said = kanliu("verify").said
    assert re.search(rf"Copies in {place}: 2 of 2 packages, (\d+) of \1 WARC files\. Whether", said)

    kept = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    kept += [gzip.decompress(path.read_bytes()) for path in folder.rglob("*.warc.gz")]
    kept += [get(bucket, name) for name in names(bucket)]
    kept += [each.encode() for answer in (done, found, mended, sealed) for each in answer[1:]]
    logged = [(each.levelno, each.getMessage()) for each in caplog.records]
    assert len(kept) > 10
    assert any("/kanliu-copies/archive" in words for _, words in logged)
    assert not [each for each in kept if KEY.encode() in each or SECRET.encode() in each]
    assert not [words for _, words in logged if SECRET in words]
    # The driver names the key's id, which is no secret, where DEBUG is asked for.
    assert not [words for level, words in logged if level > logging.DEBUG and KEY in words]


@pytest.mark.usefixtures("environment")
def test_what_a_bucket_refuses_is_said_and_nothing_is_made_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one").write_bytes(b"one")
    digest = "sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    (place,) = open_places(["s3://not-there/archive"], tmp_path / "data")
    with pytest.raises(PlaceError, match=r"s3://not-there/archive: .*bucket does not exist"):
        copy_file(Directory(tmp_path), place, "one", digest, named="one")
    client = boto3.client("s3")
    assert client.list_buckets()["Buckets"] == []
    client.close()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    s3fs.S3FileSystem.clear_instance_cache()
    (place,) = open_places(["s3://not-there/archive"], tmp_path / "data")
    with pytest.raises(PlaceError, match="Unable to locate credentials"):
        copy_file(Directory(tmp_path), place, "one", digest, named="one")
