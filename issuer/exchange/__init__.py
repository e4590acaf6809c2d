"""How wallets collect badges: OpenID for Verifiable Credential Issuance 1.0, with pre-authorized codes."""
