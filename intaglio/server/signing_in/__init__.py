"""Ways to sign in: passkey, password, the school's own sign-in, and the link that lets somebody in for the first time."""
