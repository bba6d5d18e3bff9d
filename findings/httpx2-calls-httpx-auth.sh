#!/usr/bin/env bash
# Guess: httpx2, the fork of httpx, takes an httpx.Auth as httpx does, by its auth_flow.
# Seen, httpx2 2.16.2 beside httpx 0.28.1: it knows its own Auth class alone. An httpx.Auth that can
# be called is called with the request, as a function; one that cannot is a TypeError.
# After httpx2.alias_httpx() `import httpx` gives httpx2, and the same class is taken.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder"
python3 -m pip --python "$folder" install -q --no-compile httpx2==2.16.2 httpx==0.28.1
seen=$("$folder/bin/python" - <<'END'
import sys, httpx2

def answer(request):
    return httpx2.Response(200, text=request.headers.get("authorization", "none"))
def bearer(httpx):
    class Bearer(httpx.Auth):
        def auth_flow(self, request):
            request.headers["Authorization"] = "Bearer token"
            yield request
    class Callable(Bearer):
        def __call__(self, request):
            return print("called as a function") or request
    return Bearer(), Callable()
client = httpx2.Client(transport=httpx2.MockTransport(answer))
import httpx
for auth in bearer(httpx):
    try:
        print(client.get("http://localhost/", auth=auth).text)
    except TypeError as error:
        print(str(error).partition(":")[0])
del sys.modules["httpx"]
httpx2.alias_httpx()
import httpx
print(httpx is httpx2, client.get("http://localhost/", auth=bearer(httpx)[0]).text)
END
)
echo "$seen"
diff - <(echo "$seen") <<'END'
Invalid "auth" argument
called as a function
none
True Bearer token
END
