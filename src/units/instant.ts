/** Instants and durations as text: RFC 3339 in UTC, and `90s`, `1h30m`, `59m59.999s` for durations. */

import { Malformed } from './failure';
import { type Duration, duration, type Instant, instant } from './quantity';

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;

export function parseInstant(text: string): Instant {
  const at = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse rolls 30 February over into March; a date that does not read back as itself never was one.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 19) !== text.slice(0, 19)) {
    throw new Malformed(`Not an instant in UTC (RFC 3339): ${text.slice(0, 60)}`);
  }
  return instant(at);
}

export const formatInstant = (at: Instant): string => new Date(at).toISOString();

/** The same of a number that was sent: where no day is so far away the number itself. */
export const instantText = (sent: number): string =>
  Number.isNaN(new Date(sent).getTime()) ? String(sent) : formatInstant(instant(sent));

const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)(?:\.(\d{1,3}))?s)?(?:(\d+)ms)?$/;

export function parseDuration(text: string): Duration {
  const match = text === '' ? null : DURATION.exec(text);
  if (!match) throw new Malformed(`Not a duration: ${text.slice(0, 60)}`);
  const [days, hours, minutes, seconds, fraction, millis] = match.slice(1).map((part) => part ?? '0') as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const ms = Number(fraction.padEnd(3, '0'));
  const span =
    (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + ms + Number(millis);
  if (!Number.isSafeInteger(span)) throw new Malformed(`Not a duration: ${text.slice(0, 60)}`);
  return duration(span);
}

export function formatDuration(span: Duration): string {
  const parts: string[] = [];
  let rest: number = span;
  for (const [name, length] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const) {
    if (rest >= length) parts.push(`${Math.floor(rest / length)}${name}`);
    rest %= length;
  }
  if (rest > 0 || parts.length === 0) parts.push(`${rest / 1000}s`);
  return parts.join('');
}
