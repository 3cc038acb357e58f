from __future__ import annotations

from pathlib import Path

from warehouse.dictionary import dictionary, told
from warehouse.tables import metadata
from warehouse.tables.named import names

WRITTEN = Path(__file__).parents[2] / "docs" / "dictionary.md"


def test_the_dictionary_says_what_the_tables_and_lists_say() -> None:
    again = "python -m warehouse.dictionary > docs/dictionary.md"
    assert WRITTEN.read_text(encoding="utf-8") == dictionary(), again


def test_every_table_and_column_has_a_name_in_both_languages() -> None:
    for table in metadata.sorted_tables:
        comments = [str(table.comment), *(str(column.comment) for column in table.c)]
        assert all(all(told(comment)) for comment in comments), table
        if table.schema != "record":
            unnamed = {str(table), *(column.name for column in table.c)} - names().keys()
            assert unnamed == set(), "warehouse/tables/names.csv"
    assert not [name for name in names().values() if ". " in name]
