/**
 * Hostile arguments, responses and files: typed errors, limited memory, limited time.
 *
 * Arguments and files are tested in separate processes, because a system reports only the peak of a
 * process's memory.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { KlingAuth, check } from 'kling-auth';

import { hostile, outcomeOf, ran, repeated, slowly } from './abuse.support.mjs';
import { clients } from './clients.mjs';

const bin = fileURLToPath(new URL('../bin/kling-auth.cjs', import.meta.url));
const keys = ['0'.repeat(31) + 'a', '0'.repeat(31) + 'b'];

const counts = {};
const count = (name, more = 1) => (counts[name] = (counts[name] ?? 0) + more);
const root = mkdtempSync(join(tmpdir(), 'kling-abuse-'));
after(() => {
  rmSync(root, { recursive: true });
  const parts = Object.entries(counts).map(([name, number]) => `${name} ${number}`);
  const total = Object.values(counts).reduce((sum, number) => sum + number, 0);
  console.log(`abuse: ${parts.join(', ')}: ${total}`);
});

const TOKENS = `
  const KEY = '0123456789abcdef0123456789abcdef';
  const encoded = (text) => Buffer.from(text).toString('base64url');
  const signed = (payload, header = '{"alg":"HS256","typ":"JWT"}') => {
    const text = encoded(header) + '.' + encoded(payload);
    return text + '.' + createHmac('sha256', KEY).update(text).digest('base64url');
  };
  const DEEP = '[' .repeat(100_000) + ']'.repeat(100_000);
  const WIDE = signed('{"iss":"' + 'x'.repeat(MIB) + '","exp":2000000000,"nbf":1}');`;
const WEBHOOK = `
  const KEY = Buffer.from("a webhook's secret of 32 bytes!!");
  const SECRET = 'whsec_' + KEY.toString('base64');
  const sent = (body, other) => {
    const signature = createHmac('sha256', KEY).update('msg_1.1800000000.').update(body);
    return {
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1800000000',
      'webhook-signature': 'v1,' + signature.digest('base64'),
      ...other,
    };
  };
  const verified = (body, headers = sent(body), secret = SECRET) =>
    verifyWebhook(secret, headers, body, { now: 1800000000 });`;
const AUTH = `
  const auth = new KlingAuth(${JSON.stringify(keys[0])}, ${JSON.stringify(keys[1])});
  const EXPIRED = '{"code":1004,"message":"Authorization has expired"}';
  const learnt = (headers, body, token) => {
    const { cause, action } = auth.handleResponse({ status: 401, headers, body, token });
    return [cause, action, auth.clockOffset];
  };
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => ['x-' + n, 'x']));`;

const TAKEN = '{"id":"msg_1","timestamp":1800000000}';
const FORGED = 'KlingAuthError ERR_WEBHOOK_SIGNATURE';
const NOT_KLING = '["not_kling","fail",0]';
const LATE = '["token_expired","fail",0]';

/** Setup, call, expected result, and how many MiB it may take besides its input. */
const INPUTS = {
  'inspect 1 MiB': [TOKENS, "inspect('A'.repeat(MIB))", 'KlingAuthError ERR_TOKEN_SEGMENTS'],
  'inspect dots': [TOKENS, "inspect('.'.repeat(MIB))", 'KlingAuthError ERR_TOKEN_SEGMENTS'],
  'inspect a wide token': [TOKENS, 'inspect(WIDE, KEY).cause', '"unknown_access_key"'],
  'inspect deep claims': [
    TOKENS,
    `inspect(signed('{"x":' + DEEP + '}'))`,
    'KlingAuthError ERR_TOKEN_CLAIMS',
  ],
  'inspect a deep header': [
    TOKENS,
    `inspect(signed('{}', '{"x":' + DEEP + '}'))`,
    'KlingAuthError ERR_TOKEN_HEADER',
  ],
  'verify 1 MiB': [
    TOKENS,
    "jwt.verify('A'.repeat(MIB), KEY)",
    'JsonWebTokenError ERR_TOKEN_SEGMENTS',
  ],
  'verify a wide token': [TOKENS, 'jwt.verify(WIDE, KEY).iss.length', '1048576'],
  'verify deep claims': [TOKENS, `!!jwt.verify(signed('{"x":' + DEEP + '}'), KEY).x`, 'true'],
  'decode a deep header': [TOKENS, `jwt.decode(signed('{}', '{"x":' + DEEP + '}'))`, '{}'],
  'sign 1 MiB': [TOKENS, "jwt.sign({ x: 'x'.repeat(MIB) }, KEY).length > MIB", 'true'],
  'an access key of 1 MiB': [
    '',
    "new KlingAuth('xyz'.repeat(MIB), 'abcd'.repeat(8))",
    'KlingAuthError ERR_ACCESS_KEY_TOO_LONG',
  ],
  'a URL of 10 MiB': [
    AUTH,
    "auth.headersFor('https://' + 'x'.repeat(10 * MIB))",
    'KlingAuthError ERR_ORIGIN',
    96,
  ],
  'a body of 100 MiB': [
    AUTH + 'const body = Buffer.alloc(100 * MIB, 32);',
    'learnt({}, body)',
    NOT_KLING,
  ],
  'a deep body': [AUTH, `learnt({}, '{"code":' + '['.repeat(100_000))`, NOT_KLING],
  'a bearer of 1 MiB': [AUTH, "learnt({}, EXPIRED, 'x.'.repeat(MIB))", LATE],
  '10,000 headers': [AUTH, 'learnt(many, EXPIRED)', LATE],
  'a header of 1 MiB': [AUTH, "learnt({ date: 'x'.repeat(MIB) }, EXPIRED)", LATE],
  'a callback of 100 MiB': [
    WEBHOOK + 'const body = Buffer.alloc(100 * MIB);',
    'verified(body)',
    TAKEN,
    110,
  ],
  'a deep callback': [WEBHOOK, "verified('['.repeat(100_000))", TAKEN],
  'a callback with 10,000 headers': [
    AUTH + WEBHOOK,
    "verified('', { ...many, ...sent('') })",
    TAKEN,
  ],
  'an id of 1 MiB': [WEBHOOK, "verified('', sent('', { 'webhook-id': 'x'.repeat(MIB) }))", FORGED],
  'a time of 1 MiB': [
    WEBHOOK,
    "verified('', sent('', { 'webhook-timestamp': '1'.repeat(MIB) }))",
    'KlingAuthError ERR_WEBHOOK_HEADER',
  ],
  '100,000 signatures': [
    WEBHOOK,
    "verified('', sent('', { 'webhook-signature': 'v1,x '.repeat(100_000) }))",
    FORGED,
  ],
  'a secret of 1 MiB': [
    WEBHOOK,
    "verified('', sent(''), 'whsec_' + 'A'.repeat(MIB))",
    'KlingAuthError ERR_WEBHOOK_SECRET',
  ],
};

describe('inputs', () => {
  for (const [name, [setup, call, expected, room = 48]] of Object.entries(INPUTS)) {
    test(name, async () => {
      const { outcome, grown, took } = await outcomeOf(call, setup);
      assert.equal(outcome, expected);
      assert(grown <= room, `${grown} MiB`);
      // WebAssembly hashes 100 MiB in six seconds; a call that is not linear would take minutes.
      assert(took < 30, `${took} s`);
      count('inputs');
    });
  }
});

test('hostile dates', () => {
  const now = 1_800_000_000; // at 08:00 of 15 January 2027
  const dates = [
    ...['', 'x', '0', '-1', '1e308', '9'.repeat(5000), '\ud800', null, 17, [], {}],
    ...['Fri, 31 Dec 9999 23:59:59 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT'],
    ...['Sat, 01 Jan 0000 00:00:00 GMT', 'Fri, 32 Jan 2027 09:00:00 GMT'],
    ...['Fri, 15 Jan 2027 24:00:00 GMT', 'Fri, 15 Jan 2027 09:00:00 +0000'],
    ...['Friday, 15-Jan-27 09:00:00 GMT', 'Sun, 17 Jan 2027 09:00:01 GMT'],
    ...['Fri, 15 Jan 2027 09:00:00 GMT\0', '٣١, 15 Jan 2027 09:00:00 GMT'],
  ];
  for (const date of dates) {
    for (const code of [1000, 1003, 1004]) {
      const auth = new KlingAuth(...keys, { clock: () => now });
      const { token } = auth;
      const body = { code, message: 'authentication failed' };
      for (const headers of [{ date }, [['Date', date]]]) {
        assert.equal(auth.handleResponse({ status: 401, headers, body, token }).action, 'fail');
        assert.deepEqual([auth.clockOffset, auth.token], [0, token]);
        count('dates');
      }
    }
  }
});

const HEAD = 'HTTP/1.1 401 Unauthorized\r\n';
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
const MIB = 'x'.repeat(2 ** 20);
const whole =
  (body, headers = '', status = HEAD) =>
  () => [
    Buffer.from(`${status}${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`),
  ];
const cut = (text) => () => [Buffer.from(text)];

/** What the server sends, and the accepted causes. */
const ANSWERS = {
  nothing: [() => [], ['connection']],
  'no HTTP': [cut('SSH-2.0-OpenSSH_9.6\r\n'), ['connection']],
  'a status of nobody': [whole('{}', '', 'HTTP/1.1 999 x\r\n'), ['not_kling']],
  'a status out of range': [whole('{}', '', 'HTTP/1.1 70000 x\r\n'), ['connection', 'not_kling']],
  'a status below all': [whole('{}', '', 'HTTP/1.1 000 x\r\n'), ['connection', 'not_kling']],
  'a slow head': [() => slowly(`${HEAD}x-slow: `), ['timeout']],
  'a slow body': [() => slowly(`${HEAD}content-length: 4000\r\n\r\n`), ['timeout']],
  'a slow chunk': [() => slowly(`${CHUNKED}fff\r\n`), ['timeout']],
  'continue without end': [
    () => repeated('', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)),
    ['connection', 'timeout'],
  ],
  'headers without end': [() => repeated(HEAD, 'x-many: x\r\n'.repeat(100)), ['connection']],
  '10,000 headers': [whole('{}', 'x-many: x\r\n'.repeat(10_000)), ['connection', 'not_kling']],
  'a header of 1 MiB': [whole('{}', `x-wide: ${MIB}\r\n`), ['connection']],
  'a body without end': [() => repeated(`${HEAD}\r\n`, MIB), ['not_kling']],
  'chunks without end': [() => repeated(CHUNKED, `100000\r\n${MIB}\r\n`), ['not_kling']],
  'a body of 100 MiB': [
    () => repeated(`${HEAD}content-length: 104857600\r\n\r\n`, MIB, 100),
    ['not_kling'],
  ],
  'cut in the head': [cut(`${HEAD}content-le`), ['connection']],
  'cut in the body': [cut(`${HEAD}content-length: 99\r\n\r\n{`), ['connection']],
  'cut in a chunk': [cut(`${CHUNKED}ff\r\n{`), ['connection']],
  'a chunk of no size': [cut(`${CHUNKED}zz\r\n{`), ['connection']],
  'a deep body': [whole(`{"code":${'['.repeat(100_000)}`), ['not_kling']],
  'a thousand dates': [
    whole('{"code":1004}', 'date: Fri, 31 Dec 9999 23:59:59 GMT\r\n'.repeat(90)),
    ['token_expired'],
  ],
  'a place of nobody': [
    whole('', 'location: //[::\r\n', 'HTTP/1.1 302 Found\r\n'),
    ['redirect', 'connection'],
  ],
};

/** Short only where a timeout is expected. */
const timeoutOf = (causes) => (causes.includes('timeout') ? 0.5 : 10);
/** What all may take on a busy machine, in milliseconds. */
const LIMIT = 15_000;

describe('answers', () => {
  const names = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'];
  before(() => {
    for (const name of names.flatMap((name) => [name, name.toUpperCase()]))
      delete process.env[name];
  });

  for (const [name, [parts, causes]] of Object.entries(ANSWERS)) {
    test(`check: ${name}`, async () => {
      const { url, stop } = await hostile(parts);
      const start = Date.now();
      const auth = new KlingAuth(...keys, { baseUrl: url });
      const result = await check(auth, { timeout: timeoutOf(causes) });
      stop();
      assert(Date.now() - start < LIMIT);
      assert(!result.isValid && causes.includes(result.cause), result.cause);
      count('answers to check');
    });

    test(`the command line: ${name}`, async () => {
      const { url, stop } = await hostile(parts);
      const [KLING_ACCESS_KEY, KLING_SECRET_KEY] = keys;
      const env = { KLING_ACCESS_KEY, KLING_SECRET_KEY, KLING_API_BASE: url, HOME: root };
      const command = [process.execPath, bin, 'check', '--json', `--timeout=${timeoutOf(causes)}`];
      const start = Date.now();
      const { status, stdout, stderr } = await ran(command, { env, cwd: root });
      stop();
      assert(Date.now() - start < LIMIT);
      assert(causes.includes(JSON.parse(stdout).cause), stdout + stderr);
      assert(status > 0 && status < 100 && stderr === '');
      count('answers to the command line');
    });
  }

  /** Each client fails with its own error or returns the response, and the manager is unchanged. */
  for (const [client, send] of Object.entries(clients)) {
    test(client, async () => {
      for (const name of [
        'nothing',
        'no HTTP',
        'a header of 1 MiB',
        '10,000 headers',
        'a body of 100 MiB',
        'cut in the body',
        'a chunk of no size',
        'a deep body',
      ]) {
        const { url, stop } = await hostile(ANSWERS[name][0]);
        const auth = new KlingAuth(...keys, { baseUrl: url });
        const { token } = auth;
        const request = { url: `${url}/v1/videos`, method: 'GET', headers: {} };
        const outcome = await send(auth, request).catch((error) => error);
        assert(outcome instanceof Error || outcome.status === 401, name);
        assert.deepEqual([auth.token, auth.clockOffset], [token, 0]);
        stop();
        count('answers to clients');
      }
    });
  }
});

/** Endless standard input, for each command that reads it. */
const READING = {
  inspect: ['inspect', '-'],
  webhook: ['webhook', '--id=msg_1', '--timestamp=1800000000', '--signature=v1,x'],
};

for (const [name, command] of Object.entries(READING)) {
  test(`endless input: ${name}`, async () => {
    const endless = openSync('/dev/zero');
    const env = { KLING_WEBHOOK_SECRET: `whsec_${'A'.repeat(44)}`, HOME: root };
    const stdio = [endless, 'pipe', 'pipe'];
    const outcome = await ran([process.execPath, bin, ...command], { env, stdio });
    closeSync(endless);
    assert.deepEqual([outcome.status, outcome.stdout], [6, '']);
    assert.match(outcome.stderr, /^kling-auth: /);
    count('inputs without end');
  });
}

const NO_FILE = 'KlingAuthError ERR_FILE_UNREADABLE';
const TOO_LARGE = 'KlingAuthError ERR_FILE_TOO_LARGE';
const MISSING = 'KlingAuthError ERR_CREDENTIALS_MISSING';
const link = (target) => (path) => symlinkSync(target, path);
const file = (text) => (path) => writeFileSync(path, text, { mode: 0o600 });

/** What is at the path, and the results if it is a secret's file, `.env` or the profile. */
const PLACES = {
  'a directory': [(path) => mkdirSync(path), NO_FILE, NO_FILE, NO_FILE],
  'a pipe': [(path) => execFileSync('mkfifo', [path]), NO_FILE, NO_FILE, NO_FILE],
  'a link to nothing': [link('/nobody/here'), NO_FILE, MISSING, MISSING],
  'a link below a file': [link('/etc/passwd/x'), NO_FILE, MISSING, MISSING],
  'a link to itself': [(path) => symlinkSync(path, path), NO_FILE, NO_FILE, NO_FILE],
  'a device without end': [link('/dev/zero'), NO_FILE, NO_FILE, NO_FILE],
  memory: [link('/proc/self/mem'), NO_FILE, NO_FILE, NO_FILE],
  '10 MiB': [file('KLING_ACCESS_KEY=x\n'.repeat(550_000)), TOO_LARGE, TOO_LARGE, TOO_LARGE],
  'a tebibyte of nothing': [
    (path) => (file('')(path), truncateSync(path, 2 ** 40)),
    TOO_LARGE,
    TOO_LARGE,
    TOO_LARGE,
  ],
};

describe('places', { skip: process.platform !== 'linux' && 'has what Linux has for files' }, () => {
  for (const [name, [make, ...outcomes]] of Object.entries(PLACES)) {
    test(name, async () => {
      const ways = { secret: 'key', dotenv: '.env', profile: 'home/.config/kling/.credentials' };
      for (const [index, [way, path]] of Object.entries(ways).entries()) {
        const place = join(root, `${name} ${way}`);
        mkdirSync(join(place, path, '..'), { recursive: true });
        make(join(place, path));
        const byName = { KLING_ACCESS_KEY: keys[0], KLING_SECRET_KEY_FILE: join(place, path) };
        const env = { HOME: join(place, 'home'), ...(way === 'secret' ? byName : {}) };
        const { outcome, grown } = await outcomeOf('new KlingAuth()', '', { env, cwd: place });
        assert.equal(outcome, outcomes[index], way);
        assert(grown <= 48, `${grown} MiB`);
        count('places');
      }
    });
  }
});
