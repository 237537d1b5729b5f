"""Lenders and dealers pay in the buyer's place: loans and trade-ins as tenders."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="payment",
            name="provider",
            field=models.CharField(
                choices=[
                    ("wechatpay", "WeChat Pay"),
                    ("alipay", "Alipay"),
                    ("stripe", "Stripe"),
                    ("lender", "Lender"),
                    ("dealer", "Dealer"),
                ],
                max_length=20,
                verbose_name="provider",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="tender",
            field=models.CharField(
                choices=[
                    ("full", "Full price"),
                    ("deposit", "Refundable prepayment"),
                    ("balance", "Balance"),
                    ("loan", "Loan"),
                    ("trade_in", "Trade-in"),
                ],
                max_length=10,
                verbose_name="tender",
            ),
        ),
        migrations.AlterField(
            model_name="paymentevent",
            name="provider",
            field=models.CharField(
                choices=[
                    ("wechatpay", "WeChat Pay"),
                    ("alipay", "Alipay"),
                    ("stripe", "Stripe"),
                    ("lender", "Lender"),
                    ("dealer", "Dealer"),
                ],
                max_length=20,
                verbose_name="provider",
            ),
        ),
    ]
