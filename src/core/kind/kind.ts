/**
 * What fields of events and records hold: one definition says a field's type, how it is written, and whose unit it is in.
 * A quantity names the field that its unit belongs to, such as `currency`, `account` or `instrument`. That field stands in the
 * same record or in one around it. A path such as `auctioned.lotCurrency` leads into a record beside it; of two paths with `|`
 * between them the first counts that leads anywhere.
 */

import type { Cash, Count, Duration, Instant, Price, Rate, Size } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';

/** A kind of value whose type in the core is T. `~type` is not there at run time: it carries the type. */
export type Kind<T = unknown> = Form & { readonly '~type'?: T };

/** What a name stands for: quantities in its unit refer to it. */
export type Named = 'currency' | 'account' | 'instrument' | 'index';

export type Form =
  | { readonly is: 'plain' } // text, flag, count: the same in the core and in JSON
  | { readonly is: 'instant' | 'span' | 'rate' | 'ratio' | 'integer' }
  | { readonly is: 'digits'; readonly digits: Count }
  | { readonly is: 'name'; readonly of: Named }
  | { readonly is: 'cash' | 'price' | 'size'; readonly of: string }
  | { readonly is: 'nullable' | 'optional' | 'about' | 'list'; readonly item: Kind }
  | RecordForm
  | { readonly is: 'variants'; readonly by: string; readonly of: Readonly<Record<string, Fields>> };

export interface RecordForm<F extends Fields = Fields> {
  readonly is: 'record';
  readonly fields: F;
}

export type Fields = Readonly<Record<string, Kind>>;

/** A kind of record, whose fields can be asked for. */
export type RecordKind<F extends Fields> = RecordForm<F> & { readonly '~type'?: FieldsOf<F> };

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

type VariantsOf<By extends string, V> = { [Name in keyof V]: Flat<{ readonly [B in By]: Name } & FieldsOf<V[Name]>> }[keyof V];

/** The types of events, by their fields. */
export type EventsOf<E> = { [Type in keyof E]: Flat<{ readonly type: Type } & FieldsOf<E[Type]>> }[keyof E];

const PLAIN = { is: 'plain' } as const;

export const kind = {
  text: <T extends string = string>(): Kind<T> => PLAIN,
  flag: (): Kind<boolean> => PLAIN,
  count: <T extends number = number>(): Kind<T> => PLAIN,
  instant: (): Kind<Instant> => ({ is: 'instant' }),
  span: (): Kind<Duration> => ({ is: 'span' }),
  /** The name of something in whose unit quantities are. */
  currency: (): Kind<string> => ({ is: 'name', of: 'currency' }),
  account: (): Kind<string> => ({ is: 'name', of: 'account' }),
  instrument: (): Kind<string> => ({ is: 'name', of: 'instrument' }),
  index: (): Kind<string> => ({ is: 'name', of: 'index' }),
  /** Money of a currency: a field that names it, or an account or an instrument that is settled in it. */
  cash: (of: string): Kind<Cash> => ({ is: 'cash', of }),
  /** Ticks of an instrument or an index; `currency/account` is the index of a currency in the currency of an account. */
  price: (of: string): Kind<Price> => ({ is: 'price', of }),
  /** Lots of an instrument. */
  size: (of: string): Kind<Size> => ({ is: 'size', of }),
  /** The same, of what is no position. */
  lots: (of: string): Kind<bigint> => ({ is: 'size', of }),
  rate: (): Kind<Rate> => ({ is: 'rate' }),
  ratio: (): Kind<Ratio> => ({ is: 'ratio' }),
  /** A decimal with so many digits after the point. */
  digits: (digits: Count): Kind<bigint> => ({ is: 'digits', digits }),
  /** An integer without a unit, or with one that is told beside it. */
  integer: (): Kind<bigint> => ({ is: 'integer' }),
  nullable: <T>(item: Kind<T>): Kind<T | null> => ({ is: 'nullable', item }),
  /** A field that may be left out. */
  optional: <T>(item: Kind<T>): Optional<T> => ({ is: 'optional', item }),
  list: <T>(item: Kind<T>): Kind<readonly T[]> => ({ is: 'list', item }),
  record: <F extends Fields>(fields: F): RecordKind<F> => ({ is: 'record', fields }),
  /** What an event is about: its fields are read as if they were the event's own. */
  about: <T>(item: Kind<T>): Kind<T> => ({ is: 'about', item }),
  /** One of several records, told apart by a field. */
  variants: <By extends string, V extends Readonly<Record<string, Fields>>>(by: By, of: V): Kind<VariantsOf<By, V>> => ({
    ...{ is: 'variants', by, of },
  }),
  events: <E extends Readonly<Record<string, Fields>>>(events: E): E => events,
};
