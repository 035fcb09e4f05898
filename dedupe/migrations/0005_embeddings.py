"""The values of further embedders, with the same care for the visibility map as the fingerprints have."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("dedupe", "0004_words"),
    ]

    operations = [
        migrations.CreateModel(
            name='Embedding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=32)),
                ('version', models.PositiveSmallIntegerField()),
                ('data', models.BinaryField()),
                ('searchable', models.BooleanField(default=False)),
                ('sketch', models.BigIntegerField(null=True)),
                ('chunk0', models.IntegerField(null=True)),
                ('chunk1', models.IntegerField(null=True)),
                ('chunk2', models.IntegerField(null=True)),
                ('chunk3', models.IntegerField(null=True)),
                ('picture', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='embeddings', to='dedupe.picture')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('searchable', True), ('sketch__isnull', False)), fields=['name', 'version', 'chunk0'], include=('picture', 'sketch'), name='embedding_chunk0'), models.Index(condition=models.Q(('searchable', True), ('sketch__isnull', False)), fields=['name', 'version', 'chunk1'], include=('picture', 'sketch'), name='embedding_chunk1'), models.Index(condition=models.Q(('searchable', True), ('sketch__isnull', False)), fields=['name', 'version', 'chunk2'], include=('picture', 'sketch'), name='embedding_chunk2'), models.Index(condition=models.Q(('searchable', True), ('sketch__isnull', False)), fields=['name', 'version', 'chunk3'], include=('picture', 'sketch'), name='embedding_chunk3')],
                'constraints': [models.UniqueConstraint(fields=('picture', 'name', 'version'), name='one_embedding_per_name_and_version')],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE dedupe_embedding SET (autovacuum_vacuum_insert_scale_factor = 0.02, "
            "autovacuum_vacuum_scale_factor = 0.02)",
            "ALTER TABLE dedupe_embedding RESET (autovacuum_vacuum_insert_scale_factor, "
            "autovacuum_vacuum_scale_factor)",
        ),
    ]
