"""Why the back office says no."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Conflict, NotFound, Refused


class ViewNotFound(NotFound):
    """There is none, or it is somebody else's."""

    message = _("There is no such saved view.")


class ViewNameInvalid(Refused):
    """A name people can read, of at most 60 characters."""

    code = "view_name_invalid"
    message = _("Give the view a name of at most 60 characters.")


class ViewTooLong(Refused):
    """More filters than an address should carry."""

    code = "view_too_long"
    message = _("This view has too many filters to be saved.")


class TooManyViews(Conflict):
    """Somebody keeps views like laundry."""

    code = "too_many_views"
    message = _("You have %(most)s saved views of this list. Delete one first.")


class RoleNotYours(Refused):
    """One shares with a role of one's own."""

    code = "role_not_yours"
    message = _("You can share only with a role of your own.")
