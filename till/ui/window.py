"""The window: the login screen at once, the workplace as soon as somebody has signed in."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from resources.texts import Texts
from till.ui.garbage import GarbageRounds
from till.ui.keyboard import Keyboard, KeyTarget
from till.ui.look import Look, Message
from till.ui.presses import PressGuard
from till.ui.runner import Runner
from till.ui.screens.login import LoginScreen
from till.ui.session import Level
from till.ui.style.theme import style_sheet
from till.ui.style.tokens import LIGHT, THEMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QShowEvent

    from till.ui.duty import Duty
    from till.ui.flows.status_watch import Standing, StatusWatch
    from till.ui.opening import Opened, SignedIn
    from till.ui.session import Session
    from till.ui.workplace import Workplace
    from vouchers.errors import OperatingError
    from vouchers.people import User

log = logging.getLogger(__name__)

SIZE = (1366, 768)
SIZE_MIN = (1024, 720)


class Window(QWidget):
    """Gets the till ready by `prepare`, on a worker; shows who may sign in; hands over."""

    def __init__(self, prepare: Callable[[], Session], language: str) -> None:
        super().__init__()
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._prepare = prepare
        self._runner = Runner()
        self._garbage = GarbageRounds(self)
        self._opened: Opened | None = None
        self._watch: StatusWatch | None = None
        self._duty: Duty | None = None
        self._workplace: Workplace | None = None
        self._look = Look(Texts(language), LIGHT)
        self._pages = QStackedLayout(self)
        self._login = self._new_login()
        self._guard = PressGuard(self)
        self._keyboard: Keyboard | None = None
        self._ending = False
        self.setWindowTitle(self._look.say("ui_till"))
        self.setMinimumSize(*SIZE_MIN)
        self.resize(*SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()  # else the first key would look as if it were chosen
        QTimer.singleShot(0, self._get_ready)  # after the first paint

    def showEvent(self, event: QShowEvent) -> None:
        """Keys are taken from the window itself, which stands only now."""
        super().showEvent(event)
        handle = self.windowHandle()
        if self._keyboard is None and handle is not None:
            self._guard.watch(handle)
            self._keyboard = Keyboard(handle, self._key_target, self._guard)

    def end(self) -> None:
        """Close without asking. A sale that took money comes back at the next start."""
        self._ending = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask over a basket; then give open vouchers their amounts back and end the workers."""
        sale = self._duty.sale if self._duty is not None else None
        workplace = None if self._ending else self._workplace
        if workplace is not None and sale is not None and not sale.sale.empty:
            workplace.ask_to_close()
            event.ignore()
            return
        if sale is not None and not sale.sale.has_taken_money:
            sale.give_up()
        self._runner.stop()
        self._garbage.stop()
        if self._opened is not None:
            self._opened.session.close()
            self._opened = None
        super().closeEvent(event)

    def on_mishap(self, error: OperatingError) -> None:
        """Say what came of a handler's mistake; the sale stops where nobody knows how it stands."""
        if self._duty is not None:
            self._duty.sale.fail(error)
        else:
            self._login.show_message(self._look.refusal(error))

    def _key_target(self) -> KeyTarget:
        return self._login if self._workplace is None else self._workplace

    def _get_ready(self) -> None:
        self._runner.run(partial(_open, self._prepare), self._on_ready, self._on_not_ready)

    def _on_ready(self, opened: Opened) -> None:
        from till.ui.flows.status_watch import StatusWatch

        self._opened = opened
        self._garbage.spare_what_is_loaded()
        self._watch = StatusWatch(opened.session, self._runner)
        self._watch.told.connect(self._on_standing)
        self._speak(opened.taste.language or self._look.texts.language)
        if opened.taste.colours in THEMES.keys() - {self._look.colours.name}:
            self._dress(opened.taste.colours)
        self._look_anew()

    def _on_not_ready(self, error: OperatingError) -> None:
        self._login.show_problem(self._look.refusal(error))

    def _sign_in(self, user_id: str, pin: str) -> None:
        if self._opened is not None:
            from till.ui.opening import sign_in

            work = partial(sign_in, self._opened.session, user_id, pin)
            self._runner.run(work, self._on_signed_in, self._on_sign_in_refused)

    def _on_sign_in_refused(self, error: OperatingError) -> None:
        self._login.show_message(self._look.refusal(error))

    def _on_signed_in(self, who: SignedIn) -> None:
        if self._opened is not None and self._watch is not None:
            from till.ui.duty import Duty

            self._login.clear_message()
            self._look = replace(self._look, catalogue=who.catalogue)
            self._duty = Duty.begin(self._opened, who, self._runner, self._watch)
            self._show_workplace(self._duty)
            self._duty.open_sales.resume()
            self._tell_of_guesses(who)

    def _tell_of_guesses(self, who: SignedIn) -> None:
        """A supervisor hears whose PIN was guessed at."""
        names = {user.user_id: user.name for user in who.people}
        told = [
            self._look.say(
                "pin_warning",
                name=names.get(one.user_id, one.user_id),
                count=one.count,
                day=self._look.texts.day(one.last_at),
                at=one.last_at,
            )
            for one in who.warnings
        ]
        if told and self._workplace is not None:
            self._workplace.say(Message(Level.ATTENTION, "\n".join(told)))

    def _on_standing(self, standing: Standing) -> None:
        """Who works here may have changed: new people can sign in, and some cannot go on."""
        if self._opened is None or standing.people == self._opened.people:
            return
        self._opened = replace(self._opened, people=standing.people)
        self._show_people(self._opened)
        duty = self._duty
        if duty is not None and not _may_go_on(duty.cashier, standing.people):
            duty.sale.leave(partial(self._put_out, duty))

    def _put_out(self, duty: Duty, trouble: OperatingError | None) -> None:
        """Somebody may not work here any more; their basket waits for whoever signs in next."""
        if duty is not self._duty:
            return
        self._on_signed_out()
        empty = duty.sale.sale.empty
        key = "ui_signed_out_by_server" if empty else "ui_signed_out_with_basket"
        text = self._look.say(key, name=duty.cashier.name)
        said = Message(Level.ATTENTION, text) if trouble is None else self._look.refusal(trouble)
        self._login.show_message(said)

    def _show_workplace(self, duty: Duty) -> None:
        from till.ui.workplace import Workplace

        self._drop_workplace()
        workplace = self._workplace = Workplace(self._look, duty, self._guard)
        workplace.signed_out.connect(self._on_signed_out)
        workplace.closing.connect(self.end)
        workplace.language.connect(self._on_language)
        workplace.colours.connect(self._on_colours)
        self._pages.addWidget(workplace)
        self._pages.setCurrentWidget(workplace)
        self.setFocus()
        duty.watch.refresh()

    def _drop_workplace(self) -> None:
        if self._workplace is not None:
            self._pages.removeWidget(self._workplace)
            self._workplace.deleteLater()
            self._workplace = None

    def _on_signed_out(self) -> None:
        self._duty = None
        self._drop_workplace()
        self._pages.setCurrentWidget(self._login)
        self.setFocus()

    def _on_language(self, language: str) -> None:
        self._speak(language)
        self._on_taste()

    def _on_colours(self, name: str) -> None:
        self._dress(name)
        self._on_taste()

    def _on_taste(self) -> None:
        """It was chosen for this till, so it is kept."""
        self._look_anew()
        if self._opened is not None:
            from till.store.settings import Taste

            taste = Taste(language=self._look.texts.language, colours=self._look.colours.name)
            keep = partial(self._opened.session.keep_taste, taste)
            self._runner.run(keep, lambda _: None, _on_not_kept)

    def _dress(self, name: str) -> None:
        self._look = replace(self._look, colours=THEMES[name])
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setStyleSheet(style_sheet(self._look.colours))

    def _speak(self, language: str) -> None:
        timezone = self._opened.catalogue.venue.timezone if self._opened is not None else "UTC"
        self._look = replace(self._look, texts=Texts(language, timezone))

    def _look_anew(self) -> None:
        self._pages.removeWidget(self._login)
        self._login.deleteLater()
        self._login = self._new_login()
        if self._opened is not None:
            self._show_people(self._opened)
        if self._duty is not None:
            self._show_workplace(self._duty)

    def _show_people(self, opened: Opened) -> None:
        self._login.show_people(opened.catalogue.venue.name, opened.people, opened.hint)

    def _new_login(self) -> LoginScreen:
        login = LoginScreen(self._look)
        login.entered.connect(self._sign_in)
        login.again.connect(self._get_ready)
        self._pages.addWidget(login)
        return login


def _may_go_on(user: User, people: list[User]) -> bool:
    """Whether somebody still works here, as what they were when they signed in."""
    return any((one.user_id, one.role) == (user.user_id, user.role) for one in people)


def _on_not_kept(error: OperatingError) -> None:
    log.warning("language and colours are not kept over a restart: %s", error)


def _open(prepare: Callable[[], Session]) -> Opened:
    from till.ui.opening import open_till  # slow: loads the counter and all screens

    return open_till(prepare)
