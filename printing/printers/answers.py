"""What a printer says: status bytes, process IDs and things nobody asked for, in one stream.

Source: Epson ESC/POS command reference, DLE EOT, GS ( H function 48, GS r, GS a, "Transmission
Status Identification".
"""

from dataclasses import dataclass, replace

PROCESS_ID_HEADER = b"\x37\x22"
PROCESS_ID_BYTES = 7
FLOW_CONTROL = b"\x11\x13"
"""XON and XOFF may come anywhere, even inside an answer, and are part of none."""

STATUS_BACK_BYTES = 4
POWER_ON_NOTICE = b"\x3b\x31\x00"


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


def is_status(answer: bytes) -> bool:
    """Whether `answer` can be one to DLE EOT: bits 1 and 4 on, bits 0 and 7 off."""
    return len(answer) == 1 and answer[0] & 0b10010011 == 0b00010010


def is_paper_status(answer: bytes) -> bool:
    """Whether `answer` can be one to GS r 1: bits 4 and 7 off."""
    return len(answer) == 1 and answer[0] & 0b10010000 == 0


def is_earlier_answer(answer: bytes) -> bool:
    """Whether `answer` tells of the end of a job, and so of one before this connection."""
    return len(answer) == PROCESS_ID_BYTES or is_paper_status(answer)


def process_id_request(number: int) -> bytes:
    """GS ( H function 48: tell when everything up to here is printed. `number` is four digits."""
    return b"\x1d\x28\x48\x06\x00\x30\x30" + b"%04d" % (number % 10_000)


def process_id_answer(number: int) -> bytes:
    """What the printer sends back for `number`."""
    return PROCESS_ID_HEADER + b"%04d" % (number % 10_000) + b"\x00"


PAPER_STATUS_REQUEST = b"\x1d\x72\x01"
"""GS r 1: the paper sensors, answered in order, when all before it has been carried out."""


class AnswerReader:
    """Cuts what comes back into answers: process IDs whole, anything else byte by byte.

    What a printer says unasked is left out: XON and XOFF, Automatic Status Back and the notice
    that it was switched on. All that these tell is asked for as well.
    """

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The answers completed by `data`; the rest of one may still be on its way."""
        self._held += data.translate(None, FLOW_CONTROL)
        answers: list[bytes] = []
        while (length := _length_of_first(self._held)) <= len(self._held):
            answer, self._held = self._held[:length], self._held[length:]
            if answer != POWER_ON_NOTICE and length != STATUS_BACK_BYTES:
                answers.append(answer)
        return answers


def _length_of_first(held: bytes) -> int:
    """How many bytes belong to what `held` begins with."""
    if held and PROCESS_ID_HEADER.startswith(held[:2]):
        return PROCESS_ID_BYTES
    if held and POWER_ON_NOTICE.startswith(held[:3]):
        return len(POWER_ON_NOTICE)
    return STATUS_BACK_BYTES if _begins_status_back(held[:STATUS_BACK_BYTES]) else 1


def _begins_status_back(packet: bytes) -> bool:
    """Automatic Status Back: bit 4 on in the first byte only, bits 0, 1 and 7 of it off."""
    return (
        bool(packet)
        and packet[0] & 0b10010011 == 0b00010000
        and all(byte & 0b10010000 == 0 for byte in packet[1:])
    )
