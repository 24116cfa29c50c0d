"""The few Engine API calls that test support makes itself, over a unix socket or plain TCP."""

import http.client
import json
import socket
import urllib.parse


class EngineAnswer(Exception):
    def __init__(self, status, message):
        super().__init__(f"{status}: {message}")
        self.status = status


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def connection(engine, timeout):
    """`engine` is a socket's path, `unix://PATH` or `tcp://HOST:PORT`."""
    if engine.startswith(("tcp://", "http://")):
        address = urllib.parse.urlsplit(engine)
        return http.client.HTTPConnection(address.hostname, address.port or 2375, timeout=timeout)
    return UnixConnection(engine.removeprefix("unix://"), timeout)


def request(engine, method, path, body=None, content_type="application/json", timeout=60):
    """The decoded answer (None when it has no JSON); EngineAnswer for a status of 400 or above."""
    link = connection(engine, timeout)
    try:
        link.request(method, path, body=body, headers={"Content-Type": content_type} if body is not None else {})
        answer = link.getresponse()
        text = answer.read().decode("utf-8", "replace")
    finally:
        link.close()
    values = [json.loads(line) for line in text.splitlines() if line.startswith(("{", "["))]
    if answer.status >= 400:
        raise EngineAnswer(answer.status, values[0].get("message", text) if values else text)
    # A stream reports its failure inside, after a status of 200.
    for value in values:
        if isinstance(value, dict) and "error" in value:
            raise EngineAnswer(answer.status, value["error"])
    return values[0] if values else None


def answers(engine):
    try:
        request(engine, "GET", "/_ping", timeout=5)
        return True
    except (OSError, EngineAnswer, http.client.HTTPException, ValueError):
        return False
