"""Files for translators on the pages: out, back, reported, brought in."""

import re
from io import BytesIO

import openpyxl
import polib
import pytest

from consult.db import unit_of_work
from consult.services import translating, workspaces
from consult.services import translating_saving as saving
from consult.services.translating_saving import Author
from consult.translation_files.entries import LARGEST
from tests.support.visitors import NOON, SLUG, in_session

FILES = "translations/ur/files"


@pytest.fixture
def anna(app, desk, hire):
    return hire("officer", email="anna@council.example.org")


def write(app, path, text, *, origin="person", language="ur"):
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        source = workspaces.source_texts(workspace.content)[path]
        saving.write(
            session, workspace, language, path, text, source=source,
            author=Author("omar@council.example.org", origin), now=NOON,
        )  # fmt: skip


def line(app, path, language="ur"):
    with in_session(app) as session:
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        return {each.path: each for each in translating.lines(session, workspace, language)}[path]


def change_source(app, path, text):
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        workspace.content = {**workspace.content, path: text}


def export(person, kind="po", **query):
    response = person.client.get(
        f"/en/staff/consultations/{SLUG}/{FILES}/{kind}", query_string=query
    )
    assert response.status_code == 200
    return response


def catalogue(person):
    return polib.pofile("\n" + export(person).get_data(as_text=True))


def upload(person, content, name="parks.po"):
    person.consultation(FILES)
    return person.send("/files", {"file": (BytesIO(content), name)})


def test_a_catalogue_goes_out(app, anna):
    write(app, "title", "شہر", origin="machine")
    change_source(app, "consent", "I am 18.")
    response = export(anna)
    assert response.mimetype == "text/x-gettext-translation"
    name = response.headers["Content-Disposition"]
    assert name == "attachment; filename=bolder-healthier-city-ur.po"
    entries = {entry.msgctxt: entry for entry in catalogue(anna)}
    assert len(entries) == 200
    title = entries["title"]
    assert (title.msgstr, title.fuzzy) == ("شہر", True)
    assert title.comment.startswith(
        "Title\nA machine made this draft. Check it, and correct it.\n"
        "The source has 33 characters. Stay well below 120.\nmark:"
    )
    consent = entries["consent"]
    assert (consent.msgid, consent.fuzzy) == ("I am 18.", True)
    assert consent.previous_msgid.startswith("I am 16 or over.")
    full = entries["sections.food.full"]
    assert full.comment.startswith(
        "Section “Healthy and affordable food”: full text\nKeep the signs for headings (##)"
    )
    assert not full.fuzzy
    assert "Easy Read\nOne short sentence a line" in entries["sections.food.easy_read"].comment


def test_only_what_is_left_to_do_goes_out(app, anna):
    write(app, "title", "شہر")
    write(app, "consent", "")
    content = export(anna, texts="open").get_data(as_text=True)
    assert re.findall(r'^msgctxt "(.*)"', content, re.M) == ["title", "consent"]
    page = anna.consultation(FILES)
    assert "only what is left to do" in page.text


def test_a_workbook_and_a_table_go_out(anna):
    book = openpyxl.load_workbook(BytesIO(export(anna, "xlsx").data))
    assert book["translations"].max_row == 201
    assert "Keep line breaks." in str(book["read me"]["A4"].value)
    table = export(anna, "csv").get_data(as_text=True)
    assert table.startswith("\ufeffpath,where,source (en),translation (ur),note,mark\r\ntitle,")


def test_a_stale_text_in_a_workbook_shows_what_its_source_was(app, anna):
    change_source(app, "asked_by", "The council")
    sheet = openpyxl.load_workbook(BytesIO(export(anna, "xlsx").data))["translations"]
    [where] = [row[1] for row in sheet.values if row[0] == "asked_by"]
    assert "The source was: Birmingham City Council (illustration)" in str(where)


def test_a_text_too_long_for_a_cell_is_named(app, anna):
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        sections = [dict(each) for each in workspace.content["sections"]]
        sections[1]["full"] = "word " * 8_000
        workspace.content = {**workspace.content, "sections": sections}
    book = openpyxl.load_workbook(BytesIO(export(anna, "xlsx").data))
    assert book["translations"].max_row == 200
    words = [row[0] for row in book["read me"].values]
    assert words[-1] == "Section “Healthy and affordable food”: full text"


def test_a_catalogue_comes_back(app, anna):
    write(app, "consent", "")
    write(app, "asked_by", "کونسل", origin="machine")
    file = catalogue(anna)
    entries = {entry.msgctxt: entry for entry in file}
    entries["consent"].msgstr = "میں متفق ہوں۔"
    entries["consent"].tcomment = "Is 16 right?"
    entries["title"].msgstr = "نیا شہر"
    entries["asked_by"].flags = []
    entries["introduction"].msgstr = "فائل کا تعارف"
    write(app, "introduction", "عمر کا تعارف")
    page = upload(anna, str(file).encode())
    assert page.status == 200
    assert page.path.endswith("/report/" + page.path.rsplit("/", 1)[1])
    counts = re.findall(r'id="count-(\w+)-key">.*?consult|id="count-(\w+)-key"', page.html)
    assert [found[0] or found[1] for found in counts] == [
        "new", "changed", "checked", "unchanged", "conflict",
    ]  # fmt: skip
    assert "Is 16 right?" in page.text
    assert "Here, by omar@council.example.org:" in page.text
    assert line(app, "title").text != "نیا شہر", "nothing is written yet"
    refused = anna.send("/report/", {"do": "apply", "take": ["introduction"], "approve": "yes"})
    assert refused.status == 422
    assert "Write the name of the person who translated" in refused.text
    form = refused.form("/report/")
    assert (form.fields["take"], form.fields["approve"]) == (["introduction"], ["yes"])
    page = anna.send("/report/", {"do": "apply", "translator": " Sadia  Khan "})
    assert "4 translations are brought in." in page.text
    # 4 brought in; the other 196 were approved before.
    assert "4 translations are approved in your name." in page.text
    title = line(app, "title")
    assert (title.text, title.written_by, title.on_word_of) == (
        "نیا شہر", "Sadia Khan", "Sadia Khan",
    )  # fmt: skip
    assert line(app, "introduction").text == "فائل کا تعارف"
    assert line(app, "asked_by").written_by == "Sadia Khan"


def test_a_sheet_comes_back(app, anna):
    write(app, "consent", "")
    book = openpyxl.load_workbook(BytesIO(export(anna, "xlsx", texts="open").data))
    sheet = book["translations"]
    assert sheet["A2"].value == "consent"
    sheet["D2"], sheet["E2"] = "میں متفق ہوں۔", "Checked with my aunt"
    saved = BytesIO()
    book.save(saved)
    page = upload(anna, saved.getvalue(), "came back.xlsx")
    assert "File: came back.xlsx" in page.text
    assert "Checked with my aunt" in page.text
    page = anna.send("/report/", {"do": "apply", "translator": "Sadia Khan"})
    assert "1 translation is brought in." in page.text
    assert line(app, "consent").standing == "written"


def test_conflicts_stay_as_they_are_unless_the_file_is_chosen(app, anna):
    file = catalogue(anna)
    for entry in file:
        if entry.msgctxt in {"title", "consent"}:
            entry.msgstr = "فائل سے"
    for path in ("title", "consent"):
        write(app, path, "عمر سے")
    upload(anna, str(file).encode())
    page = anna.send("/report/", {"do": "apply", "translator": "Sadia Khan"})
    assert "0 translations are brought in. 2 texts stay as they are here" in page.text
    upload(anna, str(file).encode() + b"\n")
    page = anna.send("/report/", {"do": "apply", "translator": "S", "take_all": "yes"})
    assert "2 translations are brought in." in page.text
    assert line(app, "title").text == "فائل سے"


def test_a_report_tells_all_that_is_odd_about_a_file(app, anna):
    change_source(app, "consent", "I am 18.")
    content = (
        'msgid ""\nmsgstr "Project-Id-Version: schools\\nX-Consult-Content: 00\\n"\n\n'
        'msgctxt "consent"\nmsgid "I am 16."\nmsgstr "میں 16 کا ہوں۔"\n\n'
        '#, fuzzy\nmsgctxt "title"\nmsgid "Title"\nmsgstr "Have your say about the city"\n\n'
        'msgctxt "gone.label"\nmsgid "Gone"\nmsgstr "گیا"\n\n'
        'msgctxt "asked_by"\nmsgid "Council"\nmsgstr "a\\033b"\n'
    )
    page = upload(anna, content.encode())
    for sentence in (
        "made for another consultation, schools",
        "does not say which language it is in",
        "The consultation was changed since the file was made.",
        "The source has changed since the file was made.",
        "marks this one as not checked yet",
        "Most letters are of another script",
        "The consultation does not have these texts",
        "holds a character that cannot be seen (U+001B)",
    ):
        assert sentence in page.text
    page = anna.send("/report/", {"do": "put_away"})
    assert "The file is put away. Nothing was changed." in page.text
    assert line(app, "consent").text != "میں 16 کا ہوں۔"


def test_the_same_file_again_and_a_button_pressed_twice(app, anna):
    content = str(catalogue(anna)).replace("ایک زیادہ حوصلہ", "ایک حوصلہ").encode()
    report = upload(anna, content)
    anna.send("/report/", {"do": "apply", "translator": "Sadia Khan"})
    anna.page = report
    page = anna.send("/report/", {"do": "apply", "translator": "Sadia Khan"})
    assert "Nothing was brought in twice." in page.text
    assert "Nothing was brought in twice." in anna.get(report.path).text
    page = upload(anna, content)
    assert "This very file was brought in before, by anna@council.example.org" in page.text


def test_a_report_that_somebody_overtook_is_shown_anew(app, anna):
    upload(anna, str(catalogue(anna)).replace("ایک زیادہ حوصلہ", "ایک حوصلہ").encode())
    write(app, "title", "عمر کا شہر")
    page = anna.send("/report/", {"do": "apply", "translator": "Sadia Khan"})
    assert page.status == 422
    assert "Somebody changed texts of this language while you looked" in page.text
    assert page.form("/report/").fields["translator"] == ["Sadia Khan"]
    assert "Changed both here and in the file" in page.text
    page = anna.send("/report/", {"do": "apply", "take": ["title"]})
    assert "1 translation is brought in." in page.text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.po", b"", "The file is empty."),
        ("a.pdf", b"%PDF-1.7", "We cannot read this kind of file."),
        ("a.xlsx", b"PK\x03\x04 broken", "The file is damaged"),
        ("a.po", b'msgid "', "Line 1 is not as a PO file has it."),
        ("a.po", 'msgid "ó"'.encode("latin-1"), "Save the file with the encoding UTF-8"),
        ("a.csv", b"path,translation (pl)\ntitle,x\n", "it is in Polish (Polski), and this page"),
        ("a.csv", b"path,text\ntitle,x\n", "these columns: translation."),
    ],
)
def test_a_file_that_cannot_be_taken_is_explained(anna, name, content, sentence):
    page = upload(anna, content, name)
    assert page.status == 422
    assert sentence in page.text
    assert 'id="file-error"' in page.html


def upload_large(person, size):
    """Upload a file without the temporary one that Flask's test client would leave behind."""
    form = person.consultation(FILES).form("/files")
    token = form.fields["csrf_token"][0]
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    ).encode()
    return person.client.post(
        form.action,
        data=body + b"x" * size + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )


def test_a_file_that_is_too_large_is_explained(anna):
    response = upload_large(anna, LARGEST + 1)
    assert response.status_code == 422
    assert "The file is larger than 10 MB" in response.text


def test_a_huge_file_is_refused_before_it_is_read(anna):
    assert upload_large(anna, LARGEST + 2_000_000).status_code == 413


def test_no_file_at_all(anna):
    anna.consultation(FILES)
    page = anna.send("/files", {"file": (BytesIO(b""), "")})
    assert page.status == 422
    assert "Choose a file." in page.text


def test_a_report_of_another_language_or_of_nothing_is_not_there(app, anna):
    page = upload(anna, export(anna).data)
    other = page.path.replace("/ur/", "/pl/")
    assert anna.get(other).status == 404
    import_id = page.path.rsplit("/", 1)[1]
    nothing = page.path.replace(import_id, "00000000-0000-0000-0000-000000000000")
    assert anna.get(nothing).status == 404
    assert (
        anna.post(nothing, {"csrf_token": page.form("/report/").fields["csrf_token"]}).status == 404
    )


def test_a_viewer_takes_files_out_and_brings_none_in(app, desk, hire, anna):
    viewer = hire(on={SLUG: "viewer"})
    page = upload(anna, export(anna).data)
    assert export(viewer).status_code == 200
    assert viewer.get(page.path).status == 403
    assert viewer.post(page.path, {}).status == 403
