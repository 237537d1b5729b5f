"""
One call to an address that somebody else chose: resolved once, checked, and connected to exactly what was checked.

Redirects are not followed, proxies of the environment not used, the answer is read up to a limit, and the whole call,
name resolution included, is over by its deadline however slowly the other side drips.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass
from typing import Any

import certifi
import httpcore

from apps.integrations.webhooks.policies import Address, is_loopback, is_public
from apps.integrations.webhooks.states import Failure

MOST_RESPONSE_BYTES = 16 * 1024
EXCERPT = 1000
Resolver = Callable[[str, int], list[str]]
_resolving = ThreadPoolExecutor(max_workers=8, thread_name_prefix="webhook-names")


class AddressRefused(Exception):
    """The name leads to an address that is not called; ``address`` says which."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class NameUnknown(Exception):
    """The name does not resolve."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of a call. ``address`` is the one that was connected to."""

    status_code: int | None = None
    failure: Failure = Failure.NONE
    excerpt: str = ""
    address: str = ""
    milliseconds: int = 0

    @property
    def is_success(self) -> bool:
        """Whether the receiver took the message: 2xx and nothing else."""
        return self.status_code is not None and 200 <= self.status_code < 300


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system resolves it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def check_addresses(host: str, port: int, *, may_loop: bool, seconds: float, resolver: Resolver = resolve) -> list[str]:
    """
    Return the addresses of a host if every one of them may be called.

    :raises NameUnknown: if there is none, or nobody says in time
    :raises AddressRefused: if one of them is not public (nor loopback, where ``may_loop``)
    """
    try:
        found = _resolving.submit(resolver, host, port).result(timeout=max(seconds, 0.01))
        addresses: list[Address] = [ipaddress.ip_address(text) for text in found]
    except (OSError, UnicodeError, ValueError, TooSlow):
        raise NameUnknown from None
    if not addresses:
        raise NameUnknown
    for address in addresses:
        if not is_public(address) and not (may_loop and is_loopback(address)):
            raise AddressRefused(str(address))
    return [str(address) for address in addresses]


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    deadline: float,
    may_loop: bool,
    resolver: Resolver = resolve,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """Send one message and say what came of it. Never raises for what the other side does; over in ``deadline`` s."""
    clock = _Clock(deadline)
    wire = _PinnedNetwork(clock, may_loop=may_loop, resolver=resolver)
    try:
        with httpcore.ConnectionPool(
            ssl_context=trust or ssl.create_default_context(cafile=certifi.where()),
            network_backend=wire,
            max_connections=1,
            http2=False,
            retries=0,
        ) as pool:
            return _exchange(pool, url, body, headers, clock, wire)
    except Exception as error:
        failure = _failure_of(error)
        if failure is None:
            raise
        return Answer(failure=failure, address=wire.address, milliseconds=clock.milliseconds())


def _exchange(
    pool: httpcore.ConnectionPool, url: str, body: bytes, headers: Mapping[str, str], clock: "_Clock", wire: Any
) -> Answer:
    seconds = clock.left()
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
    lines = [(name.encode(), value.encode()) for name, value in headers.items()]
    with pool.stream("POST", url, headers=lines, content=body, extensions={"timeout": timeouts}) as response:
        read = _first_bytes(response)
        return Answer(
            status_code=response.status,
            failure=Failure.NONE if 200 <= response.status < 300 else Failure.STATUS,
            excerpt=read[:EXCERPT].decode("utf-8", "replace").replace("\0", "\ufffd"),
            address=wire.address,
            milliseconds=clock.milliseconds(),
        )


def _first_bytes(response: httpcore.Response) -> bytes:
    """Read what the log keeps of a body. The status has been said by now: a body that never ends changes nothing."""
    read = b""
    try:
        for piece in response.iter_stream():
            read += piece
            if len(read) >= MOST_RESPONSE_BYTES:
                break
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        return read
    return read


def _failure_of(error: Exception) -> Failure | None:
    """Name what went wrong; None for a mistake of ours."""
    if isinstance(error, AddressRefused):
        return Failure.ADDRESS
    if isinstance(error, NameUnknown):
        return Failure.NAME
    if isinstance(error, httpcore.TimeoutException):
        return Failure.TIMEOUT
    if isinstance(error, httpcore.ConnectError) and isinstance(error.__cause__ or error.__context__, ssl.SSLError):
        return Failure.TLS
    if isinstance(error, httpcore.ProtocolError):
        return Failure.PROTOCOL
    if isinstance(error, httpcore.NetworkError | OSError):
        return Failure.CONNECTION
    return None


class _Clock:
    """How much of the whole call's time is left."""

    def __init__(self, seconds: float) -> None:
        self.began = time.monotonic()
        self.ends = self.began + seconds

    def left(self) -> float:
        """Return the seconds left, never none: zero would mean "do not wait" to a socket."""
        return max(self.ends - time.monotonic(), 0.001)

    def check(self) -> None:
        """
        Say when the time is over.

        :raises httpcore.ReadTimeout: then
        """
        if time.monotonic() >= self.ends:
            raise httpcore.ReadTimeout

    def milliseconds(self) -> int:
        """Return how long it has taken so far."""
        return round((time.monotonic() - self.began) * 1000)


class _PinnedNetwork(httpcore.NetworkBackend):
    """Connects to an address that it has just checked, never to a name: there is no second look-up to lie to."""

    def __init__(self, clock: _Clock, *, may_loop: bool, resolver: Resolver) -> None:
        self.clock = clock
        self.may_loop = may_loop
        self.resolver = resolver
        self.wire = httpcore.SyncBackend()
        self.address = ""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check every address, and connect to the first that answers."""
        addresses = check_addresses(
            host, port, may_loop=self.may_loop, seconds=self.clock.left(), resolver=self.resolver
        )
        for number, address in enumerate(addresses, start=1):
            self.address = address
            try:
                stream = self.wire.connect_tcp(address, port, self.clock.left(), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                self.clock.check()
                if number == len(addresses):
                    raise
            else:
                return _BoundedStream(stream, self.clock)
        raise NameUnknown


class _BoundedStream(httpcore.NetworkStream):
    """A connection each of whose steps gets only what is left of the whole call's time."""

    def __init__(self, stream: httpcore.NetworkStream, clock: _Clock) -> None:
        self.stream = stream
        self.clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there."""
        self.clock.check()
        return self.stream.read(max_bytes, self.clock.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        self.clock.check()
        self.stream.write(buffer, self.clock.left())

    def close(self) -> None:
        """Hang up."""
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Encrypt; the certificate must be the name's, not the address's."""
        return _BoundedStream(self.stream.start_tls(ssl_context, server_hostname, self.clock.left()), self.clock)

    def get_extra_info(self, info: str) -> Any:
        """Ask the connection beneath."""
        return self.stream.get_extra_info(info)
