#!/usr/bin/env bash
# Guess: what mocks httpx in tests mocks httpx2 too, or refuses it, so the tests of a program that
# moves to openai 3 stay off the network.
# Seen: respx 0.23.1 and pytest-httpx 0.36.2 do not see httpx2 2.16.2, nor openai 3.57.0, which sends
# by it: each request reaches the real host, key and all. vcrpy 9.4.2 sees both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder"
python3 -m pip --python "$folder" install -q --no-compile httpx==0.28.1 httpx2==2.16.2 \
  openai==3.57.0 pytest==9.2.0 pytest-httpx==0.36.2 respx==0.23.1 vcrpy==9.4.2
cat >"$folder/test_mocks.py" <<'END'
import http.server, threading, httpx, httpx2, openai, pytest, respx, vcr

class Real(http.server.BaseHTTPRequestHandler):
    log_message = lambda *_: None
    def do_GET(self):
        self.send_response(418)
        self.end_headers()

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Real)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"

def by_openai():
    try:
        openai.OpenAI(api_key="key", base_url=url, max_retries=0).models.list()
    except openai.APIStatusError as error:
        return error.response

def show(mock):
    for client in (httpx, httpx2, openai):
        ask = by_openai if client is openai else lambda: client.get(url)
        try:
            seen = "reaches the host" if ask().status_code == 418 else "is mocked"
        except BaseException:
            seen = "is refused"
        print(f"\n{mock}: {client.__name__} {seen}")

def test_respx():
    with respx.mock:
        show("respx")

@pytest.mark.httpx_mock(assert_all_requests_were_expected=False)
def test_pytest_httpx(httpx_mock):
    show("pytest-httpx")

def test_vcrpy(tmp_path):
    with vcr.VCR(record_mode="none").use_cassette(str(tmp_path / "none.yaml")):
        show("vcrpy")
END
cd "$folder"
seen=$(bin/python -m pytest -qs -p no:cacheprovider test_mocks.py | grep ": ")
echo "$seen"
diff - <(echo "$seen") <<'END'
respx: httpx is refused
respx: httpx2 reaches the host
respx: openai reaches the host
pytest-httpx: httpx is refused
pytest-httpx: httpx2 reaches the host
pytest-httpx: openai reaches the host
vcrpy: httpx is refused
vcrpy: httpx2 is refused
vcrpy: openai is refused
END
