"""`python -m fuzz --count N --seed S`: judges N mutants; the last line is the sum. Exit 1 when one fails."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from conftest import copy_small_network
from fuzz.verdict import judge


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--only", type=int, help="the number of one mutant, to look at it again")
    arguments = parser.parse_args()
    verdicts: Counter[str] = Counter()
    for number in [arguments.only] if arguments.only is not None else range(arguments.count):
        with TemporaryDirectory() as directory:
            try:
                accepted, _ = judge(copy_small_network(Path(directory) / "small"), f"{arguments.seed}:{number}")
                verdicts["accepted" if accepted else "rejected"] += 1
            except Exception as wrong:  # whatever comes out of the loader is what is looked for
                verdicts["failed"] += 1
                where = " < ".join(
                    f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_tb(wrong.__traceback__)[:-5:-1]
                )
                print(f"mutant {number}: {type(wrong).__name__}: {str(wrong)[:300]} ({where})", file=sys.stderr)
    print(
        f"mutants {verdicts.total()}, accepted {verdicts['accepted']}, rejected {verdicts['rejected']}, "
        f"seed {arguments.seed}" + (f", FAILED {verdicts['failed']}" if verdicts["failed"] else "")
    )
    return 1 if verdicts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
