"""The HMAC key: what may be one, and from which length on it is a good one.

A public key, a certificate or a JWK is never the secret itself. Taking one for an HMAC key is the
mistake behind every attack that swaps RS256 for HS256, so all of them are refused, as in PyJWT
with ``cryptography`` installed.
"""

from __future__ import annotations

import json
import re

from ._text import utf8
from .exceptions import InvalidKeyError
from .warnings import InsecureKeyLengthWarning

#: As many bytes as SHA-256 gives (RFC 7518, section 3.2).
MINIMUM_LENGTH = 32


def secret_bytes(key: str | bytes, enforce_length: bool | None, stacklevel: int) -> bytes:
    """The bytes of ``key``; a warning at ``stacklevel`` if they are few.

    Raises `TypeError` if ``key`` is neither str nor bytes, `UnicodeEncodeError` for a lone
    surrogate, `InvalidKeyError` for what is empty or another kind of key, or too short under
    ``enforce_length``, of which ``None`` leaves the length alone.
    """
    if isinstance(key, str):
        key = utf8(key)
    elif not isinstance(key, bytes):
        raise TypeError("Expected a string or bytes value")
    # Letters and digits alone, as in Kling's keys, are no other kind of key.
    if not key.isalnum():
        _refuse_other_kinds(key)
    if len(key) < MINIMUM_LENGTH and enforce_length is not None:
        _report_length(len(key), enforce_length, stacklevel + 1)
    return key


def _refuse_other_kinds(key: bytes) -> None:
    if not key:
        raise InvalidKeyError("HMAC key must not be empty.")
    if _is_pem(key) or _is_ssh(key) or _is_der(key):
        raise InvalidKeyError(
            "The specified key is an asymmetric key or x509 certificate and"
            " should not be used as an HMAC secret."
        )
    if _is_jwk(key):
        raise InvalidKeyError(
            "The specified key looks like a JWK and should not be used directly as an HMAC secret."
            " Load it via PyJWK / HMACAlgorithm.from_jwk first.",
            remedy="pass the secret in its `k`, decoded from base64url",
        )


def length_fault(length: int, minimum: int, hash_name: str) -> str:
    """What PyJWT says of a key of so few bytes."""
    return (
        f"The HMAC key is {length} bytes long, which is below the minimum recommended length of "
        f"{minimum} bytes for {hash_name}. See RFC 7518 Section 3.2."
    )


def _report_length(length: int, enforce: bool, stacklevel: int) -> None:
    message = length_fault(length, MINIMUM_LENGTH, "SHA256")
    if enforce:
        raise InvalidKeyError(message)
    from warnings import warn

    warn(message, InsecureKeyLengthWarning, stacklevel=stacklevel)


_PEM_LABELS = (
    b"(?:TRUSTED )?CERTIFICATE|(?:NEW )?CERTIFICATE REQUEST|X509 CRL|DH PARAMETERS|PUBLIC KEY"
    b"|(?:(?:ENCRYPTED|OPENSSH|DSA|RSA|EC) )?PRIVATE KEY|RSA PUBLIC KEY"
    b"|SSH2 (?:PUBLIC|ENCRYPTED PRIVATE) KEY"
)


def _is_pem(key: bytes) -> bool:
    """Whether a BEGIN line and its END line occur in ``key``."""
    if b"----" not in key:
        return False
    block = rb"----[- ]BEGIN (%b)[- ]----.+?----[- ]END \1[- ]----" % _PEM_LABELS
    return re.search(block, key, re.DOTALL) is not None


def _is_ssh(key: bytes) -> bool:
    """Whether ``key`` starts as a line of ``authorized_keys`` does."""
    curves = (b"ecdsa-sha2-nistp256", b"ecdsa-sha2-nistp384", b"ecdsa-sha2-nistp521")
    return key.startswith((b"ssh-ed25519", b"ssh-rsa", b"ssh-dss", *curves))


#: The tags in the outermost SEQUENCE of a SubjectPublicKeyInfo (RFC 5280), a Certificate (the
#: same) and an RSAPublicKey (RFC 8017).
_DER_OUTLINES = (b"\x30\x03", b"\x30\x30\x03", b"\x02\x02")


def _is_der(key: bytes) -> bool:
    """Whether ``key`` is one of those from its first byte to its last, told by the outline."""
    if key[:1] != b"\x30":
        return False
    try:
        position, end = _der_content(key, 0)
        tags = bytearray()
        while position < end == len(key):
            tags.append(key[position])
            position = _der_content(key, position)[1]
    except IndexError:
        return False
    return position == end and tags in _DER_OUTLINES


def _der_content(der: bytes, position: int) -> tuple[int, int]:
    """Where the content of the element at ``position`` starts and ends (X.690, 8.1.3)."""
    length, start = der[position + 1], position + 2
    if length > 0x7F:
        start += length - 0x80
        length = int.from_bytes(der[position + 2 : start], "big")
    return start, start + length


def _is_jwk(key: bytes) -> bool:
    """Whether ``key`` is JSON with an object that has a ``kty`` (RFC 7517), however deep."""
    if b"{" not in key and b"[" not in key:
        return False
    found: list[bool] = []
    try:
        # No integer is ever parsed: Python refuses those of more than 4,300 digits.
        json.loads(key, parse_int=len, object_hook=lambda members: found.append("kty" in members))
    except RecursionError:
        return True  # thousands of brackets are no secret either
    except ValueError:
        return False
    return any(found)
