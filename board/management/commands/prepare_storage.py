"""``manage.py prepare_storage``: make the bucket when it is missing. Harmless when run twice."""

from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Makes the S3 bucket when it is missing; with the file system there is nothing to do."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.STORAGE != "s3":
            self.stdout.write("The file system needs no preparation.")
            return
        from botocore.exceptions import ClientError

        bucket = storages["originals"].bucket  # type: ignore[attr-defined]
        try:
            bucket.meta.client.head_bucket(Bucket=bucket.name)
            self.stdout.write(f"The bucket {bucket.name} is there.")
        except ClientError:
            bucket.create()
            self.stdout.write(f"Made the bucket {bucket.name}.")
