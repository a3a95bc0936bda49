/**
 * Object types of what commands set. Each field of the command is a field of the object and means the same, so it is
 * said once, in the definition of the command. What only the object has its class declares.
 */

import { Field, ObjectType } from 'type-graphql';
import type { Fields, FieldsOf, Kind, RecordForm } from '../../core/kind/kind';
import type { Asked } from '../../core/message/definition';
import { Reached } from '../access/policy';
import { Node } from '../reading/node';
import { SeqNo, Whole } from '../schema/fields';
import { type Class, mayBeNull, shownType } from '../schema/kinds';

/**
 * What the fields of a command are in an object: none may be missing, and when it comes into force is no part of it.
 */
type Terms<F extends Fields, Left extends keyof F> = {
  [Name in Exclude<keyof F, Left | 'effectiveAt'>]-?: Exclude<
    Asked<FieldsOf<F>>[Name & keyof Asked<FieldsOf<F>>],
    undefined
  >;
};

interface Base {
  readonly fields: Fields;
  readonly left: readonly string[];
  readonly versions: boolean;
}

const bases = new WeakMap<object, Base>();
/** The types by the fields that they show, for records in which they are parts. */
const shown = new WeakMap<Fields, Class>();

function baseOf(base: Base): Class {
  class Shown {}
  bases.set(Shown, base);
  return Shown;
}

/** The base of a class that shows fields of a command, or of a part of one, but for those that it declares itself. */
export const termsOf = <const F extends Fields, Left extends keyof F & string = never>(
  fields: F,
  ...left: Left[]
): (new () => Terms<F, Left>) => baseOf({ fields, left, versions: false }) as new () => Terms<F, Left>;

/** The same of what has versions: each is an object of its own, with its number and the entry that set it. */
export const versionsOf = <const F extends Fields, Left extends keyof F & string = never>(fields: F, ...left: Left[]) =>
  baseOf({ fields, left, versions: true }) as new () => Terms<F, Left> & { version: number; setSeq: bigint };

/** Makes a class with such a base an object type. */
export const TermsType =
  (description: string): ClassDecorator =>
  (target) => {
    const base = bases.get(Object.getPrototypeOf(target) as object);
    if (!base) throw new Error(`${target.name} shows no terms`);
    const { prototype } = target as unknown as Class;
    ObjectType({ description, ...(base.versions ? { implements: Node } : {}) })(target);
    Reached()(target);
    shown.set(base.fields, target as unknown as Class);
    if (base.versions) {
      if (!base.left.includes('version'))
        Whole('The version, counted up in the order they were set. The highest that has come into force holds.')(
          prototype,
          'version',
        );
      SeqNo('Journal entry that set it.')(prototype, 'setSeq');
    }
    for (const [name, held] of Object.entries(base.fields))
      if (name !== 'effectiveAt' && !base.left.includes(name)) addField(prototype, name, held);
  };

/** What has a value where it is left out is there in the end. */
function addField(prototype: object, name: string, held: Kind): void {
  const nullable = mayBeNull(held) && (held.otherwise ?? null) === null;
  Field(() => shownType(held, partOf), { description: held.says ?? '', nullable })(prototype, name);
}

function partOf({ fields }: RecordForm): Class {
  const part = shown.get(fields);
  if (!part) throw new Error('A part of terms has an object type');
  return part;
}
