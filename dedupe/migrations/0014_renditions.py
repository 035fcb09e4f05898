import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """AVIF and full-size renditions, made by order; the name of the colour profile.

    The release before may go on: it writes no profile, which stands for not known, and makes no orders; pictures that
    it checks get their AVIF by ``backfill_renditions``.
    """

    dependencies = [("dedupe", "0013_hubs")]

    operations = [
        migrations.AddField(
            model_name="picture",
            name="colour_profile",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AlterField(
            model_name="rendition",
            name="kind",
            field=models.CharField(
                choices=[
                    ("large", "Large"),
                    ("small", "Small"),
                    ("large_avif", "Large Avif"),
                    ("small_avif", "Small Avif"),
                    ("full", "Full"),
                    ("view", "View"),
                    ("view_black", "View Black"),
                    ("view_frame1", "View Frame1"),
                    ("view_frame2", "View Frame2"),
                    ("view_frame3", "View Frame3"),
                ],
                max_length=11,
            ),
        ),
        migrations.CreateModel(
            name="RenditionOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[("avif", "smaller files to be shown"), ("full", "a full-size copy")], max_length=4
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField(null=True)),
                (
                    "picture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rendition_orders",
                        to="dedupe.picture",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=Q(made_at__isnull=True), fields=["what", "due_at"], name="orders_to_do"),
                    models.Index(fields=["since"], name="orders_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("picture", "what"), name="one_order_of_each_rendition"),
                    models.CheckConstraint(
                        condition=Q(made_at__isnull=True) | Q(what="full"), name="only_full_size_is_kept_as_made"
                    ),
                ],
            },
        ),
    ]
