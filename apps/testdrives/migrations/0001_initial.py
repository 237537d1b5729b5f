import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import apps.kernel.api


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0005_invitations_keys_impersonation"),
        ("catalog", "0006_list_shown_prices"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
        ("dealers", "0005_concessions"),
        ("kernel", "0011_row_security_of_webhook_calls"),
        ("leads", "0002_price_versions"),
        ("scheduling", "0003_row_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DamagePhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "moment",
                    models.CharField(
                        choices=[("BEFORE", "Before the drive"), ("AFTER", "After the drive")],
                        max_length=8,
                        verbose_name="moment",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "picture of a car",
                "verbose_name_plural": "pictures of cars",
            },
        ),
        migrations.CreateModel(
            name="DemoCar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vin", models.CharField(max_length=17, unique=True, verbose_name="VIN")),
                ("plate", models.CharField(blank=True, default="", max_length=12, verbose_name="number plate")),
            ],
            options={
                "verbose_name": "demonstration car",
                "verbose_name_plural": "demonstration cars",
            },
        ),
        migrations.CreateModel(
            name="EligibilityRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("min_age", models.PositiveSmallIntegerField(verbose_name="least age in years")),
                (
                    "licence_classes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4), size=None, verbose_name="licence classes"
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="From the first day until before the last.", verbose_name="valid"
                    ),
                ),
                ("source", models.CharField(max_length=300, verbose_name="source")),
            ],
            options={
                "verbose_name": "rule for drivers",
                "verbose_name_plural": "rules for drivers",
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stars",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="stars",
                    ),
                ),
                ("comment", models.CharField(blank=True, default="", max_length=500, verbose_name="comment")),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "answer of a driver",
                "verbose_name_plural": "answers of drivers",
            },
        ),
        migrations.CreateModel(
            name="TestDrive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=12, unique=True, verbose_name="number")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("REQUESTED", "Requested"),
                            ("CONFIRMED", "Confirmed"),
                            ("CHECKED_IN", "On the road"),
                            ("COMPLETED", "Completed"),
                            ("CANCELLED", "Cancelled"),
                            ("NO_SHOW", "Nobody came"),
                        ],
                        default="REQUESTED",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[("STORE", "At the store"), ("HOME", "At home")],
                        default="STORE",
                        max_length=8,
                        verbose_name="place",
                    ),
                ),
                ("address", apps.kernel.api.EncryptedTextField(blank=True, null=True, verbose_name="address")),
                ("licence_class", models.CharField(max_length=8, verbose_name="licence class")),
                ("licence_expires_on", models.DateField(verbose_name="licence valid until")),
                ("checked_in_at", models.DateTimeField(blank=True, null=True, verbose_name="left at")),
                ("completed_at", models.DateTimeField(blank=True, null=True, verbose_name="came back at")),
                ("route", models.CharField(blank=True, default="", max_length=200, verbose_name="route")),
                (
                    "kilometres_out",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="kilometres before"),
                ),
                ("kilometres_in", models.PositiveIntegerField(blank=True, null=True, verbose_name="kilometres after")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("WANTS_TO_BUY", "Wants to buy"),
                            ("THINKING", "Thinks about it"),
                            ("OTHER_CAR", "Wants to try another car"),
                            ("NOT_INTERESTED", "Not interested"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="outcome",
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="note")),
                (
                    "cancel_reason",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="why cancelled"),
                ),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
            ],
            options={
                "verbose_name": "test drive",
                "verbose_name_plural": "test drives",
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("text", models.TextField(verbose_name="what was signed")),
                ("text_digest", models.CharField(max_length=64, verbose_name="SHA-256 of the text")),
                ("signed_by", apps.kernel.api.EncryptedTextField(verbose_name="signed by")),
                ("signed_at", models.DateTimeField(verbose_name="signed at")),
                ("language", models.CharField(max_length=8)),
                (
                    "file_digest",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="SHA-256 of the PDF"),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.privatefile",
                    ),
                ),
            ],
            options={
                "verbose_name": "signed agreement",
                "verbose_name_plural": "signed agreements",
            },
        ),
        migrations.CreateModel(
            name="AgreementText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20, unique=True, verbose_name="version")),
                ("body_zh", models.TextField(verbose_name="text in Chinese")),
                ("body_en", models.TextField(verbose_name="text in English")),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="From the first day until before the last.", verbose_name="valid"
                    ),
                ),
            ],
            options={
                "verbose_name": "text of the agreement",
                "verbose_name_plural": "texts of the agreement",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("valid", "&&")], name="testdrives_one_text_per_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="testdrives_text_runs_for_a_day"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreementtext",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="a8dc4d4cdcb817ed06c15e93ecc34b11052ea4c2",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_8ed85",
                    table="testdrives_agreementtext",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="damagephoto",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="damagephoto",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.privatefile"
            ),
        ),
        migrations.AddField(
            model_name="democar",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="democar",
            name="resource",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="demo_car", to="scheduling.resource"
            ),
        ),
        migrations.AddField(
            model_name="democar",
            name="store",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="demo_cars",
                to="dealers.store",
                verbose_name="store",
            ),
        ),
        migrations.AddField(
            model_name="democar",
            name="trim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="demo_cars",
                to="catalog.trim",
                verbose_name="trim",
            ),
        ),
        migrations.AddConstraint(
            model_name="eligibilityrule",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("valid", "&&")], name="testdrives_one_rule_per_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="eligibilityrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False)), name="testdrives_rule_runs_for_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="eligibilityrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("licence_classes__len__gt", 0)), name="testdrives_rule_accepts_a_class"
            ),
        ),
        migrations.AddConstraint(
            model_name="eligibilityrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="testdrives_rule_has_a_source"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eligibilityrule",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="dc6538016f6883117ce351ca282c23397cea0784",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_689b8",
                    table="testdrives_eligibilityrule",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="testdrive",
            name="booking",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="test_drive", to="scheduling.booking"
            ),
        ),
        migrations.AddField(
            model_name="testdrive",
            name="demo_car",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="drives",
                to="testdrives.democar",
                verbose_name="demonstration car",
            ),
        ),
        migrations.AddField(
            model_name="testdrive",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="test_drives",
                to="leads.lead",
            ),
        ),
        migrations.AddField(
            model_name="testdrive",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="test_drives",
                to=settings.AUTH_USER_MODEL,
                verbose_name="driver",
            ),
        ),
        migrations.AddField(
            model_name="testdrive",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="testdrive",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.product",
                verbose_name="car",
            ),
        ),
        migrations.AddField(
            model_name="testdrive",
            name="store",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="test_drives",
                to="dealers.store",
                verbose_name="store",
            ),
        ),
        migrations.AddField(
            model_name="survey",
            name="test_drive",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="survey", to="testdrives.testdrive"
            ),
        ),
        migrations.AddField(
            model_name="damagephoto",
            name="test_drive",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="testdrives.testdrive"
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="test_drive",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="agreement", to="testdrives.testdrive"
            ),
        ),
        migrations.AddIndex(
            model_name="democar",
            index=models.Index(fields=["store", "trim"], name="testdrives_car_of_store"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="democar",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="d27cf6918dfefe58f05c7db93f4ee639340f3b76",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_fcafd",
                    table="testdrives_democar",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="testdrive",
            index=models.Index(fields=["organization", "-requested_at"], name="testdrives_of_house"),
        ),
        migrations.AddIndex(
            model_name="testdrive",
            index=models.Index(fields=["member", "-requested_at"], name="testdrives_of_member"),
        ),
        migrations.AddConstraint(
            model_name="testdrive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["REQUESTED", "CONFIRMED", "CHECKED_IN", "COMPLETED", "CANCELLED", "NO_SHOW"])
                ),
                name="testdrives_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="testdrive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("place", "HOME"), _negated=True), ("address__isnull", False), _connector="OR"
                ),
                name="testdrives_home_has_an_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="testdrive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "CHECKED_IN"), _negated=True), ("checked_in_at__isnull", False), _connector="OR"
                ),
                name="testdrives_on_the_road_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="testdrive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "COMPLETED"), _negated=True), ("completed_at__isnull", False), _connector="OR"
                ),
                name="testdrives_back_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="testdrive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kilometres_in__isnull", True),
                    ("kilometres_out__isnull", True),
                    ("kilometres_in__gte", models.F("kilometres_out")),
                    _connector="OR",
                ),
                name="testdrives_kilometres_grow",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="testdrive",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY['address']::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="199b8833d32398753319e9c53aa124bfd40e78fa",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_89ae6",
                    table="testdrives_testdrive",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(("stars__range", (1, 5))), name="testdrives_one_to_five_stars"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="survey",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';",
                    hash="16352b900e316d64a2ff36f5a266f2af2bac721e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2a067",
                    table="testdrives_survey",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="damagephoto",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';",
                    hash="57344c9f01b9aeb3c449a359a5c35feb2231ec97",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6ce18",
                    table="testdrives_damagephoto",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("file__isnull", True), models.Q(("file_digest", ""), _negated=True), _connector="OR"
                ),
                name="testdrives_pdf_has_its_hash",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY['signed_by']::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="c67d111fbf4c4ecaec9ec2c9ad0b6f955625075c",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_4f3b3",
                    table="testdrives_agreement",
                    when="AFTER",
                ),
            ),
        ),
    ]
