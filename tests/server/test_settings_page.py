from pathlib import Path

import pytest

from intaglio.server.commands.config import settings_class
from intaglio.server.settings_page import SERVICES, markdown

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_settings_is_up_to_date() -> None:
    assert (DOCS / "settings.md").read_text(encoding="utf-8") == markdown(), "run: make docs"


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_is_explained(service: str) -> None:
    for name, field in settings_class(service).model_fields.items():
        assert field.description, name
        assert f"`INTAGLIO_{name.upper()}`" in markdown(), name
