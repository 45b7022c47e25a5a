"""make bench: every figure as a ratio against the bare thing, measured in the same run."""

import importlib
import sys

PARTS = ("bench.till", "bench.sync", "bench.server", "bench.printing", "bench.cards")


def main() -> int:
    asked = sys.argv[1:] or PARTS
    for name in asked:
        part = importlib.import_module(name if name.startswith("bench.") else f"bench.{name}")
        print(f"\n{name}", flush=True)
        for what, figure in part.ratios():
            print(f"  {what:<62} {figure}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
