"""Parts of the API's description that every endpoint shares."""

from rest_framework import serializers


class ErrorSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A refusal."""

    code = serializers.CharField(help_text="Stable; programs decide by it.")
    message = serializers.CharField(help_text="For people, in the language of Accept-Language.")
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), help_text="Messages by input, dotted when nested."
    )
    context = serializers.DictField(help_text="Values that explain the refusal.")  # type: ignore[assignment]
