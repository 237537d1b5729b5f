"""What the member's endpoints read and write."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.models import OrganizationMember, User
from apps.accounts.selectors import list_memberships, roles_of
from apps.accounts.states import Language, MemberRole, OrganizationKind, Role


class MembershipSerializer(serializers.Serializer):
    """One organization that the member acts for."""

    code = serializers.CharField(source="organization.code")
    kind = serializers.ChoiceField(source="organization.kind", choices=OrganizationKind.choices)
    name = serializers.SerializerMethodField()
    role = serializers.ChoiceField(choices=MemberRole.choices)

    def get_name(self, membership: OrganizationMember) -> str:
        """The organization's name in the reader's language."""
        return membership.organization.name


class MemberSerializer(serializers.Serializer):
    """The member, as they see themselves. The phone number is masked."""

    id = serializers.IntegerField()
    email = serializers.EmailField(allow_null=True)
    phone = serializers.CharField(source="masked_phone")
    display_name = serializers.CharField()
    language = serializers.ChoiceField(choices=Language.choices)
    roles = serializers.SerializerMethodField()
    organizations = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=[role.value for role in Role])))
    def get_roles(self, user: User) -> list[str]:
        """What the member may be."""
        return sorted(role.value for role in roles_of(user))

    @extend_schema_field(MembershipSerializer(many=True))
    def get_organizations(self, user: User) -> list[dict[str, Any]]:
        """For whom the member acts."""
        return MembershipSerializer(list_memberships(user), many=True).data


class ProfileSerializer(serializers.Serializer):
    """What a member may change about themselves here; addresses change on the sign-in pages, with their proofs."""

    display_name = serializers.CharField(max_length=60, allow_blank=True, required=False)
    language = serializers.ChoiceField(choices=Language.choices, required=False)
