"""Reading rosters: OneRoster CSV 1.1 and 1.2 (1EdTech OneRoster, CSV binding), complete sets of files ("bulk").

`package` opens what was uploaded and refuses archives that were built to hurt; `text`, `sheet` and `rows` turn one file into rows
and say what is wrong with them; `manifest` says which files belong to the roster; `building` makes the typed `records` of rows
and follows what refers to what; `reader` puts the files together. What is found on the way goes to `findings`; `kinds` has the
words, `report` hands them out.

Nothing here knows a database, a web server, or the time of day.
"""
