"""What a printer answers: status bytes and process IDs, mixed in one stream.

Source: Epson ESC/POS command reference, DLE EOT, GS ( H function 48, GS r.
"""

from dataclasses import dataclass, replace

PROCESS_ID_HEADER = b"\x37\x22"
PROCESS_ID_BYTES = 7


@dataclass(frozen=True, slots=True)
class Status:
    """How a printer is, as it says itself; `heard` whether it says anything at all."""

    heard: bool = False
    offline: bool = False
    cover_open: bool = False
    paper_out: bool = False
    paper_low: bool = False
    cutter_error: bool = False
    fault: bool = False
    drawer_pin_high: bool = False

    @property
    def ready(self) -> bool:
        """Whether it would print now."""
        return not (
            self.offline or self.cover_open or self.paper_out or self.cutter_error or self.fault
        )


def status_request(kind: int) -> bytes:
    """DLE EOT n: 1 printer, 2 cause of offline, 3 error, 4 paper."""
    return bytes((0x10, 0x04, kind))


def with_answer(status: Status, kind: int, answer: int) -> Status:
    """`status` with what one answer to DLE EOT `kind` says."""
    bit = [bool(answer >> n & 1) for n in range(8)]
    status = replace(status, heard=True)
    match kind:
        case 1:
            return replace(status, offline=bit[3], drawer_pin_high=bit[2])
        case 2:
            return replace(status, cover_open=bit[2], paper_out=status.paper_out or bit[5])
        case 3:
            return replace(status, cutter_error=bit[3], fault=bit[5])
        case _:
            ended = status.paper_out or (bit[5] and bit[6])
            return replace(status, paper_low=bit[2] and bit[3], paper_out=ended)


def is_status(byte: int) -> bool:
    """Whether `byte` can answer DLE EOT: bits 1 and 4 on, bits 0 and 7 off."""
    return byte & 0b10010011 == 0b00010010


def is_paper_status(byte: int) -> bool:
    """Whether `byte` can answer GS r 1: bits 4 and 7 off."""
    return byte & 0b10010000 == 0


def process_id_request(number: int) -> bytes:
    """GS ( H function 48: tell when everything up to here is printed. `number` is four digits."""
    return b"\x1d\x28\x48\x06\x00\x30\x30" + b"%04d" % (number % 10_000)


def process_id_answer(number: int) -> bytes:
    """What the printer sends back for `number`."""
    return PROCESS_ID_HEADER + b"%04d" % (number % 10_000) + b"\x00"


PAPER_STATUS_REQUEST = b"\x1d\x72\x01"
"""GS r 1: the paper sensors, answered in order, when all before it has been carried out."""
