"""python -m tests.simulation [--seeds N] [--from N] [--steps N] [--fault NAME]

Exit status 1 when a seed fails; its story and the way to replay it are printed.
"""

import argparse
import sys
from contextlib import nullcontext

from tests.simulation.faults import FAULTS
from tests.simulation.runner import STEPS, run_seed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, metavar="N", help="how many")
    parser.add_argument("--from", type=int, default=0, metavar="N", dest="first")
    parser.add_argument("--steps", type=int, default=STEPS, metavar="N")
    parser.add_argument("--fault", choices=sorted(FAULTS), help="plant this one first")
    options = parser.parse_args()
    failed = 0
    with FAULTS[options.fault].planted() if options.fault else nullcontext():
        for seed in range(options.first, options.first + options.seeds):
            failure = run_seed(seed, options.steps)
            if failure is not None:
                failed += 1
                print(failure, flush=True)  # noqa: T201 - the answer
    print(f"{options.seeds} seeds, {failed} failed")  # noqa: T201 - the answer
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
