"""A real SMTP server that takes mail, or answers what it is told to."""

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailBox:
    """Takes mail, or answers what it is told to."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.to: list[str] = []
        self.refuses_recipients = self.refuses_text = False

    async def handle_RCPT(  # noqa: N802 aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses_recipients:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.refuses_text:
            return "451 something went wrong here"
        assert isinstance(envelope.content, bytes)
        self.mails.append(email.message_from_bytes(envelope.content))
        self.to += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def listening(box: MailBox, port: int) -> Iterator[None]:
    """The server, on a port of this machine, for as long as it is wanted."""
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
