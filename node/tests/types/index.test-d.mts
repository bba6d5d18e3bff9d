/** The public types, used as a user would; compiled by `tsc`, never run. */
import { KlingAuth, KlingAuthError, generateKlingToken } from 'kling-auth';

const token: string = generateKlingToken();
generateKlingToken('access-key', 'secret-key', { lifetime: 60, now: 1_800_000_000 });

const auth = new KlingAuth('access-key', 'secret-key', { bufferSec: 60, clock: () => 0 });
const headers: HeadersInit = auth.headers;
const expiresAt: number | undefined = auth.expiresAt;
const refreshed: string = auth.refresh();
auth.rotate(null, null, { apiKey: 'api-key-kling-1' });
new KlingAuth();
new KlingAuth(process.env.KLING_ACCESS_KEY, process.env.KLING_SECRET_KEY);

try {
  new KlingAuth('');
} catch (error) {
  if (error instanceof KlingAuthError) console.log(error.code.startsWith('ERR_'), error.stack);
}

// @ts-expect-error the lifetime is a number of seconds
generateKlingToken('access-key', 'secret-key', { lifetime: '30m' });
// @ts-expect-error a token is read, not set
auth.token = token;
// @ts-expect-error keys are strings
new KlingAuth(Buffer.from('access-key'));

export { expiresAt, headers, refreshed };
