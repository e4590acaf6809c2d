"""The only door to the network.

`source` says what every source of documents does; `sources` holds those that need no network, and those that combine
others; `network` asks over https. `rules` decides where the network may go, in pure functions, and `exchange` is the one file
that knows an HTTP library: it is imported when a first question is really asked, because most verifications ask none.

One run of a verifier reads from ``FirstOf(StoredDocuments(folder), Cached(Budget(Network())))``; off line, the second is
``Offline()``.
"""
