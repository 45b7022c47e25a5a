"""python-escpos, imported late: it costs 0.26 s."""

import os
import shutil
from functools import cache
from types import ModuleType


@cache
def library() -> ModuleType:
    """The package with its `printer` and `capabilities`, without the folder an import leaves."""
    import escpos.capabilities
    import escpos.printer

    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(escpos.capabilities.pickle_dir, ignore_errors=True)
    package: ModuleType = escpos
    return package
