#!/usr/bin/env bash
# Guess: `jwt.decode(token, key)` refuses an expired token, as PyJWT 2.15.1 does.
# Seen, joserfc 1.8.0: it checks the signature alone and gives the claims; the times are checked by a
# second call, JWTClaimsRegistry().validate(claims), as its documentation has it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder"
python3 -m pip --python "$folder" install -q --no-compile joserfc==1.8.0 pyjwt==2.15.1
seen=$("$folder/bin/python" - <<'END'
import jwt
from joserfc import jwt as joserfc
from joserfc.jwk import OctKey

secret = "k" * 32
key = OctKey.import_key(secret)
token = jwt.encode({"exp": 1}, secret)
try:
    jwt.decode(token, secret, algorithms=["HS256"])
except jwt.ExpiredSignatureError as error:
    print("PyJWT", error)
claims = joserfc.decode(token, key).claims
print("joserfc", claims)
try:
    joserfc.JWTClaimsRegistry().validate(claims)
except Exception as error:
    print("then", type(error).__name__)
END
)
echo "$seen"
diff - <(echo "$seen") <<'END'
PyJWT Signature has expired
joserfc {'exp': 1}
then ExpiredTokenError
END
