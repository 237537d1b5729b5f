"""Applications for loans, their papers and consents, and what lenders tell."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import apps.kernel.api


class Migration(migrations.Migration):
    dependencies = [
        ("financing", "0002_law"),
        ("kernel", "0011_row_security_of_webhook_calls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FinanceApplication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="number")),
                ("order_number", models.CharField(db_index=True, max_length=64, verbose_name="order number")),
                ("car_zh", models.CharField(max_length=200, verbose_name="car in Chinese")),
                ("car_en", models.CharField(max_length=200, verbose_name="car in English")),
                ("months", models.PositiveSmallIntegerField(verbose_name="months")),
                ("price", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="price")),
                ("down_payment", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="down payment")),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("quoted_at", models.DateTimeField(verbose_name="quoted at")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Being prepared"),
                            ("SUBMITTED", "With the lender"),
                            ("MORE_ASKED", "More papers asked for"),
                            ("APPROVED", "Approved"),
                            ("SIGNED", "Contract signed"),
                            ("DISBURSED", "Paid out"),
                            ("REFUSED", "Refused"),
                            ("EXPIRED", "Expired"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        default="DRAFT",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("applicant_name", apps.kernel.api.EncryptedTextField(blank=True, default="", verbose_name="name")),
                (
                    "identity_number",
                    apps.kernel.api.EncryptedTextField(blank=True, default="", verbose_name="identity number"),
                ),
                ("phone", apps.kernel.api.EncryptedTextField(blank=True, default="", verbose_name="phone")),
                (
                    "monthly_income",
                    apps.kernel.api.EncryptedTextField(blank=True, default="", verbose_name="monthly income"),
                ),
                (
                    "lender_reference",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="lender's reference"),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("next_query_at", models.DateTimeField(blank=True, null=True, verbose_name="next question at")),
                ("approved_until", models.DateTimeField(blank=True, null=True, verbose_name="approved until")),
                ("asked_for", models.JSONField(blank=True, default=list, verbose_name="asked for")),
                ("reason", models.CharField(blank=True, default="", max_length=300, verbose_name="lender's words")),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="signed at")),
                ("signer_name", apps.kernel.api.EncryptedTextField(blank=True, default="", verbose_name="signed as")),
                (
                    "contract_digest",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="contract's SHA-256"),
                ),
                ("disbursed_at", models.DateTimeField(blank=True, null=True, verbose_name="paid out at")),
                (
                    "payment_number",
                    models.CharField(blank=True, default="", max_length=32, verbose_name="payment number"),
                ),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finance_applications",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="applicant",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.privatefile",
                        verbose_name="contract",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="financing.financeproduct",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "finance application",
                "verbose_name_plural": "finance applications",
            },
        ),
        migrations.CreateModel(
            name="FinanceConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("text", models.TextField(verbose_name="what was agreed to")),
                ("lender_name", models.CharField(max_length=120, verbose_name="lender")),
                ("given_at", models.DateTimeField(verbose_name="agreed at")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="financing.financeapplication",
                        verbose_name="application",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "finance consent",
                "verbose_name_plural": "finance consents",
            },
        ),
        migrations.CreateModel(
            name="FinanceDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("IDENTITY", "Identity card"),
                            ("INCOME", "Proof of income"),
                            ("RESIDENCE", "Proof of residence"),
                            ("LICENCE", "Driving licence"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("content_type", models.CharField(max_length=40, verbose_name="type")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("content", apps.kernel.api.EncryptedTextField(verbose_name="content")),
                ("handed_in_at", models.DateTimeField(verbose_name="handed in at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="financing.financeapplication",
                        verbose_name="application",
                    ),
                ),
            ],
            options={
                "verbose_name": "finance document",
                "verbose_name_plural": "finance documents",
            },
        ),
        migrations.CreateModel(
            name="LenderEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.CharField(max_length=160, unique=True, verbose_name="lender's event id")),
                ("number", models.CharField(max_length=64, verbose_name="number")),
                ("told_status", models.CharField(max_length=20, verbose_name="told status")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("taken", "Taken over"),
                            ("noted", "Noted"),
                            ("out_of_order", "Out of order"),
                            ("wrong_amount", "Wrong amount"),
                            ("wrong_reference", "Wrong reference"),
                            ("unknown_application", "Unknown application"),
                        ],
                        max_length=20,
                        verbose_name="verdict",
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="financing.financeapplication",
                        verbose_name="application",
                    ),
                ),
            ],
            options={
                "verbose_name": "lender's news",
                "verbose_name_plural": "lenders' news",
            },
        ),
        migrations.AddIndex(
            model_name="financeapplication",
            index=models.Index(
                condition=models.Q(("next_query_at__isnull", False)),
                fields=["next_query_at"],
                name="financing_query_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="financeapplication",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("status__in", ("DRAFT", "SUBMITTED", "MORE_ASKED", "APPROVED", "SIGNED", "DISBURSED"))
                ),
                fields=("order_number",),
                name="financing_one_live_application_per_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="financeapplication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lender_reference", ""), _negated=True),
                fields=("lender_reference",),
                name="financing_lender_reference_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="financeapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "DRAFT",
                            "SUBMITTED",
                            "MORE_ASKED",
                            "APPROVED",
                            "SIGNED",
                            "DISBURSED",
                            "REFUSED",
                            "EXPIRED",
                            "WITHDRAWN",
                        ],
                    )
                ),
                name="financing_application_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="financeapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(("down_payment__gte", 0), ("down_payment__lt", models.F("price"))),
                name="financing_something_is_financed",
            ),
        ),
        migrations.AddConstraint(
            model_name="financeapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["SIGNED", "DISBURSED"]), _negated=True),
                    models.Q(("signed_at__isnull", False), models.Q(("contract_digest", ""), _negated=True)),
                    _connector="OR",
                ),
                name="financing_signed_has_a_contract",
            ),
        ),
        migrations.AddConstraint(
            model_name="financeapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "DISBURSED"), _negated=True),
                    models.Q(("disbursed_at__isnull", False), models.Q(("payment_number", ""), _negated=True)),
                    _connector="OR",
                ),
                name="financing_paid_out_has_a_payment",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financeapplication",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY['applicant_name', 'identity_number', 'phone', 'monthly_income', 'signer_name']::text[], ARRAY['next_query_at']::text[]); RETURN NULL;",
                    hash="3544da592cf91e8b78426eb6611f338f9bd314ed",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_ae31b",
                    table="financing_financeapplication",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financeconsent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';",
                    hash="f591794a1cf2782c5e8c39d2a7d367377d18bfd2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3ae86",
                    table="financing_financeconsent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="financedocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["IDENTITY", "INCOME", "RESIDENCE", "LICENCE"])),
                name="financing_document_kind",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financedocument",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY['content']::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="45383a59d3a1c9caddd94465bcf028e08b27f421",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_8f3c8",
                    table="financing_financedocument",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financedocument",
            trigger=pgtrigger.compiler.Trigger(
                name="written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."application_id" IS DISTINCT FROM (NEW."application_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."content_type" IS DISTINCT FROM (NEW."content_type") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."handed_in_at" IS DISTINCT FROM (NEW."handed_in_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="62453a4581cd7d33e023b897d02cc9e5da64faf5",
                    operation="UPDATE",
                    pgid="pgtrigger_written_once_b315a",
                    table="financing_financedocument",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lenderevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';",
                    hash="8736c56ac4e9d13b415c3bc746675259414c294d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_90025",
                    table="financing_lenderevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
