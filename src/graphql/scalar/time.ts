/** Instants and spans of time on the wire: RFC 3339 in UTC, and `1h30m` for durations. Inside both are milliseconds. */

import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { LONGEST_SPAN } from '../../units/bounds';
import { Malformed } from '../../units/failure';
import { formatDuration, formatInstant, parseDuration, parseInstant } from '../../units/instant';
import { type Duration as DurationMs, duration, type Instant, instant } from '../../units/quantity';
import { badInput } from '../error/problem';
import { Slot } from './slot';
import { specified } from './specified';

/** Reads a text, and turns what cannot be read into the caller's mistake. */
function readText<T>(value: unknown, parse: (text: string) => T, hint: string, node?: ValueNode): T {
  if (typeof value !== 'string') throw badInput(hint, node);
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof Malformed) throw badInput(hint, node);
    throw error;
  }
}

const literalOf = (node: ValueNode): unknown => (node.kind === Kind.STRING ? node.value : undefined);

const INSTANT_HINT = 'An instant is RFC 3339 in UTC with at most milliseconds, such as "2025-10-10T20:50:00.000Z".';
const DURATION_HINT = 'A duration is written like "30s", "1h30m", "7d" or "250ms", and is at most 36525 days.';

function readSpan(text: string): DurationMs {
  const span = parseDuration(text);
  if (span > LONGEST_SPAN) throw new Malformed('Longer than any span');
  return span;
}

export const DateTime = new GraphQLScalarType<Instant, string>({
  name: 'DateTime',
  ...specified(
    'DateTime',
    [
      ['"2025-10-10T20:50:00Z"', '"2025-10-10T20:50:00.000Z"'],
      ['"2025-10-10T20:50:00.250Z"', '"2025-10-10T20:50:00.250Z"'],
    ],
    ['1760129400000', '"2025-10-10"', '"2025-10-10T20:50:00+02:00"', '"2025-02-30T00:00:00Z"'],
  ),
  description:
    'An instant: RFC 3339 in UTC with milliseconds, such as `"2025-10-10T20:50:00.000Z"`, in the ' +
    'years 0000 to 9999.',
  serialize: (value) =>
    value instanceof Slot
      ? String(value)
      : formatInstant(instant(value instanceof Date ? value.getTime() : Number(value))),
  parseValue: (value) => readText(value, parseInstant, INSTANT_HINT),
  parseLiteral: (node) => readText(literalOf(node), parseInstant, INSTANT_HINT, node),
});

export const Duration = new GraphQLScalarType<DurationMs, string>({
  name: 'Duration',
  ...specified(
    'Duration',
    [
      ['"90s"', '"1m30s"'],
      ['"59m59.999s"', '"59m59.999s"'],
      ['"250ms"', '"0.25s"'],
    ],
    ['90', '"90"', '"-1s"', '"1 hour"'],
  ),
  description:
    'A span of time, such as `"30s"`, `"1h30m"` or `"7d"`. Parts of a second have a point, as in ' +
    '`"59m59.999s"`, or are written as `"250ms"`. ' +
    'Input is at most 36525 days, a hundred years. A field may allow less.',
  serialize: (value) => formatDuration(duration(Number(value))),
  parseValue: (value) => readText(value, readSpan, DURATION_HINT),
  parseLiteral: (node) => readText(literalOf(node), readSpan, DURATION_HINT, node),
});
