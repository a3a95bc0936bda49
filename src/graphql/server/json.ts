/**
 * JSON in which no name stands twice in an object. Readers of JSON take the last of them, or the first: what a proxy or
 * an auditor has read in a request need not be what is done.
 */

import type { FastifyBodyParser } from 'fastify';
import { problem } from '../error/problem';

/** The same parser, for bodies without a name that stands twice. Errors: BAD_REQUEST. */
export function withoutRepeats(parse: FastifyBodyParser<string>): FastifyBodyParser<string> {
  return (request, body, done) =>
    parse(request, body, (error, value: unknown) => {
      if (error || !repeatsName(body, value)) done(error, value);
      else done(problem('BAD_REQUEST', 'A name stands twice in an object of the body.'));
    });
}

/**
 * Whether a name stands twice in an object of a text and what was read of it. Each is followed by a colon: where there
 * are more of them than names in what was read, one was lost.
 */
export const repeatsName = (text: string, value: unknown): boolean => colonsIn(text) !== namesIn(value);

const [QUOTE, BACKSLASH, COLON] = [...'"\\:'].map((sign) => sign.charCodeAt(0));

/** Colons outside of strings, in a text that is JSON. */
function colonsIn(text: string): number {
  let colons = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) inString = !inString;
    else if (code === BACKSLASH) i += 1;
    else if (code === COLON && !inString) colons += 1;
  }
  return colons;
}

/** Names in all objects of a value. It may be deeper than calls can go. */
function namesIn(value: unknown): number {
  let names = 0;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (next === null || typeof next !== 'object') continue;
    const values = Object.values(next);
    if (!Array.isArray(next)) names += values.length;
    for (const each of values) if (typeof each === 'object') left.push(each);
  }
  return names;
}
