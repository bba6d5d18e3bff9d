"""Checks the HMAC key: its kind and its length.

A public key, a certificate or a JWK is never an HMAC secret. To accept one makes attacks possible
that replace RS256 by HS256, so all of them are refused, as in PyJWT with ``cryptography``
installed.
"""

from __future__ import annotations

import json
import re

from ._text import utf8
from .exceptions import InvalidKeyError
from .warnings import InsecureKeyLengthWarning

#: The length of a SHA-256 hash in bytes (RFC 7518, section 3.2).
MINIMUM_LENGTH = 32


def secret_bytes(key: str | bytes, enforce_length: bool | None, stacklevel: int) -> bytes:
    """Return the bytes of ``key``, and warn at ``stacklevel`` if it is short.

    With ``enforce_length``, a short key raises `InvalidKeyError`; with ``None``, the length is not
    checked. An empty key and other kinds of keys raise `InvalidKeyError`, a lone surrogate
    `UnicodeEncodeError`, and any type but str and bytes `TypeError`.
    """
    if isinstance(key, str):
        key = utf8(key)
    elif not isinstance(key, bytes):
        raise TypeError("Expected a string or bytes value")
    # Only letters and digits, as in Kling's keys: this cannot be another kind of key.
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
    """Return PyJWT's message for a short key."""
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
    """Say whether ``key`` contains a BEGIN line and its END line."""
    if b"----" not in key:
        return False
    block = rb"----[- ]BEGIN (%b)[- ]----.+?----[- ]END \1[- ]----" % _PEM_LABELS
    return re.search(block, key, re.DOTALL) is not None


def _is_ssh(key: bytes) -> bool:
    """Say whether ``key`` starts like a line of ``authorized_keys``."""
    curves = (b"ecdsa-sha2-nistp256", b"ecdsa-sha2-nistp384", b"ecdsa-sha2-nistp521")
    return key.startswith((b"ssh-ed25519", b"ssh-rsa", b"ssh-dss", *curves))


#: The tags in the outermost SEQUENCE of a SubjectPublicKeyInfo (RFC 5280), a Certificate (the
#: same) and an RSAPublicKey (RFC 8017).
_DER_OUTLINES = (b"\x30\x03", b"\x30\x30\x03", b"\x02\x02")


def _is_der(key: bytes) -> bool:
    """Say whether the whole of ``key`` has one of these outlines."""
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
    """Return start and end of the content of the element at ``position`` (X.690, 8.1.3)."""
    length, start = der[position + 1], position + 2
    if length > 0x7F:
        start += length - 0x80
        length = int.from_bytes(der[position + 2 : start], "big")
    return start, start + length


def _is_jwk(key: bytes) -> bool:
    """Say whether ``key`` is JSON with an object that has a ``kty`` (RFC 7517), at any depth."""
    if b"{" not in key and b"[" not in key:
        return False
    found: list[bool] = []
    try:
        # Integers are not parsed, since Python refuses more than 4,300 digits.
        json.loads(key, parse_int=len, object_hook=lambda members: found.append("kty" in members))
    except RecursionError:
        return True  # thousands of brackets are not a secret
    except ValueError:
        return False
    return any(found)
