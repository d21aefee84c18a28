"""Codes that residents hold: slips are noticed, any hand writes them, none can be guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.services.codes import (
    CODE_DIGITS,
    MistypedCode,
    derived_code,
    format_code,
    hash_code,
    new_code,
    parse_code,
)

SECRET = "a-secret-of-the-tests-0123456789abcdef"
# Damm's own example is 572 with the check digit 4; zeros before it change nothing.
CODE = "0000000000005724"


def test_the_published_example_of_the_check_digit():
    assert parse_code(CODE) == CODE
    for wrong in "012356789":
        with pytest.raises(MistypedCode):
            parse_code(CODE[:-1] + wrong)


def test_every_change_of_one_digit_is_noticed():
    code = derived_code(SECRET, "a" * 64)
    tried = 0
    for place in range(CODE_DIGITS):
        for digit in "0123456789":
            slip = code[:place] + digit + code[place + 1 :]
            if slip != code:
                tried += 1
                with pytest.raises(MistypedCode):
                    parse_code(slip)
    assert tried == 16 * 9


def test_every_swap_of_neighbours_is_noticed():
    tried = set()
    for number in range(100):
        code = derived_code(SECRET, str(number))
        for place in range(CODE_DIGITS - 1):
            one, other = code[place], code[place + 1]
            if one != other:
                tried.add((one, other))
                with pytest.raises(MistypedCode):
                    parse_code(code[:place] + other + one + code[place + 2 :])
    assert len(tried) == 90  # each pair of different digits


def in_digits_from(zero):
    return "".join(chr(ord(zero) + int(digit)) for digit in CODE)


@pytest.mark.parametrize(
    "typed",
    [
        "0000 0000 0000 5724",
        "0000-0000-0000-5724",
        "0000–0000—0000‑5724",
        "  0000\u00a00000\u202f0000\t5724\n",
        "\u200f0000 0000 0000 5724\u200e",
        "\u20670000 0000 0000 5724\u2069",
        "0000.0000/0000,5724",
        in_digits_from("٠"),
        in_digits_from("۰"),
        in_digits_from("০"),
        in_digits_from("੦"),
        in_digits_from("०"),
        in_digits_from("０"),
        "٠٠٠٠ ۰۰۰۰ 0000 ৫৭২৪",
    ],
)
def test_a_code_is_read_in_any_script_and_grouping(typed):
    assert parse_code(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "000000000005724",
        "00000000000005724",
        "0000 0000 0000 572O",
        "0000 0000 0000 5724 x",
        "code 0000 0000 0000 5724",
        "0000 0000 0000 57²4",
        "0" * 100_000 + "5724",
    ],
)
def test_what_is_no_code_is_told_apart(typed):
    with pytest.raises(MistypedCode):
        parse_code(typed)


def test_new_codes_are_well_formed_and_differ():
    made = {new_code() for _ in range(200)}
    assert len(made) == 200
    assert all(parse_code(code) == code for code in made)
    assert {len(code) for code in made} == {16}


@given(st.integers(0, 10**15 - 1))
def test_a_code_is_read_as_it_is_shown(number):
    code = derived_code(SECRET, str(number))
    shown = format_code(code)
    assert [len(group) for group in shown.split(" ")] == [4, 4, 4, 4]
    assert parse_code(shown) == code


def test_a_derived_code_depends_on_seed_and_secret_alone():
    code = derived_code(SECRET, "a" * 64)
    assert derived_code(SECRET, "a" * 64) == code
    assert derived_code(SECRET, "b" * 64) != code
    assert derived_code(SECRET + "x", "a" * 64) != code
    assert len({derived_code(SECRET, str(seed)) for seed in range(1_000)}) == 1_000


def test_a_hash_depends_on_code_and_secret_and_shows_neither():
    hashed = hash_code(SECRET, CODE)
    assert hash_code(SECRET, CODE) == hashed
    assert hash_code(SECRET + "x", CODE) != hashed
    assert hash_code(SECRET, new_code()) != hashed
    assert len(hashed) == 64
    assert set(hashed) <= set("0123456789abcdef")


def test_receipt_and_hash_use_keys_of_their_own():
    # The same words must not come to the same digest for two purposes.
    seed = "1234567890123456"
    assert int(hash_code(SECRET, seed), 16) % 10**15 != int(derived_code(SECRET, seed)[:15])
