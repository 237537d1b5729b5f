"""The member's own endpoint."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import update_profile
from apps.accounts.rest.serializers import MemberSerializer, ProfileSerializer


class MeView(APIView):
    """The signed-in member."""

    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="me_retrieve", responses=MemberSerializer)
    def get(self, request: Request) -> Response:
        """Who is signed in, with which roles, for which organizations."""
        return Response(MemberSerializer(request.user).data)

    @extend_schema(operation_id="me_update", request=ProfileSerializer, responses=MemberSerializer)
    def patch(self, request: Request) -> Response:
        """Change the display name or the language."""
        changes = ProfileSerializer(data=request.data)
        changes.is_valid(raise_exception=True)
        user = update_profile(user_id=request.user.pk, by=request.user, now=timezone.now(), **changes.validated_data)
        return Response(MemberSerializer(user).data)
