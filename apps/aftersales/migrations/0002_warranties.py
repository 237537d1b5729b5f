"""The warranties that the law asks for, by the day a car was handed over."""

from datetime import date

from django.db import migrations
from psycopg2.extras import DateRange

VEHICLE, BATTERY, EXCHANGE = 1, 2, 3
OLD = "《家用汽车产品修理、更换、退货责任规定》（国家质量监督检验检疫总局令第150号）第十七条"
NEW = "《家用汽车产品修理更换退货责任规定》（国家市场监督管理总局令第43号）第十八条"
ELECTRIC = "《关于2016-2020年新能源汽车推广应用财政支持政策的通知》（财建〔2015〕134号）第四条"
ROWS = [
    (VEHICLE, 36, 60_000, date(2013, 10, 1), date(2022, 1, 1), OLD),
    (VEHICLE, 36, 60_000, date(2022, 1, 1), None, NEW),
    (EXCHANGE, 24, 50_000, date(2013, 10, 1), date(2022, 1, 1), OLD),
    (EXCHANGE, 24, 50_000, date(2022, 1, 1), None, NEW),
    (BATTERY, 96, 120_000, date(2016, 1, 1), None, ELECTRIC),
]


def write(apps, schema_editor):
    """Date them."""
    terms = apps.get_model("aftersales", "WarrantyTerm")
    terms.objects.bulk_create(
        terms(component=component, months=months, km=km, valid=DateRange(first, end), source=source)
        for component, months, km, first, end, source in ROWS
    )


def remove(apps, schema_editor):
    """Take them away again."""
    apps.get_model("aftersales", "WarrantyTerm").objects.filter(source__in={row[-1] for row in ROWS}).delete()


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0001_initial")]

    operations = [migrations.RunPython(write, remove)]
