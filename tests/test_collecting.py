"""Collecting: whose file it is, which of several, and what of a zip file cannot be read."""

import datetime
import json
import os
import unicodedata
import zipfile

import pytest

from tools.teaching import collecting
from tools.teaching.course import Course


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path / "exercises")


@pytest.fixture
def collect(course, tmp_path):
    """Collect from a folder with these files, the later ones newer; each holds its path."""

    def collect(exercise, *paths, times=range(99)):
        source = tmp_path / f"from{len(list(tmp_path.iterdir()))}"
        source.mkdir()
        for path, time in zip(paths, times, strict=False):
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(path, encoding="utf-8")
            os.utime(source / path, (1_700_000_000 + 60 * time,) * 2)
        return collecting.collect(course, exercise, source)

    return collect


def zipped(path, *names, date=(2026, 1, 1, 0, 0, 0)):
    """A zip file whose files hold their names."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, date), name)
    return path


def moodle(name, number):
    return f"{name}_{number}_assignsubmission_file_/ex01.ipynb"


# Names in paths


@pytest.mark.parametrize(
    "path",
    [
        "Ada Lovelace_12345_assignsubmission_file_/ex02.ipynb",
        "ex02/Ada Lovelace_12345_assignsubmission_file/work/ex02.ipynb",
        "Ada Lovelace_12345_assignsubmission_file/ex02.ipynb",
        "Ada Lovelace_12345_assignsubmission_file_ex02.ipynb",
        "Ada Lovelace_12345_67890_ex02.ipynb",
        "Ada Lovelace_LATE_12345_67890_ex02-1.ipynb",
        "Ada Lovelace/ex02.ipynb",
        "Ada Lovelace/ex02/ex02.ipynb",
        "Ada Lovelace-ex02.ipynb",
    ],
)
@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_the_student_is_found_in_the_path(course, tmp_path, path, kind):
    source = tmp_path / "from"
    if kind == "zip":
        with zipfile.ZipFile(source, "w") as archive:
            archive.writestr(path, "{}")
    else:
        (source / path).parent.mkdir(parents=True)
        (source / path).write_text("{}")
    assert collecting.collect(course, "ex02", source) == {"Ada-Lovelace": path}
    assert course.submission("Ada-Lovelace", "ex02").read_text() == "{}"
    assert course.students("ex02") == ["Ada-Lovelace"]


def test_the_newest_notebook_counts_and_the_rest_is_told(course, tmp_path, capsys):
    source = tmp_path / "platform.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for year, text in ((2025, "old"), (2026, "new"), (2024, "older")):
            path = f"ada_5_assignsubmission_file_/{text}/ex02.ipynb"
            entry = zipfile.ZipInfo(path, (year, 1, 1, 0, 0, 0))
            archive.writestr(entry, text)
        archive.writestr("emmy_7_assignsubmission_file_/ex02.pdf", "x")
        archive.writestr("what.txt", "x")
        archive.writestr("__MACOSX/ada/ex02.ipynb", "x")
    collecting.collect(course, "ex02", source)
    assert course.submission("ada", "ex02").read_text() == "new"
    assert (course.submission("ada", "ex02").parent / "timestamp.txt").read_text().startswith("2026-01-01")
    said = capsys.readouterr().out
    assert "emmy: NO NOTEBOOK" in said
    assert "whose is it? what.txt" in said
    assert course.students("ex02") == ["ada", "emmy"]


def test_people_of_the_same_name_are_told_apart(course, tmp_path, capsys):
    with zipfile.ZipFile(tmp_path / "platform.zip", "w") as archive:
        for number in (7, 8):
            archive.writestr(f"Ada L_{number}_assignsubmission_file_/ex02.ipynb", str(number))
        archive.writestr("Emmy_9_assignsubmission_file_/ex02.ipynb", "9")
    collecting.collect(course, "ex02", tmp_path / "platform.zip")
    assert course.students("ex02") == ["Ada-L-7", "Ada-L-8", "Emmy"]
    assert course.submission("Ada-L-8", "ex02").read_text() == "8"
    assert "Ada-L: 2 people of this name" in capsys.readouterr().out


@pytest.mark.parametrize(
    "path", ["../../../evil_1_assignsubmission_file_/ex02.ipynb", "/etc/cron.d/ex02.ipynb"]
)
def test_a_path_in_a_zip_file_leads_nowhere_else(course, tmp_path, path):
    source = tmp_path / "platform.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr(path, "{}")
    collecting.collect(course, "ex02", source)
    written = [file for file in tmp_path.rglob("*") if file.is_file() and file != source]
    assert all(file.is_relative_to(course.root / "submitted") for file in written)


def test_neither_folder_nor_zip(course, tmp_path):
    (tmp_path / "x").write_text("x")
    with pytest.raises(SystemExit, match="neither a folder nor a zip file"):
        collecting.collect(course, "ex02", tmp_path / "x")


def test_a_pattern_of_ones_own(course, tmp_path):
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "2026-ada.ipynb").write_text("{}")
    found = collecting.collect(course, "ex02", tmp_path / "from", r"2026-(?P<file>(?P<student>\w+)\.ipynb)")
    assert found == {"ada": "2026-ada.ipynb"}


# The exercise


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["anna/ex01/ex01.ipynb", "anna/ex02/ex02.ipynb"], "anna/ex01/ex01.ipynb"),
        (["anna-ex01.ipynb", "anna-ex02.ipynb"], "anna-ex01.ipynb"),
        (["anna/ex01.ipynb", "anna/notes.ipynb"], "anna/ex01.ipynb"),
        (["anna/Ex01-new.ipynb", "anna/ex02/solution.ipynb"], "anna/Ex01-new.ipynb"),
        (["anna/solution.ipynb", "anna/ex02.ipynb"], "anna/solution.ipynb"),
        (["ex01/anna/solution.ipynb", "ex02/anna/solution.ipynb"], "ex01/anna/solution.ipynb"),
        (["anna-ex01/solution.ipynb", "anna-ex02/solution.ipynb"], "anna-ex01/solution.ipynb"),
        (["anna/ex01.ipynb", "anna/complex02.ipynb"], "anna/ex01.ipynb"),
        (["anna/ex01-old.ipynb", "anna/ex01.ipynb"], "anna/ex01.ipynb"),
        (["anna/notes.ipynb", "anna/EX01.IPYNB"], "anna/EX01.IPYNB"),
    ],
)
def test_the_notebook_of_the_exercise_is_taken(collect, course, paths, expected):
    assert collect("ex01", *paths) == {"anna": expected}
    assert course.submission("anna", "ex01").read_text() == expected


def test_a_notebook_of_another_exercise_is_none_of_this_one(collect, course, capsys):
    assert collect("ex01", "anna/ex01.ipynb", "bob/ex02.ipynb") == {"anna": "anna/ex01.ipynb", "bob": None}
    assert "bob: NO NOTEBOOK of ex01 among the files submitted: bob/ex02.ipynb" in capsys.readouterr().out
    assert not course.submission("bob", "ex01").exists()


def test_of_competing_notebooks_all_are_named(collect, capsys):
    collect("ex01", "anna/ex01.ipynb", "anna/notes.ipynb", "bob/ex01.ipynb", "bob/ex02.ipynb")
    said = capsys.readouterr().out
    assert "anna: 2 notebooks, taken anna/ex01.ipynb (" in said
    assert "not anna/notes.ipynb (" in said
    assert "bob:" not in said


def test_of_many_files_some_are_named(collect, capsys):
    collect("ex01", *(f"anna/{number}.pdf" for number in range(20)))
    said = capsys.readouterr().out
    assert said.count(".pdf") == 5
    assert "and 15 more" in said


def test_canvas_counts_what_is_handed_in_again(collect):
    paths = ["ada_1_20_ex01-10.ipynb", "ada_1_19_ex01-9.ipynb", "ada_1_12_ex01.ipynb"]
    assert collect("ex01", *paths, times=[0, 0, 0]) == {"ada": paths[0]}


# The student is the first folder, in one way for all


@pytest.mark.parametrize(
    "paths",
    [
        ["anna/homework/ex01.ipynb", "bob/homework/ex01.ipynb"],
        ["class/anna/ex01.ipynb", "class/bob/homework/ex01.ipynb", "class/readme.txt"],
        ["ex01/anna/ex01.ipynb", "ex01/bob/ex01.ipynb"],
        ["class/anna-ex01.ipynb", "class/bob-ex01.ipynb"],
        [f"class/{moodle('anna', 1)}", f"class/{moodle('bob', 2)}"],
        ["class/anna_1_2_ex01.ipynb", "class/bob_LATE_2_3_ex01.ipynb"],
        ["anna/ex01.ipynb", "bob-ex01.ipynb"],
    ],
)
def test_the_first_folder_is_the_student(collect, paths):
    assert collect("ex01", *paths) == {"anna": paths[0], "bob": paths[1]}


def test_a_student_alone_may_have_folders(collect, capsys):
    assert collect("ex01", "anna/homework/ex01.ipynb") == {"anna": "anna/homework/ex01.ipynb"}
    assert "anna/ was taken for a student; if students are in it" in capsys.readouterr().out
    assert collect("ex02", "ex02/bob/ex02.ipynb") == {"bob": "ex02/bob/ex02.ipynb"}
    assert "taken for" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "inside", ["anna/ex01.ipynb", moodle("anna", 7), "anna_7_8_ex01.ipynb", "ex01/anna-ex01.ipynb"]
)
def test_nobody_hands_in_for_somebody_else(collect, inside):
    found = collect("ex01", "anna/ex01.ipynb", f"mallory/{inside}")
    assert found == {"anna": "anna/ex01.ipynb", "mallory": f"mallory/{inside}"}


def test_nobody_hands_in_for_somebody_else_on_a_platform(collect):
    paths = [moodle("anna", 1), "mallory_2_assignsubmission_file_/anna_1_assignsubmission_file_/ex01.ipynb"]
    assert collect("ex01", *paths) == {"anna": paths[0], "mallory": paths[1]}
    paths = ["carl_1_3_ex01.ipynb", "maud_2_4_assignsubmission_file_ex01.ipynb", "dora_5_6_ex01.ipynb"]
    assert collect("ex01", *paths) == {"carl": paths[0], "maud": paths[1], "dora": paths[2]}


def test_a_student_who_is_known_is_no_folder_around_students(collect, capsys):
    collect("ex01", "class/anna/ex01.ipynb", "class/mallory/ex01.ipynb")
    assert "class/ was taken for the folder around all students" in capsys.readouterr().out
    path = "mallory/anna/ex02.ipynb"
    assert collect("ex02", path, "mallory/bob/ex02.ipynb", times=[1, 0]) == {"mallory": path}


@pytest.mark.parametrize(
    "rubbish", [".ipynb_checkpoints/ex01-checkpoint.ipynb", "._ex01.ipynb", "__MACOSX/ex01.ipynb"]
)
@pytest.mark.parametrize("where", ["", "anna/", "anna/work/"])
def test_rubbish_is_left_at_any_depth(collect, rubbish, where):
    assert collect("ex01", "anna/ex01.ipynb", where + rubbish) == {"anna": "anna/ex01.ipynb"}


# Two people are never one


@pytest.mark.parametrize("other", ["Anna-Maria", "anna maria", "+Anna Maria"])
def test_two_names_that_become_one_are_refused(collect, course, capsys, other):
    assert collect("ex01", "Anna Maria/ex01.ipynb", f"{other}/ex01.ipynb", "bob/ex01.ipynb").keys() == {"bob"}
    said = capsys.readouterr().out
    assert f'"Anna Maria": NOT TAKEN, it would be Anna-Maria as well as "{other}"' in said
    assert f"rename one: {other}/ex01.ipynb" in said
    assert course.students("ex01") == ["bob"]


def test_nor_over_two_collects(collect, course, capsys):
    collect("ex01", "Anna Maria/ex01.ipynb")
    assert collect("ex01", "Anna-Maria/ex01.ipynb") == {}
    assert '"Anna-Maria": NOT TAKEN' in capsys.readouterr().out
    assert course.submission("Anna-Maria", "ex01").read_text() == "Anna Maria/ex01.ipynb"
    assert collect("ex02", "Anna-Maria/ex02.ipynb").keys() == {"Anna-Maria"}


@pytest.mark.parametrize("name", ["...", "--", "@"])
def test_a_name_of_which_nothing_is_left_is_refused(collect, course, capsys, name):
    assert collect("ex01", f"{name}/ex01.ipynb", "bob/ex01.ipynb") == {"bob": "bob/ex01.ipynb"}
    said = capsys.readouterr().out
    assert (
        f'"{name}": NOT TAKEN, nothing is left of this name; expected letters or digits: {name}/ex01.ipynb'
        in said
    )
    assert course.students("ex01") == ["bob"]
    assert not (course.root / "submitted" / "ex01").exists()


def test_numbers_tell_late_people_of_one_name_apart(collect, course, capsys):
    first, second = moodle("Anna Lee", 11), moodle("Anna Lee", 22)
    assert collect("ex01", first) == {"Anna-Lee": first}
    assert collect("ex01", second) == {"Anna-Lee-22": second}
    assert 'Anna-Lee: 2 people of this name; "Anna Lee" (22) is Anna-Lee-22' in capsys.readouterr().out
    for _ in range(2):
        assert collect("ex01", first, second) == {"Anna-Lee": first, "Anna-Lee-22": second}
    assert course.submission("Anna-Lee", "ex01").read_text() == first
    assert course.students("ex01") == ["Anna-Lee", "Anna-Lee-22"]
    assert collect("ex01", "Anna Lee/ex01.ipynb") == {}, "which of them?"


def test_a_number_that_stays_gives_the_same_name_in_the_next_exercise(collect):
    collect("ex01", "annalee_11_1_ex01.ipynb", "annalee_22_2_ex01.ipynb")
    assert collect("ex02", "annalee_22_3_ex02.ipynb").keys() == {"annalee-22"}
    assert collect("ex02", "annalee_33_4_ex02.ipynb").keys() == {"annalee-33"}


def test_a_number_that_changes_leaves_the_name(collect):
    """Moodle counts anew in every exercise."""
    assert collect("ex01", moodle("Anna Lee", 11)).keys() == {"Anna-Lee"}
    assert collect("ex02", moodle("Anna Lee", 35)).keys() == {"Anna-Lee"}


def test_a_name_with_another_ones_number_is_refused(collect, course):
    two = [moodle("Anna", 11), moodle("Anna", 22)]
    assert collect("ex01", *two, moodle("Anna-11", 5)) == {"Anna-11": two[0], "Anna-22": two[1]}
    assert course.students("ex01") == ["Anna-11", "Anna-22"]


def test_who_it_is_stands_beside_the_file(collect, course):
    collect("ex01", moodle("Anna Lee", 11))
    beside = course.submission("Anna-Lee", "ex01").parent / "whose.json"
    assert json.loads(beside.read_text()) == {"name": "Anna Lee", "number": "11"}
    beside.write_text("[")  # then the folder is of whoever has its name
    assert collect("ex01", moodle("Anna Lee", 22)).keys() == {"Anna-Lee"}


@pytest.mark.parametrize(
    ("name", "student"),
    [
        (unicodedata.normalize("NFD", "José"), "José"),
        ("+anna", "anna"),
        ("@anna", "anna"),
        ("=-+@anna", "anna"),
        ("anna+x@example.org", "anna+x@example.org"),
        ("प्रिया", "प्रिया"),
    ],
)
def test_names_of_many_kinds(collect, name, student):
    assert collect("ex01", f"{name}/ex01.ipynb").keys() == {unicodedata.normalize("NFC", student)}


def test_what_a_terminal_would_obey_is_not_printed(collect, capsys):
    collect("ex01", "anna/ex01.ipynb", "anna/\x1b[2J\nex01.ipynb")
    assert "taken anna/?[2J?ex01.ipynb (" in capsys.readouterr().out


# Broken zip files


def test_an_entry_without_a_date_is_of_1980(course, tmp_path):
    source = zipped(tmp_path / "a.zip", moodle("anna", 1), date=(1980, 1, 1, 0, 0, 0))
    content = source.read_bytes()
    place = content.index(b"PK\x01\x02")
    source.write_bytes(content[: place + 12] + bytes(4) + content[place + 16 :])
    assert zipfile.ZipFile(source).infolist()[0].date_time[1] == 0
    assert collecting.collect(course, "ex01", source) == {"anna": moodle("anna", 1)}
    said = (course.submission("anna", "ex01").parent / "timestamp.txt").read_text()
    assert datetime.datetime.fromisoformat(said) == datetime.datetime(1980, 1, 1)


def test_one_bad_entry_is_told_and_the_others_are_collected(course, tmp_path, capsys):
    paths = {name: moodle(name, number) for number, name in enumerate("abcdefg", 1)}
    source = zipped(tmp_path / "a.zip", *paths.values())
    content = source.read_bytes()
    place = content.index(paths["f"].encode() * 2) + len(paths["f"])  # the file holds its name
    source.write_bytes(content[:place] + b"X" + content[place + 1 :])
    assert collecting.collect(course, "ex01", source) == {**paths, "f": None}
    said = capsys.readouterr().out
    assert f"f: NOT TAKEN, {paths['f']} cannot be copied (Bad CRC-32" in said
    assert "ex01: 6 notebooks collected" in said
    assert course.students("ex01") == list("abcdefg"), "f is there to be asked again"


def test_a_bad_file_leaves_the_one_that_was_there(course, collect, tmp_path):
    path = moodle("anna", 1)
    collect("ex01", path)
    source = zipped(tmp_path / "a.zip", path)
    source.write_bytes(source.read_bytes().replace(path.encode() * 2, path.encode() + b"X" * len(path)))
    assert collecting.collect(course, "ex01", source) == {"anna": None}
    assert course.submission("anna", "ex01").read_text() == path


def test_a_zip_file_that_breaks_off_is_told(course, tmp_path):
    source = zipped(tmp_path / "a.zip", moodle("anna", 1))
    content = source.read_bytes()
    source.write_bytes(content.replace(b"PK\x01\x02", b"PK\x09\x02"))
    with pytest.raises(SystemExit, match="a.zip is a damaged zip file .* Download it again"):
        collecting.collect(course, "ex01", source)
