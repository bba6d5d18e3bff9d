"""The stable names that programs compare, as types for an exhaustive ``match``.

A later version may add names. A type checker then points to each ``match`` that lacks one. At run
time, a program that was not checked again needs a ``case _`` for them.
"""

from typing import Literal, Union

Action = Union[Literal["accept"], Literal["retry", "backoff", "fail"]]
"""What a program does after a response: ``Verdict.action``."""

Cause = Union[
    Literal["accepted"],
    Literal[
        "wrong_secret_key",
        "unknown_access_key",
        "unknown_api_key",
        "key_disabled",
        "wrong_scheme",
        "token_malformed",
        "authentication_failed",
        "authorization_missing",
        "authorization_invalid",
        "token_not_yet_valid",
        "token_expired",
        "no_permission",
        "account_abnormal",
        "account_in_arrears",
        "resource_pack_used_up",
        "rate_limited",
        "too_many_concurrent",
        "ip_not_allowed",
        "resource_not_found",
        "invalid_parameters",
        "method_not_found",
        "policy_violation",
        "content_unsafe",
        "server_fault",
        "server_unavailable",
        "server_timeout",
    ],
    Literal[
        "relay_key_refused",
        "relay_forbidden",
        "relay_not_found",
        "relay_rate_limited",
        "relay_failed",
        "relay_refused",
    ],
    Literal["unknown_code", "not_kling"],
]
"""Why a request was refused: ``Verdict.cause`` and ``Inspection.cause``."""

CheckCause = Union[
    Cause,
    Literal[
        "clock_skew",
        "wrong_region",
        "redirect",
        "dns",
        "tls",
        "timeout",
        "proxy",
        "connection",
    ],
]
"""The result of a check: ``CheckResult.cause``."""

SourceKind = Union[Literal["arguments", "function"], Literal["environment", "dotenv", "profile"]]
"""The source of credentials: ``KlingAuth.source_kind`` and ``CheckResult.source_kind``."""
