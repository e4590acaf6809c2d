"""Where a learner can go from every page."""

from intaglio.server.features import NavItem
from intaglio.server.languages import mark

NAVIGATION = (
    NavItem(mark("My badges"), "/"),
    NavItem(mark("Add"), "/add"),
    NavItem(mark("Shared"), "/shares"),
)
ACCOUNT_LINKS = ((mark("How I sign in"), "/account"), (mark("My wallet"), "/wallet"))
