"""Run it as `python -m twin.faults` on the controller (`twin run --`)."""

import sys

from twin.faults.cli import main

if __name__ == "__main__":
    sys.exit(main())
