"""What the server's books were, before it was put back from a backup, and are now.

A till that has not heard of that yet goes by the books of before. Which these are is told by the
feed positions it knows: each life of the server begins above all those before.
"""

from dataclasses import dataclass, field

from tests.simulation.server_books import ServerBooks


@dataclass
class History:
    """`past` holds the last state of the books of each life that has ended, oldest first."""

    now: ServerBooks
    past: list[ServerBooks] = field(default_factory=list)

    def at(self, position: int) -> ServerBooks:
        """The books that a feed position belongs to."""
        lives = [books for books in self.everything() if books.life_start <= position]
        return lives[-1]

    def is_now(self, position: int | None) -> bool:
        """Whether somebody at that position knows of the books of today."""
        return position is not None and position >= self.now.life_start

    def everything(self) -> list[ServerBooks]:
        """All books there have been."""
        return [*self.past, self.now]
