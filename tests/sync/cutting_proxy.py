"""A line that can be cut: forwards to the server, and breaks where it is told to."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class CuttingProxy:
    """Forwards TCP to `port`. `cut(path, after_bytes)` breaks the next answer to that path."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._cuts: dict[bytes, int] = {}
        self.down = False
        self.cut_answers = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self, path: str, after_bytes: int = 0) -> None:
        self._cuts[path.encode()] = after_bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.down:
                client.close()
                continue
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """Both ways at once, until either side ends or the answer is cut."""
        with client, contextlib.suppress(OSError), socket.create_connection(self._target) as server:
            cut: list[int] = []
            answers = threading.Thread(
                target=self._answers, args=(server, client, cut), daemon=True
            )
            answers.start()
            while (request := client.recv(1 << 20)) and not self.down:
                after_bytes = self._cut_for(request)
                if after_bytes is not None:
                    cut.append(after_bytes)
                server.sendall(request)
            end(server)
            answers.join()

    def _answers(self, server: socket.socket, client: socket.socket, cut: list[int]) -> None:
        with contextlib.suppress(OSError):
            while (data := server.recv(1 << 20)) and not self.down:
                if cut:
                    self.cut_answers += 1
                    client.sendall(data[: cut[0]])
                    break
                client.sendall(data)
        end(client)

    def _cut_for(self, request: bytes) -> int | None:
        line = request.split(b"\r\n", 1)[0]
        for path in list(self._cuts):
            if path in line:
                return self._cuts.pop(path)
        return None


def end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
