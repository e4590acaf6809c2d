"""Did the one who is named really make the proof?

The key must be listed for the purpose in the document of its controller, and that controller must be the issuer of the
credential or the holder of the presentation (VC Data Model 2.0, section 4.12; Controlled Identifiers 1.0, section 3.3).
"""

from collections.abc import Sequence

from intaglio.errors import IntaglioError, InvalidProof, Problem, Unavailable, Unsupported
from intaglio.fetch.rules import show
from intaglio.vcdm import is_presentation
from intaglio.verification.examination import Examination, ProofEvidence
from intaglio.verification.keys import KeyEvidence, same_site
from intaglio.verification.report import Check, failed, from_error, passed, unknown

NAME = "controller"


def check(examination: Examination, evidence: Sequence[ProofEvidence]) -> Check:
    """Judge whose keys the proofs that hold were made with. One by the issuer is enough; others may have signed beside it.

    A key that its controller does not list for the purpose, or no longer, fails the check wherever it is in the set.
    """
    deciding = examination.deciding(evidence)
    held = [(proof, proof.key) for proof in deciding if proof.error is None and proof.key is not None]
    if not held:
        return unknown(NAME, Problem("no-proof-holds", "No proof could be checked with success."))
    doubts: list[IntaglioError] = []
    strangers: list[str] = []
    own: str | None = None
    for proof, key in held:
        try:
            controller = _controller_of(examination, proof, key)
        except IntaglioError as error:
            if not isinstance(error, Unavailable | Unsupported):
                return from_error(NAME, error)
            doubts.append(error)
            continue
        if _is_asked_for(examination, controller):
            own = controller
        else:
            strangers.append(controller)
    if own is not None:
        return passed(NAME, f"Others signed it too: {', '.join(map(show, strangers))}." if strangers else None)
    if doubts:
        return unknown(NAME, doubts[0].problem)
    named = "nobody" if examination.signer is None else show(examination.signer)
    detail = f"It was signed by {show(strangers[0])}, but names {named}."
    return failed(NAME, Problem("not-the-controller", detail, held[0][0].pointer))


def _is_asked_for(examination: Examination, controller: str) -> bool:
    """Tell whether the proof of this controller is the one that is needed. Only a presentation may leave open whose it is."""
    if examination.signer is None:
        return is_presentation(examination.document)
    return controller == examination.signer


def _controller_of(examination: Examination, proof: ProofEvidence, key: KeyEvidence) -> str:
    """Return who controls the key of a proof that holds.

    :raises InvalidProof: where the controller does not stand behind this use of the key.
    :raises Unavailable, Unsupported: where that cannot be known.
    """
    if key.address is not None:
        return _by_web_site(examination, key.address)
    if key.controller is None:
        raise key.reason or Unsupported("nobody-vouches", f"{show(key.method)} vouches for itself alone.")
    method = key.controller.method_for(key.method, examination.purpose)
    moment = proof.moment or examination.policy.at
    if method.expires is not None and moment >= method.expires:
        detail = f"{show(method.id)} was retired, and nothing says that it was used before that."
        raise InvalidProof("key-expired", detail, pointer=proof.pointer)
    if method.revoked is not None and examination.policy.at >= method.revoked:
        # `created` is only the signer's word, and the thief of a key is a signer too: nothing tells old from forged.
        raise Unsupported("key-revoked", f"{show(method.id)} was withdrawn.", pointer=proof.pointer)
    return key.controller.id


def _by_web_site(examination: Examination, address: str) -> str:
    """Return the signer where a bare key was found on its own web site.

    Such a key proves who runs the site, and the site is where the issuer has its name.
    """
    signer = examination.signer
    if signer is None or not same_site(address, signer):
        named = "nobody" if signer is None else show(signer)
        raise Unsupported("nobody-vouches", f"{show(address)} is not on the web site of {named}.")
    return signer
