/**
 * Object types of what commands set. Each field of the command is a field of the object and means the same, so it is said once, in
 * the definition of the command. What only the object has its class declares.
 */

import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Fields, FieldsOf, Kind } from '../../core/kind/kind';
import type { Asked } from '../../core/message/definition';
import { Reached } from '../access/policy';
import { Node } from '../reading/node';
import { Decimal } from '../scalar/decimal';
import { Ratio } from '../scalar/ratio';
import { DateTime, Duration } from '../scalar/time';
import { shownAs } from '../schema/enums';

type Class = new () => object;
type Shown = ReturnType<NonNullable<Parameters<typeof Field>[0]>>;

/** What the fields of a command are in an object: none may be missing, and when it comes into force is no part of it. */
type Terms<F extends Fields, Left extends keyof F> = {
  [Name in Exclude<keyof F, Left | 'effectiveAt'>]-?: Exclude<Asked<FieldsOf<F>>[Name & keyof Asked<FieldsOf<F>>], undefined>;
};

const fieldsOf = new WeakMap<object, Fields>();
const classOf = new WeakMap<Fields, Class>();

/** The base of a class that shows fields of a command, or of a part of one, but for those that it declares itself. */
export function termsOf<const F extends Fields, Left extends keyof F & string = never>(
  fields: F,
  ...declared: Left[]
): abstract new () => Terms<F, Left> {
  abstract class Base {}
  const left: readonly string[] = [...declared, 'effectiveAt'];
  fieldsOf.set(Base, Object.fromEntries(Object.entries(fields).filter(([name]) => !left.includes(name))));
  classOf.set(fields, Base as Class);
  return Base as abstract new () => Terms<F, Left>;
}

/** Makes a class with such a base an object type. */
export const TermsType =
  (description: string): ClassDecorator =>
  (target) => {
    const base = Object.getPrototypeOf(target) as object;
    ObjectType({ description })(target);
    addFields(target as unknown as Class, base);
  };

/** The same of what has versions, each of which is an object of its own. */
export const VersionType =
  (description: string): ClassDecorator =>
  (target) => {
    const base = Object.getPrototypeOf(target) as object;
    ObjectType({ description, implements: Node })(target);
    addFields(target as unknown as Class, base);
  };

const shownBy = new WeakMap<object, Class>();

function addFields(target: Class, base: object): void {
  Reached()(target);
  shownBy.set(base, target);
  for (const [name, held] of Object.entries(fieldsOf.get(base) ?? {}))
    Field(() => shownType(held), { description: held.says ?? '', nullable: mayBeNull(held) })(target.prototype as object, name);
}

/** What has a value where it is left out is there in the end. */
function mayBeNull(held: Kind): boolean {
  if (held.otherwise !== undefined && held.otherwise !== null) return false;
  return held.is === 'nullable' || (held.is === 'optional' && mayBeNull(held.item));
}

function shownType(held: Kind): Shown {
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
    case 'choice':
      return shownAs(held.of);
    case 'instant':
      return DateTime;
    case 'span':
      return Duration;
    case 'ratio':
      return Ratio;
    case 'list':
      return [shownType(held.item)] as Shown;
    case 'nullable':
    case 'optional':
    case 'about':
      return shownType(held.item);
    case 'record':
      return partOf(held.fields);
    case 'entry':
    case 'variants':
      throw new Error('Terms have no such field');
    default:
      return Decimal;
  }
}

function partOf(fields: Fields): Class {
  const base = classOf.get(fields);
  const shown = base && shownBy.get(base);
  if (!shown) throw new Error('A part of terms has an object type');
  return shown;
}
