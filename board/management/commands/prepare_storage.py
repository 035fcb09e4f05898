"""``manage.py prepare_storage``: make the bucket when it is missing, and give it its rules. Harmless when run twice."""

from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import BaseCommand

from board.buckets import keep_rules
from dedupe import incoming


class Command(BaseCommand):
    help = (
        "Makes the S3 bucket when it is missing, lets it clear up what was never completed, and, where browsers send "
        "their files straight to it, allows that to our pages alone. With the file system there is nothing to do."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.STORAGE != "s3":
            self.stdout.write("The file system needs no preparation.")
            return
        originals: Any = storages["originals"]
        self._make(originals.bucket)
        prefix = "/".join(filter(None, (originals.location, incoming.PREFIX))) + "/"
        origins = (settings.CSRF_TRUSTED_ORIGINS or ["*"]) if incoming.goes_to_storage() else []
        for line in keep_rules(originals.bucket, prefix=prefix, origins=origins):
            self.stdout.write(line)

    def _make(self, bucket: Any) -> None:
        from botocore.exceptions import ClientError

        try:
            bucket.meta.client.head_bucket(Bucket=bucket.name)
            self.stdout.write(f"The bucket {bucket.name} is there.")
        except ClientError:
            bucket.create()
            self.stdout.write(f"Made the bucket {bucket.name}.")
