"""Messages that the services exchange with each other and with those of others, and the rules about them.

Bytes and objects in, bytes and objects out: nothing here asks a network, keeps a session or knows a web server.

`openid4vci` is how a wallet collects a badge; `vcapi` is how other machines have credentials issued and checked.
"""
