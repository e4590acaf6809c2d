from pathlib import Path

import pytest
from fastapi import FastAPI

from intaglio.server.access import Public
from tests.access.document import PLACE as DOCUMENT
from tests.access.document import access_table
from tests.access.routes import DESCRIPTION, doors_of
from tests.access.table import SERVICES, Table


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_says_exactly_once_who_may_use_it(apps: dict[str, FastAPI], service: str) -> None:
    wrong = [door.name for door in doors_of(apps[service]) if len(door.rules) != 1 and door.path != DESCRIPTION]
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_has_its_place_in_the_table_and_none_is_there_that_is_gone(
    apps: dict[str, FastAPI], service: str
) -> None:
    doors, table = {door.name for door in doors_of(apps[service])}, set(Table.read(service).routes)
    assert doors - table == set(), "these are in no table"
    assert table - doors == set(), "these are gone"


@pytest.mark.parametrize("service", SERVICES)
def test_what_changes_something_for_somebody_who_is_signed_in_takes_forms_of_our_own_pages_alone(
    apps: dict[str, FastAPI], service: str
) -> None:
    doors = [door for door in doors_of(apps[service]) if door.method != "GET" and _reads_cookies(door.rules)]
    assert [door.name for door in doors if not door.guards_forms] == []


def test_the_document_says_what_the_tables_say() -> None:
    assert DOCUMENT.read_text("utf-8") == access_table(), "`make docs` writes it anew"


@pytest.mark.parametrize(
    ("rule", "mistake"),
    [
        ('ok = ["a"]', "nothing about"),
        ('ok = ["a", "b"]\nrefused = ["a"]', "twice"),
        ('ok = ["a", "b", "c"]', "nobody"),
        ('ok = "everybody"\n[[rule]]\nwho = "y"\nok = "everybody"\nroutes = ["GET /"]', "two rules"),
    ],
)
def test_a_table_with_a_hole_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str, mistake: str
) -> None:
    monkeypatch.setattr("tests.access.table.FOLDER", tmp_path)
    head = '[personas]\na = "one"\nb = "another"\n[[rule]]\nwho = "x"\nroutes = ["GET /"]\n'
    (tmp_path / "shop.toml").write_text(head + rule, "utf-8")
    with pytest.raises(ValueError, match=mistake):
        Table.read("shop")


def _reads_cookies(rules: tuple[object, ...]) -> bool:
    return any(not isinstance(rule, Public) and type(rule).__name__ != "MachineOf" for rule in rules)
