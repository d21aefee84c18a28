"""Charts: what is drawn where, that nothing is cut off, and that pictures repeat to the byte."""

import itertools
import math
import re
import struct
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from consult.languages import LANGUAGES
from consult.look.colours import contrast
from consult.reports.charts import canvas, lettering
from consult.reports.charts import png as drawing
from consult.reports.charts.kinds import Chart, Mark, Shares, Step, Times
from consult.reports.charts.png import FontsNotBuilt, png
from consult.reports.charts.svg import svg

SVG = "{http://www.w3.org/2000/svg}"

WORDS = {
    "en": "White: English, Welsh, Scottish, Northern Irish or British",
    "ur": "سفید فام: انگریز، ویلش، اسکاٹش، شمالی آئرش یا برطانوی",
    "pa": "ਗੋਰੇ: ਅੰਗਰੇਜ਼, ਵੈਲਸ਼, ਸਕਾਟਿਸ਼, ਉੱਤਰੀ ਆਇਰਿਸ਼ ਜਾਂ ਬ੍ਰਿਟਿਸ਼",
    "bn": "শ্বেতাঙ্গ: ইংরেজ, ওয়েলশ, স্কটিশ, উত্তর আইরিশ বা ব্রিটিশ",
    "pl": "Biali: Anglicy, Walijczycy, Szkoci, Irlandczycy z Północy lub Brytyjczycy",
    "ar": "أبيض: إنجليزي أو ويلزي أو اسكتلندي أو من أيرلندا الشمالية أو بريطاني",
    "so": "Caddaan: Ingiriis, Welsh, Iskotish, Waqooyiga Ayrland ama Ingiriis",
    "ro": "Alb: englez, galez, scoțian, nord-irlandez sau britanic",
}


def shares(language: str = "en", *, as_bars: bool = False) -> Shares:
    """Two groups, one of them too small to show."""
    return Shares(
        marks=(
            Mark(WORDS[language], 0.25, 0.1, 0.4, 0.5, "25% (10% to 40%)", "Under"),
            Mark("Sikh", None, None, None, 0.05, "fewer than 10"),
        ),
        value_name="Share of responses",
        interval_name="From where to where it may lie",
        reference_name="Share of residents",
        ticks=((0.0, "0%"), (0.25, "25%"), (0.5, "50%")),
        as_bars=as_bars,
        language=language,
        direction=LANGUAGES[language].direction,
    )


def times(language: str = "en") -> Times:
    """Three weeks, the second of them not shown."""
    return Times(
        steps=(Step("1 Sep", 50, "50"), Step("8 Sep", None, "<10"), Step("15 Sep", 100, "100")),
        ticks=((0, "0"), (50, "50"), (100, "100")),
        name="Responses",
        hidden_name="Too few to be shown",
        language=language,
        direction=LANGUAGES[language].direction,
    )


def drawn(chart: Chart, width: int = 720) -> ElementTree.Element:
    return ElementTree.fromstring(svg(chart, title="T", alternative="A", width=width))


def texts(root: ElementTree.Element) -> list[str]:
    return [
        (each.text or "").strip(lettering.RIGHT_TO_LEFT_ISOLATE + lettering.POP_ISOLATE)
        for each in root.iter(f"{SVG}text")
    ]


def ends(text: ElementTree.Element) -> tuple[float, float]:
    """Where a text begins and ends, by the estimate of its width."""
    words = (text.text or "").strip(lettering.RIGHT_TO_LEFT_ISOLATE + lettering.POP_ISOLATE)
    bold = text.get("font-weight") == "700"
    wide = lettering.width(words, float(text.get("font-size", "16")), bold=bold)
    x = float(text.get("x", "0"))
    before = {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor", "start")]
    return x - before, x - before + wide


def test_a_value_lies_where_its_share_of_the_scale_is() -> None:
    root = drawn(shares())
    dot = [each for each in root.iter(f"{SVG}circle") if each.get("r") == "5"][1]
    # Behind the legend's: 10 of nothing, then half of 700, since 0.25 is half of 0.5.
    assert float(dot.get("cx", "")) == 10 + 700 / 2


def test_right_to_left_mirrors_places_and_not_letters() -> None:
    root = drawn(shares("ur"))
    dot = list(root.iter(f"{SVG}circle"))[1]
    assert float(dot.get("cx", "")) == 720 - (10 + 700 / 2)
    zero = next(each for each in root.iter(f"{SVG}text") if "0%" in (each.text or ""))
    assert ends(zero)[1] > 700
    assert "scale(" not in svg(shares("ur"))


def test_a_share_that_may_not_be_shown_has_no_mark_and_says_why() -> None:
    root = drawn(shares())
    assert len(list(root.iter(f"{SVG}circle"))) == 2  # the legend's and one
    assert len(list(root.iter(f"{SVG}polygon"))) == 3  # the legend's, and residents' of both
    assert "fewer than 10" in texts(root)


def test_bars_begin_at_nought() -> None:
    root = drawn(shares(as_bars=True))
    bars = [each for each in root.iter(f"{SVG}rect") if each.get("height") == "14"]
    assert [(bar.get("x"), bar.get("width")) for bar in bars] == [("10", "350")]


def test_a_week_that_is_not_shown_is_hatched_and_explained() -> None:
    root = drawn(times())
    dashed = [each for each in root.iter(f"{SVG}rect") if each.get("stroke-dasharray")]
    assert len(dashed) == 2  # the legend's and the week's
    assert "Too few to be shown" in texts(root)
    shown = replace(times(), steps=times().steps[::2])
    assert "Too few to be shown" not in texts(drawn(shown))


@pytest.mark.parametrize("width", [320, 460, 720])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_off_in_any_language(language: str, width: int) -> None:
    for chart in (shares(language), shares(language, as_bars=True), times(language)):
        root = drawn(chart, width)
        high = float(root.get("height", ""))
        for text in root.iter(f"{SVG}text"):
            first, last = ends(text)
            assert first >= 0, text.text
            assert last <= width, text.text
            assert 0 < float(text.get("y", "")) <= high


@pytest.mark.parametrize("width", [320, 720])
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_on_one_line_do_not_overlap(language: str, width: int) -> None:
    rows: dict[str, list[tuple[float, float]]] = {}
    for text in drawn(shares(language), width).iter(f"{SVG}text"):
        rows.setdefault(text.get("y", ""), []).append(ends(text))
    for row in rows.values():
        ordered = sorted(row)
        for (_, last), (first, _) in itertools.pairwise(ordered):
            assert last <= first + 0.01


def test_all_words_of_a_long_name_are_there_in_their_order() -> None:
    found = " ".join(texts(drawn(shares(), 320)))
    assert WORDS["en"] in found


def test_labels_are_text_and_nothing_else() -> None:
    chart = replace(shares(), marks=(Mark('<script>"&', 0.1, 0.05, 0.2, None, "<b>"),))
    written = svg(chart, title="<i>", alternative="</desc>")
    assert "<script" not in written
    assert "<b>" not in written
    assert "<i>" not in written
    assert '<script>"&' in texts(ElementTree.fromstring(written))


def test_a_page_that_forbids_styles_and_scripts_shows_it() -> None:
    written = svg(shares()) + svg(times())
    assert not re.search(r"<style|<script|style=|href|on\w+=|url\(", written)


def test_a_screen_reader_hears_name_and_message() -> None:
    root = drawn(times())
    labels = str(root.get("aria-labelledby")).split()
    by_id = {each.get("id"): each.text for each in root.iter() if each.get("id")}
    assert [by_id[label] for label in labels] == ["T", "A"]
    other = svg(shares(), title="T", alternative="A")
    assert not any(label in other for label in labels)


@pytest.mark.parametrize(
    ("colour", "least"),
    [
        (canvas.INK, 4.5),
        (canvas.BAR, 3),
        (canvas.BAR_EDGE, 3),
        (canvas.DOT, 3),
        (canvas.REFERENCE, 3),
    ],
)
def test_marks_stand_out_from_the_paper(colour: str, least: float) -> None:
    assert contrast(colour, canvas.PAPER) >= least


def test_pictures_are_the_same_bytes_each_time_and_twice_as_wide() -> None:
    picture = png(svg(shares("bn")))
    drawing._drawn.cache_clear()
    again = png(svg(shares("bn")))
    assert again == picture
    assert again is not picture
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">I", picture[16:20])[0] == 1440


def test_a_chart_that_only_sounds_different_is_drawn_once() -> None:
    assert png(svg(shares(), title="T", alternative="A")) is png(svg(shares()))
    assert png(svg(shares()), scale=1) is not png(svg(shares()))


@pytest.mark.parametrize("language", ["ur", "ar", "bn", "pa"])
def test_letters_of_each_script_are_drawn(language: str) -> None:
    blank = replace(shares(language), marks=(replace(shares().marks[0], label=""),))
    with_words = replace(blank, marks=(replace(blank.marks[0], label=WORDS[language][:12]),))
    missing = replace(blank, marks=(replace(blank.marks[0], label="\u1200\u1208\u1210\u1218"),))
    assert png(svg(with_words)) != png(svg(blank))
    # A script without a font leaves boxes or nothing: told apart from one with a font.
    assert png(svg(with_words)) != png(svg(missing))


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_no_wider_than_estimated(language: str, bold: bool) -> None:
    """A white sheet as wide as the estimate hides them all."""
    words = WORDS[language]
    wide = canvas.fixed(lettering.width(words, 16, bold=bold))
    weight = 700 if bold else 400
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="60">'
    text = (
        f'<text x="900" y="30" text-anchor="end" font-size="16" font-weight="{weight}"'
        f' font-family="{canvas.fonts(language)}">'
        f"{lettering.in_direction(words, LANGUAGES[language].direction)}</text>"
    )
    sheet = f'<rect x="{900 - float(wide)}" width="{wide}" height="60" fill="#fff"/></svg>'
    assert png(head + text + sheet) == png(head + sheet)
    assert png(head + text + "</svg>") != png(head + "</svg>")


def test_bengali_letters_are_joined() -> None:
    """Ra after another letter hangs below it: a sheet over that letter's place hides both."""

    def picture(words: str) -> bytes:
        return png(
            '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60"><text y="40"'
            f' font-size="34" font-family="Noto Sans Bengali">{words}</text>'
            '<rect width="34" height="60" fill="#fff"/></svg>'
        )

    assert picture("\u09aa\u09cd\u09b0") == picture("")
    assert picture("\u09aa\u09cd\u200c\u09b0") != picture("")


def test_an_interval_off_the_scale_has_no_end_there() -> None:
    inside = svg(shares()).count('stroke-width="2"/>')
    mark = replace(shares().marks[0], high=0.6)
    outside = svg(replace(shares(), marks=(mark, shares().marks[1]))).count('stroke-width="2"/>')
    assert outside == inside - 1


def test_a_name_in_another_language_keeps_its_direction() -> None:
    mark = replace(shares().marks[0], label="Sikh (NHS)", label_language="en")
    found = [
        each.text
        for each in drawn(replace(shares("ur"), marks=(mark,))).iter(f"{SVG}text")
        if each.get("lang") == "en"
    ]
    assert found == ["Sikh (NHS)"]
    mark = replace(mark, label="مسلمان (NHS)", label_language="ur")
    found = [
        each.text
        for each in drawn(replace(shares("en"), marks=(mark,))).iter(f"{SVG}text")
        if each.get("lang") == "ur"
    ]
    assert found == ["\u2067مسلمان (NHS)\u2069"]


def test_signs_that_xml_forbids_or_that_turn_words_round_are_left_out() -> None:
    mark = replace(shares().marks[0], label="Si\x00k\x1fh \u202eabc\u2069")
    written = svg(replace(shares(), marks=(mark,)), title="\x01T", alternative="\ufffeA")
    root = ElementTree.fromstring(written)
    assert "Sikh abc" in texts(root)
    assert png(written).startswith(b"\x89PNG")


def deuteranopic(colour: str) -> tuple[float, float, float]:
    """L*, a* and b* as an eye without green cones sees the colour (Machado and others, 2009)."""
    red, green, blue = (
        (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
        for part in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    )
    seen = [
        max(0.0, 0.367322 * red + 0.860646 * green - 0.227968 * blue),
        0.280085 * red + 0.672501 * green + 0.047413 * blue,
        max(0.0, -0.011820 * red + 0.042940 * green + 0.968881 * blue),
    ]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    x, y, z = (sum(a * b for a, b in zip(row, seen, strict=True)) for row in rows)
    x, y, z = (
        value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116
        for value in (x / 0.9505, y, z / 1.089)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("mark", [canvas.BAR, canvas.BAR_EDGE, canvas.DOT])
def test_eyes_without_green_cones_tell_marks_from_what_they_are_compared_with(mark: str) -> None:
    # 2.3 is just noticed; ten times as much is plain.
    assert math.dist(deuteranopic(mark), deuteranopic(canvas.REFERENCE)) > 23


def test_without_the_build_it_says_what_to_run(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("consult.reports.charts.png.static_folder", lambda: tmp_path)
    with pytest.raises(FontsNotBuilt, match="make setup"):
        png(svg(times()))
