/**
 * The REST client of the commands: base URL, key, retries; a problem document becomes the Problem it describes.
 * A request is repeated only when that is safe: GET and PUT always, POST with an Idempotency-Key.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEY_FILE } from '../casework/index.ts';
import { PROBLEMS, Problem, type FieldError, type ProblemCode } from '../domain/index.ts';
import { readConfiguration } from '../platform/config/index.ts';

export interface ClientOptions {
  /** Where the service listens, without /v1. */
  readonly url: string;
  readonly key: string;
  /** Further tries after one that found no service or a busy one. */
  readonly retries?: number;
  readonly signal?: AbortSignal;
}

export interface RequestOptions {
  readonly json?: unknown;
  readonly bytes?: { readonly data: Uint8Array; readonly type: string };
  readonly form?: FormData;
  /** Makes a POST safe to repeat. */
  readonly idempotencyKey?: string;
  /** Seconds the service may wait for the work to end before it answers. */
  readonly waitSeconds?: number;
}

export interface Response<Body> {
  readonly status: number;
  readonly body: Body;
  /** The Location header. */
  readonly location: string | null;
}

/** The part of a job that a command looks at. */
export interface JobView {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'done' | 'failed';
  readonly phase: string | null;
  readonly done: number;
  readonly total: number;
  readonly problem: ProblemView | null;
  readonly resultUrl: string | null;
}

export interface ProblemView {
  readonly code: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly [parameter: string]: unknown;
}

/** The service answered with something that is no answer of this API, or did not answer. */
export class ServiceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ServiceError';
  }
}

const RETRIES = 5;
const FIRST_PAUSE_MS = 250;
const BUSY = new Set([429, 502, 503, 504]);
const DOCUMENT_FIELDS = new Set(['type', 'code', 'title', 'status', 'detail', 'instance', 'errors']);

export class Client {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = { ...options, url: options.url.replace(/\/+$/, '').replace(/\/v1$/, '') };
  }

  get url(): string {
    return this.#options.url;
  }

  get<Body>(path: string): Promise<Response<Body>> {
    return this.request<Body>('GET', path);
  }

  post<Body>(path: string, options: RequestOptions): Promise<Response<Body>> {
    return this.request<Body>('POST', path, options);
  }

  put<Body>(path: string, options: RequestOptions): Promise<Response<Body>> {
    return this.request<Body>('PUT', path, options);
  }

  /** A picture or an original. */
  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#send('GET', path, {})).arrayBuffer());
  }

  /** @throws Problem as the service told it; ServiceError when there is no service */
  async request<Body>(method: 'GET' | 'POST' | 'PUT', path: string, options: RequestOptions = {}): Promise<Response<Body>> {
    const answer = await this.#send(method, path, options);
    return { status: answer.status, body: (await answer.json()) as Body, location: answer.headers.get('location') };
  }

  /** Every item of a list, page by page. */
  async *items<Item>(path: string): AsyncGenerator<Item> {
    for (let cursor: string | null = null; ; ) {
      const query: string = cursor === null ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
      const { body } = await this.get<{ items: Item[]; nextCursor: string | null }>(path + query);
      yield* body.items;
      if (body.nextCursor === null) return;
      cursor = body.nextCursor;
    }
  }

  /** Follows a job to its end. @throws the Problem a failed job carries */
  async finished(jobId: string, onProgress: (job: JobView) => void = () => undefined): Promise<JobView> {
    for (let pauseMs = 100; ; pauseMs = Math.min(1000, pauseMs * 1.5)) {
      const { body: job } = await this.get<JobView>(`/v1/jobs/${jobId}`);
      onProgress(job);
      if (job.status === 'done') return job;
      if (job.status === 'failed') throw asProblemOf(job.problem!);
      await sleep(pauseMs, undefined, { signal: this.#options.signal });
    }
  }

  async #send(method: string, path: string, options: RequestOptions): Promise<globalThis.Response> {
    const { retries = RETRIES } = this.#options;
    const repeatable = method !== 'POST' || options.idempotencyKey !== undefined;
    for (let attempt = 0; ; attempt++) {
      const last = attempt >= retries || !repeatable;
      const answer = await this.#once(method, path, options).catch((error: unknown) => {
        if (last || this.#options.signal?.aborted) throw unreachable(this.url, error);
        return undefined;
      });
      if (answer?.ok || answer?.status === 304) return answer;
      // A request refused for being one too many was not worked on, so repeating it is safe for every method.
      if (answer && (!BUSY.has(answer.status) || (last && !(answer.status === 429 && attempt < retries)))) throw await problemOf(answer);
      const told = Number(answer?.headers.get('retry-after') ?? 0);
      await answer?.body?.cancel();
      await sleep(told > 0 ? told * 1000 : FIRST_PAUSE_MS * 2 ** attempt, undefined, { signal: this.#options.signal });
    }
  }

  #once(method: string, path: string, { json, bytes, form, idempotencyKey, waitSeconds }: RequestOptions): Promise<globalThis.Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.#options.key}`, accept: '*/*' };
    if (json !== undefined) headers['content-type'] = 'application/json';
    if (bytes) headers['content-type'] = bytes.type;
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    if (waitSeconds !== undefined) headers['prefer'] = `wait=${Math.ceil(waitSeconds)}`;
    const body = json !== undefined ? JSON.stringify(json) : bytes ? (bytes.data as Uint8Array<ArrayBuffer>) : form;
    return fetch(this.url + path, { method, headers, body, signal: this.#options.signal });
  }
}

const unreachable = (url: string, error: unknown): ServiceError => {
  const cause = error instanceof Error ? ((error.cause as { code?: string } | undefined)?.code ?? error.message) : String(error);
  return new ServiceError(`No service answers at ${url} (${cause}). Start it with \`relievo serve\`, or give --url.`);
};

/** A problem document as the Problem it was made from. */
export function asProblemOf(document: ProblemView): Error {
  if (!(document.code in PROBLEMS)) return new ServiceError(`${document.title}. ${document.detail}`);
  const parameters = Object.fromEntries(Object.entries(document).filter(([name, value]) => !DOCUMENT_FIELDS.has(name) && (typeof value === 'string' || typeof value === 'number'))) as Record<string, string | number>;
  return new Problem(document.code as ProblemCode, parameters, document.errors ?? []);
}

async function problemOf(answer: globalThis.Response): Promise<Error> {
  const text = await answer.text();
  if (!answer.headers.get('content-type')?.includes('problem+json')) return new ServiceError(`The service answered ${answer.status} without a reason; is ${answer.url} a Relievo service?`);
  return asProblemOf(JSON.parse(text) as ProblemView);
}

/** Options every command of the service has: `--url`, `--key`, `--data`. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly key?: string;
  /** Data folder of a service on this machine; its key file is used when no key is given. */
  readonly data?: string;
}

/** Adds the connection options to a command. */
export function withConnection<Command extends { option(flags: string, description: string): Command }>(command: Command): Command {
  return command
    .option('--url <address>', 'address of the service (default: RELIEVO_URL, else this machine)')
    .option('--key <key>', 'API key (default: RELIEVO_API_KEY, else the key file in the data folder)')
    .option('--data <folder>', 'data folder of the service on this machine, for its key file');
}

/** @throws ServiceError when no key is given and no key file is there */
export function connect({ url, key, data }: ConnectionOptions, more: Partial<ClientOptions> = {}): Client {
  const { configuration } = readConfiguration(undefined, { RELIEVO_DATA: data, RELIEVO_URL: url, RELIEVO_API_KEY: key });
  return new Client({ url: configuration.serviceUrl, key: configuration.apiKey ?? keyFromFile(configuration.dataFolder), ...more });
}

function keyFromFile(dataFolder: string): string {
  const file = join(dataFolder, KEY_FILE);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new ServiceError(`No API key: give --key or RELIEVO_API_KEY, or name the service’s data folder with --data (${file} cannot be read).`);
  }
}
