#!/usr/bin/env bash
# Guess: the lifetime 1800 means half an hour to JWT libraries of Node.
# Seen: to jsonwebtoken 9.0.3 it is seconds, but "1800" as text is milliseconds; to fast-jwt 6.3.6
# the number is milliseconds: the token ends after two seconds; to jose 6.2.18 it is a time in 1970.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 jsonwebtoken@9.0.3 fast-jwt@6.3.6 jose@6.2.18
cat >sign.mjs <<'END'
import jsonwebtoken from "jsonwebtoken";
import { createSigner } from "fast-jwt";
import { SignJWT } from "jose";
const key = "k".repeat(32);
const show = (name, token) => {
  const { iat, exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  console.log(name, exp < iat ? new Date(exp * 1000).getUTCFullYear() : `${exp - iat} s`);
};
show("jsonwebtoken 1800", jsonwebtoken.sign({}, key, { expiresIn: 1800 }));
show('jsonwebtoken "1800"', jsonwebtoken.sign({}, key, { expiresIn: "1800" }));
show("fast-jwt 1800", createSigner({ key, expiresIn: 1800 })({}));
const jwt = new SignJWT({}).setProtectedHeader({ alg: "HS256" }).setIssuedAt().setExpirationTime(1800);
show("jose 1800", await jwt.sign(Buffer.from(key)));
END
seen=$(node_modules/node/bin/node sign.mjs)
echo "$seen"
diff - <(echo "$seen") <<'END'
jsonwebtoken 1800 1800 s
jsonwebtoken "1800" 1 s
fast-jwt 1800 2 s
jose 1800 1970
END
