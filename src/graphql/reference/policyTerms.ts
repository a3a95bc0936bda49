/** The terms of policies as the rows keep them: the integers of the journal, written as strings. */

import { formatScaled } from '../../units/decimal';
import { cash, rate } from '../../units/quantity';
import { formatRatio, ratio } from '../../units/ratio';
import { rateText } from '../reading/amounts';

/** A JSON value of the journal: integers of the core are strings in it. */
type Json = unknown;

const fieldsOf = (value: Json): Readonly<Record<string, Json>> => value as Readonly<Record<string, Json>>;

/** One field of the terms; the kinds of value they hold, each read in its own way. */
export interface Terms {
  rate(field: string): string;
  rateOrNull(field: string): string | null;
  money(field: string): string;
  moneyOrNull(field: string): string | null;
  ratio(field: string): string;
  whole(field: string): number;
  wholeOrNull(field: string): number | null;
  text(field: string): string;
  texts(field: string): string[];
  one(field: string): Terms;
  list(field: string): Terms[];
  /** A list that may not be there. */
  listOrNone(field: string): Terms[];
  lists(field: string): Terms[][];
}

/** Reads terms whose amounts are in a currency of this scale. */
export function termsOf(json: Json, scale: number): Terms {
  const fields = fieldsOf(json);
  const integer = (field: string): bigint => BigInt(String(fields[field]));
  const orNull = <T>(field: string, read: (field: string) => T): T | null => (fields[field] == null ? null : read(field));
  const items = (value: Json): Terms[] => (value as readonly Json[]).map((item) => termsOf(item, scale));
  const terms: Terms = {
    rate: (field) => rateText(rate(integer(field))),
    rateOrNull: (field) => orNull(field, terms.rate),
    money: (field) => formatScaled(cash(integer(field)), scale),
    moneyOrNull: (field) => orNull(field, terms.money),
    ratio(field) {
      const { numerator, denominator } = fieldsOf(fields[field]);
      return formatRatio(ratio(BigInt(String(numerator)), BigInt(String(denominator))));
    },
    whole: (field) => Number(fields[field]),
    wholeOrNull: (field) => orNull(field, terms.whole),
    text: (field) => String(fields[field]),
    texts: (field) => (fields[field] as readonly Json[]).map(String),
    one: (field) => termsOf(fields[field], scale),
    list: (field) => items(fields[field]),
    listOrNone: (field) => (fields[field] == null ? [] : terms.list(field)),
    lists: (field) => (fields[field] as readonly Json[]).map(items),
  };
  return terms;
}
