"""Draw the golden pictures anew: `python -m tests.printing.update_golden`. Then look at them."""

from pathlib import Path

from printing.layouts import LayoutBook
from printing.layouts.blank import BlankTooWide
from printing.profiles import shipped_profiles
from tests.printing.paper_reading import trimmed
from tests.printing.samples import all_documents

GOLDEN = Path(__file__).parent / "golden"


def main() -> None:
    layouts = LayoutBook.load()
    GOLDEN.mkdir(exist_ok=True)
    for profile_name, profile in shipped_profiles().items():
        for layout_name, document in all_documents().items():
            try:
                picture = layouts.to_picture(document, profile)
            except BlankTooWide:
                continue
            trimmed(picture).save(GOLDEN / f"{layout_name}.{profile_name}.png", optimize=True)


if __name__ == "__main__":
    main()
