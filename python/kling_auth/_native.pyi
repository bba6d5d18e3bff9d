from collections.abc import Callable, Iterable
from typing import Any, Literal, Protocol, SupportsFloat, SupportsIndex, final

from typing_extensions import Buffer, Self, TypeAlias, disjoint_base

from .names import Action, Cause, CheckCause, SourceKind

_Seconds: TypeAlias = SupportsFloat | SupportsIndex
_Headers: TypeAlias = _Mapping | Iterable[tuple[str | bytes, str | bytes]]
_Body: TypeAlias = Buffer | str

class _Mapping(Protocol):
    def items(self) -> Iterable[tuple[Any, Any]]: ...

__version__: str
"""The version of the package."""
MAX_BODY: int
__all__ = [
    "MAX_BODY",
    "AsyncFunction",
    "CheckResult",
    "Cli",
    "Inspection",
    "KlingAuth",
    "Probe",
    "Reload",
    "Request",
    "Verdict",
    "Webhook",
    "__version__",
    "generate_kling_token",
    "inspect",
    "jwt_decode",
    "jwt_encode",
    "jwt_encode_fast",
    "jwt_verify_signature",
    "proxy_for",
    "restored",
    "verdict",
    "verify_webhook",
]

def generate_kling_token(
    access_key: str | None = None,
    secret_key: str | None = None,
    *,
    lifetime: _Seconds | None = 1800,
    now: _Seconds | None = None,
) -> str:
    """Return one token for a key pair, to be sent as ``Authorization: Bearer <token>``.

    Without arguments the credentials are looked for: in the environment (``KLING_ACCESS_KEY``
    and ``KLING_SECRET_KEY``), in ``.env``, in Kling's own profile. ``lifetime`` is in seconds, 1
    to 1800; ``now`` in Unix seconds, the system's clock by default. Bad input raises a
    ``KlingAuthError`` with a stable ``code``; what was mended in a key is told by a
    ``KlingAuthWarning``.

    >>> from kling_auth import generate_kling_token
    >>> keys = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
    >>> generate_kling_token(*keys, now=1800000000).split(".")[0]
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9'
    """

@disjoint_base
class KlingAuth:
    """The native part of ``kling_auth.KlingAuth``, which adds how HTTP clients take it."""
    def __init__(
        self,
        access_key: str | None = None,
        secret_key: str | None = None,
        buffer_sec: _Seconds | None = 300,
        *,
        api_key: str | None = None,
        lifetime: _Seconds | None = 1800,
        credentials: Callable[[], tuple[str, str] | str] | None = None,
        clock: Callable[[], _Seconds] | None = None,
        base_url: str | None = None,
        region: str | None = None,
    ) -> None: ...
    @property
    def token(self) -> str:
        """The token to send now, without ``Bearer``."""
    @property
    def headers(self) -> dict[str, str]:
        """The headers to send now: ``Authorization`` and ``Content-Type``, in a new dict."""
    @property
    def expires_at(self) -> int | None:
        """When the token to send now expires, in Unix seconds; ``None`` for an API key."""
    @property
    def access_key(self) -> str | None:
        """The access key that signs, as it is; ``None`` for an API key. ``repr()`` shows it masked."""
    @property
    def source(self) -> str:
        """Where the credentials come from, for people: ``environment (KLING_ACCESS_KEY, …)``."""
    @property
    def source_kind(self) -> SourceKind:
        """The stable name of where the credentials come from: ``arguments``, ``environment``,
        ``dotenv``, ``profile`` or ``function``.
        """
    @property
    def base_url(self) -> str:
        """What requests to Kling begin with, without a slash at its end."""
    @property
    def clock_offset(self) -> int:
        """By how many seconds the server's clock is ahead of this machine's, as far as refusals
        taught: 0 until then, negative where this machine's clock is ahead.
        """
    @property
    def last_verdict(self) -> Verdict | None:
        """The verdict on the last refusal that was observed, by whichever thread; ``None`` before. It
        is false, as each refusal is: compare it with ``None``.
        """
    def headers_for(self, url: str) -> dict[str, str]:
        """Return the headers for a request to this absolute URL, as ``headers`` has them.

        Raises an ``OriginError`` where the bearer must not go: it is sent over https to Kling's
        API hosts, and to the origin of ``base_url``.
        """
    def handle_response(
        self,
        status: int,
        headers: _Headers | None = None,
        body: _Body | None = None,
        *,
        token: str | None = None,
        sent: str | None = None,
    ) -> Verdict:
        """Take in a response: what it means, and what to do next.

        A token that was refused for its time is replaced, and the clock corrected. Where Kling
        does not know the credentials they are looked for, or the ``credentials`` function asked,
        again, at most once a minute. ``headers`` are a mapping or pairs, ``body`` the raw bytes,
        ``token`` the bearer that was sent, if it is not the current one. ``sent`` is the request's
        ``Authorization`` header, ``""`` if it had none: where that was no bearer, the remedy names
        its scheme. An asynchronous function is asked by ``await auth.ahandle_response()`` instead.

        >>> from kling_auth import KlingAuth
        >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
        >>> verdict = auth.handle_response(401, {}, b'{"code":1000,"message":"signature is invalid"}')
        >>> verdict.action, verdict.cause
        ('fail', 'wrong_secret_key')
        """
    def _handle_response(
        self,
        status: int,
        headers: _Headers | None = None,
        body: _Body | None = None,
        *,
        token: str | None = None,
        sent: str | None = None,
    ) -> Verdict: ...
    @property
    def _async_function(self) -> Any: ...
    def _is_unknown(self, verdict: Verdict, token: str) -> bool | None: ...
    def _claim_reload(self, verdict: Verdict, token: str) -> bool: ...
    def _retry(self, verdict: Verdict) -> Verdict: ...
    @staticmethod
    def _log() -> None: ...
    @staticmethod
    def _warn() -> None: ...
    def _authorize(self, url: str, present: str | None = None) -> str | None: ...
    def _should_handle(self, url: str, status: int, headers: _Headers | None = None) -> bool: ...
    def refresh(self) -> str:
        """Mint a new token in place of the current one, and return it; of credentials that changed
        in a file, the new ones.
        """
    def rotate(
        self,
        access_key: str | None = None,
        secret_key: str | None = None,
        *,
        api_key: str | None = None,
    ) -> None:
        """Go on with other credentials, at once for all threads.

        Without arguments they are looked for again where they were found, or asked for again of
        the ``credentials`` function. If that fails it raises, and those held before stay. Tokens
        handed out before remain valid until their end.
        """
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object = None) -> Self: ...

@disjoint_base
class AsyncFunction:
    """Stands for an asynchronous function where a function is held."""
    def __new__(cls, function: Any) -> Self: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    @property
    def function(self) -> Any:
        """What the caller passed."""
    def give(self, returned: object) -> None:
        """Hand over what the function returned."""

@final
class Reload:
    """A look at credentials that takes its time: what was held when it began, and who asked."""
    def __new__(cls, auth: KlingAuth) -> Self: ...
    def apply(self, returned: object) -> None:
        """Go on with what the function returned; if that is no credential, those held before stay. So
        they do if somebody rotated meanwhile.
        """
    def fail(self, error: Exception) -> None:
        """Warn that the function failed, by the type of the error alone."""

@final
class Verdict:
    """What a response means: why it was refused, and what to do next. It is true if it was not.

    ``str()`` of it is a sentence for people, with Kling's message, the remedy and the request's
    id.
    """
    @property
    def is_accepted(self) -> bool:
        """Whether it was not refused. A verdict is true or false by this."""
    @property
    def cause(self) -> Cause:
        """Why it was refused, as a stable name: ``token_expired``; ``accepted`` if it was not."""
    @property
    def action(self) -> Action:
        """What to do: ``accept``, ``retry`` (send it once more, with the token that is current
        now), ``backoff`` (send it again later) or ``fail``.
        """
    @property
    def status(self) -> int:
        """The HTTP status."""
    @property
    def code(self) -> int | None:
        """Kling's code; ``None`` if the answer is not in Kling's form."""
    @property
    def message(self) -> str:
        """Kling's message, or a relay's: at most 256 bytes of it, without control characters; ``""``
        without one.
        """
    @property
    def request_id(self) -> str | None:
        """The id under which Kling's support finds the request; ``None`` if the answer has none."""
    @property
    def remedy(self) -> str:
        """For people: what it means, and what to do about it."""
    def to_dict(self) -> dict[str, Any]:
        """Return all of it as a new ``dict``, by the names that the command line's JSON has."""
    def _repr_html_(self) -> str: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[Any, tuple[str, dict[str, Any]]]: ...

def restored(name: str, values: dict[str, Any], /) -> Any:
    """Make a result again from what was pickled of it."""

def verdict(status: int, body: _Body | None = None, *, sent: str | None = None) -> Verdict:
    """Return what a response means, from its HTTP status and its raw body.

    What to do next is said as far as the response alone tells; ``KlingAuth.handle_response`` knows the
    token and the clock too.

    ``sent`` is the request's ``Authorization`` header, ``""`` if it had none: where that was no
    bearer, the remedy names its scheme. Kling refuses an API key that it does not know in the same
    words as a key pair; what was sent tells them apart.

    >>> from kling_auth import verdict
    >>> print(verdict(429, b'{"code":1102,"message":"resource pack exhausted"}').remedy)
    the resource pack is used up or expired; the credentials are valid: buy one in Kling's console
    """

@final
class Inspection:
    """What a token says, and what Kling would say to it. ``str()`` of it is a text of several lines."""
    @property
    def header(self) -> dict[str, Any]:
        """The header, in a new dict."""
    @property
    def claims(self) -> dict[str, Any]:
        """The claims, in a new dict."""
    @property
    def cause(self) -> Cause:
        """What Kling would say to it now, as far as can be told from here: ``accepted``,
        ``token_expired`` and so on.
        """
    @property
    def why(self) -> str:
        """Why Kling would say so."""
    @property
    def is_signature_valid(self) -> bool | None:
        """Whether the secret key made the signature; ``None`` if none was given."""
    @property
    def issuer(self) -> str | None:
        """The access key that signed, as it is; ``str()`` shows it masked."""
    @property
    def expires_at(self) -> int | None:
        """When the token expires, in Unix seconds, if it says so in whole seconds."""
    @property
    def not_before(self) -> int | None:
        """From when on the token is valid, in Unix seconds, if it says so in whole seconds."""
    @property
    def now(self) -> int:
        """When it was looked at, in Unix seconds."""
    def to_dict(self) -> dict[str, Any]:
        """Return all of it as a new ``dict``, by the names that the command line's JSON has. The access
        key is masked there, as in ``str()``.
        """
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[Any, tuple[str, dict[str, Any]]]: ...

def inspect(
    token: str, secret_key: str | None = None, *, now: _Seconds | None = None
) -> Inspection:
    """Return what a token says: header and claims, where it stands in its life, whether a secret key
    signed it, and what Kling would say to it now.

    ``now`` is in Unix seconds, the system's clock by default. Raises a ``TokenError`` for what is
    no token.

    >>> from kling_auth import generate_kling_token, inspect
    >>> keys = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
    >>> token = generate_kling_token(*keys, now=1800000000)
    >>> inspection = inspect(token, keys[1], now=1800001800)
    >>> inspection.cause, inspection.is_signature_valid, inspection.expires_at
    ('token_expired', True, 1800001800)
    """

@final
class Webhook:
    """A verified Kling callback."""
    @property
    def id(self) -> str:
        """Its id, to tell that it was here before."""
    @property
    def timestamp(self) -> int:
        """When it was sent, in Unix seconds."""
    def to_dict(self) -> dict[str, Any]:
        """Return all of it as a new ``dict``, by the names that the command line's JSON has."""
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[Any, tuple[str, dict[str, Any]]]: ...

def verify_webhook(
    secret: str | Iterable[str],
    headers: _Headers,
    body: _Body,
    *,
    now: _Seconds | None = None,
) -> Webhook:
    """Make sure that a callback is Kling's, and return its id and time.

    ``secret`` is the webhook's secret (``whsec_...``), or several while one replaces another.
    ``headers`` are those of the request, in whatever case: a mapping, or pairs; a WSGI environ, and
    lists of values, as AWS Lambda has them, are fine too. ``body`` is the raw bytes as they
    arrived: parsed and written again they are others. ``now`` is in Unix seconds, the system's
    clock by default; a callback more than 300 seconds from it is refused. Raises a
    ``WebhookError``: ``ERR_WEBHOOK_UNSIGNED`` while Kling's console has no webhook secret.

    >>> from kling_auth import verify_webhook
    >>> headers = {
    ...     "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    ...     "Webhook-Timestamp": "1614265330",
    ...     "Webhook-Signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ... }
    >>> secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    >>> verify_webhook(secret, headers, b'{"test": 2432232314}', now=1614265335)
    Webhook(id='msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp=1614265330)
    """

@final
class CheckResult:
    """What a check found. It is true if Kling took the credential; ``str()`` of it is a short list."""
    @property
    def is_valid(self) -> bool:
        """Whether Kling took the credential."""
    @property
    def cause(self) -> CheckCause:
        """What was found, as a stable name: that of a verdict's cause, or ``clock_skew``,
        ``wrong_region``, ``redirect``, ``dns``, ``tls``, ``timeout``, ``proxy``, ``connection``.
        """
    @property
    def remedy(self) -> str:
        """For people: what it means, and what to do about it; ``""`` where all is well."""
    @property
    def verdict(self) -> Verdict | None:
        """The verdict on what the host answered last; ``None`` if it did not answer."""
    @property
    def clock_offset(self) -> int:
        """By how many seconds Kling's clock is ahead of this machine's."""
    @property
    def base_url(self) -> str:
        """Whose host was asked."""
    @property
    def region(self) -> str | None:
        """The base URL at which the key is known, if it is another one and was asked too."""
    @property
    def source(self) -> str:
        """Where the credential comes from, for people."""
    @property
    def source_kind(self) -> SourceKind:
        """The stable name of that place: ``arguments``, ``environment``, ``dotenv``, ``profile`` or
        ``function``.
        """
    @property
    def access_key(self) -> str | None:
        """The access key that signed; ``None`` for an API key."""
    @property
    def requests(self) -> int:
        """How many requests were sent."""
    @property
    def warning(self) -> str | None:
        """For people: what a credential that is valid cannot do all the same: Kling's newer paths do
        not take a key pair. ``None`` if there is nothing.
        """
    @property
    def unused(self) -> str | None:
        """The names of other credentials that stand where this one was found and are not used, for
        people; ``None`` where there is nothing.
        """
    def to_dict(self) -> dict[str, Any]:
        """Return all of it as a new ``dict``, by the names that the command line's JSON has."""
    def _repr_html_(self) -> str: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[Any, tuple[str, dict[str, Any]]]: ...

_Response: TypeAlias = tuple[int, str | None, str | None, bytes]

@final
class Request:
    """A request to send. Its ``repr()`` shows no header: one of them is the bearer."""
    @property
    def url(self) -> str: ...
    @property
    def headers(self) -> list[tuple[str, str]]: ...
    @property
    def wait(self) -> int:
        """The seconds to wait before it is sent."""
    @property
    def timeout(self) -> float:
        """The seconds that it may take."""

def proxy_for(
    url: str,
) -> tuple[str, str, str | None, str | None] | Literal[False] | None:
    """The proxy that the environment names for a URL: its own URL's scheme, host and port, user name
    and password; ``None`` if there is to be none. ``False`` for one that is none.
    """

@final
class Probe:
    """Checks the credential of a ``KlingAuth``, one request after the other."""
    def __new__(
        cls,
        auth: KlingAuth,
        timeout: _Seconds,
        regions: bool | str | None = None,
        path: str | None = None,
    ) -> Self: ...
    def request(self) -> Request:
        """The request to send next."""
    def take(self, response: _Response) -> CheckResult | None:
        """Takes in the answer. Without a result there is another request to send."""
    def fail(self, failure: str, has_proxy: bool) -> CheckResult:
        """Takes in that there was no answer, why, and whether a proxy was asked."""

@final
class Cli:
    """One run of the command line. Each method takes in what came of a step, and returns the next."""
    def __new__(
        cls,
        arguments: list[str],
        stdin_is_terminal: bool,
        stdout_is_terminal: bool,
        stderr_is_terminal: bool,
    ) -> Self: ...
    def start(self) -> tuple[Any, ...]: ...
    def take(self, response: _Response) -> tuple[Any, ...]: ...
    def fail(self, failure: str, has_proxy: bool) -> tuple[Any, ...]: ...
    def read(self, input: bytes) -> tuple[Any, ...]: ...

def jwt_encode(header: bytes, payload: bytes, key: bytes) -> str:
    """Sign a header and a payload with HS256, both JSON as bytes."""

def jwt_encode_fast(
    payload: object, key: object, algorithm: object, headers: object, /
) -> str | None:
    """Sign claims as ``encode`` does; ``None`` if they, the key or the header are not the usual ones."""

def jwt_decode(token: bytes) -> tuple[bytes, bytes, bytes]:
    """Take a token apart without trusting it: header, payload and signature as bytes."""

def jwt_verify_signature(token: bytes, key: bytes) -> None:
    """Make sure that a key made a token's signature. ``alg`` is not looked at."""
