"""Staff's view of people and organizations. Rights follow from memberships; every change is a service call."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from apps.accounts import api
from apps.accounts.errors import InvalidPhone, PhoneTaken
from apps.accounts.models import (
    ApiKey,
    Impersonation,
    ImpersonationStep,
    Invitation,
    Organization,
    OrganizationMember,
    User,
    phone_index,
)
from apps.accounts.states import Language
from apps.kernel.api import ReadOnlyAdminMixin
from apps.kernel.errors import DomainError


class MembershipInline(TabularInline):
    """The memberships of a user or of an organization, to read."""

    model = OrganizationMember
    fk_name = "user"
    fields = ["organization", "role", "is_active", "created_at"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Memberships are added on their own page, by a service."""
        return False


class OrganizationMembersInline(MembershipInline):
    """The members of an organization, to read."""

    fk_name = "organization"
    fields = ["user", "role", "is_active", "created_at"]
    readonly_fields = fields


class NewUserForm(forms.ModelForm):
    """A new account for a colleague or partner, who sets a password by "forgotten password" or signs in by code."""

    phone_number = forms.CharField(label=_("Mobile number"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)

    class Meta:
        model = User
        fields = ["email", "display_name", "language"]

    def clean_phone_number(self) -> str:
        """Refuse a number that does not exist or is taken."""
        phone = self.cleaned_data["phone_number"]
        if phone and not api.normalize_phone(phone):
            raise forms.ValidationError(InvalidPhone.message)
        if phone and User.objects.filter(phone_index=phone_index(phone)).exists():
            raise forms.ValidationError(PhoneTaken.message)
        return phone

    def clean(self) -> dict[str, Any]:
        """One address must be there."""
        data = super().clean()
        if not (data.get("email") or data.get("phone_number")) and not self.errors:
            raise forms.ValidationError(_("Give an e-mail address or a phone number."))
        return data


class OurModelAdmin(ModelAdmin):
    """Shared: nothing is deleted by hand, refusals of services are shown as messages."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: people and organizations are switched off instead."""
        return False

    def for_each(self, request: HttpRequest, queryset: QuerySet, act: Any, done: str) -> None:
        """Call ``act`` for every chosen row and say what came of it."""
        count = 0
        for row in queryset:
            try:
                act(row)
                count += 1
            except DomainError as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)
        if count:
            self.message_user(request, done % {"count": count}, messages.SUCCESS)


@admin.register(User)
class UserAdmin(OurModelAdmin):
    """People with an account. Phone numbers are masked, password hashes are not shown."""

    list_display = ["name", "email", "shown_phone", "role_names", "is_staff", "is_active", "date_joined"]
    list_filter = ["is_active", "is_staff", "memberships__role"]
    search_fields = ["email", "display_name", "first_name", "last_name"]
    search_help_text = _("Name, e-mail address, or a whole phone number")
    ordering = ["-date_joined"]
    show_full_result_count = False
    actions_detail = ["impersonate"]
    actions = ["close_accounts", "reopen_accounts", "sign_out", "reset_second_factors"]
    fields = [
        "display_name",
        "language",
        "email",
        "shown_phone",
        "is_phone_verified",
        "role_names",
        "is_staff",
        "is_superuser",
        "is_active",
        "last_login",
        "date_joined",
    ]
    readonly_fields = [field for field in fields if field not in ("display_name", "language")]
    add_fields = ["email", "phone_number", "display_name", "language"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Load memberships with the page, not per row."""
        return super().get_queryset(request).prefetch_related("memberships")

    @action(description=_("Impersonate"), url_path="see-as", permissions=["impersonate"])
    def impersonate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that asks for the reason."""
        return redirect("account_impersonate", object_id)

    def has_impersonate_permission(self, request: HttpRequest, object_id: str | int | None = None) -> bool:
        """Operators only; the page asks again."""
        return api.has_role(request.user, api.Role.HQ_OPERATOR)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[type[TabularInline]]:
        """Show memberships of people who exist."""
        return [MembershipInline] if obj else []

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        """A form of its own for new accounts."""
        if obj is None:
            kwargs["form"] = NewUserForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Fewer fields for new accounts."""
        return self.add_fields if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Everything but the name and the language."""
        return [] if obj is None else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Change or create through the services."""
        now = timezone.now()
        names = {"display_name": form.cleaned_data["display_name"], "language": form.cleaned_data["language"]}
        if change:
            api.update_profile(user_id=obj.pk, by=request.user, now=now, **names)
            return
        made = api.create_user_account(
            email=form.cleaned_data["email"],
            phone=form.cleaned_data["phone_number"] or None,
            password=None,
            by=request.user,
            now=now,
            **names,
        )
        obj.pk = made.pk
        obj.refresh_from_db()

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Find a whole phone number by its blind index, too."""
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        index = phone_index(search_term)
        return (
            (found | queryset.filter(phone_index=index), may_have_duplicates) if index else (found, may_have_duplicates)
        )

    @display(description=_("Name"), ordering="display_name")
    def name(self, user: User) -> str:
        """How the user is greeted."""
        return str(user)

    @display(description=_("Mobile number"))
    def shown_phone(self, user: User) -> str:
        """The masked number."""
        return user.masked_phone or "–"

    @display(description=_("Roles"))
    def role_names(self, user: User) -> str:
        """The roles from active memberships."""
        return ", ".join(str(m.get_role_display()) for m in user.memberships.all() if m.is_active) or "–"

    @admin.action(description=_("Switch off and sign out everywhere"), permissions=["change"])
    def close_accounts(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Close the chosen accounts."""
        self.for_each(
            request,
            queryset,
            lambda user: api.close_account(user_id=user.pk, by=request.user, now=timezone.now()),
            _("%(count)s accounts were switched off."),
        )

    @admin.action(description=_("Switch on again"), permissions=["change"])
    def reopen_accounts(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Reopen the chosen accounts."""
        self.for_each(
            request,
            queryset,
            lambda user: api.reopen_account(user_id=user.pk, by=request.user, now=timezone.now()),
            _("%(count)s accounts were switched on."),
        )

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End all sessions of the chosen people."""
        self.for_each(
            request,
            queryset,
            lambda user: api.sign_out_everywhere(user_id=user.pk),
            _("%(count)s people were signed out everywhere."),
        )

    @admin.action(description=_("Forget second factors (lost phone)"), permissions=["change"])
    def reset_second_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let the chosen people enrol a new authenticator."""
        self.for_each(
            request,
            queryset,
            lambda user: api.reset_second_factor(user=user, by=request.user),
            _("%(count)s people will set up a new second factor."),
        )


class ReadOnlyAccessAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Shared: what services made, to read."""

    show_full_result_count = False
    ordering = ["-id"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAccessAdmin):
    """Who was invited to which team."""

    list_display = ["address", "organization", "role", "invited_by", "created_at", "expires_at", "accepted_at"]
    list_filter = ["role", "organization__kind"]
    list_select_related = ["organization", "invited_by"]
    search_fields = ["email", "organization__code"]
    exclude = ["phone"]


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAccessAdmin):
    """Keys of organizations' programs, without their digests."""

    list_display = ["name", "prefix", "organization", "created_by", "expires_at", "last_used_at", "revoked_at"]
    list_filter = ["organization__kind"]
    list_select_related = ["organization", "created_by"]
    search_fields = ["name", "prefix", "organization__code"]


class StepInline(TabularInline):
    """What was opened and done, to read."""

    model = ImpersonationStep
    fields = ["at", "method", "path", "status"]
    readonly_fields = fields
    ordering = ["id"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Steps write themselves."""
        return False


@admin.register(Impersonation)
class ImpersonationAdmin(ReadOnlyAccessAdmin):
    """Who at headquarters acted as whom, when, why, and what they did."""

    list_display = ["started_at", "operator", "user", "organization", "reason", "expires_at", "ended_at"]
    list_filter = ["organization__kind"]
    list_select_related = ["operator", "user", "organization"]
    search_fields = ["operator__email", "user__email", "organization__code", "reason"]
    inlines = [StepInline]


@admin.register(Organization)
class OrganizationAdmin(OurModelAdmin):
    """Headquarters, suppliers and dealers, with their members."""

    list_display = ["code", "name_zh", "name_en", "kind", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["kind", "code"]
    fields = ["kind", "code", "name_zh", "name_en", "is_active", "created_at"]
    readonly_fields = ["created_at"]
    inlines = [OrganizationMembersInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Organization | None = None) -> list[str]:
        """Kind and code are given once."""
        return ["kind", "code", "created_at"] if obj else ["created_at"]


@admin.register(OrganizationMember)
class OrganizationMemberAdmin(OurModelAdmin):
    """Who may act for whom. Adding one signs the person out, ending one too."""

    list_display = ["user", "organization", "role", "is_active", "created_at", "created_by"]
    list_filter = ["role", "is_active", "organization__kind"]
    list_select_related = ["user", "organization", "created_by"]
    search_fields = ["user__email", "user__display_name", "organization__code", "organization__name_zh"]
    ordering = ["-created_at"]
    autocomplete_fields = ["user", "organization"]
    fields = ["user", "organization", "role"]
    actions = ["end_memberships"]

    def has_change_permission(self, request: HttpRequest, obj: OrganizationMember | None = None) -> bool:
        """A membership is ended, not edited; the list and its actions stay."""
        return obj is None and super().has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: OrganizationMember, form: Any, change: bool) -> None:
        """Add through the service."""
        made = api.add_member(
            user=obj.user, organization=obj.organization, role=obj.role, by=request.user, now=timezone.now()
        )
        obj.pk = made.pk

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A form that asks the service's rules before it is saved."""
        kwargs["form"] = NewMembershipForm
        form = super().get_form(request, obj, change, **kwargs)
        form.acting_user = request.user
        return form

    @admin.action(description=_("End membership"), permissions=["change"])
    def end_memberships(self, request: HttpRequest, queryset: QuerySet[OrganizationMember]) -> None:
        """End the chosen memberships."""
        self.for_each(
            request,
            queryset,
            lambda member: api.end_membership(member_id=member.pk, by=request.user, now=timezone.now()),
            _("%(count)s memberships were ended."),
        )


class NewMembershipForm(forms.ModelForm):
    """Tells in the form what the service would refuse."""

    acting_user: User

    class Meta:
        model = OrganizationMember
        fields = ["user", "organization", "role"]

    def clean(self) -> dict[str, Any]:
        """Try the rules that need no lock."""
        data = super().clean()
        if not self.errors:
            try:
                api.check_new_member(
                    user=data["user"], organization=data["organization"], role=data["role"], by=self.acting_user
                )
            except DomainError as refusal:
                raise forms.ValidationError(str(refusal))
        return data

    def validate_constraints(self) -> None:
        """The service decides; the form has asked it above."""
