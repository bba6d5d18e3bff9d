/** The interface of Google's client, as far as the documentation uses it. */
import { expect, held } from '../../held.mjs';

export class SecretManagerServiceClient {
  async accessSecretVersion(request) {
    expect(/^projects\/[^/]+\/secrets\/kling\/versions\/latest$/.test(request.name), request);
    const data = Buffer.from(JSON.stringify(await held()));
    return [{ name: request.name, payload: { data } }, undefined, undefined];
  }
}
