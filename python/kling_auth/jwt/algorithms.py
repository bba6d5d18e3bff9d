"""The parts of ``jwt.algorithms`` that are about HS256.

>>> from kling_auth.jwt.algorithms import get_default_algorithms, requires_cryptography
>>> list(get_default_algorithms()), "RS256" in requires_cryptography
(['HS256'], True)
"""

from __future__ import annotations

import hmac
import json
from hashlib import sha256

from ._keys import MINIMUM_LENGTH, length_fault, secret_bytes
from ._text import utf8
from .exceptions import InvalidKeyError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Whether algorithms of public keys are supported. They are not.
has_crypto = False

#: The algorithms of public keys, for programs that look up which key an algorithm needs.
requires_cryptography: set[str] = {
    "ES256",
    "ES256K",
    "ES384",
    "ES512",
    "ES521",
    "EdDSA",
    "PS256",
    "PS384",
    "PS512",
    "RS256",
    "RS384",
    "RS512",
}


class Algorithm:
    """The base class of algorithms."""

    def prepare_key(self, key: Any) -> Any:
        """Check a key, and return it in the form that ``sign`` and ``verify`` need."""
        raise NotImplementedError

    def sign(self, msg: bytes, key: Any) -> bytes:
        """Return the signature of ``msg``."""
        raise NotImplementedError

    def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
        """Say whether ``sig`` is the signature of ``msg``."""
        raise NotImplementedError

    def check_key_length(self, key: Any) -> str | None:
        """Return what is wrong with the length of ``key``, or ``None``."""
        return None


class HMACAlgorithm(Algorithm):
    """HMAC with SHA-256: ``HS256``.

    >>> hs256 = HMACAlgorithm(HMACAlgorithm.SHA256)
    >>> key = hs256.prepare_key("a secret of thirty-two characters")
    >>> hs256.verify(b"a message", key, hs256.sign(b"a message", key))
    True
    """

    SHA256 = sha256

    def __init__(self, hash_alg: Any = sha256) -> None:
        """``hash_alg`` is ``HMACAlgorithm.SHA256``, the only supported hash function."""
        if hash_alg is not sha256:
            raise NotImplementedError("only HS256 is supported: use PyJWT for any other algorithm")
        self.hash_alg = hash_alg

    def prepare_key(self, key: str | bytes) -> bytes:
        """Return the bytes of ``key``, unless it is empty or another kind of key."""
        # `check_key_length` checks the length.
        return secret_bytes(key, None, 2)

    def sign(self, msg: bytes, key: bytes) -> bytes:
        """Return the signature of ``msg``."""
        return hmac.new(key, msg, sha256).digest()

    def verify(self, msg: bytes, key: bytes, sig: bytes) -> bool:
        """Say whether ``sig`` is the signature of ``msg``, in constant time."""
        return hmac.compare_digest(sig, self.sign(msg, key))

    def check_key_length(self, key: bytes) -> str | None:
        """Return what is wrong with the length of ``key``, or ``None``."""
        if len(key) < MINIMUM_LENGTH:
            return length_fault(len(key), MINIMUM_LENGTH, "SHA256")
        return None

    @staticmethod
    def to_jwk(key_obj: str | bytes, as_dict: bool = False) -> dict[str, str] | str:
        """Return the key as a JWK (RFC 7517)."""
        from base64 import urlsafe_b64encode

        key = utf8(key_obj) if isinstance(key_obj, str) else key_obj
        jwk = {"k": urlsafe_b64encode(key).rstrip(b"=").decode(), "kty": "oct"}
        return jwk if as_dict else json.dumps(jwk)

    @staticmethod
    def from_jwk(jwk: str | dict[str, Any]) -> bytes:
        """Return the key in a JWK (RFC 7517)."""
        from base64 import urlsafe_b64decode

        try:
            members = json.loads(jwk) if isinstance(jwk, str) else jwk
            is_hmac = members["kty"] == "oct"
        except (ValueError, TypeError, KeyError):
            members = is_hmac = None
        if members is None:
            raise InvalidKeyError("Key is not valid JSON")
        if not is_hmac:
            raise InvalidKeyError("Not an HMAC key")
        key = urlsafe_b64decode(members["k"] + "=" * (-len(members["k"]) % 4))
        if not key:
            raise InvalidKeyError("HMAC key must not be empty.")
        return key


def get_default_algorithms() -> dict[str, Algorithm]:
    """Return the supported algorithms by name."""
    return {"HS256": HMACAlgorithm()}
