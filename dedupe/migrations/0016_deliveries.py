import dedupe.models.pictures
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Bytes on their way. The release before does not know the table and never meets a picture that still waits."""

    dependencies = [
        ("dedupe", "0015_upkeep"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=dedupe.models.pictures.new_public_id,
                        editable=False,
                        max_length=14,
                        unique=True,
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=64)),
                ("address", models.CharField(blank=True, max_length=2000)),
                ("file_name", models.CharField(blank=True, max_length=255)),
                ("mime", models.CharField(blank=True, max_length=20)),
                ("size_bytes", models.BigIntegerField(default=0)),
                ("checksum", models.CharField(blank=True, max_length=64)),
                ("details", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "picture",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delivery",
                        to="dedupe.picture",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("picture__isnull", True)),
                        fields=["expires_at"],
                        name="deliveries_not_completed",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("key", ""),
                                ("picture__isnull", False),
                                models.Q(("address", ""), _negated=True),
                            ),
                            models.Q(("address", ""), models.Q(("key", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="deliveries_are_sent_or_fetched",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("key",),
                        name="one_delivery_per_key",
                    ),
                ],
            },
        ),
    ]
