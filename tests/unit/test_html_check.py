"""The check of pages finds each fault, and passes a page that has none."""

import pytest

from tests.support.html import check_page, page_problems

GOOD = """<!doctype html>
<html lang="ur" dir="rtl">
<head>
<title>سوال</title>
<link rel="stylesheet" href="/static/app.css">
<link rel="alternate" hreflang="en" href="https://consult.example/en/">
<script src="/static/app.js" defer></script>
<script type="application/json">{"a": 1}</script>
</head>
<body>
<h1>سوال <span>1</span></h1>
<svg><title>A drawing</title><use href="#shape"/></svg>
<form action="/x" method="post">
<input type="hidden" name="csrf_token" value="x">
<label for="name">Name</label><input id="name" aria-describedby="hint">
<p id="hint">As you like.</p>
<label>Age <select name="age"><option>1<option>2</select></label>
<textarea aria-label="Comment"></textarea>
<fieldset>
<legend>Do you agree?</legend>
<input type="radio" name="agree" value="yes" id="yes"><label for="yes">Yes</label>
<input type="radio" name="agree" value="no" id="no"><label for="no">No</label>
</fieldset>
<label><input type="checkbox" name="consent"> I consent</label>
<a href="#name">To the name</a>
<a href="https://elsewhere.example/">Another site</a>
<img src="/static/a.png" alt="">
<button><img src="/static/go.png" alt="Go on"></button>
</form>
</body>
</html>
"""


def test_a_good_page_passes():
    check_page(GOOD)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("<h1>", "<h1>x</h1><h1>", "2 h1"),
        ("<h1>سوال <span>1</span></h1>", "", "0 h1"),
        ("<h1>سوال <span>1</span></h1>", "<h1> </h1>", "is empty"),
        ("<title>سوال</title>", "", "no title"),
        ("<title>سوال</title>", "<title> </title>", "no title"),
        (' lang="ur"', "", "no lang"),
        (' dir="rtl"', "", 'dir=""'),
        ('dir="rtl"', 'dir="ltr"', "wrong for ur"),
        ('id="hint"', 'id="name"', 'id="name" occurs 2 times'),
        ('id="hint"', 'id="other"', "aria-describedby names #hint"),
        ('for="name"', 'for="nobody"', "for names #nobody"),
        ('<label for="name">Name</label>', "", 'id="name"> in line 15 has no label'),
        ('<label for="name">Name', '<label for="name">', "has no label"),
        ("<label>Age", "<label>", "has no label"),
        (' aria-label="Comment"', "", "<textarea> in line 18 has no label"),
        ("<legend>Do you agree?</legend>", "", "no fieldset with a legend"),
        ('<label for="yes">Yes</label>', "", "has no label"),
        ("<h1>", '<h1 style="color: red">', "inline style"),
        ("<h1>", '<h1 onclick="go()">', "inline script, onclick"),
        ("</head>", "<style>a {}</style></head>", "inline style sheet"),
        ("</head>", "<script>go()</script></head>", "inline script"),
        ('href="#name"', 'href="javascript:go()"', "inline script, href"),
        ('href="#name"', 'href="#nowhere"', "leads to #nowhere"),
        (' alt=""', "", "has no alt"),
        ('alt="Go on"', 'alt=""', "<button> in line 28 has no text"),
        ("<h1>", '<h1 class="a" class="b">', "class 2 times"),
        ('src="/static/app.js"', 'src="https://cdn.example/app.js"', "another host"),
        ('href="/static/app.css"', 'href="//cdn.example/app.css"', "another host"),
        ('src="/static/a.png"', 'srcset="/a.png, http://cdn.example/b.png 2x"', "another host"),
    ],
)
def test_a_fault_is_found(old, new, problem):
    assert old in GOOD
    html = GOOD.replace(old, new, 1)

    problems = page_problems(html)

    assert any(problem in found for found in problems), problems
    with pytest.raises(AssertionError, match="The page has faults"):
        check_page(html)
