"""A server that records what it gets, and answers what a test wants."""

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server:
    """A server on a free port, or on that of one before."""

    def __init__(self, port=0, tls=None):
        self.seen, self.answers, self._connections = [], [], []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            log_message = staticmethod(lambda *_: None)

            def setup(handler):
                super().setup()
                self._connections.append(handler.connection)

            def do_GET(handler):
                body = read_body(handler.headers, handler.rfile)
                self.seen.append(({name.lower(): v for name, v in handler.headers.items()}, body))
                status, headers, answer = self.answers.pop(0) if self.answers else (200, {}, b"{}")
                handler.send_response_only(status)
                for name, value in {"content-length": len(answer), **headers}.items():
                    handler.send_header(name, str(value))
                handler.end_headers()
                handler.wfile.write(answer)

            do_POST = do_GET

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        # A client that went away is what some tests are about.
        self._server.handle_error = lambda *_: None
        self.port = self._server.server_port
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """Close it, and all its connections."""
        self._server.shutdown()
        self._server.server_close()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def read_body(headers, file):
    if "chunked" in headers.get("transfer-encoding", ""):
        return b"".join(iter(lambda: read_chunk(file), b""))
    return file.read(int(headers.get("content-length", 0)))


def read_chunk(file):
    data = file.read(int(file.readline(), 16))
    file.readline()
    return data
