#!/usr/bin/env bash
# Guess: a client middleware of aiohttp wraps one call of session.get, redirects included.
# Seen, aiohttp 3.14.5: it runs for each hop of the redirect again, with that hop's URL; a
# middleware that sets Authorization sets it at each, wherever the redirect goes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder"
python3 -m pip --python "$folder" install -q --no-compile aiohttp==3.14.5
seen=$("$folder/bin/python" - <<'END'
import asyncio, aiohttp
from aiohttp import web

async def middleware(request, handler):
    print("middleware", request.url.path)
    return await handler(request)
async def redirect(_):
    raise web.HTTPFound("/end")
async def end(_):
    return web.Response(text="end")

async def main():
    app = web.Application()
    app.add_routes([web.get("/start", redirect), web.get("/end", end)])
    await (runner := web.AppRunner(app)).setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession(middlewares=(middleware,)) as session:
        async with session.get(f"http://127.0.0.1:{port}/start") as response:
            print(await response.text())
    await runner.cleanup()
asyncio.run(main())
END
)
echo "$seen"
diff - <(echo "$seen") <<'END'
middleware /start
middleware /end
end
END
