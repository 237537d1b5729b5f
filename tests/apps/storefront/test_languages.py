"""Chinese is at home at the plain address; ``?hl=`` chooses, for the page and for those that follow."""

import pytest

from apps.portals.storefront.languages import address_in, keep_parameters, switch_to


def language_of(answer) -> str:
    """The language of a page."""
    return answer.content.decode().split('<html lang="')[1].split('"')[0]


@pytest.mark.django_db
def test_the_address_outdoes_the_browser_and_is_remembered(visitor):
    assert language_of(visitor.get("/stores/")) == "zh-CN"
    answer = visitor.get("/stores/?hl=en")
    assert language_of(answer) == "en"
    assert answer.cookies["django_language"].value == "en"
    assert language_of(visitor.get("/stores/")) == "en"
    assert language_of(visitor.get("/stores/?hl=zh-hans")) == "zh-CN"


@pytest.mark.django_db
@pytest.mark.parametrize("wish", ["", "fr", "EN", "en'--", "<script>", "x" * 4000])
def test_any_other_wish_is_passed_over(visitor, wish):
    answer = visitor.get("/cookies/", {"hl": wish})

    assert answer.status_code == 200
    assert language_of(answer) == "zh-CN"
    assert "django_language" not in answer.cookies


@pytest.mark.django_db
def test_each_page_names_itself_and_its_languages(visitor, reader, settings):
    settings.SITE_URL = "https://xingchi.example"
    chinese = visitor.get("/vehicles/?body=SUV&utm_source=x").content.decode()
    english = reader.get("/vehicles/?body=SUV").content.decode()

    at_home, abroad = (
        "https://xingchi.example/vehicles/?body=SUV",
        "https://xingchi.example/vehicles/?body=SUV&amp;hl=en",
    )
    assert f'<link rel="canonical" href="{at_home}">' in chinese
    assert f'<link rel="canonical" href="{abroad}">' in english
    for page in (chinese, english):
        assert f'hreflang="zh-Hans" href="{at_home}"' in page
        assert f'hreflang="en" href="{abroad}"' in page
        assert f'hreflang="x-default" href="{at_home}"' in page


@pytest.mark.django_db
def test_the_footer_switches_and_keeps_the_query(visitor):
    page = visitor.get("/parts/?q=%E6%9C%BA%E6%B2%B9&page=1").content.decode()

    assert 'href="/parts/?q=%E6%9C%BA%E6%B2%B9&amp;page=1&amp;hl=en"' in page


def test_addresses_by_language():
    assert address_in("zh-hans", "/parts/") == "/parts/"
    assert address_in("en", "/parts/", "kind=part&hl=zh-hans") == "/parts/?kind=part&hl=en"
    assert switch_to("zh-hans", "/parts/", "kind=part") == "/parts/?kind=part&hl=zh-hans"


def test_only_what_makes_another_page_stays_in_its_name():
    assert keep_parameters("ordering=price&page=2&kind=part&utm=x", ["kind", "page"]) == "kind=part&page=2"
    assert keep_parameters("page=1&kind=", ["kind", "page"]) == ""
