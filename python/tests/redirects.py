"""Three origins that redirect a client, and record what it sent to each.

``Origins`` are served by one thread. A chain is a list of hops, each an origin and the status that
leads to it. Its URL is that of the first origin; each response redirects to the next one.
"""

import asyncio
import collections
import itertools
import ssl
import subprocess
import threading

STATUSES = (301, 302, 303, 307, 308)
# The bearer may go to the first. The others differ from it only by port, and only by host.
HERE, PORT, HOST = "here", "port", "host"
ORIGINS = (HERE, PORT, HOST)


def chains():
    """All chains of up to four redirects over three origins, beginning with the first.

    Short chains have every status at every place. Long chains alternate, so that each status leads
    to each origin at each place, after each other status.
    """
    for length, turns in ((1, 5), (2, 5), (3, 2), (4, 1)):
        for number, origins in enumerate(itertools.product(ORIGINS, repeat=length)):
            for turn in range(turns):
                first, step = number + turn, 1 + (number // 5 + turn) % 5
                statuses = [STATUSES[(first + step * place) % 5] for place in range(length)]
                yield tuple(zip(origins, statuses))


def certificate(directory):
    """A temporary certificate for both names of this machine."""
    key, path = directory / "key.pem", directory / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=localhost", "-keyout", key, "-out", path]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    return path, key


class Origins:
    """The three origins; ``seen`` has origin and ``Authorization`` of each request, by chain."""

    def __init__(self, tls=None):
        """Serve the first and the last origin over HTTPS, if there is a certificate."""
        self.seen = collections.defaultdict(list)
        self._chains = {}
        self._tls = tls
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self):
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *error):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def start(self, chain):
        """Return the first URL of a chain, and its name in ``seen``."""
        name = str(len(self._chains))
        self._chains[name] = chain
        return f"{self.urls[HERE]}/v1/{name}/0", name

    async def _serve(self):
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        context = None
        if self._tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self._tls)
        first = await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=context)
        second = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        ports = [server.sockets[0].getsockname()[1] for server in (first, second)]
        scheme = "https" if self._tls else "http"
        self.urls = {
            HERE: f"{scheme}://127.0.0.1:{ports[0]}",
            PORT: f"http://127.0.0.1:{ports[1]}",
            HOST: f"{scheme}://localhost:{ports[0]}",
        }
        self._origins = {url.partition("//")[2]: origin for origin, url in self.urls.items()}
        self._ready.set()
        await self._stop.wait()

    async def _talk(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
                await reader.readexactly(int(headers.get("content-length", 0)))
                writer.write(self._answer(head, headers))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            writer.close()

    def _answer(self, head, headers):
        method, path, _ = head[0].split(" ")
        _, _, name, place = path.split("/")
        chain, place = self._chains[name], int(place)
        sent = next((line for line in head if line.lower().startswith("authorization:")), "")
        self.seen[name].append((self._origins[headers["host"]], method, sent[15:]))
        if place == len(chain):
            return b'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"code":0}'
        origin, status = chain[place]
        location = f"{self.urls[origin]}/v1/{name}/{place + 1}"
        return (
            f"HTTP/1.1 {status} Redirect\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
        ).encode()
