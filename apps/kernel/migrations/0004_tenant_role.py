"""The role as which portals read, and who really acted when headquarters impersonates somebody."""

from django.db import migrations, models

from apps.kernel.tenancy import CREATE_ROLE, TENANT_ROLE

# Whoever runs the suite must be able to become the role. Where the user that migrates may not create roles, the
# operator of the database makes it first: CREATE ROLE s2b2c_tenant NOLOGIN; GRANT s2b2c_tenant TO <user>.
BECOME = f"""
DO $$ BEGIN
    IF NOT pg_has_role(
        current_user, '{TENANT_ROLE}',
        CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END
    ) THEN
        EXECUTE format('GRANT {TENANT_ROLE} TO %I', current_user);
    END IF;
END $$
"""
GRANT = f"""
DO $$ BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {TENANT_ROLE}', current_schema());
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO {TENANT_ROLE}', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO {TENANT_ROLE}', current_schema());
END $$
"""
# The role stays: other databases of the server may use it.
REVOKE = f"""
DO $$ BEGIN
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I REVOKE SELECT ON TABLES FROM {TENANT_ROLE}', current_schema());
    EXECUTE format('REVOKE SELECT ON ALL TABLES IN SCHEMA %I FROM {TENANT_ROLE}', current_schema());
    EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM {TENANT_ROLE}', current_schema());
END $$
"""
TENANT_ID = """
CREATE FUNCTION s2b2c_tenant_id() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NULLIF(current_setting('s2b2c.organization', true), '')::bigint $$
"""
AUDIT_ROW = """
CREATE OR REPLACE FUNCTION kernel_audit_row(
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
    INSERT INTO kernel_auditentry (table_name, row_id, operation, changed, actor_id{column}, at)
    VALUES (
        table_name, COALESCE(new_row, old_row) ->> key_column, operation, differences,
        NULLIF(current_setting('s2b2c.actor', true), '')::bigint{value}, clock_timestamp()
    );
END;
$$
"""
WITH_BOTH = AUDIT_ROW.replace("{column}", ", impersonator_id").replace(
    "{value}", ", NULLIF(current_setting('s2b2c.impersonator', true), '')::bigint"
)
WITH_ONE = AUDIT_ROW.replace("{column}", "").replace("{value}", "")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_imports")]

    operations = [
        migrations.RunSQL(CREATE_ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(BECOME, migrations.RunSQL.noop),
        migrations.RunSQL(GRANT, REVOKE),
        migrations.RunSQL(TENANT_ID, "DROP FUNCTION s2b2c_tenant_id()"),
        migrations.AddField(
            model_name="auditentry",
            name="impersonator_id",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="really"),
        ),
        migrations.RunSQL(WITH_BOTH, WITH_ONE),
    ]
