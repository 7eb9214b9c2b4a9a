"""A web on this machine, in which every site there is has an answer."""

from __future__ import annotations

import http.server
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

FORM = (
    "<form method=post action=/in><input name=email autocomplete=username>"
    "<input type=password name=pw><button id=go>Sign in</button></form>"
)


class Site(http.server.BaseHTTPRequestHandler):
    """Every site there is: a home page, a form to sign in, and a question for those who ask."""

    def log_message(self, *_args: object) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        back = parse_qs(parts.query).get("redirect_uri", [""])[0]
        if parts.path == "/callback":
            self.lead_to("/home")
        elif back:
            no = f"{back}?error=access_denied"
            self.show(f"<a id=back href='{back}?code=1'>Yes</a><a id=refused href='{no}'>No</a>")
        else:
            self.show(FORM if parts.path == "/login" else "A page")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.lead_to("/home")

    def lead_to(self, place: str) -> None:
        self.send_response(302)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def show(self, body: str) -> None:
        data = f"<!doctype html><title>A page</title><body>{body}</body>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def web() -> Iterator[list[str]]:
    """A web on this machine, plain and with a certificate; the flags that lead there."""
    plain, secret = (http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) for _ in range(2))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = f"{folder}/key.pem", f"{folder}/certificate.pem"
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        command += ["-subj", "/CN=localhost", "-keyout", key, "-out", certificate]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        context.load_cert_chain(certificate, key)
    secret.socket = context.wrap_socket(secret.socket, server_side=True)
    for server in (plain, secret):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    ports = ((80, plain.server_port), (443, secret.server_port))
    rules = ",".join(f"MAP *:{port} 127.0.0.1:{here}" for port, here in ports)
    try:
        yield [
            f"--host-resolver-rules={rules}",
            "--ignore-certificate-errors",
            "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
        ]
    finally:
        for server in (plain, secret):
            server.shutdown()
            server.server_close()
