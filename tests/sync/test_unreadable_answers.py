"""Whatever answers in the server's place (a hotel's log-in page, a line cut short) is no answer."""

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from requests.structures import CaseInsensitiveDict

from sync.conversation import Conversation
from sync.exchange import Answer, Deadline
from sync.http_link import HttpLink
from sync.link import Unreachable


class Answers(Conversation):
    """A conversation with whoever gives these answers, all with status 200."""

    def __init__(self, *bodies: bytes) -> None:
        super().__init__(["http://127.0.0.1:1"], "till", Ed25519PrivateKey.generate())
        self._bodies: Iterator[bytes] = iter(bodies)

    def _http(self, method: str, path: str, deadline: Deadline, **arguments: object) -> Answer:
        return Answer(200, next(self._bodies), CaseInsensitiveDict())


CHALLENGE, SESSION = b'{"challenge": "sign this"}', b'{"token": "t", "expires_in_s": 60}'
LOG_IN_PAGE = b"<html>Welcome to our Wi-Fi</html>"


@pytest.mark.parametrize(
    "bodies",
    [
        (LOG_IN_PAGE,),
        (CHALLENGE[:-3],),
        (CHALLENGE, LOG_IN_PAGE),
        (CHALLENGE, SESSION[:9]),
        (CHALLENGE, SESSION, LOG_IN_PAGE),
        (CHALLENGE, SESSION, b'{"changes": [], "posi'),
    ],
)
def test_an_answer_that_cannot_be_read_is_none(bodies: tuple[bytes, ...]) -> None:
    with pytest.raises(Unreachable):
        HttpLink(Answers(*bodies)).changes(0)
