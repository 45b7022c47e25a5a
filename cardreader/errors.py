"""What can go wrong between the till and a card, told apart by what it means for the money."""

from vouchers.errors import OperatingError


class CardsNotInstalled(OperatingError):
    """pyscard is not there: the till runs without cards."""

    def __init__(self) -> None:
        super().__init__("cards_not_installed")


class CardServiceAway(OperatingError):
    """The system's smart card service (pcscd on Linux) does not answer."""

    def __init__(self) -> None:
        super().__init__("card_service_away")


class ReaderGone(OperatingError):
    """The reader was unplugged, or never was there."""

    def __init__(self, reader: str) -> None:
        super().__init__("card_reader_gone", reader=reader)


class NoCard(OperatingError):
    """There is no card on the reader (any more); nothing has been sent to one."""

    def __init__(self, reader: str) -> None:
        super().__init__("card_missing", reader=reader)


class CardInUse(OperatingError):
    """Another program holds the card; nothing has been sent."""

    def __init__(self, reader: str) -> None:
        super().__init__("card_in_use", reader=reader)


class NoAnswer(OperatingError):
    """Bytes left for the card and no answer came that can be trusted.

    Whether the card carried them out is unknown; it is never a refusal.
    """

    def __init__(self, cause: str = "silence") -> None:
        super().__init__("card_no_answer", cause=cause)
