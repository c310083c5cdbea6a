/** /v1/problems: what the type URL of a refusal leads to. */
import { z } from 'zod';
import { PROBLEMS, problem, type ProblemCode } from '../../domain/index.ts';
import { PROBLEM_CODES, problemType } from '../problems.ts';
import { refusalsOnly } from '../schemas/common.ts';
import type { Api, ApiContext } from '../types.ts';

const tags = ['problems'];
const ProblemDescription = z.object({ type: z.string(), code: z.string(), status: z.int(), title: z.string(), action: z.string().describe('what the user can do; {names} stand for parameters') }).meta({ id: 'ProblemDescription' });

const describe = (code: ProblemCode) => ({ type: problemType(code), code, status: PROBLEMS[code].status, title: PROBLEMS[code].title, action: PROBLEMS[code].action });

export function problemRoutes(app: Api, _context: ApiContext): void {
  app.get('/v1/problems', {
    config: { scope: 'public' },
    schema: { tags, summary: 'Every refusal this service can give', operationId: 'listProblems', security: [], response: { 200: z.object({ items: z.array(ProblemDescription), nextCursor: z.null() }), ...refusalsOnly('too-many-requests', 'internal') } },
    handler: async () => ({ items: PROBLEM_CODES.map(describe), nextCursor: null }),
  });

  app.get('/v1/problems/:code', {
    config: { scope: 'public' },
    schema: { tags, summary: 'One refusal', operationId: 'getProblem', security: [], params: z.strictObject({ code: z.string().max(60) }), response: { 200: ProblemDescription, ...refusalsOnly('invalid-request', 'not-found', 'too-many-requests', 'internal') } },
    handler: async (request) => {
      const { code } = request.params;
      if (!Object.hasOwn(PROBLEMS, code)) throw problem('not-found', { what: `the problem ${code}` });
      return describe(code as ProblemCode);
    },
  });
}
