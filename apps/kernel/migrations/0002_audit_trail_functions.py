"""The functions behind the audit triggers, and the guards that make the trail append-only."""

from django.db import migrations

AUDIT_ROW = """
CREATE FUNCTION kernel_audit_row(
    table_name text, operation text, key_column text, old_row jsonb, new_row jsonb, masked text[], ignored text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    differences jsonb;
BEGIN
    SELECT jsonb_object_agg(
        changes.key,
        CASE WHEN changes.key = ANY (masked) THEN jsonb_build_array(
            CASE WHEN changes.was IS NULL THEN NULL ELSE '***' END, CASE WHEN changes.becomes IS NULL THEN NULL ELSE '***' END
        ) ELSE jsonb_build_array(changes.was, changes.becomes) END
    ) INTO differences
    FROM (
        SELECT names.key, NULLIF(old_row -> names.key, 'null'::jsonb) AS was,
               NULLIF(new_row -> names.key, 'null'::jsonb) AS becomes
        FROM jsonb_object_keys(COALESCE(new_row, old_row)) AS names (key)
    ) AS changes
    WHERE changes.was IS DISTINCT FROM changes.becomes AND NOT changes.key = ANY (ignored);
    IF differences IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO kernel_auditentry (table_name, row_id, operation, changed, actor_id, at)
    VALUES (
        table_name, COALESCE(new_row, old_row) ->> key_column, operation, differences,
        NULLIF(current_setting('s2b2c.actor', true), '')::bigint, clock_timestamp()
    );
END;
$$
"""

GUARDS = """
CREATE FUNCTION kernel_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The one permitted change: an entry without a seal joins one, and nothing else about it changes.
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'kernel_auditentry' THEN
        IF to_jsonb(OLD) ->> 'seal_id' IS NULL AND to_jsonb(NEW) ->> 'seal_id' IS NOT NULL
           AND to_jsonb(OLD) - 'seal_id' = to_jsonb(NEW) - 'seal_id' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END;
$$;
CREATE TRIGGER kernel_append_only BEFORE UPDATE OR DELETE ON kernel_auditentry
    FOR EACH ROW EXECUTE FUNCTION kernel_audit_append_only();
CREATE TRIGGER kernel_no_truncate BEFORE TRUNCATE ON kernel_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_audit_append_only();
CREATE TRIGGER kernel_append_only BEFORE UPDATE OR DELETE ON kernel_auditseal
    FOR EACH ROW EXECUTE FUNCTION kernel_audit_append_only();
CREATE TRIGGER kernel_no_truncate BEFORE TRUNCATE ON kernel_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_audit_append_only();
"""

NO_GUARDS = """
DROP TRIGGER kernel_no_truncate ON kernel_auditseal;
DROP TRIGGER kernel_append_only ON kernel_auditseal;
DROP TRIGGER kernel_no_truncate ON kernel_auditentry;
DROP TRIGGER kernel_append_only ON kernel_auditentry;
DROP FUNCTION kernel_audit_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(AUDIT_ROW, "DROP FUNCTION kernel_audit_row(text, text, text, jsonb, jsonb, text[], text[])"),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
