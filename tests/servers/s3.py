"""A bucket on the S3 server, and what the site's settings need to use it."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from tests.servers.addresses import Addresses
from tests.servers.radosgw import ACCESS_KEY

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

REGION = "default"


@dataclass(frozen=True)
class Bucket:
    """An empty bucket of one test."""

    name: str
    endpoint: str
    access_key: str
    secret_key: str
    region: str = REGION

    def client(self) -> "S3Client":
        """A client that sees the bucket as an administrator does."""
        return client_for(self.endpoint, self.access_key, self.secret_key)

    def objects(self, prefix: str = "") -> list[str]:
        """The names of all objects in it."""
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def environment(self) -> dict[str, str]:
        """Settings for a live site that stores here."""
        return {
            "DOPPEL_STORAGE": "s3",
            "DOPPEL_S3_ENDPOINT_URL": self.endpoint,
            "DOPPEL_S3_BUCKET": self.name,
            "DOPPEL_S3_REGION": self.region,
            "DOPPEL_S3_ACCESS_KEY_ID": self.access_key,
            "DOPPEL_S3_SECRET_ACCESS_KEY": self.secret_key,
            "DOPPEL_S3_ADDRESSING_STYLE": "path",
            "DOPPEL_S3_CHECKSUMS": "when_required",
        }


def client_for(endpoint: str, access_key: str, secret_key: str) -> "S3Client":
    """A client with short patience."""
    options = Config(
        s3={"addressing_style": "path"},
        signature_version="s3v4",
        connect_timeout=5,
        read_timeout=20,
        retries={"max_attempts": 3},
    )
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        region_name=REGION,
        config=options,
    )


@contextmanager
def fresh_bucket(at: Addresses) -> Iterator[Bucket]:
    """A new bucket, emptied and removed at the end."""
    bucket = Bucket(f"doppel-{uuid.uuid4().hex[:12]}", at.s3_url, ACCESS_KEY, at.password)
    client = bucket.client()
    client.create_bucket(Bucket=bucket.name)
    try:
        yield bucket
    finally:
        for patience in (1, 4, 0):
            for key in bucket.objects():
                client.delete_object(Bucket=bucket.name, Key=key)
            try:
                client.delete_bucket(Bucket=bucket.name)
                break
            except client.exceptions.ClientError:
                if not patience:
                    raise
                time.sleep(patience)  # the server may still be writing what a killed worker had sent
