"""The structure that the Verifiable Credentials Data Model asks for."""
