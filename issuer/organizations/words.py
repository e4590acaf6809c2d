"""The words of pages for the kinds of organizations and for roles: templates write ``_(kind | capitalize)``.

They stand here so that `tools.messages` finds them; a test compares them with the enumerations.
"""

from intaglio.server.languages import mark

KINDS = (mark("State"), mark("District"), mark("School"))
ROLES = (mark("Administrator"), mark("Registrar"), mark("Teacher"))
