"""Decisions and ledger entries can be added, never changed or deleted: the database itself refuses.

The table of fingerprints keeps its visibility map fresh, so that the partial indexes answer without the heap.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION dedupe_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER decisions_are_append_only BEFORE UPDATE OR DELETE ON dedupe_decision
  FOR EACH ROW EXECUTE FUNCTION dedupe_refuse_change();
CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON dedupe_ledgerentry
  FOR EACH ROW EXECUTE FUNCTION dedupe_refuse_change();
"""

ALLOW = """
DROP TRIGGER decisions_are_append_only ON dedupe_decision;
DROP TRIGGER ledger_is_append_only ON dedupe_ledgerentry;
DROP FUNCTION dedupe_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("dedupe", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunSQL(
            "ALTER TABLE dedupe_fingerprint SET (autovacuum_vacuum_insert_scale_factor = 0.02, "
            "autovacuum_vacuum_scale_factor = 0.02)",
            "ALTER TABLE dedupe_fingerprint RESET (autovacuum_vacuum_insert_scale_factor, "
            "autovacuum_vacuum_scale_factor)",
        ),
    ]
