"""Why onboarding says no."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Conflict, NotFound, Refused


class UnknownApplication(NotFound):
    """There is no such application within the caller's reach."""

    message = _("We could not find this application. Please open the link in our message, or ask for a new one.")


class UnknownRequirement(NotFound):
    """This kind of applicant is not asked for that."""

    message = _("This is not asked for here.")


class UnknownSubmission(NotFound):
    """The application has no such submission."""

    message = _("We could not find this paper.")


class ApplicationClosed(Conflict):
    """The applicant can no longer write in it: it is being reviewed, or was decided."""

    code = "application_closed"
    message = _("This application can no longer be changed.")


class DeadlinePassed(Conflict):
    """The time to complete the application is over; headquarters may extend it."""

    code = "deadline_passed"
    message = _("The deadline of this application has passed. Please ask headquarters to extend it.")


class ContactNotConfirmed(Conflict):
    """Nobody has opened the link in our message yet, so we do not know whom we deal with."""

    code = "contact_not_confirmed"
    message = _("Please open the link in the message we sent you first: it confirms your address.")


class TooManyApplications(Refused):
    """One address, or one e-mail, starts more applications than a company could mean."""

    code = "too_many_applications"
    message = _("Too many applications were started from here. Please continue one of them, or try again in an hour.")


class EntryInvalid(Refused):
    """An entry is missing or cannot be right; ``fields`` says which and why."""

    code = "entry_invalid"
    message = _("Please check what you entered.")


class InvalidTaxNumber(Refused):
    """The unified social credit code fails GB 32100."""

    code = "invalid_tax_number"
    message = _("This unified social credit code is not valid. Please compare it with your licence.")


class TaxNumberTaken(Conflict):
    """Another applicant is known under this code."""

    code = "tax_number_taken"
    message = _("A company with this unified social credit code is already known to us. Please contact headquarters.")


class PaperExpired(Refused):
    """The last day of a paper has passed."""

    code = "paper_expired"
    message = _("This paper expired on %(valid_until)s. Please hand in a valid one.")


class PaperOfAnother(Refused):
    """The same file was handed in by another company."""

    code = "paper_of_another"
    message = _("This very file was handed in by another company. Please upload your own paper.")


class FileMissing(Refused):
    """The requirement asks for a file and none came."""

    code = "file_missing"
    message = _("Please choose a file.")


class RequirementMissing(Refused):
    """Something required is neither handed in and accepted nor waived."""

    code = "requirement_missing"
    message = _("Still missing: %(names)s")


class ContractOutdated(Conflict):
    """The contract changed while it was being read."""

    code = "contract_outdated"
    message = _("The contract has a new version. Please read it again before you sign.")


class CompanyNotDescribed(Conflict):
    """A contract needs a party: name and tax number come first."""

    code = "company_not_described"
    message = _("Please complete the company's details and its tax number before you sign.")


class ChangedSinceSeen(Conflict):
    """The applicant handed in something else after the reviewer opened the page."""

    code = "changed_since_seen"
    message = _("The applicant has handed in something new since you opened this page. Please look again.")


class ReasonMissing(Refused):
    """Whoever refuses, waives or overrides says why."""

    code = "reason_missing"
    message = _("Please give a reason.")


class NotYourOwn(Refused):
    """Nobody reviews their own application."""

    code = "not_your_own"
    message = _("You cannot review your own application.")


class InvitedAlready(Conflict):
    """An open application for this contact exists."""

    code = "invited_already"
    message = _("This contact has an open application already: %(number)s.")
