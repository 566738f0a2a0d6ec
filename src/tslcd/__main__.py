"""`python -m tslcd` is the command `tslcd`."""

import sys

from tslcd.cli import main

sys.exit(main())
