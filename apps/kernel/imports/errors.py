"""Why a file is not taken at all; problems of single rows are no errors but part of the report."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Conflict, NotFound, PayloadTooLarge, Refused


class ImportFileTooLarge(PayloadTooLarge):
    """The file has more bytes than we read."""

    code = "import_file_too_large"
    message = _("The file is larger than %(megabytes)s MB. Please split it.")


class ImportFileUnreadable(Refused):
    """The file is neither a CSV table nor an XLSX workbook, or it is broken."""

    code = "import_file_unreadable"
    message = _("This file cannot be read as CSV or XLSX. Please save it anew and try again.")


class ImportFileUnsafe(Refused):
    """The file is built to do harm: a bomb, a path out of the archive, an external entity, a macro."""

    code = "import_file_unsafe"
    message = _("This file is not opened: %(reason)s. Please save it anew in your spreadsheet program.")


class TooManyRows(Refused):
    """More rows than one run takes."""

    code = "import_too_many_rows"
    message = _("The file has more than %(rows)s rows. Please split it.")


class TooManyColumns(Refused):
    """More columns than any kind of import has."""

    code = "import_too_many_columns"
    message = _("The file has more than %(columns)s columns.")


class CellTooLong(Refused):
    """One cell holds more than a spreadsheet can: usually a quotation mark that never ends."""

    code = "import_cell_too_long"
    message = _("A cell near line %(line)s holds more than %(characters)s characters. Is a quotation mark not closed?")


class ColumnsMissing(Refused):
    """The heading lacks columns without which no row makes sense."""

    code = "import_columns_missing"
    message = _("These columns are missing: %(columns)s.")


class ColumnsUnknown(Refused):
    """The heading has columns this kind of import does not know, or one of them twice."""

    code = "import_columns_unknown"
    message = _("These columns are unknown or stand there twice: %(columns)s.")


class UnknownImportKind(NotFound):
    """No app answers for this kind of import."""

    code = "import_kind_unknown"
    message = _("There is no such kind of import.")


class ImportNotFound(NotFound):
    """No such run, or another organization's."""

    message = _("There is no such import.")


class ImportTaken(Conflict):
    """Another process works on this run and is alive."""

    code = "import_taken"
    message = _("Somebody else is working on this import already.")


class NothingToApply(Conflict):
    """No row of the file can be written."""

    code = "import_nothing_to_apply"
    message = _("No row of this file can be written. Please correct the rows of the report.")


class UndoNotExact(AssertionError):
    """An undo did not lead back to the image before: a mistake in the kind's ``write``. The chunk is rolled back."""
