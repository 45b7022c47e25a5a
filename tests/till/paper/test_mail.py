"""A voucher by e-mail instead of paper, through a real SMTP server."""

import email
import socket
from collections.abc import Iterator
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from printing.virtual import VirtualPrinter
from tests.till.paper.conftest import REFUSED, WORLD_FAILED, TillAtHand


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


@pytest.fixture
def mailbox(till: TillAtHand) -> Iterator[MailBox]:
    box = MailBox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    sender = ("--sender", "museum@example.org", "--security", "none")
    till("mail", "set", "--host", "127.0.0.1", "--port", str(port), *sender)
    yield box
    till("mail", "off")
    controller.stop()


@pytest.fixture
def waiting(till: TillAtHand, printer: VirtualPrinter) -> tuple[str, str]:
    """The code and the job of a voucher that waits for a broken printer."""
    printer.script(cover_open=True)
    sold = till.sell(exits=WORLD_FAILED)
    return sold["vouchers"][0]["code"], sold["papers"][0]["job"]


def test_a_voucher_that_waits_for_the_printer_goes_out_by_mail(
    till: TillAtHand, printer: VirtualPrinter, waiting: tuple[str, str], mailbox: MailBox
) -> None:
    code, job = waiting
    assert till("paper", "mail", job, "visitor@example.org")["papers"] == []
    (mail,) = mailbox.mails
    assert mailbox.to == ["visitor@example.org"]
    assert mail["From"] == "museum@example.org"
    (attached,) = [part for part in mail.walk() if part.get_content_type() == "application/pdf"]
    pdf = attached.get_payload(decode=True)
    assert isinstance(pdf, bytes) and pdf.startswith(b"%PDF")
    assert till.codes_in_clear([code, "visitor@example.org"]) == []
    printer.mend()
    till("paper", "list")
    assert printer.documents == []


def test_a_mailbox_that_does_not_exist_leaves_the_voucher_waiting_for_another_way(
    till: TillAtHand, printer: VirtualPrinter, waiting: tuple[str, str], mailbox: MailBox
) -> None:
    code, job = waiting
    mailbox.refuses_recipients = True
    (paper,) = till("paper", "mail", job, "nobody@example.org", exits=WORLD_FAILED)["papers"]
    assert (paper["state"], paper["trouble"]) == ("intent", "mail_trouble")
    printer.mend()
    assert till("paper", "give", job, "receipt")["papers"] == []
    assert code in printer.documents[0].text


def test_mail_that_nobody_confirmed_is_in_doubt_and_gets_a_new_code(
    till: TillAtHand, waiting: tuple[str, str], mailbox: MailBox
) -> None:
    code, job = waiting
    mailbox.refuses_text = True
    (paper,) = till("paper", "mail", job, "visitor@example.org")["papers"]
    assert paper["state"] == "doubt"
    mailbox.refuses_text = False
    answer = till("paper", "spoiled", job)
    assert (len(mailbox.mails), answer["papers"]) == (1, [])
    assert till("balance", code)["balance"]["amount"] == 0
    assert till("balance", answer["vouchers"][0]["code"])["balance"]["amount"] == 3000


def test_what_is_no_address_and_a_venue_without_mail_are_told(
    till: TillAtHand, printer: VirtualPrinter, waiting: tuple[str, str]
) -> None:
    _code, job = waiting
    assert till("paper", "mail", job, "visitor@example.org", exits=REFUSED)["message"]
    nowhere = ("--host", "127.0.0.1", "--port", "9", "--sender", "museum@example.org")
    till("mail", "set", *nowhere)
    for address in ("nobody", "a@b\r\nRCPT TO:<c@d>", "a b@c", "@", ""):
        assert till("paper", "mail", job, address, exits=REFUSED)["message"]
    away = till("paper", "mail", job, "visitor@example.org", exits=WORLD_FAILED)
    assert away["papers"][0]["state"] == "intent"
    till("mail", "off")
    printer.mend()
    assert till("paper", "give", job, "receipt")["papers"] == []
