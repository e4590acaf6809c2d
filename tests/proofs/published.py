"""What the tests of proofs share: published keys as signers, suites, and keys found in the proofs themselves."""

import functools
from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from intaglio.canonical import GeneralCanonicalizer
from intaglio.custody.local import LocalSigner, PrivateKey
from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput
from intaglio.multikey import PublicKey, decode_base58btc
from intaglio.proofs.suites import Suites
from intaglio.schemas import Contexts
from tests.conftest import STANDARDS


@functools.cache
def suites() -> Suites:
    """Return the suites, over the contexts that the package carries."""
    return Suites(GeneralCanonicalizer(Contexts.bundled()))


@functools.cache
def suites_for_examples() -> Suites:
    """Return the suites, over the contexts of the W3C's examples too, which the package does not carry."""
    folder = STANDARDS / "contexts"
    if not folder.is_dir():
        pytest.skip(f"no contexts of the published examples at {folder}")
    return Suites(GeneralCanonicalizer(Contexts.bundled().with_folder(folder)))


def secret_signer(key_pair: Mapping[str, str], verification_method: str | None = None) -> LocalSigner:
    """Make a signer of a published key pair: Multikey, ``secretKeyMultibase`` (Controlled Identifiers 1.0, section 2.2.2)."""
    text = key_pair.get("secretKeyMultibase") or key_pair["privateKeyMultibase"]
    data = decode_base58btc(text)
    prefix, secret = data[:2], data[2:]
    key: PrivateKey
    if prefix == b"\x80\x26":
        key = ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    else:
        curve = {b"\x86\x26": ec.SECP256R1(), b"\x87\x26": ec.SECP384R1()}[prefix]
        key = ec.derive_private_key(int.from_bytes(secret), curve)
    return LocalSigner.over(key, verification_method)


def key_in(proof: JsonObject) -> PublicKey:
    """Return the key that stands in the fragment of a proof's verification method."""
    method = proof["verificationMethod"]
    if not method.startswith("did:key:"):
        raise MalformedInput("bad-public-key", "The tests know only did:key.")
    return PublicKey.from_multikey(method.partition("#")[2])
