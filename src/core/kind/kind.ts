/**
 * What fields of commands, events and records hold: one definition says a field's type, how it is written, whose unit
 * it is in, and where people meet it, what it means.
 * A quantity names the field that its unit belongs to, such as `currency`, `account` or `instrument`. That field stands
 * in the same record or in one around it. A path such as `auctioned.lotCurrency` leads into a record beside it; of two
 * paths with `|` between them the first counts that leads anywhere.
 */

import { known } from '../../units/failure';
import type { Cash, Count, Duration, Instant, Margin, Price, Rate, Seq, Size } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import type { OldNames } from './renamed';

/** A kind of value whose type in the core is T. `~type` is not there at run time: it carries the type. */
export type Kind<T = unknown> = Form & Said & { readonly '~type'?: T };

/** What is said of a field besides what it holds. */
export interface Said {
  /** Its meaning, for those who set or read it. */
  readonly says?: string | undefined;
  /** Of a command: what it is where the caller leaves it out. */
  readonly otherwise?: unknown;
  /** Of a command: an id that is made with this prefix where the caller chooses none. */
  readonly made?: string;
  /** Of a command: filled in by the house, never by the caller. */
  readonly own?: boolean;
  /** Of a list: it is not empty, nor longer than lists may be. */
  readonly filled?: boolean;
}

/** Values of a field that are told apart by name, each with its meaning. */
export interface Choice<Value extends string = string> {
  readonly name: string;
  readonly says: string;
  readonly values: Readonly<Record<Value, string>>;
}
export type ChoiceOf<C> = C extends Choice<infer Value> ? Value : never;

export const choice = <Value extends string>(
  name: string,
  says: string,
  values: Readonly<Record<Value, string>>,
): Choice<Value> => ({
  name,
  says,
  values,
});

/** What a name stands for: quantities in its unit refer to it. */
export type Named = 'currency' | 'account' | 'instrument' | 'index';

export type Form =
  | { readonly is: 'id' | 'text' | 'flag' | 'count' | 'entry' } // the same in the core and in JSON
  | { readonly is: 'choice'; readonly of: Choice }
  | { readonly is: 'instant' | 'span' | 'rate' | 'ratio' | 'integer' }
  | { readonly is: 'digits'; readonly digits: Count }
  | { readonly is: 'name'; readonly of: Named }
  | { readonly is: 'cash' | 'price' | 'size'; readonly of: string }
  | { readonly is: 'nullable' | 'optional' | 'about' | 'list'; readonly item: Kind }
  | RecordForm
  | {
      readonly is: 'variants';
      readonly by: string;
      readonly of: Readonly<Record<string, Fields>>;
      readonly was?: OldNames;
    };

export interface RecordForm<F extends Fields = Fields> {
  readonly is: 'record';
  readonly fields: F;
  /** Of what is sent as a whole: what it is called, and what it is. */
  readonly named?: { readonly name: string; readonly about: string };
  readonly was?: OldNames; // names that fields had before
}

export type Fields = Readonly<Record<string, Kind>>;

/** A kind of record, whose fields can be asked for. */
export type RecordKind<F extends Fields> = RecordForm<F> & Said & { readonly '~type'?: FieldsOf<F> };

type Optional<T> = Kind<T> & { readonly is: 'optional' };

type TypeOf<K> = K extends { readonly '~type'?: infer T } ? Exclude<T, undefined> : never;
type OptionalNames<F> = { [Name in keyof F]: F[Name] extends { readonly is: 'optional' } ? Name : never }[keyof F];
type Flat<T> = { [Name in keyof T]: T[Name] };

/** The type of a record with these fields. */
export type FieldsOf<F> = Flat<
  { readonly [Name in Exclude<keyof F, OptionalNames<F>>]: TypeOf<F[Name]> } & {
    readonly [Name in OptionalNames<F>]?: TypeOf<F[Name]>;
  }
>;

/** The type of a record. */
export type RecordOf<K> = TypeOf<K>;

type VariantsOf<By extends string, V> = {
  [Name in keyof V]: Flat<{ readonly [B in By]: Name } & FieldsOf<V[Name]>>;
}[keyof V];

/** The types of events, by their fields. */
export type EventsOf<E> = { [Type in keyof E]: Flat<{ readonly type: Type } & FieldsOf<E[Type]>> }[keyof E];

/** Beside the fields of an event, and none of them. */
const SENTENCE = Symbol('sentence');

export const kind = {
  text: <T extends string = string>(says?: string): Kind<T> => ({ is: 'text', says }),
  flag: (says?: string): Kind<boolean> => ({ is: 'flag', says }),
  count: <T extends number = number>(says?: string): Kind<T> => ({ is: 'count', says }),
  /** A name by which something is found, in nobody's unit. */
  id: <T extends string = string>(says?: string): Kind<T> => ({ is: 'id', says }),
  /** An entry of the journal. */
  entry: (says?: string): Kind<Seq> => ({ is: 'entry', says }),
  oneOf: <Value extends string>(of: Choice<Value>, says?: string): Kind<Value> => ({ is: 'choice', of, says }),
  instant: (says?: string): Kind<Instant> => ({ is: 'instant', says }),
  span: (says?: string): Kind<Duration> => ({ is: 'span', says }),
  /** The name of something in whose unit quantities are. */
  currency: (says?: string): Kind<string> => ({ is: 'name', of: 'currency', says }),
  account: (says?: string): Kind<string> => ({ is: 'name', of: 'account', says }),
  instrument: (says?: string): Kind<string> => ({ is: 'name', of: 'instrument', says }),
  index: (says?: string): Kind<string> => ({ is: 'name', of: 'index', says }),
  /** Money of a currency: a field that names it, or an account or an instrument that is settled in it. */
  cash: (of: string, says?: string): Kind<Cash> => ({ is: 'cash', of, says }),
  /**
   * Ticks of an instrument or an index; `currency/account` is the index of a currency in the currency of an account.
   */
  price: (of: string, says?: string): Kind<Price> => ({ is: 'price', of, says }),
  /** Lots of an instrument. */
  size: (of: string, says?: string): Kind<Size> => ({ is: 'size', of, says }),
  /** The same, of what is no position. */
  lots: (of: string, says?: string): Kind<bigint> => ({ is: 'size', of, says }),
  rate: (says?: string): Kind<Rate> => ({ is: 'rate', says }),
  ratio: (says?: string): Kind<Ratio> => ({ is: 'ratio', says }),
  /** A decimal with so many digits after the point. */
  digits: (digits: Count, says?: string): Kind<bigint> => ({ is: 'digits', digits, says }),
  /** The same, with as many as the unit it is in allows, which something else tells. */
  decimal: (says?: string): Kind<bigint> => ({ is: 'integer', says }),
  /** An integer without a unit, or with one that is told beside it. */
  integer: (says?: string): Kind<bigint> => ({ is: 'integer', says }),
  /** 1e-12 of the smallest unit of a currency. */
  margin: (says?: string): Kind<Margin> => ({ is: 'integer', says }),
  nullable: <T>(item: Kind<T>): Kind<T | null> => ({ is: 'nullable', item, says: item.says }),
  /** A field that may be left out. */
  optional: <T>(item: Kind<T>): Optional<T> => ({ is: 'optional', item, says: item.says, otherwise: item.otherwise }),
  list: <T>(item: Kind<T>, says?: string): Kind<readonly T[]> => ({ is: 'list', item, says }),
  /** What the caller leaves out is this. */
  or: <T>(item: Kind<T>, otherwise: unknown): Kind<T> => ({ ...item, otherwise }),
  /** An id that the caller may leave out: one is made with this prefix. */
  made: <T>(prefix: string, item: Kind<T>): Kind<T> & { readonly made: string } => ({ ...item, made: prefix }),
  /** What the house knows and the caller does not say. */
  own: <T>(item: Kind<T>): Kind<T> & { readonly own: true } => ({ ...item, own: true }),
  /** A list that is neither empty nor longer than lists may be. */
  filled: <T>(list: Kind<readonly T[]>): Kind<readonly T[]> => ({ ...list, filled: true }),
  /** The same, with its meaning. */
  said: <T>(item: Kind<T>, says: string): Kind<T> => ({ ...item, says }),
  /** A record. It is read under the old names of its fields too. */
  record: <F extends Fields>(fields: F, was?: OldNames): RecordKind<F> => ({
    is: 'record',
    fields,
    ...(was && { was }),
  }),
  /** A part of a command that is sent as a whole. */
  part: <F extends Fields>(name: string, about: string, fields: F): RecordKind<F> => ({
    is: 'record',
    fields,
    named: { name, about },
  }),
  /** What an event is about: its fields are read as if they were the event's own. */
  about: <T>(item: Kind<T>): Kind<T> => ({ is: 'about', item }),
  /** One of several records, told apart by a field. */
  variants: <By extends string, V extends Readonly<Record<string, Fields>>>(
    by: By,
    of: V,
    was?: OldNames,
  ): Kind<VariantsOf<By, V>> => ({
    is: 'variants',
    by,
    of,
    ...(was && { was }),
  }),
  /** An event, with the sentence that says what has happened. */
  event: <F extends Fields>(says: string, fields: F): F =>
    Object.defineProperty({ ...fields }, SENTENCE, { value: says }),
  events: <E extends Readonly<Record<string, Fields>>>(events: E): E => events,
};

/** What has happened, where an event of these fields did. */
export const sentenceOf = (fields: Fields & { readonly [SENTENCE]?: string }): string =>
  known(fields[SENTENCE], 'Sentence', 'of an event');
