"""``KlingAuth`` as the auth of HTTP clients: one module for each client, imported on first use.

Each attaches the bearer, sends the request, handles a refusal, and sends the request once more if
the verdict says so.
"""
