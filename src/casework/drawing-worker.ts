/** The thread's side of drawing.ts. */
import { parentPort } from 'node:worker_threads';
import { type ComparisonPicture, drawComparison, drawTools } from '../comparison/index.ts';
import { Problem } from '../domain/index.ts';
import type { DrawingOrder, DrawingReply } from './drawing.ts';

async function draw({ probe, candidate, comparison, tool }: DrawingOrder): Promise<ComparisonPicture[]> {
  const design = await drawComparison(probe, candidate, comparison);
  const marks = tool ? await drawTools({ crop: probe, marks: tool.probe }, { crop: candidate, marks: tool.candidate }, tool.comparison) : [];
  return [...design, ...marks.filter(({ key }) => !design.some((d) => d.key === key))];
}

parentPort!.on('message', async (order: DrawingOrder) => {
  const { number } = order;
  const reply: DrawingReply = await draw(order).then(
    (pictures) => ({ number, pictures }),
    (error: unknown) => ({ number, failure: error instanceof Problem ? { code: error.code, message: error.message, parameters: error.parameters } : { code: undefined, message: String(error), parameters: {} } }),
  );
  parentPort!.postMessage(reply);
});
