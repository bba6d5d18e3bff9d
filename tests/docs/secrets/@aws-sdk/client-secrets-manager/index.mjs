/** The interface of AWS's client, as far as the documentation uses it. */
import { expect, held } from '../../held.mjs';

export class GetSecretValueCommand {
  constructor(input) {
    this.input = input;
  }
}

export class SecretsManagerClient {
  async send(command) {
    expect(command instanceof GetSecretValueCommand && command.input.SecretId === 'kling', command);
    return { Name: 'kling', SecretString: JSON.stringify(await held()) };
  }
}
