"""``python -m intaglio`` is the command line."""

import sys

from intaglio.cli import main

sys.exit(main())
