"""How the auditor speaks."""


class Violation(Exception):
    """A rule of safety is broken. `rule` names it, the same for ever."""

    def __init__(self, rule: str, what: str) -> None:
        super().__init__(f"{rule}: {what}")
        self.rule = rule


def require(holds: bool, rule: str, what: object = "") -> None:
    """Raise Violation unless the rule holds."""
    if not holds:
        raise Violation(rule, str(what))
