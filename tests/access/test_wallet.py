import pytest

from tests.access.matrix import answers_of, expected
from tests.access.standing import Standing
from tests.access.table import Table
from tests.access.wallet_asks import asker_of

TABLE = Table.read("wallet")


@pytest.mark.parametrize("door", TABLE.routes)
def test_everybody_gets_what_the_table_says(learners: Standing, door: str) -> None:
    assert answers_of(learners, TABLE, door, asker_of(door)) == expected(TABLE, door)
