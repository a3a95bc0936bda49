/**
 * What a command is, said once as plain data: what it does, who may send it, what it takes, when it needs a second
 * person, and what it may be refused for. Its type, its input and mutation in the API, and the page on errors follow.
 */

import type { Duration, Instant, Milliseconds } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import { type Fields, type FieldsOf, kind, type RecordOf } from '../kind/kind';
import type { Role } from '../model/actor';
import type { RejectionCode } from './rejection';

/** A decimal string such as `-12.50`; a ratio may also be written `1/15`. */
export type Decimal = string;

export interface Definition {
  /** What its mutation does. None: it is not sent through the API, or not as it is. */
  readonly does?: string;
  /** Who may send it. Whose accounts they may act for the check says. */
  readonly by: readonly Exclude<Role, 'SYSTEM'>[];
  /** Describes the argument of the mutation. */
  readonly takes?: string;
  /** Describes the input. */
  readonly about?: string;
  /** Name of the input, where it is not the one of the command. */
  readonly input?: string;
  readonly fields: Fields;
  /** IN_CASES: the table of commands says in which; ONCE_OPEN: once the first account of a member is open. */
  readonly secondPerson: 'NEVER' | 'ONCE_OPEN' | 'ALWAYS' | 'IN_CASES';
  /** What its check may answer, in the order in which it tests. */
  readonly refusals: readonly RejectionCode[];
  /** What is set for later is a version that stands beside the one in force. Otherwise it is a scheduled change. */
  readonly ownVersions?: true;
}

/** The name of the mutation of a command. */
export const mutationOf = (type: string): string => `${type.charAt(0).toLowerCase()}${type.slice(1)}`;

/** When what a command sets comes into force.  Rule: X-6 */
export const EFFECTIVE_AT = kind.nullable(
  kind.instant('When it comes into force, at most 366 days from now. Null means at once.'),
);

/** The field of every command that sets terms and can be announced before they hold. */
export const EFFECTIVE = { effectiveAt: kind.optional(EFFECTIVE_AT) };

export const commands = <const D extends Readonly<Record<string, Definition>>>(definitions: D): D => definitions;

/** A value as it is sent, before it is checked: quantities are decimals, times and spans milliseconds. */
export type Asked<T> = T extends bigint | Ratio
  ? Decimal
  : T extends Instant | Duration
    ? Milliseconds
    : T extends readonly (infer Item)[]
      ? readonly Asked<Item>[]
      : T extends object
        ? { readonly [Name in keyof T]: Asked<T[Name]> }
        : T;

/** A part of a command as it is sent. */
export type AskedOf<K> = Asked<RecordOf<K>>;

type Flat<T> = { [Name in keyof T]: T[Name] };

/** The types of commands, by their definitions. */
export type CommandsOf<D extends Readonly<Record<string, Definition>>> = {
  [Type in keyof D]: Flat<{ readonly type: Type } & Asked<FieldsOf<D[Type]['fields']>>>;
}[keyof D];

export const OFFICERS = ['ADMIN', 'RISK_OFFICER'] as const;
