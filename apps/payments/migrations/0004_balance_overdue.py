"""Prepayments go back where the balance was not paid in time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0003_refund_reasons"),
    ]

    operations = [
        migrations.AlterField(
            model_name="refund",
            name="reason",
            field=models.CharField(
                choices=[
                    ("order_cancelled", "Order called off"),
                    ("part_called_off", "Part of the order called off"),
                    ("balance_overdue", "Balance not paid in time"),
                    ("late_payment", "Paid after the order had ended"),
                    ("paid_twice", "Paid more than was owed"),
                    ("nothing_owed", "Paid when nothing was owed any more"),
                    ("package_returned", "Service package given back"),
                ],
                max_length=80,
                verbose_name="reason",
            ),
        ),
    ]
