/**
 * Which field of a command a rejection is about, and what was required and what there was. A check says so by its
 * details; the definition of the code says which of them, where it is not the first.
 */

import type { Command } from './command';
import { aboutOf, type Rejection } from './rejection';

/** A path of names and of places counted from 0, such as `trades`, `3`, `price`. */
export type FieldPath = readonly string[];

export interface RejectedField {
  readonly field: FieldPath | null; // null where it is about no single field
  readonly required: string | null;
  readonly available: string | null;
}

export function rejectedField(command: Command, { code, details }: Rejection): RejectedField {
  const about = aboutOf(code);
  return {
    field: fieldOf(command, about.field, details),
    required: details[about.required ?? 'required'] ?? null,
    available: details[about.available ?? 'available'] ?? null,
  };
}

function fieldOf(
  command: Command,
  stated: string | undefined,
  details: Readonly<Record<string, string>>,
): FieldPath | null {
  const { type: _, ...fields } = command;
  const name = details['field'] ?? stated;
  if (name !== undefined)
    return lengthened(
      find(fields, (key) => key === name),
      details,
    );
  for (const [key, value] of Object.entries(details)) {
    const holds = (text: unknown): boolean => typeof text !== 'object' && String(text) === value;
    const path =
      find(fields, (each, field) => each === key && holds(field)) ?? find(fields, (_each, field) => holds(field));
    if (path) return path;
  }
  return null;
}

/** The first field, those further up before those within, of which something is true. */
function find(value: unknown, is: (key: string, field: unknown) => boolean): FieldPath | null {
  if (value === null || typeof value !== 'object') return null;
  const fields = Object.entries(value);
  const here = fields.find(([key, field]) => is(key, field));
  if (here) return [here[0]];
  for (const [key, field] of fields) {
    const below = find(field, is);
    if (below) return [key, ...below];
  }
  return null;
}

/** Details count tiers and lots from 1, paths from 0. */
function lengthened(path: FieldPath | null, { tier }: Readonly<Record<string, string>>): FieldPath | null {
  return path && tier !== undefined && /^\d+$/.test(tier) ? [...path, String(BigInt(tier) - 1n)] : path;
}
