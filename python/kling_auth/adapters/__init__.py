"""How ``KlingAuth`` is the auth of HTTP clients, one module a client; imported on first use.

All do the same: attach the bearer, send, take in a refusal, and send once more where that helps.
"""
