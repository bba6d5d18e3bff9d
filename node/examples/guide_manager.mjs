import jwt from "kling-auth/jwt";

/** Auto-refreshing JWT token manager. */
class KlingAuth {
  #token;
  #expiresAt = 0;

  constructor(accessKey, secretKey, bufferSec = 300) {
    this.ak = accessKey;
    this.sk = secretKey;
    this.buffer = bufferSec; // refresh 5 min before expiry
  }

  get token() {
    if (Date.now() / 1000 >= this.#expiresAt - this.buffer) this.#refresh();
    return this.#token;
  }

  #refresh() {
    const now = Math.floor(Date.now() / 1000);
    const payload = { iss: this.ak, exp: now + 1800, nbf: now - 5 };
    this.#token = jwt.sign(payload, this.sk, { algorithm: "HS256", header: { typ: "JWT" } });
    this.#expiresAt = now + 1800;
  }

  get headers() {
    return {
      Authorization: `Bearer ${this.token}`,
      "Content-Type": "application/json",
    };
  }
}
