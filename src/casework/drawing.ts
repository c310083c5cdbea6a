/** Draws comparisons in a thread of its own: a picture is a second of plain computing, and the service goes on answering. */
import { Worker } from 'node:worker_threads';
import type { ComparisonPicture, DesignComparison, ToolComparison } from '../comparison/index.ts';
import { problem, type ProblemCode } from '../domain/index.ts';
import type { MarkSet } from '../features/index.ts';
import type { FaceCrop } from '../imaging/index.ts';

/** What the pictures of a comparison of tools are drawn from. */
export interface DrawnTool {
  readonly probe: MarkSet;
  readonly candidate: MarkSet;
  readonly comparison: ToolComparison;
}

export interface DrawingOrder {
  readonly number: number;
  readonly probe: FaceCrop;
  readonly candidate: FaceCrop;
  readonly comparison: DesignComparison;
  /** Null where tools were not compared. */
  readonly tool: DrawnTool | null;
}

export type DrawingReply =
  | { readonly number: number; readonly pictures: readonly ComparisonPicture[] }
  | { readonly number: number; readonly failure: { readonly code: string | undefined; readonly message: string; readonly parameters: Readonly<Record<string, string | number>> } };

interface Waiting {
  resolve(pictures: ComparisonPicture[]): void;
  reject(error: Error): void;
}

/** One thread that starts with the first drawing and never keeps the process alive. */
export class DrawingThread {
  #worker: Worker | undefined;
  #next = 0;
  readonly #waiting = new Map<number, Waiting>();

  draw(order: Omit<DrawingOrder, 'number'>): Promise<ComparisonPicture[]> {
    return new Promise((resolve, reject) => {
      const number = this.#next++;
      this.#waiting.set(number, { resolve, reject });
      const worker = this.#started();
      worker.ref();
      worker.postMessage({ ...order, number } satisfies DrawingOrder);
    });
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./drawing-worker.ts', import.meta.url), { execArgv: [] });
    worker.on('message', (reply: DrawingReply) => this.#settle(reply));
    worker.on('error', (error) => this.#lost(error));
    worker.on('exit', (code) => this.#lost(new Error(`the drawing thread ended with ${code}`)));
    return (this.#worker = worker);
  }

  #settle(reply: DrawingReply): void {
    const waiting = this.#waiting.get(reply.number);
    this.#waiting.delete(reply.number);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if ('pictures' in reply) waiting?.resolve([...reply.pictures]);
    else waiting?.reject(reply.failure.code === undefined ? new Error(reply.failure.message) : problem(reply.failure.code as ProblemCode, reply.failure.parameters));
  }

  /** The next drawing starts a new thread. */
  #lost(error: Error): void {
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
