"""A voucher by e-mail instead of paper, through a real SMTP server."""

from printing.virtual import VirtualPrinter
from tests.till.paper.conftest import REFUSED, WORLD_FAILED, TillAtHand
from tests.till.paper.mailbox import MailBox


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
