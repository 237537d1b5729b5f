"""A bill can be paid online; a line that a warranty pays says which one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aftersales", "0003_row_security"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
    ]

    operations = [
        migrations.AddField(
            model_name="visitline",
            name="component",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (1, "Whole vehicle"),
                    (2, "Drive battery, motor and their control"),
                    (3, "Exchange or return of the vehicle"),
                ],
                null=True,
                verbose_name="warranty",
            ),
        ),
        migrations.AlterField(
            model_name="servicevisit",
            name="tender",
            field=models.CharField(
                blank=True,
                choices=[
                    ("CARD", "Card"),
                    ("WECHAT", "WeChat Pay"),
                    ("ALIPAY", "Alipay"),
                    ("CASH", "Cash"),
                    ("ONLINE", "Online"),
                ],
                default="",
                max_length=8,
                verbose_name="paid by",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("payer", "WARRANTY"), _negated=True), ("component__isnull", False), _connector="OR"
                ),
                name="aftersales_warranty_names_itself",
            ),
        ),
    ]
