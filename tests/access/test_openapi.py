"""What the machines' doors say of themselves (OpenAPI) is asked of them, in ways that it allows and some that it does not.

Schemathesis makes requests from the description. Since most of what it makes up leads nowhere, three of four requests go to
things that are there; and right orders are sent with one value in them replaced.
"""

import copy
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from typing import Any, TypeAlias

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.schemas import APIOperation, BaseSchema

from tests.access import issuer_asks, verifier_world, wallet_asks
from tests.access.standing import Ask, Asker, Standing
from tests.access.table import SERVICES

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]

_ASKERS: Mapping[str, Callable[[str], Asker]] = {
    "issuer": issuer_asks.asker_of,
    "wallet": wallet_asks.asker_of,
    "verifier": verifier_world.asker_of,
}
_MACHINES = {"issuer": "own_key", "wallet": "nobody", "verifier": "anybody"}
_ORDERS = {"POST /s/{token}": {"challenge": "a challenge of theirs", "domain": "college.example"}}
"""What is sent to routes that take a form of a person as well."""
_ON_TRIAL = {"POST /vc-api/{instance}/credentials/issue": "other_key"}
_FEW, _MANY = 8, 250
# Errors there have the form that the protocol asks for (OpenID4VCI 1.0, section 8.3.1; RFC 6749, section 5.2).
_PROTOCOL_ERRORS = "/openid4vci/"
# "Not verified" is an answer there, and not a problem (VCALM 0.9, "Verify Credential").
_RESULTS = ("/credentials/verify", "/presentations/verify")
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)

_MOSTLY = st.sampled_from((True, True, True, False))


@pytest.fixture(scope="package")
def worlds(schools: Standing, learners: Standing, readers: Standing) -> dict[str, Standing]:
    """Return the three services by name."""
    return {"issuer": schools, "wallet": learners, "verifier": readers}


@pytest.mark.parametrize("service", SERVICES)
def test_whatever_the_description_allows_gets_an_answer(worlds: dict[str, Standing], service: str) -> None:
    with worlds[service].copy():
        for operation in _operations(worlds[service]):
            _fuzz(worlds[service], operation, _FEW)


@pytest.mark.exhaustive
@pytest.mark.parametrize("service", SERVICES)
def test_whatever_the_description_allows_gets_an_answer_many_times(worlds: dict[str, Standing], service: str) -> None:
    with worlds[service].copy():
        for operation in _operations(worlds[service]):
            _fuzz(worlds[service], operation, _MANY)


@pytest.mark.parametrize("service", SERVICES)
def test_right_orders_with_one_wrong_value_get_an_answer(worlds: dict[str, Standing], service: str) -> None:
    with worlds[service].copy():
        _spoil_each(worlds[service], service, 3 * _FEW)


@pytest.mark.exhaustive
@pytest.mark.parametrize("service", SERVICES)
def test_right_orders_with_one_wrong_value_get_an_answer_many_times(worlds: dict[str, Standing], service: str) -> None:
    with worlds[service].copy():
        _spoil_each(worlds[service], service, 2 * _MANY)


def _operations(world: Standing) -> list[APIOperation]:
    schema: BaseSchema = schemathesis.openapi.from_asgi("/openapi.json", _without_its_start(world.app))
    return [found.ok() for found in schema.get_all_operations()]


def _without_its_start(app: FastAPI) -> Callable[..., Awaitable[None]]:
    """Return an application that runs already: whoever starts it starts nothing."""

    async def running(scope: Scope, receive: Callable[[], Awaitable[Message]], send: Callable[..., Any]) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for told in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{told}.complete"})

    return running


def _fuzz(world: Standing, operation: APIOperation, examples: int) -> None:
    service, door = world.service.settings.service, _name(operation)
    asker, headers = _ASKERS[service](door), dict(world.personas[_machine(service, door)].headers)

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), at_home=_MOSTLY, with_key=_MOSTLY)
    def run(case: Any, at_home: bool, with_key: bool) -> None:
        if at_home:
            asked = asker(world.service, world.ids)
            known = {**world.ids, **asked.values}
            case.path_parameters = {
                name: known.get(name, value) for name, value in (case.path_parameters or {}).items()
            }
        answer = case.call(headers=headers if with_key else None)
        kind = next(iter(answer.headers.get("content-type", [""])))
        _check(operation.path, answer.status_code, kind, answer.content)

    run()


def _name(operation: APIOperation) -> str:
    return f"{operation.method.upper()} {operation.path}"


def _machine(service: str, door: str) -> str:
    return _ON_TRIAL.get(door, _MACHINES[service])


def _spoil_each(world: Standing, service: str, examples: int) -> None:
    for operation in _operations(world):
        door = _name(operation)
        asked = _ASKERS[service](door)(world.service, world.ids)
        order = _ORDERS.get(door) or asked.json or (asked.content and json.loads(asked.content))
        if isinstance(order, dict):
            _spoil(world, door, asked, order, examples)


def _spoil(world: Standing, door: str, asked: Ask, order: dict[str, Any], examples: int) -> None:
    places = list(_places(order))
    persona = _machine(world.service.settings.service, door)

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(place=st.sampled_from(places), value=st.text(max_size=40) | _ANYTHING)
    def run(place: tuple[str | int, ...], value: Any) -> None:
        spoiled = Ask(asked.values, json=_replaced(order, place, value), headers={"accept": "application/json"})
        answer = world.ask(door, persona, lambda _browser, _ids: spoiled)
        _check(door, answer.status_code, answer.headers.get("content-type", ""), answer.content)

    run()


def _places(value: Any, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the ways to every value inside another one."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in below:
        yield (*here, key)
        yield from _places(inner, (*here, key))


def _replaced(whole: Any, place: tuple[str | int, ...], value: Any) -> Any:
    made = copy.deepcopy(whole)
    inner = made
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return made


def _check(door: str, status: int, kind: str, content: bytes) -> None:
    assert status < 500, content
    if status < 400:
        return
    if _PROTOCOL_ERRORS in door and kind == "application/json":
        assert "error" in json.loads(content)
    elif door.endswith(_RESULTS) and kind == "application/json":
        assert json.loads(content)["verified"] is False
    else:
        assert kind == "application/problem+json", content
        assert json.loads(content)["status"] == status
