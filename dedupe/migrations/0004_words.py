"""The words of pictures and their posting lists."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("dedupe", "0003_treatments"),
    ]

    operations = [
        migrations.CreateModel(
            name='NewPosting',
            fields=[
                ('pk', models.CompositePrimaryKey('word', 'picture', blank=True, editable=False, primary_key=True, serialize=False)),
                ('word', models.IntegerField()),
                ('picture', models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('pk', models.CompositePrimaryKey('word', 'chunk', blank=True, editable=False, primary_key=True, serialize=False)),
                ('word', models.IntegerField()),
                ('chunk', models.IntegerField()),
                ('pictures', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
        ),
        migrations.CreateModel(
            name='VisualWords',
            fields=[
                ('picture', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='dedupe.picture')),
                ('version', models.PositiveSmallIntegerField()),
                ('points', models.BinaryField()),
            ],
            options={
                'verbose_name_plural': 'visual words',
            },
        ),
        # A list grows in place: room in its page spares the indexes, and a fresh visibility map the heap.
        migrations.RunSQL(
            "ALTER TABLE dedupe_posting SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)",
            "ALTER TABLE dedupe_posting RESET (fillfactor, autovacuum_vacuum_scale_factor)",
        ),
    ]
