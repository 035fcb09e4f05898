"""Posting lists as packed bytes: read by the hundred thousand, an array of numbers is mostly the reading of it."""

from django.db import migrations, models

# Each picture in four bytes, most significant first, as `int4send` writes it.
PACK = """
CREATE FUNCTION pg_temp.packed(pictures int[]) RETURNS bytea LANGUAGE sql IMMUTABLE AS
'SELECT coalesce(string_agg(int4send(picture), ''''::bytea ORDER BY place), ''''::bytea)
   FROM unnest(pictures) WITH ORDINALITY AS p (picture, place)';
ALTER TABLE dedupe_posting ALTER COLUMN pictures TYPE bytea USING pg_temp.packed(pictures);
ALTER TABLE dedupe_posting ALTER COLUMN pictures SET STORAGE PLAIN;
DROP FUNCTION pg_temp.packed(int[])
"""
UNPACK = """
CREATE FUNCTION pg_temp.unpacked(pictures bytea) RETURNS int[] LANGUAGE sql IMMUTABLE AS
'SELECT coalesce(array_agg((get_byte(pictures, 4 * n) << 24) + (get_byte(pictures, 4 * n + 1) << 16)
                + (get_byte(pictures, 4 * n + 2) << 8) + get_byte(pictures, 4 * n + 3) ORDER BY n), ''{}'')
   FROM generate_series(0, length(pictures) / 4 - 1) AS n';
ALTER TABLE dedupe_posting ALTER COLUMN pictures TYPE int[] USING pg_temp.unpacked(pictures);
DROP FUNCTION pg_temp.unpacked(bytea)
"""


class Migration(migrations.Migration):

    dependencies = [("dedupe", "0007_candidate_indexes")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(PACK, UNPACK)],
            [migrations.AlterField("posting", "pictures", models.BinaryField())],
        ),
    ]
