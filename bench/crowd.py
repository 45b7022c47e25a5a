"""Tills that only listen: `python -m bench.crowd HOST PORT TOKEN COUNT` says ready, and reads."""

import asyncio
import sys


async def listen(host: str, port: int, token: str) -> asyncio.StreamReader:
    reader, writer = await asyncio.open_connection(host, port)
    request = (
        f"GET /api/v1/feed/stream?after=0 HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    )
    writer.write(request.encode())
    await writer.drain()
    assert b" 200 " in await reader.readline()
    return reader


async def main() -> None:
    host, port, token, count = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    readers = [await listen(host, port, token) for _ in range(count)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.gather(*(drain(reader) for reader in readers))


async def drain(reader: asyncio.StreamReader) -> None:
    while await reader.read(1 << 16):
        pass


if __name__ == "__main__":
    asyncio.run(main())
