"""The screens of paper, printers and layouts, for those who look at them."""

from collections.abc import Iterator

from msgspec.structs import replace

from printing.printers.addresses import KINDS as WAYS
from printing.spool import JobState
from printing.virtual import VirtualPrinter
from tests.till.ui.cashier import wait_until
from tests.till.ui.guide import Guide
from till.store import settings, spool
from till.store.settings import MailSetting
from till.ui.widgets.text_editor import TextEditor
from till.ui.widgets.text_field import TextField
from vouchers.money import Money


class PaperTour(Guide):
    """Yields the name of each screen when it stands; a supervisor is signed in by it."""

    def screens(self) -> Iterator[str]:
        """All of them."""
        self._sees("ui_who")
        self._sign_in("Sam Schicht", "5678")
        with VirtualPrinter() as paper:
            yield from self._printers(paper)
            yield from self._layouts()
            yield from self._waiting()

    def _printers(self, paper: VirtualPrinter) -> Iterator[str]:
        self._tap("ui_place_settings")
        yield "settings-supervisor"
        self._tap("ui_printers")
        self._sees("ui_printers_none")
        yield "printers-none"
        self._tap("ui_printer_add")
        for way in reversed(WAYS):
            self._tap(f"ui_via_{way}")
        yield "printer-new"
        for kind in ("receipt", "voucher"):
            self._tap(f"paper_kind_{kind}")
        (field,) = (f for f in self._window.findChildren(TextField) if f.isVisible())
        field.setText(f"127.0.0.1:{paper.port}")
        self._tap("ui_printer_test")
        self._sees("ui_printer_test_printed")
        yield "printer-tested"
        self._tap("ui_printer_save")
        self._sees("ui_printer_well")
        yield "printers"
        paper.script(cover_open=True)
        self._tap("ui_place_settings")
        self._tap("ui_printers")
        self._sees("printer_cover_open", printer=f"127.0.0.1:{paper.port}")
        yield "printers-trouble"

    def _layouts(self) -> Iterator[str]:
        self._tap("ui_place_settings")
        self._tap("ui_layouts")
        self._sees("ui_layout_from_shipped")
        yield "layouts"
        self._cashier.tap("Receipt, 80 mm")
        self._sees("ui_layout_on", model="Epson TM-T88V")
        yield "layout"
        editor = self._window.findChildren(TextEditor)[-1]
        good = editor.toPlainText()
        editor.setPlainText(good.replace('show = "total"', 'show = "totall"'))
        wait_until(lambda: "totall" in self._cashier.reads(), "a mistake: ", self._cashier.reads)
        yield "layout-wrong"
        editor.setPlainText(good.replace("module_dots = 5", "module_dots = 4"))
        self._tap("ui_layout_save")
        self._sees("ui_layout_saved")
        yield "layout-saved"
        for blank in ("Gift voucher blank, 150 x 80 mm", "Annual pass blank, 86 x 54 mm"):
            self._tap("ui_place_settings")
            self._tap("ui_layouts")
            self._cashier.tap(blank)
            self._cashier.sees(blank)
            self._sees("ui_layout_on", model="Epson TM-L90, ticket stock")
            yield f"layout-{blank.split()[0].lower()}"

    def _waiting(self) -> Iterator[str]:
        with self._world.database.write() as work:
            settings.mail.put(work, MailSetting(host="127.0.0.1", port=9, sender="a@example.org"))
        self._tap("ui_place_sell")
        exact = self._window._look.amount(Money(25_00, "EUR"))
        for _ in range(2):
            self._tap("ui_place_sell")
            self._add("value-25")
            self._tap("ui_pay", amount=25_00)
            self._tap("ui_exact", amount=exact)
            self._sees("ui_next_customer")
        with self._world.database.write() as work:
            job = spool.unsettled(work)[0]
            spool.step(work, job, replace(job, state=JobState.DOUBT))
        self._tap("ui_place_papers")
        self._sees("ui_paper_doubt")
        yield "papers-waiting"
        self._tap("ui_paper_mail")
        yield "papers-mail"
