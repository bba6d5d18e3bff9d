"""For type checkers alone: what clients call an auth, so that a ``KlingAuth`` is one to them too.

Nothing imports these modules when a program runs. Each has a client's own class, or an empty one
where the client is not installed. An import of all is what it takes: of a module that is not there,
any single name would be of any type, and with it every attribute of a ``KlingAuth``.
"""
