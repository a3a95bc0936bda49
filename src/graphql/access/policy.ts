/**
 * Who may call what. Every root field names its roles; every type says that whoever reaches it may read it, or a field
 * of it names roles of its own. A field without a policy stops the schema from being built: what was forgotten is
 * denied. Rule: X-5
 */

import { type GraphQLField, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { Extensions } from 'type-graphql';
import type { Actor, Role } from '../../core/model/actor';
import { problem } from '../error/problem';

export type KeyRole = Exclude<Role, 'SYSTEM'>;

export const ROLES = [
  'ADMIN',
  'RISK_OFFICER',
  'BROKER',
  'BROKER_READONLY',
  'LIQUIDATOR',
  'FEED',
  'AUDITOR',
] as const satisfies KeyRole[];

/** Those who read everything. */
export const STAFF = ['ADMIN', 'RISK_OFFICER', 'AUDITOR'] as const;
export const BROKERS = ['BROKER', 'BROKER_READONLY'] as const;
export const OFFICERS = ['ADMIN', 'RISK_OFFICER'] as const;
/** Those who see margin accounts: all of them, or those of their member. */
export const ACCOUNT_READERS = [...STAFF, ...BROKERS] as const;

/** `REACHED`: whoever may reach the object may read the field. Not allowed at the root. */
export type Policy = readonly KeyRole[] | 'REACHED';

type Decorate = PropertyDecorator & MethodDecorator & ClassDecorator;

/** Roles that may call a root field, or read a field of a type. */
export const Access = (...roles: readonly KeyRole[]): Decorate => Extensions({ access: roles }) as Decorate;

/** Of a type: its fields may be read by whoever a field that leads to it has let through. */
export const Reached = (): Decorate => Extensions({ access: 'REACHED' }) as Decorate;

export interface Caller {
  readonly actor: Actor;
}

/** Thrown where the schema has a field that nobody decided about. */
export class PolicyMissing extends Error {
  override readonly name = 'PolicyMissing';
  constructor(readonly fields: readonly string[]) {
    super(`These fields have no access policy: ${fields.join(', ')}`);
  }
}

/** The policy of every field, by `Type.field`. Throws PolicyMissing. */
export function policiesOf(schema: GraphQLSchema): Map<string, Policy> {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  const policies = new Map<string, Policy>();
  const missing: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const isRoot = roots.has(type);
    for (const field of Object.values(type.getFields())) {
      const policy = (field.extensions['access'] ?? (isRoot ? undefined : type.extensions['access'])) as
        | Policy
        | undefined;
      if (policy === undefined || (isRoot && policy === 'REACHED')) missing.push(`${type.name}.${field.name}`);
      else policies.set(`${type.name}.${field.name}`, policy);
    }
  }
  if (missing.length > 0) throw new PolicyMissing(missing.sort());
  return policies;
}

/** Lets the schema say who may call what, from the same policies that are enforced. */
export function describeRoles(schema: GraphQLSchema): GraphQLSchema {
  for (const [place, policy] of policiesOf(schema)) {
    if (policy === 'REACHED') continue;
    const field = fieldAt(schema, place);
    if (field) field.description = `${field.description ?? ''} ${rolesSentence(policy)}`.trim();
  }
  return schema;
}

const rolesSentence = (roles: readonly KeyRole[]): string =>
  ROLES.every((role) => roles.includes(role))
    ? 'For every role.'
    : `For ${ROLES.filter((role) => roles.includes(role)).join(', ')}.`;

function fieldAt(schema: GraphQLSchema, place: string): GraphQLField<unknown, Caller> | undefined {
  const [type = '', name = ''] = place.split('.');
  return (schema.getType(type) as { getFields(): Record<string, GraphQLField<unknown, Caller>> }).getFields()[name];
}

/** Puts the check before the resolver of every field whose policy names roles. */
export function enforcePolicies(schema: GraphQLSchema): GraphQLSchema {
  for (const [place, policy] of policiesOf(schema)) {
    if (policy === 'REACHED') continue;
    const field = fieldAt(schema, place);
    if (!field) continue;
    if (field.resolve) field.resolve = guarded(field.resolve, policy);
    if (field.subscribe) field.subscribe = guarded(field.subscribe, policy);
  }
  return schema;
}

function guarded(
  resolve: GraphQLFieldResolver<unknown, Caller>,
  roles: readonly KeyRole[],
): GraphQLFieldResolver<unknown, Caller> {
  const allowed: ReadonlySet<Role> = new Set<Role>(roles);
  return (source, args: unknown, context, info) => {
    if (!allowed.has(context.actor.role)) throw problem('FORBIDDEN', `Not allowed for the role ${context.actor.role}.`);
    return resolve(source, args as Parameters<typeof resolve>[1], context, info);
  };
}
