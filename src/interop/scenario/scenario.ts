/**
 * A scenario as it was read: steps with the place of every part in its file, so that whatever goes wrong has a line.
 */

import type { Document, Node, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { type Instant, instant } from '../../units/quantity';

/** A file that is no scenario: where, and why. */
export class ScenarioMalformed extends Error {
  override readonly name = 'ScenarioMalformed';
  constructor(
    readonly file: string,
    readonly line: number,
    readonly reason: string,
  ) {
    super(`${file}:${line}: ${reason}`);
  }
}

/** An old name in a story, and what it is called today. */
export interface Renamed {
  readonly line: number;
  readonly was: string;
  readonly is: string;
}

/** The document a part of a scenario was read from. */
export interface Source {
  readonly file: string;
  readonly document: Document;
  readonly renamed: readonly Renamed[]; // names that were read under those of today
  lineOf(node: unknown): number;
}

export const malformed = (source: Source, node: unknown, reason: string): ScenarioMalformed =>
  new ScenarioMalformed(source.file, source.lineOf(node), reason);

/** A point of the scenario's time: so long after its start, or an instant. */
export type Moment = { readonly after: number } | { readonly instant: Instant };

export const instantOf = (moment: Moment, start: Instant): Instant =>
  'after' in moment ? instant(start + moment.after) : moment.instant;

export interface Operation {
  readonly kind: 'mutation' | 'query';
  readonly name: string;
  readonly node: Scalar;
}

/** What a step expects. Each part is a node of the file, so that it can be named by its line and rewritten in place. */
export interface Expectation {
  readonly node: YAMLMap;
  readonly answer: Node | null;
  readonly rejection: Node | null;
  readonly error: Scalar | null;
  readonly events: YAMLSeq | null;
  readonly without: YAMLSeq | null;
}

export interface Step {
  readonly source: Source;
  readonly node: YAMLMap;
  readonly number: number; // in its file, from 1
  readonly given: boolean; // of an included file
  readonly at: Moment | null; // null: when the step before was
  readonly clock: Moment | null; // what the machine's clock is set to, without the house being told
  readonly as: string;
  readonly operation: Operation | null; // null: time passes, nothing else
  readonly input: Node | null;
  readonly approvedBy: string | null; // the second person of an act that needs one
  readonly expect: Expectation | null;
}

export interface Scenario {
  readonly source: Source;
  readonly sources: readonly Source[]; // its own and those of what it includes
  readonly story: string;
  readonly start: Instant;
  readonly values: ReadonlyMap<string, unknown>; // by name, without the `$`
  readonly steps: readonly Step[];
}
