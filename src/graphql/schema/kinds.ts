/**
 * Kinds of the core as types of the schema: what a field of a command is, it is in its input and in the object that
 * shows it.
 */

import { ID, Int } from 'type-graphql';
import type { Kind, RecordForm } from '../../core/kind/kind';
import { Decimal } from '../scalar/decimal';
import { Seq } from '../scalar/place';
import { Ratio } from '../scalar/ratio';
import { DateTime, Duration } from '../scalar/time';
import { shownAs } from './enums';
import type { TypeThunk } from './fields';

export type Class = new () => object;
type Shown = ReturnType<TypeThunk>;

/** The type of a kind; `partOf` makes or finds that of a record. */
export function shownType(held: Kind, partOf: (part: RecordForm) => Class): Shown {
  switch (held.is) {
    case 'id':
    case 'name':
      return ID;
    case 'text':
      return String;
    case 'flag':
      return Boolean;
    case 'count':
      return Int;
    case 'entry':
      return Seq;
    case 'choice':
      return shownAs(held.of);
    case 'instant':
      return DateTime;
    case 'span':
      return Duration;
    case 'ratio':
      return Ratio;
    case 'list':
      return [shownType(held.item, partOf)] as Shown;
    case 'nullable':
    case 'optional':
    case 'about':
      return shownType(held.item, partOf);
    case 'record':
      return partOf(held);
    case 'variants':
      throw new Error('A part of a command is one record');
    default:
      return Decimal;
  }
}

export function mayBeNull(held: Kind): boolean {
  return held.is === 'nullable' || (held.is === 'optional' && mayBeNull(held.item));
}
