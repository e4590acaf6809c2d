"""OpenID for Verifiable Credential Issuance 1.0: how a wallet collects a badge with a pre-authorized code.

One file per message. `offer` is what a link or QR code carries; `metadata`, `configuration`, `display` and
`authorization_server` are what an issuer publishes, at the addresses of `well_known`; `token`, `nonce`, `proof`, `credential`
and `notification` are what follows, in this order; `errors` is how an issuer refuses and what a wallet makes of it.
`wallet_flow` walks the whole way for a wallet, without a network of its own.

Left out, since nobody here needs it: the authorization code flow, deferred issuance, encrypted requests and responses, signed
metadata, wallet and key attestations, and the proof types ``di_vp`` and ``attestation``. Offers and issuers that insist on one
of them are refused in words.
"""
