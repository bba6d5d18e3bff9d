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
    "async_function",
    "authorize",
    "claim_reload",
    "generate_kling_token",
    "handle_response",
    "inspect",
    "is_unknown",
    "jwt_decode",
    "jwt_encode",
    "jwt_encode_fast",
    "jwt_verify_signature",
    "log_events",
    "proxy_for",
    "restored",
    "retry",
    "should_handle_response",
    "verdict",
    "verify_webhook",
    "warn_of_events",
]

def generate_kling_token(
    access_key: str | None = None,
    secret_key: str | None = None,
    *,
    lifetime: _Seconds | None = 1800,
    now: _Seconds | None = None,
) -> str:
    """Create one token for a key pair, to be sent as ``Authorization: Bearer <token>``.

    Without keys, the credentials are searched for in the environment (``KLING_ACCESS_KEY`` and
    ``KLING_SECRET_KEY``), in ``.env`` and in Kling's own profile. A ``KlingAuthWarning`` says what
    was corrected in a key, such as white space around it.

    Args:
        access_key: The access key of a key pair.
        secret_key: The secret key of the same pair.
        lifetime: Seconds for which the token is valid, from 1 to 1800.
        now: The time in Unix seconds. Default: the system's clock.

    Raises:
        CredentialError: A key is missing or malformed.
        ArgumentError: ``lifetime`` or ``now`` is out of range.
        ArgumentTypeError: An argument has the wrong type.

    >>> from kling_auth import generate_kling_token
    >>> keys = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
    >>> generate_kling_token(*keys, now=1800000000).split(".")[0]
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9'
    """

@disjoint_base
class KlingAuth:
    """The native part of ``kling_auth.KlingAuth``, without the support for HTTP clients."""
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
        """The current token, without ``Bearer``. It is renewed when it is due."""
    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request to Kling: ``Authorization`` and ``Content-Type``, in a new dict."""
    @property
    def expires_at(self) -> int | None:
        """The time at which the current token expires, in Unix seconds; ``None`` for an API key."""
    @property
    def access_key(self) -> str | None:
        """The access key, unmasked; ``None`` for an API key. ``repr()`` shows it masked."""
    @property
    def source(self) -> str:
        """The source of the credentials, for people: ``environment (KLING_ACCESS_KEY, …)``."""
    @property
    def source_kind(self) -> SourceKind:
        """The source of the credentials, for programs: ``arguments``, ``environment``, ``dotenv``,
        ``profile`` or ``function``.
        """
    @property
    def base_url(self) -> str:
        """The base URL of Kling's API, without a slash at its end."""
    @property
    def clock_offset(self) -> int:
        """The seconds by which Kling's clock is ahead of this machine's; negative if it is behind.

        It is 0 until Kling refuses a token because of its time.
        """
    @property
    def last_verdict(self) -> Verdict | None:
        """The verdict on the last refused request, in any thread; ``None`` if there was none.

        The verdict on a refusal is falsy, so compare it with ``None``.
        """
    def headers_for(self, url: str) -> dict[str, str]:
        """Return ``headers`` for a request to a URL, unless the token must not be sent there.

        The token is sent over HTTPS to Kling's API hosts, and to the origin of ``base_url``.

        Args:
            url: The absolute URL of the request.

        Raises:
            OriginError: The token must not be sent to this URL.

        >>> from kling_auth import KlingAuth
        >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
        >>> auth.headers_for("https://api.klingai.com/v1/videos/text2video") == auth.headers
        True
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
        """Find out what a response means, and correct the clock or reload the credentials if needed.

        For HTTP clients that ``auth`` cannot be passed to. If the verdict's ``action`` is
        ``retry``, send the request once more with the current ``headers``.

        If a token was refused because of its time, the clock is corrected and the next token is
        valid. If Kling does not know the credentials, they are read again from their source, at most
        once a minute. If the source is an asynchronous function, call ``ahandle_response()``.

        Args:
            status: The HTTP status.
            headers: The response's headers: a mapping, or pairs of name and value.
            body: The raw body.
            token: The token that was sent. Default: the current one.
            sent: The full ``Authorization`` header of the request, ``""`` if there was none. If it
                was not a bearer, the verdict's ``remedy`` says so.

        Returns:
            A ``Verdict``. Its ``action`` says what to do, its ``cause`` and ``remedy`` say why.

        Raises:
            ArgumentTypeError: An argument has the wrong type.

        >>> from kling_auth import KlingAuth
        >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
        >>> verdict = auth.handle_response(401, {}, b'{"code":1000,"message":"signature is invalid"}')
        >>> verdict.action, verdict.cause
        ('fail', 'wrong_secret_key')
        """
    def refresh(self) -> str:
        """Create a new token now, replace the current one with it, and return it.

        Credentials that changed in a file are read again first.

        >>> from kling_auth import KlingAuth
        >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
        >>> auth.refresh() == auth.token
        True
        """
    def rotate(
        self,
        access_key: str | None = None,
        secret_key: str | None = None,
        *,
        api_key: str | None = None,
    ) -> None:
        """Replace the credentials, immediately and in all threads.

        Without arguments, they are read again from where they were found, or the ``credentials``
        function is called. If that raises, the current credentials stay in use. Tokens of the
        replaced credentials stay valid until they expire.

        Args:
            access_key: The access key of the new key pair.
            secret_key: The secret key of the new key pair.
            api_key: The new API key, in place of a key pair.

        Raises:
            CredentialError: The new credentials are missing or malformed.
            ArgumentTypeError: An argument has the wrong type, or the function has to be awaited:
                call ``arotate()``.

        >>> from kling_auth import KlingAuth
        >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
        >>> auth.rotate(access_key="f" * 32, secret_key="0123456789" * 3 + "ab")
        >>> auth.access_key == "f" * 32
        True
        """
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object = None) -> Self: ...

def authorize(auth: KlingAuth, url: str, present: str | None = None) -> str | None:
    """Return the ``Authorization`` header for a request; ``None`` if the token must not be sent there.

    ``present`` is the header that the request has already.
    """

def should_handle_response(
    auth: KlingAuth, url: str, status: int, headers: _Headers | None = None
) -> bool:
    """Say whether a response from this URL is Kling's and its body should be read.

    A 401 from another host is logged.
    """

def handle_response(
    auth: KlingAuth,
    status: int,
    headers: _Headers | None = None,
    body: _Body | None = None,
    *,
    token: str | None = None,
    sent: str | None = None,
) -> Verdict:
    """Do what ``KlingAuth.handle_response`` does, for a caller that awaits the asynchronous function."""

def async_function(auth: KlingAuth) -> Any:
    """Return the asynchronous ``credentials`` function of an object, if it has one."""

def is_unknown(auth: KlingAuth, verdict: Verdict, token: str) -> bool | None:
    """Say whether Kling does not know this token's credentials and they are still in use.

    ``None`` if the verdict has another cause.
    """

def claim_reload(auth: KlingAuth, verdict: Verdict, token: str) -> bool:
    """Say whether the caller should read the credentials again now."""

def retry(auth: KlingAuth, verdict: Verdict) -> Verdict:
    """Return a verdict as it is after other credentials came into use."""

def log_events() -> None:
    """Log the events that wait in this thread."""

def warn_of_events() -> None:
    """Warn of the events that wait in this thread."""

@disjoint_base
class AsyncFunction:
    """Wraps an asynchronous function, so that ``KlingAuth`` can hold it like a function."""
    def __new__(cls, function: Any) -> Self: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    @property
    def function(self) -> Any:
        """The function that the caller passed."""
    def give(self, returned: object) -> None:
        """Pass what the function returned."""

@final
class Reload:
    """A reload of credentials that awaits a function. It remembers which credentials it replaces."""
    def __new__(cls, auth: KlingAuth) -> Self: ...
    def apply(self, returned: object) -> None:
        """Use the credentials that the function returned, unless they were rotated meanwhile.

        If they are malformed, this raises and the current credentials stay in use.
        """
    def fail(self, error: Exception) -> None:
        """Warn that the function raised. The warning contains only the type of the error."""

@final
class Verdict:
    """What a response means: why it was refused, and what to do next. It is true if it was accepted.

    ``str()`` is a sentence for people, with Kling's message, the remedy and the request's id.
    """
    @property
    def is_accepted(self) -> bool:
        """Whether the request was accepted. The truth value of the verdict is the same."""
    @property
    def cause(self) -> Cause:
        """Why the request was refused, for programs, such as ``token_expired``; or ``accepted``."""
    @property
    def action(self) -> Action:
        """What to do next, for programs: ``accept``, ``retry``, ``backoff`` or ``fail``.

        ``retry``: send the request once more, with the current token. ``backoff``: send it later.
        """
    @property
    def status(self) -> int:
        """The HTTP status."""
    @property
    def code(self) -> int | None:
        """Kling's code; ``None`` if the response is not in Kling's format."""
    @property
    def message(self) -> str:
        """The message of Kling or a relay, at most 256 bytes, without control characters; may be ``""``."""
    @property
    def request_id(self) -> str | None:
        """The id of the request, for Kling's support; ``None`` if the response has none."""
    @property
    def remedy(self) -> str:
        """What the response means and what to do about it, for people."""
    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as a new ``dict``, with the names of the command line's ``--json``."""
    def _repr_html_(self) -> str: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[Any, tuple[str, dict[str, Any]]]: ...

def restored(name: str, values: dict[str, Any], /) -> Any:
    """Restore a result from its pickled values."""

def verdict(status: int, body: _Body | None = None, *, sent: str | None = None) -> Verdict:
    """Explain a response: what it means, and what to do next.

    It knows only the response. ``KlingAuth.handle_response()`` also knows the token and the clock.

    Args:
        status: The HTTP status.
        body: The raw body.
        sent: The ``Authorization`` header that was sent, ``""`` if there was none. With it, the
            verdict distinguishes an API key from a key pair, and a bearer from another scheme.

    Raises:
        ArgumentTypeError: An argument has the wrong type.

    >>> from kling_auth import verdict
    >>> print(verdict(429, b'{"code":1102,"message":"resource pack exhausted"}').remedy)
    the resource pack is used up or expired; the credentials are valid: buy one in Kling's console
    """

@final
class Inspection:
    """The contents of a token, and whether Kling would accept it. ``str()`` is a readable report."""
    @property
    def header(self) -> dict[str, Any]:
        """The header, as a new dict."""
    @property
    def claims(self) -> dict[str, Any]:
        """The claims, as a new dict."""
    @property
    def cause(self) -> Cause:
        """The cause that Kling would give now, for programs: ``accepted``, ``token_expired`` and so on.

        It is a prediction: only Kling knows whether the key is valid.
        """
    @property
    def reason(self) -> str:
        """The reason for ``cause``, for people."""
    @property
    def is_signature_valid(self) -> bool | None:
        """Whether the secret key signed the token; ``None`` if no key was passed."""
    @property
    def issuer(self) -> str | None:
        """The access key in the token, unmasked; ``str()`` shows it masked."""
    @property
    def expires_at(self) -> int | None:
        """The time at which the token expires, in Unix seconds; ``None`` without a whole number."""
    @property
    def not_before(self) -> int | None:
        """The time from which the token is valid, in Unix seconds; ``None`` without a whole number."""
    @property
    def now(self) -> int:
        """The time of the inspection, in Unix seconds."""
    def to_dict(self) -> dict[str, Any]:
        """Return the inspection as a new ``dict``, with the names of the command line's ``--json``.

        The access key is masked, as in ``str()``.
        """
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[Any, tuple[str, dict[str, Any]]]: ...

def inspect(
    token: str, secret_key: str | None = None, *, now: _Seconds | None = None
) -> Inspection:
    """Show what is in a token, and whether Kling would accept it now.

    It does not matter which program created the token. ``print()`` of the result is a readable
    report.

    Args:
        token: The token, without ``Bearer``.
        secret_key: The secret key, to check the signature.
        now: The time in Unix seconds. Default: the system's clock.

    Raises:
        TokenError: The string is not a token.
        ArgumentError: ``now`` is out of range.
        ArgumentTypeError: An argument has the wrong type.

    >>> from kling_auth import generate_kling_token, inspect
    >>> keys = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
    >>> token = generate_kling_token(*keys, now=1800000000)
    >>> inspection = inspect(token, keys[1], now=1800001800)
    >>> inspection.cause, inspection.is_signature_valid, inspection.expires_at
    ('token_expired', True, 1800001800)
    """

@final
class Webhook:
    """A verified callback from Kling."""
    @property
    def id(self) -> str:
        """The id of the callback. If it is sent again, the id is the same."""
    @property
    def timestamp(self) -> int:
        """The time at which it was sent, in Unix seconds."""
    def to_dict(self) -> dict[str, Any]:
        """Return the callback as a new ``dict``, with the names of the command line's ``--json``."""
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
    """Verify that a callback comes from Kling, and return its id and time.

    Args:
        secret: The webhook secret (``whsec_...``), or several while Kling replaces one.
        headers: The request's headers, in any case: a mapping, pairs, a WSGI environ, or AWS Lambda's
            lists of values.
        body: The raw bytes of the body. A body that was parsed and serialized again does not match.
        now: The time in Unix seconds. Default: the system's clock.

    Raises:
        WebhookError: The callback is not signed, is signed with another secret, or is more than 300
            seconds old. ``ERR_WEBHOOK_UNSIGNED``: Kling's console has no webhook secret yet.
        CredentialError: ``secret`` is malformed.
        ArgumentError: ``now`` is out of range.
        ArgumentTypeError: An argument has the wrong type.

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
    """The result of a check. It is true if Kling accepted the credentials; ``str()`` is a short list."""
    @property
    def is_valid(self) -> bool:
        """Whether Kling accepted the credentials. The truth value of the result is the same."""
    @property
    def cause(self) -> CheckCause:
        """The result, for programs: a verdict's cause, or ``clock_skew``, ``wrong_region``, ``redirect``,
        ``dns``, ``tls``, ``timeout``, ``proxy`` or ``connection``.
        """
    @property
    def remedy(self) -> str:
        """What is wrong and what to do about it, for people; ``""`` if nothing is wrong."""
    @property
    def verdict(self) -> Verdict | None:
        """The verdict on the last response; ``None`` if there was none."""
    @property
    def clock_offset(self) -> int:
        """The seconds by which Kling's clock is ahead of this machine's; negative if it is behind."""
    @property
    def base_url(self) -> str:
        """The base URL that was asked."""
    @property
    def region(self) -> str | None:
        """The base URL that knows the key, if it is another one and was asked too; else ``None``."""
    @property
    def source(self) -> str:
        """The source of the credentials, for people."""
    @property
    def source_kind(self) -> SourceKind:
        """The source of the credentials, for programs: ``arguments``, ``environment``, ``dotenv``,
        ``profile`` or ``function``.
        """
    @property
    def access_key(self) -> str | None:
        """The access key that was checked; ``None`` for an API key."""
    @property
    def requests(self) -> int:
        """The number of requests that were sent."""
    @property
    def warning(self) -> str | None:
        """What valid credentials cannot do, for people; ``None`` if there is nothing.

        Kling's newer paths do not accept a key pair.
        """
    @property
    def unused(self) -> str | None:
        """The names of other credentials in the same place, which are not used; ``None`` if none."""
    def to_dict(self) -> dict[str, Any]:
        """Return the result as a new ``dict``, with the names of the command line's ``--json``."""
    def _repr_html_(self) -> str: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> tuple[Any, tuple[str, dict[str, Any]]]: ...

_Response: TypeAlias = tuple[int, str | None, str | None, bytes]

@final
class Request:
    """A request to send. ``repr()`` shows no headers, since one of them contains the token."""
    @property
    def url(self) -> str: ...
    @property
    def headers(self) -> list[tuple[str, str]]: ...
    @property
    def wait(self) -> int:
        """Seconds to wait before it is sent."""
    @property
    def timeout(self) -> float:
        """Seconds until it times out."""

def proxy_for(
    url: str,
) -> tuple[str, str, str | None, str | None] | Literal[False] | None:
    """Return the proxy for a URL, from the environment: scheme, host and port, user name, password.

    ``None`` if there is no proxy, ``False`` if the environment names an invalid one.
    """

@final
class Probe:
    """Checks the credentials of a ``KlingAuth``, one request after the other."""
    def __new__(
        cls,
        auth: KlingAuth,
        timeout: _Seconds,
        regions: bool | str | None = None,
        path: str | None = None,
    ) -> Self: ...
    def request(self) -> Request:
        """Return the request to send next."""
    def take(self, response: _Response) -> CheckResult | None:
        """Handle a response. Without a result, there is another request to send."""
    def fail(self, failure: str, has_proxy: bool) -> CheckResult:
        """Return the result if there was no response, for this reason."""

@final
class Cli:
    """One run of the command line. Each method passes the result of a step, and returns the next."""
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
    """Sign claims as ``encode`` does; ``None`` if the claims, the key or the header are unusual."""

def jwt_decode(token: bytes) -> tuple[bytes, bytes, bytes]:
    """Split a token into header, payload and signature, as bytes, without verifying it."""

def jwt_verify_signature(token: bytes, key: bytes) -> None:
    """Verify that a key signed a token. ``alg`` is ignored."""
