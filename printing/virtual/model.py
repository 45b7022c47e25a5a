"""What the virtual printer is, and what may be wrong with it."""

from dataclasses import dataclass, field

CODE_PAGES = {
    0: "cp437",
    2: "cp850",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    40: "iso8859-15",
}
"""`ESC t` of an Epson TM-T88V (command reference)."""


@dataclass(frozen=True, slots=True)
class Model:
    """A kind of printer. `buffer_bytes` is what it takes in while it cannot print.

    `speaks_unasked`: it sends Automatic Status Back on connection, at every change and before
    every answer, and XON and XOFF at any time.
    """

    width_dots: int = 512
    knife: bool = True
    answers_status: bool = True
    knows_process_id: bool = True
    speaks_unasked: bool = False
    buffer_bytes: int = 65_536
    code_pages: dict[int, str] = field(default_factory=lambda: dict(CODE_PAGES))


@dataclass(slots=True)
class Faults:
    """What is wrong. The byte counts are of one connection.

    `paper_left_lines` None: paper without end. `paper_low`: its end is near. `stalls_after_bytes`:
    it reads no more and says nothing. `never_prints`: it takes everything, says it is well, and
    prints nothing.
    """

    paper_left_lines: int | None = None
    paper_low: bool = False
    cover_open: bool = False
    paused: bool = False
    cutter_jammed: bool = False
    broken: bool = False
    drawer_open: bool = False
    garbage_status: bool = False
    never_prints: bool = False
    stalls_after_bytes: int | None = None
    resets_after_bytes: int | None = None
    closes_after_bytes: int | None = None
    delay_s_per_kb: float = 0.0

    @property
    def paper_out(self) -> bool:
        """Whether the roll has ended."""
        return self.paper_left_lines is not None and self.paper_left_lines <= 0

    @property
    def stopped(self) -> bool:
        """Whether it cannot print now."""
        return self.paper_out or self.cover_open or self.paused or self.cutter_jammed or self.broken

    def status(self, kind: int) -> int:
        """The answer to DLE EOT `kind`: bits 1 and 4 are always on."""
        if self.garbage_status:
            return 0xA5
        answer = 0x12
        match kind:
            case 1:
                answer |= self.stopped << 3 | self.drawer_open << 2
            case 2:
                stop = self.cutter_jammed or self.broken
                answer |= self.cover_open << 2 | self.paper_out << 5 | stop << 6
            case 3:
                answer |= self.cutter_jammed << 3 | self.broken << 5
            case 4:
                answer |= (0x60 if self.paper_out else 0) | (0x0C if self.paper_low else 0)
        return answer

    def status_back(self) -> bytes:
        """Automatic Status Back (GS a): four bytes, bit 4 on in the first of them only."""
        printer = 0x10 | self.drawer_open << 2 | self.stopped << 3 | self.cover_open << 5
        error = self.cutter_jammed << 3 | self.broken << 5
        paper = (0x0C if self.paper_out else 0) | (0x03 if self.paper_low else 0)
        return bytes((printer, error, paper, 0))
