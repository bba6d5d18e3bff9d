"""For type checkers only: the clients' own auth classes, as bases of ``KlingAuth``.

No program imports these modules. Each has a client's class, or an empty class if the client is not
installed. They use ``import *``: a single name from a module that is not installed would have the
type ``Any``, and so would every attribute of ``KlingAuth``.
"""
