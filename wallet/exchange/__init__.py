"""Collecting badges from issuers, by OpenID for Verifiable Credential Issuance 1.0."""
