"""Sends fifty requests at once: they share one token, and a wrong clock is corrected once."""

import asyncio

import httpx2

from kling_auth import KlingAuth


async def statuses(count=50):
    auth = KlingAuth()
    async with httpx2.AsyncClient(auth=auth, base_url=auth.base_url, timeout=30) as client:
        requests = [client.get("/v1/videos/text2video") for _ in range(count)]
        return [response.status_code for response in await asyncio.gather(*requests)]


if __name__ == "__main__":
    print(asyncio.run(statuses()))
