/**
 * Fields with their meaning in their name: `@Money('What it holds.') amount` instead of a type function and an options
 * object each time. Every field has a description; `OPTIONAL` ones may be absent, and are null then, never undefined.
 */

import { Arg, Field, type FieldOptions, ID, Int } from 'type-graphql';
import { Decimal } from '../scalar/decimal';
import { Cursor, Seq } from '../scalar/place';
import { Ratio } from '../scalar/ratio';
import { DateTime, Duration } from '../scalar/time';

type Decorate = PropertyDecorator & MethodDecorator;
export type TypeThunk = NonNullable<Parameters<typeof Field>[0]>;
type Options = Pick<FieldOptions, 'nullable' | 'defaultValue' | 'complexity' | 'name' | 'deprecationReason'>;

/** Of results: may be null. */
export const OPTIONAL: Options = { nullable: true };
/** Of inputs: may be left out, and is null then. */
export const ABSENT: Options = { nullable: true, defaultValue: null };

/** A field of any type; a list is written `() => [Type]`. */
export const Of = (type: TypeThunk, description: string, options: Options = {}): Decorate =>
  Field(type, { description, ...options });

const of =
  (type: ReturnType<TypeThunk>) =>
  (description: string, options?: Options): Decorate =>
    Of(() => type, description, options);

export const Id = of(ID);
/** A number that is no amount: a rate, a factor. */
export const Rate = of(Decimal);
export const Text = of(String);
export const Texts = of([String]);
export const Flag = of(Boolean);
export const Whole = of(Int);
/** An amount, price or size; the description says which, and its currency. */
export const Amount = of(Decimal);
export const Share = of(Ratio);
export const When = of(DateTime);
export const Span = of(Duration);
export const SeqNo = of(Seq);
export const Place = of(Cursor);

/** An argument that has to be given. */
export const Takes = (name: string, type: TypeThunk, description: string): ParameterDecorator =>
  Arg(name, type, { description }) as ParameterDecorator;

/** An argument that may be left out, and is null then, or what the schema says it is then. */
export const MayTake = (
  name: string,
  type: TypeThunk,
  description: string,
  otherwise: unknown = null,
): ParameterDecorator => Arg(name, type, { description, ...ABSENT, defaultValue: otherwise }) as ParameterDecorator;
