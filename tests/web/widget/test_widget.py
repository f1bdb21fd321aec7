"""The script as it is released: small, immutable, held to its hash; and the tag to paste."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import re
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

from triage.web.widget import loader

# What has been released, for ever. A change to a released file is a new version, never an edit:
# sites hold their readers' browsers to these hashes.
RELEASED = {
    "1.1.0": "sha384-fC4T0UuaO0A4KIN/grDikoWHHrCsruTXHBq89U9Sh/0T1ZZ1bWYMAjXwMBBvvfuY",
    "1.0.1": "sha384-/U8GkUtam9rjAuAopyNbsyCstZFkyMSudGcQA97awuNAJ5lfgKQ9ZXCOEFVopYUt",
    "1.0.0": "sha384-oPFQ+95at5QjBexsPaOBQMVSfDnoof4K3Om8tiNiH2Q5YH7pzC6HhkNSUyGnDWnk",
}


def test_a_release_never_changes() -> None:
    assert {r.version: loader.integrity(r.name) for r in loader.RELEASES} == RELEASED


def test_every_script_of_the_tag_is_a_release_that_names_its_version() -> None:
    files = {path.name for path in (site.BASE_DIR / "static/embed").glob("v*.js")}
    assert files == {release.name for release in loader.RELEASES}
    for release in loader.RELEASES:
        assert f"widget {release.version} ".encode() in loader.source(release.name)


def test_it_is_at_most_two_kilobytes_compressed() -> None:
    assert len(gzip.compress(loader.source(loader.NEWEST.name), 9)) <= 2048


def test_it_stores_nothing_and_calls_nobody() -> None:
    source = loader.source(loader.NEWEST.name).decode()
    for word in ("cookie", "localStorage", "sessionStorage", "indexedDB", "fetch(", "eval",
                 "innerHTML", "setAttribute('style'", "import(", "XMLHttpRequest"):  # fmt: skip
        assert word not in source


def test_the_exact_version_is_kept_for_ever_and_may_be_checked(reader: Client) -> None:
    answer = reader.get(f"/embed/{loader.NEWEST.name}")
    digest = base64.b64encode(hashlib.sha384(answer.content).digest()).decode()
    assert f"sha384-{digest}" == loader.integrity(loader.NEWEST.name)
    assert "immutable" in answer["Cache-Control"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Content-Type"].startswith("text/javascript")


def test_the_line_follows_its_newest_version_within_minutes(reader: Client) -> None:
    answer = reader.get("/embed/v1.js")
    assert answer.content == reader.get(f"/embed/{loader.NEWEST.name}").content
    assert "max-age=300" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["v2.js", "v1.0.9.js", "which-number.js", "..%2fframe.js"])
def test_a_version_that_never_was_is_not_there(reader: Client, name: str) -> None:
    assert reader.get(f"/embed/{name}").status_code == 404


def shown(reader: Client, path: str) -> str:
    answer = reader.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_the_builder_gives_a_tag_with_its_hash_and_its_link(reader: Client) -> None:
    page = shown(reader, "/embed/?area=leicestershire&view=ask&accent=036")
    own = RELEASED[loader.NEWEST.version]
    assert f'integrity="{own}" crossorigin="anonymous" referrerpolicy="no-referrer"' in page
    assert '<which-number area="leicestershire" lang="en" view="ask" accent="#003366">' in page
    assert '<a href="http://testserver/in/leicestershire/">In an emergency call 999.' in page


def test_the_builder_speaks_welsh_and_builds_welsh(reader: Client) -> None:
    page = shown(reader, "/cy/embed/?area=gwent")
    assert 'lang="cy" view="banner"><a href="http://testserver/cy/in/gwent/">' in page
    assert "Mewn argyfwng, ffoniwch 999." in page


def test_the_newest_is_given_without_a_hash(reader: Client) -> None:
    page = shown(reader, "/embed/?version=newest")
    assert (
        '<script src="http://testserver/embed/v1.js" referrerpolicy="no-referrer" async></script>'
        in page
    )


def test_the_builder_names_the_policy_lines(reader: Client) -> None:
    page = shown(reader, "/embed/")
    assert "script-src http://testserver;\nframe-src http://testserver;" in page


def test_a_faint_colour_is_left_out_and_told(reader: Client) -> None:
    page = shown(reader, "/embed/?accent=eee")
    assert "The contrast is 1.2 to 1" in page
    assert "accent=" not in re.findall(r"<which-number[^>]*>", page)[0]


def test_what_is_typed_as_a_colour_comes_back_as_text(reader: Client) -> None:
    answer = reader.get("/embed/", {"accent": '"><script>x'})
    assert b"<script>x" not in answer.content


@pytest.mark.parametrize("query", ["area=knet", "view=all", "say=fr", "x=1", "version=0"])
@pytest.mark.parametrize("page", ["/embed/", "/cy/embed/", "/embed/demo/"])
def test_a_choice_that_there_is_not_is_refused(reader: Client, page: str, query: str) -> None:
    answer = reader.get(f"{page}?{query}")
    assert answer.status_code == 400
    assert b"999" in answer.content


@pytest.mark.parametrize("path", ["embed/", "embed/demo/", "embed/changes/", "api/"])
@pytest.mark.parametrize("start", ["/", "/cy/"])
def test_the_pages_for_editors_ask_nothing_of_a_third_party(
    reader: Client, settings: Any, start: str, path: str
) -> None:
    answer = reader.get(f"{start}{path}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies
    fetched = re.findall(r'(?:src|<link[^>]*href)="([^"]*)"', text)
    assert all(not u.startswith("http") or u.startswith("http://testserver/") for u in fetched)
    assert not re.search(r"\{[0-9]+\}", text)


def test_every_feed_that_is_listed_is_there(reader: Client) -> None:
    listed = re.findall(r'href="(/feeds/[^"]*\.atom)"', shown(reader, "/api/"))
    # The UK, 56 areas, and the two nations that are more than one of them.
    assert len(listed) == 59
    assert all(reader.get(path).status_code == 200 for path in listed)


def test_the_changes_name_every_release(reader: Client) -> None:
    page = shown(reader, "/embed/changes/")
    assert all(version in page and digest in page for version, digest in RELEASED.items())


def test_the_page_for_programmers_speaks_welsh(reader: Client) -> None:
    page = shown(reader, "/cy/api/")
    assert "Beth i'w wneud, ar gyfer angen." in page
    assert "What to do" not in page


def test_the_page_for_programmers_names_the_keys_of_every_address(reader: Client) -> None:
    page = shown(reader, "/api/")
    sent = page.split("POST /api/v1/search")[1].split("</section>")[0]
    assert re.findall(r"<dt><code>(\w+)</code></dt>", sent) == ["q", "nation", "lang"]
    assert "<code>en, cy</code>" in sent
    assert "<code>mobile, landline, digital-landline</code>" in page


def test_leaving_leads_where_the_frame_s_own_link_does(reader: Client) -> None:
    link = re.findall(r'id="leave" href="([^"]*)"', shown(reader, "/embed/banner/kent/"))[0]
    for release in loader.RELEASES:
        assert f'EXIT = "{link}"'.encode() in loader.source(release.name)
