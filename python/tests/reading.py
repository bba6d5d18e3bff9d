"""All ways to read a body with each client, with or without a ``KlingAuth``.

A way is a function of an auth (or ``None``) and a URL. It returns the status and what was read, or
the type of the error. So a client with the auth can be compared with a plain one.
"""

import asyncio
import ssl
import urllib.error
import urllib.request

import aiohttp
import httpx
import requests

TIMEOUT = 5
TLS = ssl.create_default_context()  # once: it takes long, and is not used


OF_REQUESTS = {
    "content": lambda response: response.content,
    "text": lambda response: response.text,
    "iter_content": lambda response: b"".join(response.iter_content(1000)),
    "iter_content of any": lambda response: b"".join(response.iter_content(None)),
    "iter_lines": lambda response: b"\n".join(response.iter_lines()),
    "raw.read": lambda response: response.raw.read(),
    "raw.read, decoded": lambda response: response.raw.read(decode_content=True),
    "raw.read of some": lambda response: b"".join(iter(lambda: response.raw.read(999), b"")),
    "raw.read1": lambda response: b"".join(iter(lambda: response.raw.read1(999), b"")),
    "raw.stream": lambda response: b"".join(response.raw.stream(1000)),
    "raw.read_chunked": lambda response: b"".join(response.raw.read_chunked()),
}

OF_HTTPX = {
    "read": lambda response: response.read(),
    "text": lambda response: response.read() and response.text,
    "iter_bytes": lambda response: b"".join(response.iter_bytes()),
    "iter_bytes of some": lambda response: b"".join(response.iter_bytes(1000)),
    "iter_text": lambda response: "".join(response.iter_text()),
    "iter_lines": lambda response: "\n".join(response.iter_lines()),
    "iter_raw": lambda response: b"".join(response.iter_raw()),
}


async def of(iterator):
    return b"".join([part async for part in iterator])


async def to_the_end(read):
    parts = []
    while not parts or parts[-1]:
        parts.append(await read())
    return b"".join(parts)


OF_ASYNC_HTTPX = {
    "aread": lambda response: response.aread(),
    "aiter_bytes": lambda response: of(response.aiter_bytes()),
    "aiter_raw": lambda response: of(response.aiter_raw(1000)),
}

OF_AIOHTTP = {
    "read": lambda response: response.read(),
    "text": lambda response: response.text(),
    "content.read": lambda response: response.content.read(),
    "content.read of some": lambda response: to_the_end(lambda: response.content.read(999)),
    "content.readline": lambda response: to_the_end(response.content.readline),
    "content.iter_chunked": lambda response: of(response.content.iter_chunked(1000)),
    "content.iter_chunks": lambda response: of(
        part async for part, _ in response.content.iter_chunks()
    ),
    "content.iter_any": lambda response: of(response.content.iter_any()),
}

OF_URLLIB = {
    "read": lambda response: response.read(),
    "read of some": lambda response: b"".join(iter(lambda: response.read(999), b"")),
    "read1": lambda response: b"".join(iter(lambda: response.read1(999), b"")),
    "readline": lambda response: b"".join(iter(response.readline, b"")),
    "a loop": lambda response: b"".join(response),
    "readinto": lambda response: bytes(b"".join(into(response))),
}


def into(response):
    while count := response.readinto(buffer := bytearray(999)):
        yield buffer[:count]


def attempt(read, response):
    try:
        return read(response)
    except Exception as error:
        return type(error)


async def attempt_async(read, response):
    try:
        return await read(response)
    except Exception as error:
        return type(error)


def by_requests(read, auth, url):
    with requests.get(url, auth=auth, stream=True, timeout=TIMEOUT) as response:
        return response.status_code, attempt(read, response)


def by_httpx(read, auth, url):
    with httpx.stream("GET", url, auth=auth, timeout=TIMEOUT, verify=TLS) as response:
        return response.status_code, attempt(read, response)


def by_async_httpx(read, auth, url):
    async def send():
        client = httpx.AsyncClient(auth=auth, timeout=TIMEOUT, verify=TLS)
        async with client, client.stream("GET", url) as response:
            return response.status_code, await attempt_async(read, response)

    return asyncio.run(send())


def by_aiohttp(read, auth, url):
    async def send():
        timeout = aiohttp.ClientTimeout(sock_read=TIMEOUT)
        middlewares = [auth] if auth else []
        session = aiohttp.ClientSession(middlewares=middlewares, timeout=timeout)
        async with session, session.get(url) as response:
            return response.status, await attempt_async(read, response)

    return asyncio.run(send())


def by_urllib(read, auth, url):
    opener = auth.opener() if auth else urllib.request.build_opener()
    try:
        response = opener.open(url, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        return response.status, attempt(read, response)


CLIENTS = {
    "requests": (by_requests, OF_REQUESTS),
    "httpx": (by_httpx, OF_HTTPX),
    "httpx async": (by_async_httpx, OF_ASYNC_HTTPX),
    "aiohttp": (by_aiohttp, OF_AIOHTTP),
    "urllib": (by_urllib, OF_URLLIB),
}

# Each client with each of its ways.
WAYS = [(client, way) for client, (_, ways) in CLIENTS.items() for way in ways]


def read_by(client, way, auth, url):
    """Send a request and read the response in one way; shorten a long body."""
    send, ways = CLIENTS[client]
    try:
        status, outcome = send(ways[way], auth, url)
    except Exception as error:
        return type(error).__name__
    if isinstance(outcome, type):
        return status, outcome.__name__
    return status, type(outcome).__name__, len(outcome), hash(outcome), outcome[:64]
