"""Run worlds by their seeds, and tell the story of those that end badly."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.simulation.files import make_templates
from tests.simulation.violation import Violation
from tests.simulation.world import World

STEPS = 40
_SHARED_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Failure:
    """A seed whose world broke a rule."""

    seed: int
    steps: int
    rule: str
    story: tuple[str, ...]
    what: str

    def __str__(self) -> str:
        replay = f"python -m tests.simulation --from {self.seed} --seeds 1 --steps {self.steps}"
        return "\n".join((*self.story, f"seed {self.seed}: {self.what}", f"replay: {replay}"))


def run_seed(seed: int, steps: int = STEPS) -> Failure | None:
    """Let the world of a seed have its bad day and heal; None when every rule held."""
    with _room() as folder:
        world = World(seed, folder, _templates())
        try:
            with world:
                for _ in range(steps):
                    world.step()
                world.heal()
        except Violation as violation:
            return Failure(seed, steps, violation.rule, tuple(world.story), str(violation))
    return None


def failures(seeds: Iterable[int], steps: int = STEPS) -> Iterator[Failure]:
    """Those of the seeds that fail."""
    for seed in seeds:
        failure = run_seed(seed, steps)
        if failure is not None:
            yield failure


@cache
def _base() -> tempfile.TemporaryDirectory[str]:
    """One folder for the life of the process: engines are kept by the paths of their files."""
    where = _SHARED_MEMORY if _SHARED_MEMORY.is_dir() else None
    return tempfile.TemporaryDirectory(prefix="tills-", dir=where)


@cache
def _templates() -> Path:
    folder = Path(_base().name) / "templates"
    make_templates(folder)
    return folder


@contextmanager
def _room() -> Iterator[Path]:
    folder = Path(_base().name) / "world"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
