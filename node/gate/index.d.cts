/**
 * A local stand-in for Kling's API, for the tests of programs that use kling-auth.
 *
 * Times are seconds.
 */

/** Options of `KlingGate.start`. */
export interface KlingGateOptions {
  /** Whether the environment gets a key pair (`jwt`, the default) or an API key (`api_key`). */
  scheme?: 'jwt' | 'api_key' | undefined;
  /**
   * Takes the function that stops the gate, for your test runner: `(f) => t.after(f)` in node:test,
   * `onTestFinished` in vitest, `afterAll` in jest. It is called before `start` waits for anything.
   */
  onEnd?: ((cleanup: () => Promise<void> | undefined) => unknown) | undefined;
}

/** Credentials that the gate knows. */
export interface KlingGateAccount {
  /** The access key of the pair. */
  accessKey: string;
  /** The secret key of the pair. */
  secretKey: string;
  /** The API key. */
  apiKey: string;
}

/** One answer of the gate. What is left out, the gate decides. */
export interface KlingGateAnswer {
  /** The HTTP status, 200 to 599. Default: that of the code. */
  status?: number;
  /** Kling's code. By itself, it is Kling's refusal, with its status and message. Default: 0. */
  code?: number;
  /** Kling's message. Default: that of the code. */
  message?: string;
  /** What is in `data`. Default: null. */
  data?: unknown;
  /** A text that replaces Kling's envelope. */
  body?: string;
  /** Headers that replace the gate's own. */
  headers?: Record<string, string>;
  /** The header `Date`; null for none. */
  date?: string | null;
  /** How many spaces follow the body, up to 4 MiB. */
  pad?: number;
  /** Real seconds before the head, up to 30. */
  delay?: number;
  /** Real seconds between head and body, up to 30. */
  stall?: number;
  /** Whether the connection ends after half of the body. */
  cut?: boolean;
}

/** How requests are refused. */
export interface KlingGateRefusal {
  /** How many of the next requests. Default: 1. */
  times?: number;
  /** In the place of Kling's message for the code. */
  message?: string;
}

/** How new tasks proceed: `processing` until all of this is reached. */
export interface KlingGateTasks {
  /** How many seconds of the gate's time a task takes. Default: 0. */
  seconds?: number;
  /** How often a task must be queried before it ends. Default: 0. */
  looks?: number;
  /** Whether it ends as `failed`. Default: false. */
  fails?: boolean;
}

/** Limits of the account; null or left out: no limit. */
export interface KlingGateLimits {
  /** Unfinished tasks. More are refused with 1303. */
  parallel?: number | null;
  /** Tasks at all. More are refused with 1102. */
  total?: number | null;
}

/** A request that the gate has received. Its bearer and its query are not kept. */
export interface KlingGateRequest {
  /** The HTTP method. */
  method: string;
  /** The path, without query. */
  path: string;
  /** The HTTP status of the answer. */
  status: number;
  /** Kling's code in the answer. */
  code: number;
  /** The kind of credential that the request had. */
  scheme: 'jwt' | 'api_key' | 'none';
  /** Which bearer it had, in order of first use from 1; null without one. */
  bearer: number | null;
  /** When it was received, in Unix seconds of the gate. */
  time: number;
  /** The body, parsed; null without one. */
  body: unknown;
}

/** A signed callback that was not sent: `KlingGate.callback` makes it. */
export interface KlingGateCallback {
  /** The headers, among them the signature. */
  headers: Record<string, string>;
  /** The body. Its bytes are signed. */
  body: string;
  /** Posts it to your server, and returns what that answers. */
  post(url: string | URL): Promise<{ status: number; body: string }>;
  /** Returns it as a web `Request`, for handlers of Next.js, Hono and the like. */
  request(url?: string | URL): Request;
}

/** A callback that the gate has sent by itself. */
export interface KlingGateSentCallback {
  /** The task that it is about. */
  taskId: string;
  /** The task's `callback_url`. */
  url: string;
  /** The status of your server's answer; null if it was not sent: only `http` on loopback is. */
  status: number | null;
  /** The headers, among them the signature. */
  headers: Record<string, string>;
  /** The body. */
  body: string;
}

/** The time of the program under test and of the gate. */
export interface KlingGateClock {
  /** The time in Unix seconds, as the program sees it. */
  now(): number;
  /** Moves the time on both sides, and waits until the timers that are due have fired. */
  advance(seconds: number): Promise<void>;
}

/**
 * A running stand-in for Kling's API.
 *
 * While it runs, the environment contains its URL and credentials, and no others of Kling; and a
 * `setTimeout` or `setInterval` of more than 100 ms moves the time, here and in the gate, instead of waiting.
 * `stop()` restores everything.
 *
 * @example
 * import { KlingAuth } from 'kling-auth';
 * import { KlingGate } from 'kling-auth/testing';
 *
 * const gate = await KlingGate.start();
 * const auth = new KlingAuth();
 * const response = await auth.fetch(`${auth.baseUrl}/v1/videos/text2video`);
 * console.log(response.status); // 200
 * await gate.stop();
 */
export class KlingGate {
  /** Write `await KlingGate.start()`. */
  private constructor();

  /** Starts a gate. Of several at once, the environment is that of the last one. */
  static start(options?: KlingGateOptions): Promise<KlingGate>;

  /** Its base URL, as in `KLING_API_BASE`. */
  readonly url: string;
  /** The access key that it knows. */
  readonly accessKey: string;
  /** The secret key of `accessKey`. */
  readonly secretKey: string;
  /** The API key that it knows. */
  readonly apiKey: string;
  /** The secret with which it signs callbacks, as in `KLING_WEBHOOK_SECRET`. */
  readonly webhookSecret: string;
  /** The time, on both sides. */
  readonly clock: KlingGateClock;

  /**
   * Refuses the next requests, one by default, with one of Kling's codes, its HTTP status and its
   * message, after the answers that are waiting. Fails for a code that Kling does not have.
   */
  refuse(code: number, options?: KlingGateRefusal): Promise<void>;
  /** Answers one request like this, after the answers that are waiting; null: as always. */
  answer(answer: KlingGateAnswer | null): Promise<void>;
  /** Sets by how many whole seconds the gate's clock is ahead of the program's. */
  skew(seconds: number): Promise<void>;
  /** Acts as the host of one region, which does not know accounts of others; null: of all. */
  region(name: string | null): Promise<void>;
  /** Delays every answer by these real seconds, at most 30. */
  slow(seconds: number): Promise<void>;
  /** Sets how new tasks proceed. */
  tasks(settings: KlingGateTasks): Promise<void>;
  /** Limits the account. */
  limit(limits: KlingGateLimits): Promise<void>;
  /**
   * Replaces the credentials: the old ones are refused from now on, and the new ones are in the
   * environment and in `accessKey`, `secretKey` and `apiKey`.
   */
  rotate(): Promise<KlingGateAccount>;
  /** The requests received, the oldest first. */
  requests(): Promise<KlingGateRequest[]>;
  /** Makes a callback about a task as it is now, and signs it. Default: the newest task. */
  callback(taskId?: string): Promise<KlingGateCallback>;
  /** The callbacks that the gate has sent to a task's `callback_url`. */
  callbacks(): Promise<KlingGateSentCallback[]>;
  /** Ends the gate, and restores the environment, the time and the timers. */
  stop(): Promise<void>;
  /** The same as `stop()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
