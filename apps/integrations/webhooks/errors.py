"""Why webhooks say no."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Conflict, NotFound, Refused


class EndpointNotFound(NotFound):
    """There is none, or it is another organization's."""

    message = _("There is no such webhook.")


class DeliveryNotFound(NotFound):
    """There is none, or it is another organization's."""

    message = _("There is no such delivery.")


class BadWebhookUrl(Refused):
    """The address has a form that we do not call."""

    code = "bad_webhook_url"
    message = _("This address cannot be called: %(reason)s")


class WebhookAddressRefused(Refused):
    """The host is, or resolves to, an address inside of somebody's network."""

    code = "webhook_address_refused"
    message = _("The host leads into a private network (%(address)s). Only public addresses are called.")


class WebhookHostUnknown(Refused):
    """The host name does not resolve."""

    code = "webhook_host_unknown"
    message = _("The host %(host)s cannot be found.")


class UnknownEventType(Refused):
    """There is no event of this name, or it is not for this kind of organization."""

    code = "unknown_event_type"
    message = _("There is no event type %(event_type)s for you.")


class EventTypesMissing(Refused):
    """An endpoint listens to something."""

    code = "event_types_missing"
    message = _("Choose at least one event type.")


class TooManyEndpoints(Conflict):
    """Each endpoint costs a call per event."""

    code = "too_many_endpoints"
    message = _("An organization has at most %(most)s webhooks.")


class RotationInProgress(Conflict):
    """The secret before is still valid; a third one would cut off receivers that know only the first."""

    code = "rotation_in_progress"
    message = _("The previous secret is still valid. End its time first.")


class EndpointNotActive(Conflict):
    """What is not active is not sent to."""

    code = "endpoint_not_active"
    message = _("The webhook is not active. Resume it first.")


class ReplayTooLarge(Refused):
    """More than one replay takes at once."""

    code = "replay_too_large"
    message = _("That would be more than %(most)s deliveries. Choose a later moment.")
