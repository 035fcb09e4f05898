from django.db import migrations


class Migration(migrations.Migration):
    """Permissions beyond those that Django makes for each table. Nothing of the tables changes."""

    dependencies = [("dedupe", "0011_case_kinds")]

    operations = [
        migrations.AlterModelOptions(
            name="case",
            options={
                "ordering": ["id"],
                "permissions": (("review_cases", "Can see and decide the cases of the review queue"),),
            },
        ),
        migrations.AlterModelOptions(
            name="decision",
            options={
                "ordering": ["-id"],
                "permissions": (
                    ("undo_others", "Can undo other people's decisions"),
                    ("see_statistics", "Can see the statistics of decisions"),
                ),
            },
        ),
        migrations.AlterModelOptions(
            name="picture",
            options={
                "ordering": ["-id"],
                "permissions": (
                    ("remove_pictures", "Can remove other people's pictures"),
                    ("block_hubs", "Can block a picture from being matched"),
                    ("operate", "Can look at every row in the admin"),
                ),
            },
        ),
    ]
