"""Moved: import from `intaglio.server.markdown`. This file goes once nothing imports it."""

from intaglio.server.markdown import MAX_CHARACTERS, to_html, to_text

__all__ = ["MAX_CHARACTERS", "to_html", "to_text"]
