"""The invented folder is what its generator writes, and says that it is invented."""

from importlib import resources

from foretrack.samples.invent import documents, mini_folder

FOLDER = resources.files("foretrack.samples") / "mini"


def test_the_files_are_what_the_generator_writes() -> None:
    shipped = {file.name: file.read_bytes() for file in FOLDER.iterdir() if file.name != "README.md"}

    assert shipped == mini_folder()


def test_every_record_says_that_it_is_invented() -> None:
    notes = sum(
        content.decode("gb18030" if "cnki" in name else "utf-8-sig").count(note)
        for name, content in mini_folder().items()
        for note in ("no such document exists", "并无此文")
    )

    # Three documents stand in two files, and one row cannot be right.
    assert notes == len(documents()) + 4
