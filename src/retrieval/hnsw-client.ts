import { Worker } from 'node:worker_threads';
import type { GraphAnswers, GraphMessage, GraphOperation, GraphReply, GraphRequests } from './hnsw-protocol.ts';

interface Waiting {
  resolve(answer: GraphAnswers[GraphOperation]): void;
  reject(error: Error): void;
}

/** The main thread's end of the graph's worker. When the worker ends, everything asked of it is rejected. */
export class GraphClient {
  readonly #worker = new Worker(new URL('./hnsw-worker.ts', import.meta.url), { execArgv: [] });
  readonly #waiting = new Map<number, Waiting>();
  /** Kept from the start: a worker that is ended while it loads the graph library takes the whole process with it. */
  readonly #loaded: Promise<void>;
  #next = 0;
  #ended: Error | undefined;

  constructor() {
    // The worker alone must not keep a process alive; a pending operation does.
    this.#worker.unref();
    const loaded = Promise.withResolvers<void>();
    this.#loaded = loaded.promise;
    this.#worker.on('message', (reply: GraphReply) => {
      if ('ready' in reply) return loaded.resolve();
      const waiting = this.#waiting.get(reply.id);
      this.#forget(reply.id);
      if ('error' in reply) waiting?.reject(new Error(`graph index: ${reply.error}`));
      else waiting?.resolve(reply.answer);
    });
    this.#worker.on('error', (error: unknown) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => {
      loaded.resolve();
      this.#end(new Error('the worker of the graph index has ended'));
    });
  }

  call<O extends GraphOperation>(operation: O, request: GraphRequests[O]): Promise<GraphAnswers[O]> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      const id = this.#next++;
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, operation, request } as GraphMessage);
    });
  }

  async close(): Promise<void> {
    this.#end(new Error('the graph index is closed'));
    this.#worker.ref(); // until it has ended
    await this.#loaded;
    await this.#worker.terminate();
  }

  #forget(id: number): void {
    this.#waiting.delete(id);
    if (!this.#waiting.size) this.#worker.unref();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const [id, waiting] of [...this.#waiting]) {
      this.#forget(id);
      waiting.reject(error);
    }
  }
}
