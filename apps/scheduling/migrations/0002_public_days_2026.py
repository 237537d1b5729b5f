"""Public holidays of China in 2026, and the weekend days worked instead."""

from datetime import date, timedelta

from django.db import migrations

SOURCE = "国务院办公厅关于2026年部分节假日安排的通知（2025年11月4日）"
# Name in both languages, first and last day off, days worked instead.
NOTICE = (
    ("元旦", "New Year's Day", (1, 1), (1, 3), [(1, 4)]),
    ("春节", "Spring Festival", (2, 15), (2, 23), [(2, 14), (2, 28)]),
    ("清明节", "Qingming Festival", (4, 4), (4, 6), []),
    ("劳动节", "Labour Day", (5, 1), (5, 5), [(5, 9)]),
    ("端午节", "Dragon Boat Festival", (6, 19), (6, 21), []),
    ("中秋节", "Mid-Autumn Festival", (9, 25), (9, 27), []),
    ("国庆节", "National Day", (10, 1), (10, 7), [(9, 20), (10, 10)]),
)


def write(apps, schema_editor):
    """Write the days of the notice."""
    public_day = apps.get_model("scheduling", "PublicDay")
    for name_zh, name_en, first, last, worked in NOTICE:
        begins, ends = date(2026, *first), date(2026, *last)
        off = [begins + timedelta(days=ahead) for ahead in range((ends - begins).days + 1)]
        days = [(day, "HOLIDAY") for day in off] + [(date(2026, *day), "WORKDAY") for day in worked]
        public_day.objects.bulk_create(
            public_day(country="CN", day=day, kind=kind, name_zh=name_zh, name_en=name_en, source=SOURCE)
            for day, kind in days
        )


def remove(apps, schema_editor):
    """Take them away again."""
    apps.get_model("scheduling", "PublicDay").objects.filter(country="CN", source=SOURCE).delete()


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0001_initial")]

    operations = [migrations.RunPython(write, remove)]
