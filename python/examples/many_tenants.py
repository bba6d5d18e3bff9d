"""One KlingAuth for each account of a service, made when it is first needed.

An object holds its signer and one token, so that thousands are no burden. It never waits, and all
threads may share it.
"""

import requests

from kling_auth import KlingAuth


class Tenants:
    """The accounts, by a name of your own; ``fetch(name)`` returns ``(access_key, secret_key)``."""

    def __init__(self, fetch, **options):
        self._fetch, self._options, self._held = fetch, options, {}

    def __getitem__(self, name):
        if name not in self._held:
            # Called again by itself when Kling no longer knows the keys.
            made = KlingAuth(credentials=lambda: self._fetch(name), **self._options)
            # Where two threads are here at once, both go on with the first.
            self._held.setdefault(name, made)
        return self._held[name]


def videos_of(tenants, name):
    auth = tenants[name]
    return requests.get(f"{auth.base_url}/v1/videos/text2video", auth=auth, timeout=30).json()
