/** The worker's program: one graph, one operation after another. */
import { parentPort } from 'node:worker_threads';
import { Graph } from './hnsw-graph.ts';
import type { GraphAnswers, GraphMessage, GraphOperation, GraphReply } from './hnsw-protocol.ts';

let graph: Graph | undefined;
let last: Promise<unknown> = Promise.resolve();

const present = (): Graph => {
  if (!graph) throw new Error('there is no graph yet');
  return graph;
};

async function answer(message: GraphMessage): Promise<GraphAnswers[GraphOperation]> {
  switch (message.operation) {
    case 'create':
      graph = Graph.create(message.request);
      return { count: 0 };
    case 'load': {
      const loaded = await Graph.load(message.request);
      if (!(loaded instanceof Graph)) return loaded;
      graph = loaded;
      return { count: graph.count };
    }
    case 'add':
      return present().add(message.request);
    case 'remove':
      return present().remove(message.request);
    case 'search':
      return present().search(message.request);
    case 'save':
      return present().save(message.request);
  }
}

const reply = (message: GraphReply): void => parentPort!.postMessage(message);

async function serve(message: GraphMessage): Promise<void> {
  try {
    reply({ id: message.id, answer: await answer(message) });
  } catch (error) {
    reply({ id: message.id, error: error instanceof Error ? error.message : String(error) });
  }
}

parentPort!.on('message', (message: GraphMessage) => {
  // Searches only read: they need not wait until a file is written. All else keeps its order.
  if (message.operation === 'search') void serve(message);
  else last = last.then(() => serve(message));
});
