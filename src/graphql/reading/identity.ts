/**
 * Objects with an identity. Each has an id of its own in the whole house, made of its type and of what its row is
 * called; by that id it is read again, as its caller sees it in lists. A type gets one where its list or its question
 * is defined.
 */

import { type GraphQLSchema, isObjectType } from 'graphql';
import type { KeyRole } from '../access/policy';
import { badInput } from '../error/problem';
import type { Context } from './context';

export type KeyPart = string | number;

interface Identity {
  /** What the row is called, from the object. */
  readonly key: (object: never) => readonly KeyPart[];
  readonly access: readonly KeyRole[];
  readonly read: (context: Context, key: readonly KeyPart[]) => Promise<object | null>;
}

const identities = new Map<string, Identity>();

export function identify(type: string, identity: Identity): void {
  if (identities.has(type)) throw new Error(`${type} has an identity already`);
  identities.set(type, identity);
}

/** Throws where a type is a node of the schema and has no identity, or has one and is no node. */
export function checkIdentities(schema: GraphQLSchema): GraphQLSchema {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const nodes = types
    .filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'))
    .map(({ name }) => name);
  const wrong = [
    ...nodes.filter((name) => !identities.has(name)),
    ...[...identities.keys()].filter((name) => !nodes.includes(name)),
  ];
  if (wrong.length > 0) throw new Error(`Nodes and types with an identity are the same, but for ${wrong.join(', ')}`);
  return schema;
}

/** Throws where a type has none: nothing can be read of it by name. */
export function identityOf(type: string): Identity {
  const identity = identities.get(type);
  if (!identity) throw new Error(`${type} has no identity`);
  return identity;
}

/** The types of objects that were read by their id: they are plain data otherwise. */
const types = new WeakMap<object, string>();

export const typeOf = (object: object): string | undefined => types.get(object);

export function sealNodeId(type: string, object: object): string {
  const identity = identityOf(type);
  return Buffer.from(JSON.stringify([type, ...identity.key(object as never)])).toString('base64url');
}

/** What a row can be called: no text that could not be stored, no number that no column holds. */
const TEXT = /^[^\0\uD800-\uDFFF]{0,200}$/u;
const isPart = (part: unknown): part is KeyPart =>
  typeof part === 'string' ? TEXT.test(part) : Number.isSafeInteger(part) && Number(part) >= 0;

/** Whether a column of whole numbers can hold it. */
export const isInt = (part: KeyPart | undefined): part is number => typeof part === 'number' && part < 2 ** 31;

const HINT = 'Not an id that this API gave out.';

/** Errors: BAD_USER_INPUT. */
function openNodeId(id: string): readonly [type: string, ...key: KeyPart[]] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(id, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && typeof parts[0] === 'string' && parts.every(isPart))
      return parts as [string, ...KeyPart[]];
  } catch {
    // Falls through: anything that does not read back was not given out here.
  }
  throw badInput(HINT);
}

/** The object of a type by its key; null where there is none that the caller may see. */
export async function readKeyed(context: Context, type: string, key: readonly KeyPart[]): Promise<object | null> {
  const identity = identityOf(type);
  return identity.access.some((role) => role === context.actor.role) ? identity.read(context, key) : null;
}

/** The object by an id; null where there is none that the caller may see. Errors: BAD_USER_INPUT. */
export async function readNode(context: Context, id: string): Promise<object | null> {
  const [type, ...key] = openNodeId(id);
  const identity = identities.get(type);
  if (!identity?.access.some((role) => role === context.actor.role)) return null;
  const object = await identity.read(context, key);
  // What is read is another object than one that is shared with whoever else asks.
  if (!object || sealNodeId(type, object) !== id) return null;
  types.set(object, type);
  return object;
}
