import pytest

from tests.access.matrix import answers_of, expected
from tests.access.standing import Standing
from tests.access.table import Table
from tests.access.verifier_world import asker_of

TABLE = Table.read("verifier")


@pytest.mark.parametrize("door", TABLE.routes)
def test_everybody_gets_what_the_table_says(readers: Standing, door: str) -> None:
    assert answers_of(readers, TABLE, door, asker_of(door)) == expected(TABLE, door)
