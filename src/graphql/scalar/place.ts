/** Places in lists and in the journal: sequence numbers, and cursors that nobody needs to understand. */

import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { badInput } from '../error/problem';
import { specified } from './specified';

const SEQ = /^(?:0|[1-9]\d{0,15})$/;
const SEQ_HINT = 'A sequence number is a string of digits, such as "1024".';

function readSeq(value: unknown, node?: ValueNode): number {
  const seq = typeof value === 'string' && SEQ.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(seq)) throw badInput(SEQ_HINT, node);
  return seq;
}

/** A string, because GraphQL's Int ends at 2^31 and a journal does not; inside it is a whole number below 2^53. */
export const Seq = new GraphQLScalarType<number, string>({
  name: 'Seq',
  ...specified('Seq', [['"1024"', '"1024"']], ['1024', '"-1"', '"01"', '"9007199254740993"']),
  description:
    'A sequence number: a string of digits, because it outgrows the 32 bits of `Int`. Entries of the journal ' +
    'count from 1.',
  serialize: (value) => String(value),
  parseValue: (value) => readSeq(value),
  parseLiteral: (node) => readSeq(node.kind === Kind.STRING ? node.value : undefined, node),
});

const CURSOR = /^[A-Za-z0-9_-]{1,512}$/;
const CURSOR_HINT = 'Not a cursor that this API gave out.';

function readCursor(value: unknown, node?: ValueNode): string {
  if (typeof value !== 'string' || !CURSOR.test(value)) throw badInput(CURSOR_HINT, node);
  return value;
}

export const Cursor = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  ...specified('Cursor', [['"WzEsMl0"', '"WzEsMl0"']], ['1', '""', '"a b"']),
  description: 'An opaque cursor in a list or a stream. Hand it back as it was given out. Its form may change.',
  serialize: (value) => String(value),
  parseValue: (value) => readCursor(value),
  parseLiteral: (node) => readCursor(node.kind === Kind.STRING ? node.value : undefined, node),
});

/** The opaque text of a list of plain values. */
export const sealCursor = (parts: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

/** The values of a cursor; BAD_USER_INPUT where it is none. */
export function openCursor(cursor: string): (string | number)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.every((part) => typeof part === 'string' || Number.isSafeInteger(part)))
      return parts;
  } catch {
    // Falls through: anything that does not read back was not given out here.
  }
  throw badInput(CURSOR_HINT);
}
