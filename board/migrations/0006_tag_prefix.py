from django.db import migrations, models
from django.db.models.functions import Collate


class Migration(migrations.Migration):

    dependencies = [
        ("board", "0005_edits"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="tag",
            index=models.Index(Collate("name", "C"), name="tag_prefix"),
        ),
    ]
