import argparse

import pytest

from analysis.errors import InputError
from analysis.suppression import command, protecting


def disclose(folder, text, *options, encoding="utf-8"):
    """Run the command on a table; return what it wrote."""
    source, target = folder / "table.csv", folder / "out.csv"
    source.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    arguments = [str(source), "--output", str(target), *map(str, options)]
    assert command.run(parser.parse_args(arguments)) == 0
    return target.read_text(encoding="utf-8")


def test_counts_are_replaced_and_the_table_keeps_its_shape(tmp_path):
    text = disclose(tmp_path, "theme,count\nParks,8\nBuses,12\nBins,0\nTrees,1203\n")
    assert text == ("theme,count\nParks,fewer than 10\nBuses,10\nBins,fewer than 10\nTrees,1205\n")


def test_threshold_and_base_are_options(tmp_path):
    text = disclose(tmp_path, "a,count\nx,8\ny,12\nz,6\n", "--threshold", 7, "--base", 3)
    assert text == "a,count\nx,9\ny,12\nz,fewer than 7\n"
    text = disclose(tmp_path, "a,count\nx,8\ny,12\n", "--base", 1)
    assert text == "a,count\nx,fewer than 10\ny,12\n"


def test_a_row_per_group_has_a_column_of_counts_per_answer(tmp_path):
    text = disclose(
        tmp_path, "ward;1,code,yes,no\nAston,901,42,13\nOscott,902,58,27\n".replace(";1", "")
    )
    assert text == "ward,code,yes,no\nAston,901,40,15\nOscott,902,60,25\n"


def test_totals_are_rounded_from_the_true_totals(tmp_path):
    text = disclose(
        tmp_path,
        "group,yes,no,total\nA,13,13,26\nB,23,33,56\nC,33,33,66\nTotal,69,79,148\n",
    )
    assert text.splitlines() == [
        "group,yes,no,total",
        "A,15,15,25",
        "B,25,35,55",
        "C,35,35,65",
        "Total,70,80,150",
    ]


def test_a_total_does_not_give_its_hidden_part_away(tmp_path):
    # 57 less 54; without the row of 3 both may stand.
    assert disclose(tmp_path, "age,count\nAll,57\nUnder 65,54\n") == (
        "age,count\nAll,55\nUnder 65,55\n"
    )
    assert disclose(tmp_path, "age,count\nAll,57\nUnder 65,54\n65 and over,3\n") == (
        "age,count\nAll,55\nUnder 65,not shown\n65 and over,fewer than 10\n"
    )


def test_totals_of_parts_that_overlap_bound_each_part(tmp_path):
    # 12 people gave 20 answers; bins is at most 12.
    text = disclose(tmp_path, "theme,count\nParks,11\nBins,9\nTotal,12\n")
    assert text == "theme,count\nParks,10\nBins,fewer than 10\nTotal,10\n"


def test_a_total_below_a_part_is_no_total(tmp_path):
    text = disclose(tmp_path, "theme,count\nParks,60\nBins,3\nAll,40\n")
    assert text == "theme,count\nParks,60\nBins,fewer than 10\nAll,40\n"


def test_a_long_table_is_tied_by_each_of_its_labels(tmp_path):
    rows = {
        ("A", "yes"): 20,
        ("A", "no"): 3,
        ("B", "yes"): 40,
        ("B", "no"): 50,
    }
    rows |= {("A", "total"): 23, ("B", "total"): 90, ("all", "yes"): 60, ("all", "no"): 53}
    rows["all", "total"] = 113
    text = disclose(
        tmp_path,
        "group,answer,count\n" + "".join(f"{a},{b},{n}\n" for (a, b), n in rows.items()),
    )
    # 23 to 27 less 18 to 22 would be 0 to 9, as wide as the label: nothing more is hidden.
    assert text.count("not shown") == 0
    assert "A,no,fewer than 10" in text


def test_a_row_in_which_all_are_in_one_column_is_held_back(tmp_path):
    text = disclose(
        tmp_path, "group,yes,no,total\nA,20,0,20\nB,30,25,55\nC,40,41,81\nTotal,90,66,156\n"
    )
    assert text.splitlines()[1] == "A,not shown,not shown,20"


def test_columns_that_are_no_answers_hold_nothing_back(tmp_path):
    # 46 of B's 49 are in one column, but A has more people than its columns hold: they are
    # not all that could be said.
    text = disclose(tmp_path, "group,x,y,z,total\nA,20,12,11,56\nB,46,1,2,49\n")
    assert text.splitlines()[2] == "B,45,fewer than 10,fewer than 10,50"
    text = disclose(tmp_path, "group,x,y,z,total\nA,20,12,11,43\nB,46,1,2,49\n")
    assert text.splitlines()[2] == "B,not shown,not shown,not shown,50"


def test_exact_counts_hide_cells_and_keep_totals(tmp_path):
    text = disclose(
        tmp_path,
        "row,a,b,c,total\n1,20,3,17,40\n2,15,12,18,45\n3,10,25,30,65\ntotal,45,40,65,150\n",
        "--exact",
        "--threshold",
        5,
        "--label",
        "row",
    )
    assert text.splitlines()[1:] == [
        "1,not shown,not shown,17,40",
        "2,not shown,not shown,18,45",
        "3,10,25,30,65",
        "total,45,40,65,150",
    ]


def test_what_exact_totals_give_away_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be protected beside exact totals, the first of"):
        disclose(tmp_path, "g,a,b,total\nx,3,0,3\ny,15,1,16\ntotal,18,1,19\n", "--exact")


def test_ages_in_years_are_labels_beside_a_count(tmp_path):
    assert disclose(tmp_path, "age,count\n16,42\n17,13\n") == "age,count\n16,40\n17,15\n"


def test_other_numbers_beside_a_count_are_counts(tmp_path):
    text = disclose(tmp_path, "theme,count,women\nParks,42,31\nBins,13,3\n")
    assert text == "theme,count,women\nParks,40,30\nBins,15,fewer than 10\n"


def test_columns_are_labels_by_name_or_by_option(tmp_path):
    text = disclose(tmp_path, "decile,ward_code,people\n1,7,42\n2,8,13\n")
    assert text == "decile,ward_code,people\n1,7,40\n2,8,15\n".replace(
        "1,7", "fewer than 10,7"
    ).replace("2,8", "fewer than 10,8")
    text = disclose(tmp_path, "decile,ward_code,people\n1,7,42\n2,8,13\n", "--label", "Decile")
    assert text == "decile,ward_code,people\n1,7,40\n2,8,15\n"


def test_thousands_may_be_separated(tmp_path):
    text = disclose(tmp_path, 'group,people\nA,"1,144,917"\nB,12.0\n')
    assert text == "group,people\nA,1144915\nB,10\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_formulas_are_made_harmless(tmp_path, start):
    text = disclose(tmp_path, f'"{start}1+1",count\n"{start}1|x",12\n')
    assert text == f"'{start}1+1,count\n'{start}1|x,10\n"


def test_personal_data_in_labels_is_replaced_and_said(tmp_path, capsys):
    text = disclose(tmp_path, "who,count\nRing 07700 900123,12\n")
    assert text == "who,count\nRing [phone],10\n"
    assert "Personal data was replaced in 1 labels." in capsys.readouterr().out


def test_stages_are_told_with_their_times(tmp_path, capsys):
    disclose(tmp_path, "a,count\nx,8\ny,12\n")
    told = capsys.readouterr()
    stages = [line.split(":")[0] for line in told.err.splitlines()]
    assert stages == ["Reading", "Protecting", "Writing"]
    assert told.out.endswith("out.csv: 2 counts, 1 of them hidden.\n")


def test_blank_lines_are_nothing(tmp_path):
    assert disclose(tmp_path, "a,count\n\nx,12\n,\n") == "a,count\nx,10\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "table.csv is empty"),
        ("a,count\n", "a header but no rows"),
        (",,\n1,2,3\n", "row 1: there is no header"),
        ("a,b\nx,y\n", "no column of counts"),
        ("a,count\nx,-2\n", 'row 2, column "count": -2 people cannot be'),
        ("a,count\nx,12\ny,many\n", 'row 3, column "count": "many" is not a count; give'),
        ("a,count\nx,12\ny,\n", 'row 3, column "count": the count is missing'),
        ("a,count\nx,fewer than 10\n", "this file is protected already"),
        ("a,yes\nx,12\ny,15\nz,*\n", r"row 4.*\"\*\" is no number like the others.*already"),
        ("a,yes\nx,12\ny,15\nz,oops\n", 'say --label "yes"'),
        ("a,count,share\nx,12,0.31\n", 'column "share": "0.31" is a share'),
        ("a,count,part\nx,12,31 %\n", '"31 %" is a share'),
        ("a,count\nx,12\nx,13\n", "row 3: labelled like row 2"),
        ("a,count\nx,12,13\n", "3 values under 2 columns"),
        ("a,,count\nx,y,12\n", "a value in a column without a name"),
        (b"a,count\nCaf\xe9,12\n", "not UTF-8"),
        ("a,count\nx,12\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_bad_table_is_refused_with_file_row_and_mend(tmp_path, text, said):
    (tmp_path / "out.csv").write_text("as it was", encoding="utf-8")
    with pytest.raises(InputError, match=said) as raised:
        disclose(tmp_path, text)
    assert "table.csv" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "as it was"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--threshold", 1), "--threshold 1 --base 5: a threshold below 2"),
        (("--base", 0), "--base 0"),
        (("--label", "ward"), 'no column "ward"; it has a, count'),
    ],
)
def test_bad_options_are_refused(tmp_path, options, said):
    with pytest.raises(InputError, match=said):
        disclose(tmp_path, "a,count\nx,12\n", *options)


def test_the_table_is_never_overwritten_and_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="is the table itself"):
        disclose(tmp_path, "a,count\nx,12\n", "--output", tmp_path / "table.csv")
    with pytest.raises(InputError, match="is a folder"):
        disclose(tmp_path, "a,count\nx,12\n", "--output", tmp_path)
    assert (tmp_path / "table.csv").read_text(encoding="utf-8") == "a,count\nx,12\n"


def test_a_table_that_is_too_large_to_look_at_as_a_whole_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "MOST_FIGURES", 3)
    monkeypatch.setattr(protecting, "MOST_FIGURES", 3)
    rows = "a,count\nw,12\nx,13\ny,14\n"
    assert "w,10" in disclose(tmp_path, rows + "z,15\n")
    with pytest.raises(InputError, match="4 counts tied by totals; more than 3"):
        disclose(tmp_path, rows + "total,39\n")
