import pytest

from tests.access.issuer_asks import asker_of
from tests.access.matrix import answers_of, expected
from tests.access.standing import Standing
from tests.access.table import Table

TABLE = Table.read("issuer")


@pytest.mark.parametrize("door", TABLE.routes)
def test_everybody_gets_what_the_table_says(schools: Standing, door: str) -> None:
    assert answers_of(schools, TABLE, door, asker_of(door)) == expected(TABLE, door)
