"""Counting who answered, from a row per person or from counts."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.representation.populations.answers import Reader, Reading, is_unknown
from analysis.representation.populations.respondents import Counted, read_counts, read_respondents


@pytest.fixture
def people(tmp_path):
    def read(content: str, dimensions=None, areas=()):
        path = tmp_path / "people.csv"
        path.write_text(content, encoding="utf-8")
        return read_respondents(path, dimensions, areas)

    return read


@pytest.fixture
def counts(tmp_path):
    def read(content: str):
        path = tmp_path / "counts.csv"
        path.write_text("dimension,category,respondents" + content, encoding="utf-8")
        return read_counts(path)

    return read


@pytest.mark.parametrize(
    "value",
    [
        "",
        "  ",
        "Prefer not to say",
        "PREFER NOT TO SAY.",
        "I’d prefer not to answer",
        "Not answered",
        "Religion not stated",
        "don't know",
    ],
)
def test_said_not_to_say(value):
    assert is_unknown(value)


@pytest.mark.parametrize(
    "value", ["None", "N/A", "No religion", "No", "0", "Other", "I prefer to self-describe"]
)
def test_is_an_answer(value):
    assert not is_unknown(value)


def test_a_category_beats_what_it_is_made_of():
    reader = Reader(["Gay; or lesbian", "Bisexual", "Unknown"])
    assert reader.read("gay; or lesbian") == (0,)
    assert reader.read("Unknown") == (2,)
    assert reader.read("Bisexual | Gay; or lesbian") == (1,)
    assert reader.read("Bisexual;Bisexual") == (1,)
    assert reader.read("blank; not stated") is Reading.UNKNOWN
    assert reader.read("Bisexual; orientation not stated") == (1,)
    assert reader.read("this; that") is Reading.OUTSIDE


def test_one_answer_a_person(people):
    read = people(
        "id,Religion,age\n"
        "1,Muslim,\n2, muslim ,x\n3,Prefer not to say,\n4,,\n5,Jedi,\n6,None,\n7,Jedi,\n"
    )
    assert read.dimensions == ("id", "Religion", "age")
    assert read.area_column is None
    counted = read.count("religion", ["Muslim", "None", "Sikh"])
    assert counted == Counted((2, 1, 0), known=3, unknown=2, outside={"Jedi": 2})
    assert not counted.several
    assert read.values("religion")["Jedi"] == 2
    with pytest.raises(ValueError, match="no dimension 'sex'"):
        read.count("sex", ["a"])
    with pytest.raises(ValueError, match="areas are not known"):
        read.count_by_area("age", ["x"], ["Aston"])


def test_several_answers_a_person(people):
    counted = people('e\n"A; B"\nA\nB|A\nC\n"A;unheard of"\n').count("e", ["A", "B"])
    assert counted.counts == (4, 2)
    assert counted.known == 4
    assert counted.several
    assert counted.outside == {"C": 1}


def test_only_wanted_dimensions_are_tallied(people):
    read = people("id,a,b\n1,x,y\n", dimensions=["B"])
    assert read.dimensions == ("id", "a", "b")
    assert read.has("b")
    assert not read.has("id")


def test_by_area(people):
    content = "area,s\nAston,a\nASTON,b\nMoseley,a\nAston,\nElsewhere,a\n,a\n"
    read = people(content, areas=["Aston", "Moseley", "Empty"])
    assert read.area_column == "area"
    assert read.areas == ("ASTON", "Aston", "Elsewhere", "Moseley")
    aston, empty, moseley = read.count_by_area("s", ["a", "b"], ["aston", "Empty", "Moseley"])
    assert aston == Counted((1, 1), known=2, unknown=1)
    assert empty == Counted((0, 0), known=0, unknown=0)
    assert moseley == Counted((1, 0), known=1, unknown=0)
    assert read.count("s", ["a", "b"]) == Counted((4, 1), known=5, unknown=1)


def test_the_area_column_is_found_by_its_values(people):
    content = "born,ward,s\nAston,Aston,a\nElsewhere,Moseley,b\nElsewhere,,a\n"
    assert people(content, areas=["Aston", "Moseley"]).area_column == "ward"
    assert people(content, areas=["Bury"]).area_column is None
    assert people(content).area_column is None


def test_a_single_person(people):
    assert people("s\na\n").count("s", ["a", "b"]) == Counted((1, 0), known=1, unknown=0)


def test_nobody_answered_a_dimension(people):
    counted = people("s,t\n,x\n,x\n").count("s", ["a"])
    assert counted == Counted((0,), known=0, unknown=2)


def test_no_rows(people):
    with pytest.raises(InputError, match=r"people\.csv has a header but no rows: nobody has answ"):
        people("s,t\n")


def test_counts_given_as_people(people):
    with pytest.raises(InputError, match="call the command with --counts"):
        people("Dimension,category,respondents\ns,a,3\n")


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "", "x", "a;b"]), st.sampled_from(["P", "Q", ""])),
        min_size=1,
        max_size=40,
    ),
    st.randoms(),
)
def test_every_person_is_counted_once_in_any_order(tmp_path_factory, rows, random):
    path = tmp_path_factory.mktemp("people") / "people.csv"
    counted = []
    for _ in range(2):
        path.write_text("area,s\n" + "".join(f"{area},{value}\n" for value, area in rows))
        read = read_respondents(path, areas=["P", "Q"])
        counted.append((read.count("s", ["a", "b"]), read.count_by_area("s", ["a", "b"], "PQ")))
        random.shuffle(rows)
    assert counted[0] == counted[1]
    whole, (p, q) = counted[0]
    values = Counter(value for value, _ in rows)
    assert whole.known == values["a"] + values["b"] + values["a;b"]
    assert whole.counts == (values["a"] + values["a;b"], values["b"] + values["a;b"])
    assert (whole.unknown, sum(whole.outside.values())) == (values[""], values["x"])
    assert p.known + q.known + sum(v in ("a", "b", "a;b") and not a for v, a in rows) == whole.known


def test_read_counts(counts):
    read = counts('\ns,a,3\ns,B,"1,000"\ns,,4\ns,Prefer not to say,2\ns,z,1\nt,c,0\n')
    assert read.dimensions == ("s", "t")
    assert read.area_column is None
    assert read.count("S", ["b", "A"]) == Counted((1000, 3), 1003, 6, {"z": 1})
    assert read.count("t", ["c", "d"]) == Counted((0, 0), 0, 0)


def test_counts_by_area(counts):
    read = counts(",area\ns,a,3,Aston\ns,b,2,Moseley\ns,a,1,moseley\nt,c,5,\nt,c,2,Aston\n")
    assert read.area_column == "area"
    assert read.areas == ("Aston", "Moseley")
    # Without rows for everybody the areas are added up; with them they are not.
    assert read.count("s", ["a", "b"]).counts == (4, 2)
    assert read.count("t", ["c"]).counts == (5,)
    moseley, aston, nowhere = read.count_by_area("s", ["a", "b"], ["Moseley", "Aston", "X"])
    assert (moseley.counts, aston.counts, nowhere.counts) == ((1, 2), (3, 0), (0, 0))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("\n", "has a header but no rows"),
        ("\ns,a,-1\n", "row 2: -1 is negative"),
        ("\ns,a,1.5\n", "row 2: 1.5 is no whole number of people"),
        ("\ns,a,some\n", 'row 2: "some" is not a number'),
        ("\ns,a,\n", "row 2: the number of respondents is blank"),
        ("\n,a,1\n", "row 2: dimension is blank"),
        ("\ns,a,1\nS, A,2\n", 'row 3: "A" of "S" stands in row 2 already'),
    ],
)
def test_refused_counts(counts, content, said):
    with pytest.raises(InputError) as caught:
        counts(content)
    assert said in str(caught.value)


def test_recoded(people):
    read = people("area,s\nP,x\nP,y\nQ,z\nP,\n", areas=["P", "Q"])
    other = read.recoded("S", {"": "", "x": "A", "y": "A", "z": "B"})
    assert other.count("s", ["A", "B"]) == Counted((2, 1), 3, 1)
    assert other.count_by_area("s", ["A", "B"], ["P"])[0] == Counted((2, 0), 2, 1)
    assert read.count("s", ["x"]).counts == (1,)  # the first one is as it was
    with pytest.raises(ValueError, match="no new value for 'x'"):
        read.recoded("s", {"": ""})


def test_ten_thousand_categories(people):
    names = [f"c{n}" for n in range(10_000)]
    counted = people("s\n" + "\n".join(names * 2) + "\n").count("s", names)
    assert counted.counts == (2,) * 10_000
    assert counted.known == 20_000
