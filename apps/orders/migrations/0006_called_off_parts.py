"""Parts of an order that were called off after payment: what the buyer owes goes down by them."""

from decimal import Decimal

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_checklist")]

    operations = [
        migrations.AddField(
            model_name="customerorder",
            name="called_off",
            field=models.DecimalField(
                db_default=0, decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="called off"
            ),
        ),
        migrations.AddConstraint(
            model_name="customerorder",
            constraint=models.CheckConstraint(
                condition=Q(called_off__gte=0, called_off__lte=F("total")), name="orders_called_off_in_range"
            ),
        ),
    ]
