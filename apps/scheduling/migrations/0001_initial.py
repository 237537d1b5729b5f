import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import apps.scheduling.models.resources


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0005_invitations_keys_impersonation"),
        ("dealers", "0005_concessions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Resource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("DEMO_CAR", "Demonstration car"),
                            ("BAY", "Service bay"),
                            ("ADVISER", "Adviser"),
                            ("HANDOVER", "Handover area"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="The VIN of a car, the number of a bay.", max_length=40, verbose_name="code"
                    ),
                ),
                ("name_zh", models.CharField(max_length=120, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="at a time",
                    ),
                ),
                ("slot_minutes", models.PositiveSmallIntegerField(default=45, verbose_name="minutes of a slot")),
                ("buffer_minutes", models.PositiveSmallIntegerField(default=15, verbose_name="minutes between slots")),
                ("notice_minutes", models.PositiveIntegerField(default=120, verbose_name="minutes of notice")),
                (
                    "change_minutes",
                    models.PositiveIntegerField(
                        default=120, verbose_name="can be changed until so many minutes before"
                    ),
                ),
                ("horizon_days", models.PositiveSmallIntegerField(default=30, verbose_name="days that can be booked")),
                (
                    "opening_hours",
                    models.JSONField(
                        blank=True,
                        null=True,
                        validators=[apps.scheduling.models.resources.validate_week],
                        verbose_name="own hours",
                    ),
                ),
                ("keeps_holidays", models.BooleanField(default=False, verbose_name="rests on public holidays")),
                ("is_active", models.BooleanField(default=True, verbose_name="can be booked")),
            ],
            options={
                "verbose_name": "bookable resource",
                "verbose_name_plural": "bookable resources",
            },
        ),
        migrations.CreateModel(
            name="ResourceDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "spans",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[apps.scheduling.models.resources.validate_day],
                        verbose_name="hours",
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=120, verbose_name="reason")),
            ],
            options={
                "verbose_name": "exception of a resource",
                "verbose_name_plural": "exceptions of resources",
            },
        ),
        migrations.CreateModel(
            name="WaitlistEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "resource_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="resources"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                ("purpose", models.CharField(max_length=20, verbose_name="purpose")),
                ("wish", models.CharField(blank=True, default="", max_length=60, verbose_name="what for")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("WAITING", "Waiting"),
                            ("OFFERED", "Offered"),
                            ("TAKEN", "Taken"),
                            ("DECLINED", "Declined"),
                            ("EXPIRED", "Expired"),
                            ("LEFT", "Left"),
                        ],
                        default="WAITING",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("offered_until", models.DateTimeField(blank=True, null=True, verbose_name="offered until")),
                ("created_at", models.DateTimeField(verbose_name="waits since")),
            ],
            options={
                "verbose_name": "place on a waitlist",
                "verbose_name_plural": "waitlist",
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lane", models.PositiveSmallIntegerField(default=0, verbose_name="lane")),
                ("period", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="taken")),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("HELD", "Held"),
                            ("BOOKED", "Booked"),
                            ("DONE", "Took place"),
                            ("NO_SHOW", "Nobody came"),
                            ("CANCELLED", "Cancelled"),
                            ("EXPIRED", "Not taken"),
                        ],
                        default="BOOKED",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("purpose", models.CharField(max_length=20, verbose_name="purpose")),
                ("subject", models.CharField(blank=True, default="", max_length=60, verbose_name="subject")),
                ("title_zh", models.CharField(blank=True, default="", max_length=120, verbose_name="title in Chinese")),
                ("title_en", models.CharField(blank=True, default="", max_length=120, verbose_name="title in English")),
                ("held_until", models.DateTimeField(blank=True, null=True, verbose_name="held until")),
                ("next_reminder_at", models.DateTimeField(blank=True, null=True, verbose_name="next reminder at")),
                ("times_moved", models.PositiveSmallIntegerField(default=0, verbose_name="times moved")),
                (
                    "cancel_reason",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="why cancelled"),
                ),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="customer",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="adviser",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organization"
                    ),
                ),
            ],
            options={
                "verbose_name": "booking",
                "verbose_name_plural": "bookings",
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
            },
        ),
        migrations.CreateModel(
            name="PublicDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "country",
                    models.CharField(
                        default="CN", help_text="ISO 3166-1, two letters.", max_length=2, verbose_name="country"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "kind",
                    models.CharField(
                        choices=[("HOLIDAY", "Public holiday"), ("WORKDAY", "Working day instead")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("name_zh", models.CharField(max_length=40, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=60, verbose_name="name in English")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "public holiday",
                "verbose_name_plural": "public holidays",
                "constraints": [
                    models.UniqueConstraint(fields=("country", "day"), name="scheduling_one_notice_per_day"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["HOLIDAY", "WORKDAY"])), name="scheduling_day_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="scheduling_public_day_has_a_source"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publicday",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="c7776ffe78f398b4a6a0b5df40ae55062c0bf8f4",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_1a5fe",
                    table="scheduling_publicday",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="store",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="resources",
                to="dealers.store",
                verbose_name="store",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="adviser",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="resource",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="scheduling.resource",
                verbose_name="resource",
            ),
        ),
        migrations.AddField(
            model_name="resourceday",
            name="resource",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="days",
                to="scheduling.resource",
                verbose_name="resource",
            ),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="booking",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offers",
                to="scheduling.booking",
            ),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="store",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dealers.store"),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.UniqueConstraint(fields=("organization", "user"), name="scheduling_one_feed_per_person"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calendarfeed",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY['digest']::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="0bde845c725d215236239c4a5b54d691df4dfe20",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_c58e8",
                    table="scheduling_calendarfeed",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(fields=["store", "kind"], name="scheduling_resource_of_store"),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(
                fields=("kind", "code", "store"), name="scheduling_resource_once_per_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "DEMO_CAR")), fields=("code",), name="scheduling_demo_car_at_one_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["DEMO_CAR", "BAY", "ADVISER", "HANDOVER"])),
                name="scheduling_resource_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__range", (1, 50))), name="scheduling_resource_has_a_lane"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("buffer_minutes__lte", 1440), ("slot_minutes__range", (5, 1440))),
                name="scheduling_slot_has_a_length",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resource",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="5a763d22f8e1459d4ba74db2489e40ed98590eeb",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_aeebc",
                    table="scheduling_resource",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("status__in", ("HELD", "BOOKED"))),
                fields=["resource", "starts_at"],
                name="scheduling_by_start",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["organization", "starts_at"], name="scheduling_booking_of_house"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("next_reminder_at__isnull", False)),
                fields=["next_reminder_at"],
                name="scheduling_to_remind",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(condition=models.Q(("status", "HELD")), fields=["held_until"], name="scheduling_held"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("host__isnull", False)), fields=["host", "starts_at"], name="scheduling_of_host"
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("subject", ""), _negated=True), fields=["subject"], name="scheduling_by_subject"
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("status__in", ("HELD", "BOOKED"))),
                expressions=[
                    (
                        models.Func(
                            models.F("resource"), models.F("resource"), models.Value("[]"), function="int8range"
                        ),
                        "=",
                    ),
                    (models.Func(models.F("lane"), models.F("lane"), models.Value("[]"), function="int8range"), "="),
                    ("period", "&&"),
                ],
                name="scheduling_no_overlap_per_resource",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["HELD", "BOOKED", "DONE", "NO_SHOW", "CANCELLED", "EXPIRED"])),
                name="scheduling_booking_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="scheduling_booking_takes_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "period__contains",
                        models.Func(
                            models.F("starts_at"),
                            models.F("ends_at"),
                            models.Value("[)"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                    )
                ),
                name="scheduling_booking_within_what_is_taken",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "HELD"), _negated=True), ("held_until__isnull", False), _connector="OR"
                ),
                name="scheduling_held_until_some_moment",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="booking",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="e0b6d5dbe9b35a1930b7ab1a5cabbf4c02531fe3",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_d09ba",
                    table="scheduling_booking",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="resourceday",
            constraint=models.UniqueConstraint(fields=("resource", "day"), name="scheduling_one_exception_per_day"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resourceday",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="7b24407aa3b7ef71b159d1380410142a7d5a27d7",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_b2836",
                    table="scheduling_resourceday",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="waitlistentry",
            index=models.Index(
                condition=models.Q(("status__in", ("WAITING", "OFFERED"))),
                fields=["starts_at"],
                name="scheduling_who_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["WAITING", "OFFERED", "TAKEN", "DECLINED", "EXPIRED", "LEFT"])),
                name="scheduling_wait_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="scheduling_wait_for_some_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("resource_ids__len__gt", 0)), name="scheduling_wait_for_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "OFFERED"), _negated=True),
                    models.Q(("booking__isnull", False), ("offered_until__isnull", False)),
                    _connector="OR",
                ),
                name="scheduling_offer_holds_a_booking",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("WAITING", "OFFERED"))),
                fields=("customer", "store", "purpose", "starts_at"),
                name="scheduling_wait_once_per_slot",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="waitlistentry",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="ab068a359917af9b7724039abf2248db2f6faccd",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_56469",
                    table="scheduling_waitlistentry",
                    when="AFTER",
                ),
            ),
        ),
    ]
