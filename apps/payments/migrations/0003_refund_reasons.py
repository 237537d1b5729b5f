"""Why money goes back becomes a code that is told in the reader's language; old code writes its words on meanwhile."""

from django.db import migrations, models

CODES = {
    "order cancelled": "order_cancelled",
    "part called off": "part_called_off",
    "late payment": "late_payment",
    "paid twice": "paid_twice",
    "nothing is owed": "nothing_owed",
    "package given back": "package_returned",
}


def write_codes(apps, schema_editor):
    for words, code in CODES.items():
        apps.get_model("payments", "Refund").objects.filter(reason=words).update(reason=code)


def write_words(apps, schema_editor):
    for words, code in CODES.items():
        apps.get_model("payments", "Refund").objects.filter(reason=code).update(reason=words)


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_tenders"),
    ]

    operations = [
        migrations.AlterField(
            model_name="refund",
            name="reason",
            field=models.CharField(
                choices=[
                    ("order_cancelled", "Order called off"),
                    ("part_called_off", "Part of the order called off"),
                    ("late_payment", "Paid after the order had ended"),
                    ("paid_twice", "Paid more than was owed"),
                    ("nothing_owed", "Paid when nothing was owed any more"),
                    ("package_returned", "Service package given back"),
                ],
                max_length=80,
                verbose_name="reason",
            ),
        ),
        migrations.RunPython(write_codes, write_words),
    ]
