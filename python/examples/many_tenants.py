"""One KlingAuth for each account of a service, created on first use.

An object needs little memory, so a program can have thousands. All threads may share it.
"""

import requests

from kling_auth import KlingAuth


class Tenants:
    """The accounts by name. ``fetch(name)`` returns ``(access_key, secret_key)``."""

    def __init__(self, fetch, **options):
        self._fetch, self._options, self._held = fetch, options, {}

    def __getitem__(self, name):
        if name not in self._held:
            # The function is called again when Kling no longer knows the keys.
            made = KlingAuth(credentials=lambda: self._fetch(name), **self._options)
            # If two threads are here at the same time, both use the first object.
            self._held.setdefault(name, made)
        return self._held[name]


def videos_of(tenants, name):
    auth = tenants[name]
    return requests.get(f"{auth.base_url}/v1/videos/text2video", auth=auth, timeout=30).json()
