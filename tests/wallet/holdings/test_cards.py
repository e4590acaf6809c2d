from typing import Any

import pytest
from hypothesis import given

from intaglio.openbadges.contents import contents_of
from intaglio.verification.policy import Registry
from tests.openbadges.test_contents import DOCUMENTS
from tests.verification.builders import badge
from wallet.holdings.card_picture import draw_card
from wallet.holdings.cards import Card
from wallet.holdings.models import Standing
from wallet.holdings.words import words_for


@given(DOCUMENTS)
def test_any_document_has_a_card(document: dict[str, Any]) -> None:
    card = Card.of_contents(contents_of(document), bound=False, fallback_id="urn:x")
    assert Card.from_json(card.to_json()) == card
    assert card.credential_id


@pytest.mark.parametrize("name", ["", "x" * 400, "Wörter " * 40, "字" * 30, "a b"])
def test_any_name_is_drawn(name: str) -> None:
    card = Card("urn:x", name, "did:x", name, None, None, name[:20], 1, 4)
    assert draw_card(card).startswith(b"\x89PNG")


def test_a_known_name_wins_over_the_badges_own_word() -> None:
    card = Card.of_contents(contents_of(badge()), bound=False, fallback_id="urn:x")
    assert card.issuer_in(None) == ("Riverside High School", False)
    assert card.issuer_in(Registry({})) == ("Riverside High School", False)
    assert card.issuer_in(Registry({card.issuer_id: "The real one"})) == ("The real one", True)
    nameless = Card("urn:x", "n", "did:x", "", None, None)
    assert nameless.issuer_in(None) == ("An issuer without a name", False)


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("answered", [True, False])
def test_an_issuer_that_is_not_known_is_named_as_it_calls_itself(standing: Standing, *, answered: bool) -> None:
    words = words_for(standing, "State University", answered=answered, is_known=False)
    assert "State University, as it calls itself, " in words.sentence
    known = words_for(standing, "State University", answered=answered)
    assert "as it calls itself" not in known.sentence
    assert words_for(standing, "An issuer without a name", answered=answered, is_known=False, has_name=False).sentence
