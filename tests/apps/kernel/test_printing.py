"""Printing: pages become PDFs, and nothing else in the process changes."""

from PIL import ImageFile

from apps.kernel.api import print_pdf


def test_a_page_becomes_a_pdf():
    assert print_pdf("<p>星驰</p>").startswith(b"%PDF-")


def test_nothing_is_fetched(caplog, tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')

    pdf = print_pdf(f'<p>Here</p><img src="{secret.as_uri()}"><link rel="stylesheet" href="http://127.0.0.1:9/x.css">')

    assert pdf.startswith(b"%PDF-")
    refused = [record.getMessage() for record in caplog.records if "Failed to load" in record.getMessage()]
    assert [("secret.svg" in line, "x.css" in line) for line in refused] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )


def test_half_a_picture_is_still_refused_afterwards():
    """WeasyPrint turns that off for the whole process when it is loaded; uploads would let half a picture in."""
    print_pdf("<p>星驰</p>")

    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
