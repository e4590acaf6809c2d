"""Open Badges 3.0 (document 1.2) and CLR 2.0 as typed, frozen models.

::

    values.py        texts, identifiers, times and vocabularies: what the members hold
    base.py          how a model is read from a document and written to one
    profile.py       who somebody is: images, addresses, identifiers
    parts.py         what every credential may carry: proof, status, schema, evidence
    endorsement.py   Profile and EndorsementCredential, which hold each other
    result.py        results, rubrics, alignments
    achievement.py   Achievement and AchievementCredential, the badge itself
    clr.py           the learner record
    legacy.py        the same for VC Data Model 1.1: read, never issued

``python -m intaglio.openbadges.models FOLDER`` writes the JSON Schemas of ``schemas/jsonschema`` from them. What reads a
badge uses those schemas (`intaglio.openbadges.shape`); what writes one uses the models, which take longer to import.
"""
