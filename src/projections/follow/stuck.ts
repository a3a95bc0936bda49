/**
 * An entry whose rows the database does not take, or that cannot be made into rows. That is a fault of the program, and
 * the house goes on without: the rows stay as they were before the entry, say how old they are, and the entry is named.
 */

import { InvariantViolation } from '../../units/failure';
import type { Instant, Seq } from '../../units/quantity';
import type { Followed } from '../commit/commit';

/** What is known of it: which entry, what it asked for, and what in the database refused it. */
export interface StuckEntry {
  readonly seq: Seq;
  readonly at: Instant; // house time of the entry
  readonly command: string; // type of its command
  readonly table: string | null;
  readonly constraint: string | null;
  readonly reason: string;
}

export class RowsStuck extends Error {
  override readonly name = 'RowsStuck';
  constructor(
    readonly entry: StuckEntry,
    cause: unknown,
  ) {
    super(`Entry ${entry.seq} (${entry.command}) cannot be made into rows: ${entry.reason}`, { cause });
  }
}

/**
 * What the program throws where it is given what it does not know: an entry, or rows that are there, are not as it
 * takes for granted.
 */
const FAULTS = [InvariantViolation, TypeError, RangeError, SyntaxError];

/**
 * Classes of errors by which a database says that it does not take a row: wrong data, a broken constraint, a statement
 * that does not fit its tables, more than an index holds, a trigger that refuses. Others are about the database itself.
 */
const OF_ROWS = /^(0A|21|22|23|42|44|54|P0)\w{3}$/;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Whether a failure is about what was to be written, so that trying it again unchanged fails again. */
export function isOfRows(error: unknown): boolean {
  if (FAULTS.some((fault) => error instanceof fault)) return true;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return isText(code) && OF_ROWS.test(code);
}

/** The entry that failed alone. */
export function stuckAt({ entry }: Followed, error: unknown): RowsStuck {
  const { table, constraint } = error as { readonly table?: unknown; readonly constraint?: unknown };
  return new RowsStuck(
    {
      seq: entry.seq,
      at: entry.at,
      command: entry.command.type,
      reason: error instanceof Error ? error.message : String(error),
      ...{ table: isText(table) ? table : null, constraint: isText(constraint) ? constraint : null },
    },
    error,
  );
}
