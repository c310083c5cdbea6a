/** Failures of a zod schema as the list that a validation problem carries. */
import type { z } from 'zod';
import type { FieldError } from './problems.ts';

export const escapePointer = (part: PropertyKey): string => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

/** The pointers and sentences of a zod error. Unknown fields get one entry each. `prefix` names the part that is not the body. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[], prefix = ''): FieldError[] {
  return issues.flatMap((issue) => {
    const pointer = prefix + issue.path.map((part) => `/${escapePointer(part)}`).join('');
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ pointer: `${pointer}/${escapePointer(key)}`, detail: 'This field is not known.' }));
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const nested = issue.errors.map((branch) => fieldErrors(branch, pointer)).sort((a, b) => a.length - b.length)[0]!;
      if (nested.length > 0) return nested;
    }
    return [{ pointer, detail: issue.message }];
  });
}
