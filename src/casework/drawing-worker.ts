/** The thread's side of drawing.ts. */
import { parentPort } from 'node:worker_threads';
import { drawComparison } from '../comparison/index.ts';
import { Problem } from '../domain/index.ts';
import type { DrawingOrder, DrawingReply } from './drawing.ts';

parentPort!.on('message', async ({ number, probe, candidate, comparison }: DrawingOrder) => {
  const reply: DrawingReply = await drawComparison(probe, candidate, comparison).then(
    (pictures) => ({ number, pictures }),
    (error: unknown) => ({ number, failure: error instanceof Problem ? { code: error.code, message: error.message, parameters: error.parameters } : { code: undefined, message: String(error), parameters: {} } }),
  );
  parentPort!.postMessage(reply);
});
