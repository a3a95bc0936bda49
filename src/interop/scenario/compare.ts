/**
 * Whether a value that came is the one a scenario names: texts as they are, times as so long after the start, names of
 * values by what they stand for.
 */

import { formatDuration, formatInstant } from '../../units/instant';
import { duration, type Instant, instant } from '../../units/quantity';
import { readMoment } from './nodes';
import { instantOf } from './scenario';

/** Values by name. A name that has no value yet takes the first it meets. */
export type Values = Map<string, unknown>;

export interface Comparison {
  readonly values: Values;
  readonly start: Instant;
}

const NAME = /^\$([A-Za-z][A-Za-z0-9]*)$/;

/** The name that a text stands for, such as `call` of `$call`. */
export const nameIn = (value: unknown): string | undefined =>
  typeof value === 'string' ? NAME.exec(value)?.[1] : undefined;

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;
const isInstant = (value: unknown): value is string => typeof value === 'string' && INSTANT.test(value);

export function isSame(expected: unknown, came: unknown, { values, start }: Comparison): boolean {
  const name = nameIn(expected);
  if (name !== undefined) {
    if (!values.has(name)) {
      if (came === undefined || came === null) return false;
      values.set(name, came);
    }
    return values.get(name) === came;
  }
  if (expected === came) return true;
  const moment = isInstant(came) && typeof expected === 'string' ? readMoment(expected) : undefined;
  return moment !== undefined && instantOf(moment, start) === Date.parse(came as string);
}

/** What came, in the words in which it was expected. */
export function inKind(expected: unknown, came: unknown, { start }: Comparison): unknown {
  if (!isInstant(came)) return came;
  const at = instant(Date.parse(came));
  const relative = typeof expected !== 'string' || !isInstant(expected);
  return relative && at >= start ? formatDuration(duration(at - start)) : formatInstant(at);
}

/** A value in a line of a report. */
export function shortly(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(shortly).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([name, field]) => `${name}: ${shortly(field)}`)
    .join(', ')} }`;
}
