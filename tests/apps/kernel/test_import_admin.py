"""Staff import a table: upload, report, apply, progress, undo; giants are refused unread."""

from collections.abc import Collection, Mapping

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from apps.kernel import tasks
from apps.kernel.api import ImportRun, imports, ports

pytestmark = pytest.mark.django_db


class Shelf:
    """A kind of import for tests: words on a shelf, kept in memory."""

    code = "words"
    title = "Words"
    permission = "kernel.view_auditseal"
    columns = (
        imports.Column(code="word", name_zh="词", name_en="Word", is_required=True),
        imports.Column(code="tone", name_zh="语气", name_en="Tone", choices=("loud", "soft")),
    )
    messages = {"shouting": "No shouting: %(value)s"}

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def parse(self, cells: Mapping[str, str]):
        if cells["word"].isupper():
            return [imports.Problem("word", "shouting", {"value": cells["word"]})]
        return imports.Parsed(cells["word"], {"tone": cells.get("tone", "")})

    def snapshot(self, keys: Collection[str], *, context, lock: bool = False):
        return {key: {"tone": self.words[key]} if key in self.words else None for key in keys}

    def merge(self, rows, images, *, context):
        return {key: dict(payload) for key, payload in rows.items()}

    def write(self, images, *, context) -> None:
        self.words |= {key: image["tone"] for key, image in images.items()}

    def remove(self, keys, *, context) -> None:
        for key in keys:
            del self.words[key]


@pytest.fixture
def shelf(settings):
    settings.PORTS = {"kernel.imports.words": f"{__name__}.Shelf"}
    shelf = Shelf()
    with ports.using({"kernel.imports.words": shelf}):
        yield shelf


@pytest.fixture(autouse=True)
def begun(monkeypatch) -> list[int]:
    """Runs that were handed to a worker."""
    runs: list[int] = []
    monkeypatch.setattr("apps.kernel.admin.imports.begin_import", runs.append)
    return runs


def member_of_staff(*rights: str) -> Client:
    user = get_user_model().objects.create(email=f"{'-'.join(rights) or 'nobody'}@kernel.example", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    staff = Client()
    staff.force_login(user)
    return staff


@pytest.fixture
def staff(shelf, settings) -> Client:
    settings.MFA_REQUIRED_ROLES = []
    return member_of_staff("view_importrun", "change_importrun", "view_auditseal")


def send(staff: Client, content: bytes = b"word,tone\nhello,soft\nHELP,loud\n"):
    file = SimpleUploadedFile("words.csv", content)
    return staff.post(reverse("admin:kernel_importrun_add"), {"kind": "words", "file": file})


def page(run: ImportRun, name: str, *arguments: str) -> str:
    return reverse(f"admin:kernel_importrun_{name}", args=[run.pk, *arguments])


def test_a_table_goes_all_the_way(staff, shelf, begun):
    sent = send(staff)
    run = ImportRun.objects.get()
    assert sent.status_code == 302
    assert sent.url == page(run, "change")
    assert begun == [run.pk]
    waiting = staff.get(sent.url).content.decode()
    assert page(run, "progress") in waiting
    assert "<progress" in waiting

    tasks.work_on_import(run_id=run.pk)
    report = staff.get(page(run, "change")).content.decode()
    assert shelf.words == {}
    assert "No shouting: HELP" in report
    assert page(run, "progress") not in report
    assert page(run, "move", "apply") in report

    assert staff.post(page(run, "move", "apply")).status_code == 302
    tasks.work_on_import(run_id=run.pk)
    assert shelf.words == {"hello": "soft"}
    assert page(run, "move", "undo") in staff.get(page(run, "progress")).content.decode()

    staff.post(page(run, "move", "undo"))
    tasks.work_on_import(run_id=run.pk)
    run.refresh_from_db()
    assert (run.status, shelf.words) == ("UNDONE", {})
    assert begun == [run.pk] * 3


def test_the_report_is_a_table_in_both_languages(staff):
    send(staff, b"word\n=HYPERLINK(1)\n")
    run = ImportRun.objects.get()
    tasks.work_on_import(run_id=run.pk)

    answer = staff.get(page(run, "report"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert answer["Content-Disposition"].startswith("attachment")
    assert lines[0] == "line,key,field,code,message_zh,message_en"
    assert lines[1] == "2,'=HYPERLINK(1),word,shouting,No shouting: =HYPERLINK(1),No shouting: =HYPERLINK(1)"


def test_a_template_has_the_heading_and_its_choices(staff, tmp_path):
    answer = staff.get(reverse("admin:kernel_importrun_template", args=["words"]))
    (tmp_path / "words.xlsx").write_bytes(answer.content)
    book = load_workbook(tmp_path / "words.xlsx")

    assert [cell.value for cell in book["data"][1]] == ["词*", "语气"]
    (rule,) = book["data"].data_validations.dataValidation
    assert rule.formula1 == "=_choices!$B$1:$B$2"
    assert [row[1].value for row in book["_choices"].iter_rows(max_row=2)] == ["loud", "soft"]


def test_a_broken_file_fails_with_its_reason(staff):
    send(staff, b"PK\x03\x04 no archive")
    run = ImportRun.objects.get()
    tasks.work_on_import(run_id=run.pk)

    run.refresh_from_db()
    assert (run.status, run.failure["code"]) == ("FAILED", "import_file_unreadable")
    assert 'role="alert"' in staff.get(page(run, "change")).content.decode()


@pytest.mark.parametrize("content", [b"", None])
def test_an_upload_without_a_file_keeps_the_form(staff, content):
    data = {"kind": "words"} | ({} if content is None else {"file": SimpleUploadedFile("x.csv", content)})

    answer = staff.post(reverse("admin:kernel_importrun_add"), data)

    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


def test_without_the_kinds_right_nothing_is_imported(shelf, settings, staff, begun):
    settings.MFA_REQUIRED_ROLES = []
    send(staff)
    run = ImportRun.objects.get()
    other = member_of_staff("view_importrun", "change_importrun")

    assert send(other).status_code == 403
    assert other.get(reverse("admin:kernel_importrun_template", args=["words"])).status_code == 404
    assert other.post(page(run, "move", "cancel")).status_code == 403
    assert other.get(page(run, "change")).status_code == 200
    assert member_of_staff().get(page(run, "change")).status_code == 403
    assert Client().get(page(run, "progress")).status_code == 302
    assert begun == [run.pk]


def test_another_organizations_run_is_not_there(staff, now):
    run = imports.upload(
        kind="words", upload=SimpleUploadedFile("x.csv", b"word\na\n"), by=None, now=now, scope="organization:7"
    )

    for name in ("progress", "report"):
        assert staff.get(page(run, name)).status_code == 404
    assert staff.post(page(run, "move", "cancel")).status_code == 404
    with pytest.raises(imports.ImportNotFound):
        imports.access_run(run_id=run.pk, scope="organization:8")


@pytest.mark.parametrize("move, status", [("apply", 302), ("undo", 302), ("explode", 404)])
def test_a_move_that_is_not_possible_changes_nothing(move, status, staff):
    send(staff)
    run = ImportRun.objects.get()

    assert staff.post(page(run, "move", move)).status_code == status
    assert staff.get(page(run, "move", move)).status_code == 405
    run.refresh_from_db()
    assert run.status == "UPLOADED"


@pytest.mark.parametrize("length", [str(2 * 1024**3), "many", "-1"])
def test_two_gigabytes_are_refused_before_they_are_read(length, staff):
    answer = staff.post(reverse("admin:kernel_importrun_add"), {}, CONTENT_LENGTH=length)

    assert answer.status_code == 413
    assert not ImportRun.objects.exists()


def test_a_run_nobody_works_on_is_picked_up(staff, shelf):
    send(staff)

    tasks.resume_imports()

    assert ImportRun.objects.get().status == "CHECKED"
