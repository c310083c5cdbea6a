/** Request validation by zod: every failure of a part at once, each with its RFC 6901 pointer. */
import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { escapePointer, fieldErrors, problem } from '../domain/index.ts';

/** Parses one value, or throws `invalid-request` with the list of failures. */
export function parseOrRefuse<Schema extends z.ZodType>(schema: Schema, value: unknown, prefix = ''): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw problem('invalid-request', {}, fieldErrors(result.error.issues, prefix));
  return result.data;
}

const PREFIX: Record<string, string> = { body: '', querystring: '/query', params: '/path', headers: '/headers' };

export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const prefix = PREFIX[httpPart ?? 'body'] ?? '';
  return (data: unknown) => {
    try {
      return { value: parseOrRefuse(schema, data, prefix) };
    } catch (error) {
      return { error: error as Error };
    }
  };
};

/** A form field that holds JSON; `{}` when it is absent. */
export function parseJsonField(fields: Readonly<Record<string, string>>, name: string): unknown {
  const unknown = Object.keys(fields).filter((field) => field !== name);
  if (unknown.length > 0) throw problem('invalid-request', {}, unknown.map((field) => ({ pointer: `/${escapePointer(field)}`, detail: 'This field is not known.' })));
  try {
    return JSON.parse(fields[name] ?? '{}');
  } catch {
    throw problem('invalid-request', {}, [{ pointer: `/${name}`, detail: 'The field is not valid JSON.' }]);
  }
}
