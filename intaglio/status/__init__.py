"""Status lists, which tell whether a credential is still good.

`entries` reads where a credential's status is kept, `credential` makes and reads the published list, `bitstring` holds its
bits, `evaluate` says what they mean. Nothing here fetches anything or verifies a proof.
"""
