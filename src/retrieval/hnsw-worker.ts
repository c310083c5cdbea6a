/** The worker's program: some parts of the graph, one operation after another. */
import { parentPort } from 'node:worker_threads';
import { Graph } from './hnsw-graph.ts';
import type { GraphAnswers, GraphMessage, GraphOperation, GraphReply, GraphRequests } from './hnsw-protocol.ts';

const parts = new Map<number, Graph>();
let last: Promise<unknown> = Promise.resolve();

function part(number: number): Graph {
  const graph = parts.get(number);
  if (!graph) throw new Error(`there is no part ${number}`);
  return graph;
}

async function answer(message: GraphMessage): Promise<GraphAnswers[GraphOperation]> {
  switch (message.operation) {
    case 'create':
      parts.set(message.request.part, Graph.create(message.request));
      return { count: 0 };
    case 'load': {
      const loaded = await Graph.load(message.request);
      if (!(loaded instanceof Graph)) return loaded;
      parts.set(message.request.part, loaded);
      return { keys: loaded.keys };
    }
    case 'add':
      return part(message.request.part).add(message.request);
    case 'remove':
      return part(message.request.part).remove(message.request);
    case 'search':
      return search(message.request);
    case 'save':
      return part(message.request.part).save(message.request);
  }
}

function search(request: GraphRequests['search']): GraphAnswers['search'] {
  const found = [...parts.values()].map((graph) => graph.search(request));
  return {
    keys: Uint32Array.from(found.flatMap(({ keys }) => [...keys])),
    scores: Int32Array.from(found.flatMap(({ scores }) => [...scores])),
    hidden: Math.max(...found.map(({ hidden }) => hidden)),
  };
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

reply({ ready: true });
