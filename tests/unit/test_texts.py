"""Texts of a consultation: found by path, shown in a language, marked where they are not in it."""

from markupsafe import Markup

from consult.document.texts import LocalText, localised, missing_texts, texts_of
from tests.unit.consultation_example import example


def without(*paths, language="ur", **changed):
    document = example()
    texts = {
        path: changed.get(path, text)
        for path, text in document.translations[language].items()
        if path not in paths
    }
    return document.model_copy(update={"translations": {language: texts}})


def test_every_text_has_its_path_in_reading_order():
    texts = texts_of(example())
    assert list(texts)[:4] == ["title", "asked_by", "introduction", "what_happens_next"]
    # The example's translation was written by hand, in this order, and is complete.
    assert list(texts) == list(example().translations["ur"])
    assert texts["sections.vision.summary"] == "Green places near every home."
    assert texts["questions.capacity.options.group.label"] == "For a group"
    assert texts["questions.visits.unit"] == "visits"
    assert texts["contact.paper"] == "Ask for a paper form by telephone."


def test_names_numbers_and_keys_are_no_texts():
    values = set(texts_of(example()).values())
    assert not values & {"Eastgate", "E1", "capacity", "Riverton Council", "16-44", "vision"}


def test_a_consultation_is_shown_in_a_language():
    shown = localised(example(), "ur")
    assert shown.title == "ریورٹن کے پارک"
    question = shown.question("visits")
    assert question is not None
    assert question.label == "آپ پچھلے مہینے کتنی بار گئے؟"
    assert question.unit == "بار"
    assert shown.sections[0].summary == "ہر گھر کے قریب سبز جگہیں۔"
    assert shown.privacy.who_sees == "پارکس ٹیم کے تین افسران"
    assert isinstance(shown.title, LocalText)
    assert shown.title.language == "ur"
    assert shown.areas[0].name == "Eastgate"
    assert question.minimum == 0


def test_showing_changes_nothing_in_the_original():
    document = example()
    before = document.model_dump()
    shown = localised(document, "ur")
    assert document.model_dump() == before
    assert document == example()
    assert type(document.title) is str
    assert shown is not document
    assert shown.questions[0] is not document.questions[0]


def test_what_is_not_translated_stays_in_the_source_language():
    shown = localised(without("asked_by", "questions.visits.label"), "ur")
    assert isinstance(shown.asked_by, LocalText)
    assert (shown.asked_by, shown.asked_by.language) == ("Riverton Council (made up)", "en")
    question = shown.question("visits")
    assert question is not None
    assert question.label == "How often did you go last month?"
    assert isinstance(question.label, LocalText)
    assert question.label.language == "en"
    assert isinstance(shown.title, LocalText)
    assert shown.title.language == "ur"


def test_a_blank_translation_is_none():
    document = without(title="  ", asked_by="")
    assert missing_texts(document, "ur") == ["title", "asked_by"]
    shown = localised(document, "ur")
    assert (shown.title, shown.asked_by) == ("Parks for Riverton", "Riverton Council (made up)")


def test_the_source_language_and_an_unknown_one_show_the_source():
    for language in ("en", "pl"):
        shown = localised(example(), language)
        assert shown.title == "Parks for Riverton"
        assert isinstance(shown.title, LocalText)
        assert shown.title.language == "en"


def test_missing_texts_are_named_in_reading_order():
    document = without("questions.visits.unit", "title", "privacy.who_sees")
    assert missing_texts(document, "ur") == ["title", "privacy.who_sees", "questions.visits.unit"]
    assert missing_texts(example(), "ur") == []
    assert missing_texts(example(), "en") == []
    assert missing_texts(example(), "pl") == list(texts_of(example()))


def test_a_text_marks_its_language_where_it_is_not_the_page_s():
    text = LocalText('Tea & <b>"cake"</b>', "en")
    assert text.marked("en") == Markup("Tea &amp; &lt;b&gt;&#34;cake&#34;&lt;/b&gt;")
    assert text.marked("ur") == Markup(
        '<span lang="en" dir="ltr">Tea &amp; &lt;b&gt;&#34;cake&#34;&lt;/b&gt;</span>'
    )
    assert LocalText("چائے", "ur").marked("en") == Markup('<span lang="ur" dir="rtl">چائے</span>')
    assert isinstance(text.marked("en"), Markup)
