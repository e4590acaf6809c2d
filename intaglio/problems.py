"""The catalogue of problems: one title and one piece of advice for each kind, in words for a person.

`docs/problems.md` is generated from it (``python -m intaglio.problems`` prints it), and a test compares them. A kind is
a promise: its URI ``urn:intaglio:problem:<kind>`` keeps its meaning for ever; wordings may improve.
"""

from typing import NamedTuple


class Entry(NamedTuple):
    """What does not change from one occurrence to the next."""

    title: str
    advice: str


_ASK_ISSUER = "Ask the issuer for a corrected credential."
_SEND_WHOLE = "Ask the sender for the original file, unchanged."
_FIX_LIST = "Ask the issuer to publish a correct status list."
_SAVE_PLAIN = "Open it in a drawing program and save it as plain SVG in UTF-8."
_ASK_IMAGE = "Ask the sender for the original image file: some programs and phones remove what they do not know."
_ASK_STATUS = "Ask the issuer whether the credential is still good."
_ASK_SCHOOL = "Ask your school."
_NEW_LINK = "Ask your school for a new link."
_READ_STANDARD = "Correct the request; its detail says where."

CATALOGUE: dict[str, Entry] = {
    # — documents: reading JSON —
    "too-large": Entry("This document is too large.", _SEND_WHOLE),
    "not-utf8": Entry("This document is not UTF-8 text.", _SEND_WHOLE),
    "not-json": Entry("This document is not JSON.", _SEND_WHOLE),
    "not-an-object": Entry("This document is not a JSON object.", _SEND_WHOLE),
    "duplicate-member": Entry(
        "A name stands twice in the same object, so readers may see different things.", _ASK_ISSUER
    ),
    "number-out-of-range": Entry("A number is written that not every reader can hold.", _ASK_ISSUER),
    "lone-surrogate": Entry("A text holds half a character.", _ASK_ISSUER),
    "too-deep": Entry("This document nests too deeply.", _ASK_ISSUER),
    # — multikey: public keys in text —
    "bad-multibase": Entry("A key or signature is not written in the base that its format asks for.", _ASK_ISSUER),
    "bad-public-key": Entry("A public key cannot be read.", _ASK_ISSUER),
    "unknown-key-type": Entry(
        "This kind of key is not one that we can check.",
        "Ask for a credential signed with Ed25519, P-256, P-384 or RSA.",
    ),
    # — schemas: JSON-LD contexts —
    "unknown-context": Entry(
        "The credential uses words from a list that we do not have.",
        "Load the list with --contexts, or ask the issuer.",
    ),
    "damaged-context": Entry(
        "A list of words that came with this software was changed.", "Install the software again."
    ),
    "broken-context-folder": Entry("The folder of contexts cannot be read.", "Correct its index."),
    "context-redefined": Entry("The folder of contexts gives one address two meanings.", "Keep one of the two."),
    # — canonical: what a signature covers —
    "undefined-term": Entry("A member has a name that nothing defines, so no signature can cover it.", _ASK_ISSUER),
    "undefined-type": Entry("A type has a name that nothing defines, so no signature can cover it.", _ASK_ISSUER),
    "relative-iri": Entry("An identifier is incomplete, so no signature can cover it.", _ASK_ISSUER),
    "bad-iri": Entry("An identifier holds characters that no identifier may hold.", _ASK_ISSUER),
    "null-member": Entry("A member is null, so no signature can cover it.", _ASK_ISSUER),
    "dropped-member": Entry("A member stands where no signature can cover it.", _ASK_ISSUER),
    "free-floating-value": Entry("A value belongs to nothing, so no signature can cover it.", _ASK_ISSUER),
    "bad-language-tag": Entry("A language is not named as the standard asks.", _ASK_ISSUER),
    "ambiguous-number": Entry("A number is one that readers write differently.", _ASK_ISSUER),
    "blank-node-identifier": Entry("Something is named by a label that has no meaning outside its file.", _ASK_ISSUER),
    "protected-term": Entry("The document gives a protected word another meaning.", _ASK_ISSUER),
    "context-vocab": Entry(
        "The document gives every word a meaning, so that nothing counts as undefined.", _ASK_ISSUER
    ),
    "context-feature": Entry("The document defines its words in a way that we do not read.", _ASK_ISSUER),
    "too-many-contexts": Entry("Reading this document would take too much work.", _ASK_ISSUER),
    "bad-json-ld": Entry("The document breaks the rules of linked data (JSON-LD).", _ASK_ISSUER),
    "graph-too-complex": Entry("The document was built so that it cannot be checked in reasonable time.", _ASK_ISSUER),
    "unknown-hash": Entry("This hash is not one that we compute.", "Choose sha256 or sha384."),
    # — times —
    "bad-time": Entry("A date or time is not written as the standard asks.", _ASK_ISSUER),
    # — proofs —
    "proof-suite": Entry("A proof does not say of which kind it is.", _ASK_ISSUER),
    "unknown-suite": Entry(
        "A proof is of a kind that we cannot check.", "Ask for a credential with a proof of a common kind."
    ),
    "verify-only-suite": Entry("This kind of proof is only verified here.", "Choose eddsa-rdfc-2022 instead."),
    "wrong-key-for-suite": Entry("The key is not of the kind that this proof asks for.", _ASK_ISSUER),
    "proof-context": Entry("The document was given another context than the one that was signed.", _SEND_WHOLE),
    "bad-signature": Entry("The signature does not match, so something was changed after it was signed.", _SEND_WHOLE),
    "proof-list": Entry("The proofs are not written as the standard asks.", _SEND_WHOLE),
    "proof-incomplete": Entry("A proof leaves out something that it must state.", _ASK_ISSUER),
    "proof-purpose": Entry("The proof was made for another purpose.", _ASK_ISSUER),
    "proof-expired": Entry("The proof has run out.", "Ask the sender to send it again."),
    "wrong-domain": Entry("The presentation was made for somebody else.", "Ask the sender to present it to you."),
    "wrong-challenge": Entry(
        "The presentation does not answer your question: it may be a replay.", "Ask again, with a new challenge."
    ),
    "previous-proof-missing": Entry("A proof in a chain builds on one that is not there.", _SEND_WHOLE),
    "previous-proof-failed": Entry("A proof in a chain builds on one that does not hold.", _SEND_WHOLE),
    # — proofs: JSON Web Tokens —
    "not-a-jws": Entry("This is not a signed token.", _SEND_WHOLE),
    "forbidden-algorithm": Entry(
        "The token is not really signed.", "Do not trust it; ask the issuer for a signed credential."
    ),
    "critical-header": Entry("The token depends on an extension that we do not know.", _ASK_ISSUER),
    "unknown-algorithm": Entry(
        "The token is signed in a way that we cannot check.", "Ask for EdDSA, ES256, ES384 or RS256."
    ),
    "jwt-type": Entry("The token is not of the kind that it should be.", _ASK_ISSUER),
    "jwt-header": Entry("The token has a header that its format does not allow.", _ASK_ISSUER),
    "jwt-claim": Entry("The token lacks a claim that its format asks for, or has it in another form.", _ASK_ISSUER),
    "jwt-claim-mismatch": Entry("The token and the credential inside it contradict each other.", _ASK_ISSUER),
    # — custody —
    "unknown-key-uri": Entry("We do not know where this key is kept.", "Name it as file:PATH."),
    "key-file-exists": Entry(
        "There is a file of this name already; keys are never written over.", "Choose another name."
    ),
    "key-file-unwritable": Entry("The key file cannot be written.", "Check that the folder is there and is yours."),
    "key-file-missing": Entry("The key file cannot be opened.", "Check its name, and that it is yours."),
    "key-file-open-to-others": Entry(
        "Others on this machine can read the key file.", "If they may have, make a new key."
    ),
    "key-file-unreadable": Entry(
        "The key file is not of a kind that we read.", "Convert it to PKCS#8 PEM, for example with openssl pkcs8."
    ),
    "key-passphrase": Entry(
        "The key is locked, and the passphrase does not open it.", "Give it by INTAGLIO_KEY_PASSPHRASE."
    ),
    # — vcdm: the structure of credentials —
    "vc-context": Entry("The document does not say by which rules it is to be read.", _ASK_ISSUER),
    "vc-type": Entry("The document does not say what it is.", _ASK_ISSUER),
    "vc-id": Entry("An identifier is not a web address or another URL.", _ASK_ISSUER),
    "vc-issuer": Entry("The credential does not say who issued it.", _ASK_ISSUER),
    "vc-holder": Entry(
        "The presentation does not say properly who presents it.", "Ask the sender to present it again."
    ),
    "vc-subject": Entry("The credential says nothing about anybody.", _ASK_ISSUER),
    "vc-date": Entry("The dates of the credential do not make sense.", _ASK_ISSUER),
    "vc-member": Entry("A part of the credential is not built as the standard asks.", _ASK_ISSUER),
    # — fetch: documents from elsewhere —
    "offline": Entry(
        "Something has to be looked up on the internet, and was not.", "Try again on line, or store the document."
    ),
    "not-stored": Entry("A document is not among those at hand.", "Store it, or try again on line."),
    "broken-index": Entry("The folder of stored documents cannot be read.", "Correct its index."),
    "broken-ca-file": Entry("The file of certificate authorities cannot be read.", "Name a PEM file."),
    "bad-address": Entry("An address is not written as a web address should be.", _ASK_ISSUER),
    "forbidden-address": Entry("An address leads to where we do not go.", _ASK_ISSUER),
    "unreachable": Entry("A server cannot be reached.", "Try again later."),
    "timed-out": Entry("A server took too long to answer.", "Try again later."),
    "http-status": Entry("A server does not have what should be there.", "Try again later, or ask the issuer."),
    "too-many-redirects": Entry("A server sends us from place to place.", "Try again later, or ask the issuer."),
    "answer-too-large": Entry("A server answers with more than we read.", "Ask the issuer."),
    "wrong-content-type": Entry("A server answers with another kind of document than it should.", "Ask the issuer."),
    "broken-answer": Entry("A server answers in a way that cannot be read.", "Try again later, or ask the issuer."),
    "lookup-limit": Entry("There was too much to look up at once.", "Check fewer credentials at a time."),
    # — dids: from an identifier to its keys —
    "bad-identifier": Entry("An identifier is not written as its kind asks.", _ASK_ISSUER),
    "unknown-identifier": Entry(
        "An identifier is of a kind that cannot be looked up.", "Store its document, or ask the issuer."
    ),
    "unknown-did-method": Entry(
        "An identifier is of a kind that we do not know.", "Store its document, or ask the issuer."
    ),
    "controller-document-id": Entry("The document that lists an issuer’s keys is somebody else’s.", "Ask the issuer."),
    "bad-controller-document": Entry("The document that lists an issuer’s keys cannot be read.", "Ask the issuer."),
    "bad-verification-method": Entry("A key is not published as the standard asks.", "Ask the issuer."),
    "method-not-found": Entry("The key is not among those that its owner publishes.", _ASK_ISSUER),
    "method-not-for-purpose": Entry("The key’s owner did not give it this purpose.", _ASK_ISSUER),
    "method-of-another-controller": Entry("A key is published by one, but belongs to another.", _ASK_ISSUER),
    # — status: lists and entries —
    "revoked": Entry("The issuer has withdrawn this credential.", "Ask the issuer why."),
    "suspended": Entry("The issuer has paused this credential for now.", "Ask the issuer until when."),
    "status-malformed": Entry("The credential does not say properly where its status is kept.", _ASK_ISSUER),
    "status-index-out-of-range": Entry("The credential's place in the status list does not exist.", _ASK_ISSUER),
    "status-purpose-mismatch": Entry("The status list is about something else than the credential says.", _ASK_ISSUER),
    "status-size-mismatch": Entry("The credential and the status list disagree about how to read it.", _ASK_ISSUER),
    "status-list-mismatch": Entry("The status list is of another kind than the credential says.", _ASK_ISSUER),
    "status-list-malformed": Entry("The status list cannot be read.", _FIX_LIST),
    "status-list-too-short": Entry("The status list is so short that it gives away who is in it.", _FIX_LIST),
    "status-list-too-large": Entry("The status list is larger than we read.", _FIX_LIST),
    "status-size": Entry("The status list has entries of a width that we do not read.", _ASK_STATUS),
    "status-value-out-of-range": Entry("This value does not fit into the status list.", "Choose a smaller value."),
    "status-type": Entry("The status of this credential is kept in a way that we do not know.", _ASK_STATUS),
    "status-purpose": Entry("The status list says something that we do not understand.", _ASK_STATUS),
    # — verification —
    "not-a-credential": Entry("This is not a credential in any form that we know.", _SEND_WHOLE),
    "input-unreadable": Entry("The file cannot be opened.", "Check its name, and that you may read it."),
    "output-unwritable": Entry("The file cannot be written.", "Check that the folder is there and is yours."),
    "unknown-envelope": Entry(
        "The envelope holds something that we cannot open.", "Ask for a plain credential or a JWT."
    ),
    "bad-envelope": Entry("The envelope does not hold what it promises.", _SEND_WHOLE),
    "selective-disclosure": Entry(
        "We cannot check this form of selective disclosure yet.", "Ask for a plain credential."
    ),
    "no-proof": Entry("It is not signed by anybody.", "Do not rely on it; ask the issuer for a signed credential."),
    "no-proof-holds": Entry("Nothing shows who made it.", "First see what is wrong with its proof."),
    "no-key": Entry("It does not say which key it was signed with.", _ASK_ISSUER),
    "key-mismatch": Entry("It names one key and brings along another.", "Do not rely on it; ask the issuer."),
    "nobody-vouches": Entry("It was not changed since it was signed, but nothing shows who signed it.", _ASK_ISSUER),
    "not-the-controller": Entry(
        "It was signed by somebody other than the issuer that it names.", "Do not rely on it; ask the issuer."
    ),
    "key-expired": Entry("The issuer had retired the key before it was used.", _ASK_ISSUER),
    "key-revoked": Entry(
        "The issuer has withdrawn the key: it may have been stolen.", "Ask the issuer to seal it again."
    ),
    "not-yet-valid": Entry("It is not valid yet.", "Look again later."),
    "expired": Entry("It has expired.", "Ask the issuer whether it can be renewed."),
    "status-list-unchecked": Entry("We could not check whether it was withdrawn.", "Try again later."),
    "status-list-expired": Entry(
        "The list of withdrawn credentials is out of date.", "Try again later, or ask the issuer."
    ),
    "status-list-refused": Entry(
        "The list of withdrawn credentials is not genuine.", "Ask the issuer whether it is still good."
    ),
    "no-registry": Entry(
        "No registry was chosen to look the issuer up in.", "Choose one if you need to know the issuer."
    ),
    "unknown-issuer": Entry(
        "We don't know this issuer yet.", "Make sure by other means that it is the school you think."
    ),
    "bad-registry": Entry("The registry of issuers cannot be read.", "See docs/command-line.md for its form."),
    "unknown-check": Entry("There is no check of this name.", "See intaglio verify --help."),
    "not-the-holder": Entry(
        "It was presented by somebody other than the holder that it names.", "Ask the learner to present it."
    ),
    "holder-unproved": Entry("Nothing shows who presents it.", "Ask the learner to present it again."),
    "bearer-credential": Entry(
        "We cannot tell whether the one who presents it is the learner.", "Compare the name with an identity card."
    ),
    "about-somebody-else": Entry(
        "It is about somebody other than the one who presents it.", "Ask how they belong together."
    ),
    "too-many-credentials": Entry("It holds more credentials than we check at once.", "Ask for it in smaller parts."),
    "not-verified": Entry("It is not verified.", "See its report."),
    # — verification: names and bounds —
    "disguised-word": Entry(
        "A word of the standard is hidden under another name, so readers may see different things.", _SEND_WHOLE
    ),
    "took-too-long": Entry("Checking all of it takes longer than we allow.", "Check fewer credentials at a time."),
    # — sealing —
    "seal-form": Entry(
        "This cannot be sealed in the way you ask.", "Name one or more suites, and at most one token, last."
    ),
    "already-sealed": Entry("It is sealed already.", "Begin with the credential without its proof."),
    "not-the-planned-key": Entry("It was prepared for another key.", "Prepare it again with this key."),
    "old-version": Entry("It is written by an old version of the standard.", "Write it by version 2.0."),
    # — cli —
    "no-passphrase": Entry(
        "The key was not made: there is no passphrase to lock it with.",
        "Type the same one twice, or give it by INTAGLIO_KEY_PASSPHRASE.",
    ),
    # — server: the embedded database —
    "database-programs": Entry(
        "There is no PostgreSQL to keep the data in.",
        "Install PostgreSQL 15 or newer on this machine, or name a server by INTAGLIO_DATABASE_URL.",
    ),
    "database-version": Entry(
        "The data were written by another version of PostgreSQL.",
        "Install that version again, or move the data with pg_dump and pg_restore.",
    ),
    "database-account": Entry(
        "PostgreSQL does not run as root, and there is no other account for it.",
        "Run the service as another user, or add an account named intaglio.",
    ),
    "database-folder": Entry(
        "The folder of the database cannot be used.", "Run as the folder’s owner, or choose another data folder."
    ),
    "database-start": Entry("The database did not start.", "Read what it says, and see server.log in its folder."),
    "database-in-use": Entry("The database is in use.", "Stop the services that use it first."),
    # — openbadges: baked images —
    "image-kind": Entry("This is not an image that can hold a badge.", "Use a PNG or SVG image."),
    "image-too-large": Entry("This image is too large.", "Use a smaller image."),
    "png-malformed": Entry("This PNG image is damaged.", _SEND_WHOLE),
    "svg-malformed": Entry("This SVG image is damaged, or larger inside than we read.", _SEND_WHOLE),
    "svg-doctype": Entry("This SVG image defines its own building blocks, which can be an attack.", _SAVE_PLAIN),
    "svg-encoding": Entry("This SVG image is not written in UTF-8.", _SAVE_PLAIN),
    "not-baked": Entry("There is no badge in this image.", _ASK_IMAGE),
    "baked-twice": Entry("There are several badges in this image, and readers may see different ones.", _ASK_ISSUER),
    "baked-malformed": Entry("The badge in this image cannot be read.", _ASK_IMAGE),
    "baked-open-badges-2": Entry(
        "The badge in this image is of Open Badges 2.0 or older, which we do not check.",
        "Ask the issuer for a badge of Open Badges 3.0.",
    ),
    "not-bakeable": Entry("This credential cannot be put into an SVG image.", "Use a PNG image."),
    # — openbadges: the shape of badges and records —
    "schema-missing": Entry("Something is missing that the standard for badges asks for.", _ASK_ISSUER),
    "schema-type": Entry("A value is of another kind than the standard for badges asks for.", _ASK_ISSUER),
    "schema-value": Entry("A value is not one that the standard for badges allows.", _ASK_ISSUER),
    "schema-extra": Entry("A member stands where the standard for badges allows no others.", _ASK_ISSUER),
    "schema-link": Entry("A result refers to something that the badge does not describe.", _ASK_ISSUER),
    "schema-too-long": Entry("This document holds more than we check.", _ASK_ISSUER),
    "schema-mismatch": Entry("The credential does not keep to a schema that its issuer names.", _ASK_ISSUER),
    "schema-digest": Entry("A schema is not the one that the issuer meant.", _ASK_ISSUER),
    "schema-unknown": Entry(
        "The issuer names a schema of a kind that we do not check.", "Ask the issuer what it says."
    ),
    "schema-unusable": Entry(
        "A schema that the issuer names cannot be used.", "Ask the issuer for a corrected schema."
    ),
    "schema-unsafe": Entry("A schema that the issuer names takes too much work to check.", "Ask the issuer."),
    # — server: what every service may answer —
    "bad-request": Entry("This request cannot be understood.", "Go back, check what was entered, and try again."),
    "no-such-page": Entry("There is nothing here.", "Check the address, or start from the first page."),
    "sign-in-needed": Entry("You are not signed in.", "Sign in and try again."),
    "not-allowed": Entry("You may not do this.", "Ask an administrator of your school if you should be able to."),
    "foreign-form": Entry("This form could not be accepted.", "Load the page again and send the form once more."),
    "too-large-a-request": Entry("This is more than can be taken at once.", "Send less, or in several parts."),
    "too-many-tries": Entry("That was tried too often.", "Wait a little, then try again."),
    "our-mistake": Entry(
        "Something went wrong on our side.",
        "Nothing was lost. Try again; if it stays, tell an administrator the number.",
    ),
    "old-database": Entry("The database is not of this version.", "Run intaglio db upgrade with the service’s name."),
    "no-database": Entry("The database cannot be reached.", "Check INTAGLIO_DATABASE_URL and that the server runs."),
    "bad-settings": Entry("The settings cannot be used.", "Correct what is named; docs/settings.md has all of them."),
    "too-long-for-qr": Entry("This is too long for one QR code.", "Send it as a link, or as a file."),
    "invitation-over": Entry("This link no longer works.", "Ask an administrator of your school for a new one."),
    "external-sign-in-failed": Entry(
        "Signing in with the school account did not work.",
        "Try again; if it stays, tell an administrator of your school.",
    ),
    "external-sign-in-declined": Entry("You were not signed in.", "Try again, or choose another way to sign in."),
    "external-sign-in-away": Entry(
        "The school’s sign-in does not answer as it should.", "Try again later, or choose another way to sign in."
    ),
    "external-account-unknown": Entry(
        "We don’t know this account here yet.",
        "Ask an administrator of your school to add you with the e-mail address of your school account.",
    ),
    "account-closed": Entry("This account is no longer in use.", "Ask an administrator of your school."),
    "sign-in-again": Entry("You signed in a while ago.", "Sign in again, then change this."),
    "passkey-malformed": Entry("This passkey cannot be read.", "Try again, or choose another way to sign in."),
    "passkey-refused": Entry("This passkey could not be confirmed.", "Try again, or choose another way to sign in."),
    "passkey-unknown": Entry("We don’t know this passkey.", "Use another one, or another way to sign in."),
    "passkey-taken": Entry("This passkey is there already.", "Use it to sign in."),
    "too-many-passkeys": Entry("There are more passkeys than we keep.", "Remove one that you no longer use."),
    "last-way-in": Entry("This is the only way left to sign in.", "Add another passkey or a password first."),
    "bad-staff": Entry("This member of staff cannot be added.", "Check name and e-mail address."),
    "bad-organization": Entry("This organization cannot be made.", "Check its name and short name."),
    "no-such-organization": Entry(
        "There is no such organization.", "Check its short name; the very first one is made with --organization-name."
    ),
    # — issuer —
    "key-revoked-before": Entry("This key was given up before.", "Nothing more is needed."),
    "key-not-replaced": Entry(
        "The key was given up, but no new one could be made.",
        "Nothing can be issued until there is one: look at the folder of keys, then make a new key under “Keys”.",
    ),
    "no-machine-key": Entry("This door is for machines with a key.", "Send it as “Authorization: Bearer …”."),
    "last-administrator": Entry("This is the last administrator.", "Make somebody else an administrator first."),
    "staff-elsewhere": Entry(
        "Another organization made this account.",
        "Ask whoever runs the service to add the role: intaglio user add.",
    ),
    "staff-signs-in": Entry("This person can sign in already.", "Nothing more is needed."),
    "nothing-below": Entry("A school has no organizations below it.", "Add it under the district or the state."),
    "no-active-key": Entry("There is no key to seal with.", "An administrator can add one under “Keys”."),
    # — issuer: achievements —
    "picture-kind": Entry("This file is not a picture that we can use.", "Choose a PNG, JPEG, WebP or SVG picture."),
    "picture-too-large": Entry("This picture is too large.", "Make it smaller, or save it in less detail."),
    "picture-damaged": Entry("This picture cannot be read.", "Open it in a drawing program and save it again."),
    "picture-active": Entry(
        "This drawing does things by itself, which a badge's picture may not.",
        "Save it as plain SVG, without scripts, animation and links, or as PNG.",
    ),
    "picture-refers": Entry(
        "This drawing takes parts from elsewhere.", "Embed nothing and save it as plain SVG, or save it as PNG."
    ),
    "achievement-incomplete": Entry("Something about this achievement is not right yet.", "Correct what is marked."),
    "achievement-final": Entry(
        "What was published never changes.", "Begin a new version: what was awarded keeps the old one."
    ),
    "achievement-changed": Entry(
        "Somebody else changed this in the meantime.", "Look at it again, and enter your change once more."
    ),
    "award-malformed": Entry("This award cannot be written as a badge.", "Correct what is named, then try again."),
    # — issuer: awards —
    "award-empty": Entry("Nobody was chosen.", "Choose at least one learner."),
    "award-twice": Entry(
        "Somebody has this badge already.", "Look at who is marked, and say whether it is meant again."
    ),
    "award-gone": Entry(
        "This cannot be awarded any more.", "Choose the achievement again; there may be a new version."
    ),
    "status-reason-missing": Entry("There is no reason yet.", "Write why; it stays in your school."),
    "status-not-possible": Entry("This cannot be done with this badge as it is now.", "Load its page again."),
    "status-list-unavailable": Entry("The list of withdrawn badges cannot be had at this moment.", "Try again later."),
    # — issuer: delivery —
    "claim-link": Entry(
        "This link does not lead to a badge.", "Check that the whole address was copied, or ask your school."
    ),
    "claim-expired": Entry("This link is too old.", "The badge itself is still good. Ask your school for a new link."),
    "claim-replaced": Entry("There is a newer link for this badge.", "Use the newest one, or ask your school."),
    "claim-used": Entry(
        "This badge was collected with this link before.",
        "Look in your wallet. If it is not there, ask your school for a new link.",
    ),
    "claim-locked": Entry("The code was wrong too often.", "Ask your school for a new link and a new code."),
    "claim-code-wrong": Entry("This is not the code.", "Type the six figures that your school gave you."),
    "claim-by-school": Entry("This badge is kept by the school.", "Ask the school for it on paper."),
    "claim-withdrawn": Entry("This badge was withdrawn.", "Ask your school."),
    "claim-nothing": Entry("There is nothing to collect.", "Award a badge first, or wait until it is issued."),
    "mail-server": Entry("The mail server cannot be reached.", "It is tried again; check INTAGLIO_SMTP_URL."),
    "mail-refused": Entry(
        "The mail server did not take this mail.", "Check the address, and that the server is set up."
    ),
    "mail-uncertain": Entry("It is not known whether this mail went out.", "Ask whether it came before sending again."),
    # — issuer: doors for machines —
    "door-takes-awards": Entry(
        "This organization issues nothing but what it awarded.",
        "Award an achievement to a learner instead. Only organizations for trials seal whatever is sent.",
    ),
    "door-closed": Entry("This door is closed.", "Ask an administrator for the address of another one."),
    "door-other-issuer": Entry(
        "The credential names another issuer than this door’s.",
        "Leave the issuer out, or name the one that is said here.",
    ),
    "door-status-given": Entry(
        "The credential brings a status along, and this door adds one of its own.",
        "Leave “credentialStatus” out, or use a door without a status.",
    ),
    "door-credential-twice": Entry(
        "This credential was issued before.", "Give a new one a name of its own, or change the status of the old one."
    ),
    "door-credential-unknown": Entry(
        "There is no such credential here.", "Send the id that was given when it was issued, to the same door."
    ),
    "award-order": Entry("This award cannot be made as it was sent.", "Correct what is named, and send it again."),
    "award-learner-unknown": Entry(
        "There is no such learner here.", "Send the learner’s number (sourcedId) as the roster has it."
    ),
    "award-achievement-unknown": Entry(
        "There is no such achievement to award here.", "Send the id or the code of one that is published."
    ),
    "award-press-used": Entry("This order was used for another award.", "Make a new UUID for each award."),
    # — issuer: rosters —
    "roster-not-a-zip": Entry(
        "This is not a ZIP file that we can read.", "Upload the ZIP file as your student information system made it."
    ),
    "roster-damaged": Entry(
        "This ZIP file is damaged, locked or packed in an unusual way.", "Export the roster again."
    ),
    "roster-too-large": Entry("This roster is too large.", "Import one district at a time, or ask your administrator."),
    "roster-unsafe-name": Entry(
        "A file in this ZIP file has a name that could do harm.", "Do not open it. Export the roster again."
    ),
    "roster-no-files": Entry("There is no roster in this file.", "Choose a OneRoster export: a ZIP file of CSV files."),
    "roster-two-folders": Entry(
        "The files of the roster are in several folders.", "Put all CSV files side by side, and pack them again."
    ),
    "roster-other-school": Entry(
        "This roster is about another school.",
        "Export your own school, with its name as it is here. For several schools, ask for a district to be added.",
    ),
    "roster-not-ready": Entry("This roster cannot be imported.", "Correct what was found, and upload it again."),
    "roster-gone": Entry(
        "This roster was imported already, or has been here too long.", "Upload the roster again, and check it first."
    ),
    # — wallet —
    "cannot-decrypt": Entry(
        "Something that is stored cannot be opened.",
        "Tell an administrator: the wallet’s key may not fit its database.",
    ),
    "wrapping-key-missing": Entry(
        "The key that this wallet was locked with is not there.",
        "Name it in INTAGLIO_PREVIOUS_WRAPPING_KEY_URIS, or put its file back.",
    ),
    "key-returned": Entry("A key was used after its time.", "Begin again."),
    "sign-in-name-taken": Entry("Somebody signs in with this name already.", "Choose another name, or sign in."),
    "nothing-brought": Entry("There is nothing here yet.", "Paste a link, or scan a code."),
    "other-link": Entry(
        "This link does not bring a badge.", "Scan the code again, or paste the link that your school sent you."
    ),
    "not-one-badge": Entry("This holds several badges.", "Add them one by one: each is a file of its own."),
    "wallet-full": Entry("This wallet is full.", "Remove a badge that is not needed, then try again."),
    "claim-busy": Entry("This is being collected right now.", "Wait a moment, then look at your badges."),
    "share-empty": Entry("No badge was chosen.", "Choose at least one badge."),
    "share-too-many": Entry("Too many badges were chosen.", "Make two links."),
    "share-ended": Entry(
        "This link has ended.",
        "Ask the person who sent it for a new one. That the link ended says nothing about the badges.",
    ),
    "parents-consent": Entry(
        "A parent has to agree first.", "Ask your school how. You can download your badges at any time."
    ),
    # — verifier —
    "nothing-shared": Entry("There is no badge at this address.", "Ask the sender for a new link."),
    "bad-receipt": Entry("This result cannot be kept.", "Check the badge again, then keep the result."),
    # — protocols: collecting a badge, and asking by machine —
    "credential-offer": Entry("This link does not offer a badge in a way that we can read.", _NEW_LINK),
    "offer-grant": Entry("This offer asks for a way of collecting that we do not know.", _NEW_LINK),
    "issuer-metadata": Entry("The school’s server does not describe itself as the standard asks.", _ASK_SCHOOL),
    "authorization-server-metadata": Entry(
        "The server that lets badges be collected does not describe itself as the standard asks.", _ASK_SCHOOL
    ),
    "issuer-mismatch": Entry("A server answers in the name of another one.", "Do not go on; ask your school."),
    "no-usable-format": Entry("The badge is offered in no form that we can keep.", "Ask for an Open Badge 3.0."),
    "no-usable-proof": Entry("The school’s server asks for a kind of key that we do not have.", _ASK_SCHOOL),
    "message-encryption": Entry("Messages are to be encrypted in a way that we do not know.", _ASK_SCHOOL),
    "token-request": Entry("This request for a token cannot be read.", _READ_STANDARD),
    "unsupported-grant": Entry("This way of asking for a token is not known here.", "Use a pre-authorized code."),
    "transaction-code-missing": Entry("The code is missing.", "Type the code that your school gave you."),
    "transaction-code-unexpected": Entry("A code was given that nobody asked for.", "Leave it out."),
    "grant-refused": Entry(
        "The code is not right, or the link has run out or was used already.",
        "Check the code, and ask your school for a new link if it does not help. The badge itself is not lost.",
    ),
    "token-response": Entry("The school’s server answers in a way that cannot be read.", _ASK_SCHOOL),
    "token-type": Entry("The school’s server gives out a kind of token that we do not know.", _ASK_SCHOOL),
    "access-token": Entry("There is no token with this request that is good for it.", "Ask for a new token."),
    "nonce-response": Entry("The school’s server answers in a way that cannot be read.", _ASK_SCHOOL),
    "key-proof": Entry("It is not proved whose key the badge is to be bound to.", _READ_STANDARD),
    "key-proof-nonce": Entry("The proof of the key does not answer a question of ours.", "Ask for a new nonce."),
    "credential-request": Entry("This request for a credential cannot be read.", _READ_STANDARD),
    "unknown-configuration": Entry("There is no such kind of credential here.", "See the issuer’s metadata."),
    "unknown-credential-identifier": Entry("There is no such credential here.", "See the token response."),
    "credential-response": Entry("The school’s server answers in a way that cannot be read.", _ASK_SCHOOL),
    "issuance-deferred": Entry("The badge is not ready yet.", "Open the link again later."),
    "issuance-denied": Entry("The school’s server does not hand out this badge.", _ASK_SCHOOL),
    "issuance-timeout": Entry("It took too long, and the school’s server has closed the door.", "Open the link again."),
    "issuance-refused": Entry("The school’s server did not do what we asked.", _ASK_SCHOOL),
    "notification-request": Entry("This notification cannot be read.", _READ_STANDARD),
    "unknown-notification": Entry("There is nothing here that this notification is about.", _READ_STANDARD),
    "unsendable-header": Entry("A request holds a header that cannot be sent.", "Tell whoever runs this service."),
    "vc-api-request": Entry("This request is not built as the standard asks.", _READ_STANDARD),
    "vc-api-option": Entry("An option is not one that is known here.", "Leave it out."),
}


def markdown() -> str:
    """Return the catalogue as the text of ``docs/problems.md``."""
    rows = [f"| `{kind}` | {entry.title} | {entry.advice} |" for kind, entry in sorted(CATALOGUE.items())]
    head = [
        "# Problems",
        "",
        "What can be wrong with a credential, and what to do about it. The type of each is the URI",
        "`urn:intaglio:problem:` and its name here. This page is written by `python -m intaglio.problems`.",
        "",
        "| name | what it says | what to do |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    print(markdown(), end="")
