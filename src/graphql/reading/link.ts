/** References: where an object is named by its id, a link to it stands beside the name. One decorator makes both. */

import { type GraphQLField, type GraphQLSchema, getNamedType, isInterfaceType, isObjectType } from 'graphql';
import { Extensions } from 'type-graphql';
import { Id } from '../schema/fields';
import type { Context } from './context';
import { identityOf, readKeyed } from './identity';

type Decorate = PropertyDecorator & MethodDecorator;

/** What one link more or less costs: a row, read together with those of other objects. */
const COST = 2;
/** Of the messages of streams, which are of one entry. */
const LATER = 'Read from the read models, as of this entry or a later one.';

/** How a field is resolved that only its definition knows: from the object and who asks. */
export type Resolve<Root> = (root: Root, context: Context) => Promise<object | null>;

type Options = NonNullable<Parameters<typeof Id>[1]>;

interface Referring extends Options {
  readonly link?: string; // what the link is called, where it is not called as the reference is without its `Id`
}

/** `accountId`, and `account` beside it: the object as its caller sees it in lists, null where he does not. */
export const Ref =
  (type: string, description: string, { link, ...options }: Referring = {}): Decorate =>
  (prototype: object, name: string | symbol) => {
    Id(description, options)(prototype, name);
    Extensions({ refersTo: type, link: link ?? String(name).replace(/Id$/, '') })(prototype, name);
  };

/**
 * Adds the links of all references, and lets fields be resolved as their definitions say. Throws where a field has the
 * name of a link.
 */
export function withLinks(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    const fields = type.getFields();
    const isMessage = type.getInterfaces().some((each) => each.name === 'StreamMessage');
    for (const reference of Object.values(fields)) {
      const {
        refersTo: to,
        link: name,
        resolve,
      } = reference.extensions as Partial<Record<string, string>> & { resolve?: Resolve<unknown> };
      if (resolve) {
        identityOf(getNamedType(reference.type).name);
        reference.resolve = (root, _args, context) => resolve(root, context);
      }
      if (to === undefined || name === undefined) continue;
      if (name in fields) throw new Error(`${type.name}.${name} cannot be a link: a field is called so`);
      fields[name] = linkOf(schema, reference, { name, to, isMessage });
    }
  }
  return schema;
}

interface Link {
  readonly name: string;
  readonly to: string;
  readonly isMessage: boolean;
}

/** Whoever may read the name may follow the link, if he sees the object at its end. */
function linkOf(
  schema: GraphQLSchema,
  reference: GraphQLField<unknown, Context>,
  { name, to, isMessage }: Link,
): GraphQLField<unknown, Context> {
  const type = schema.getType(to);
  if (!isObjectType(type)) throw new Error(`${reference.name} is of ${to}, which is no type of an object`);
  identityOf(to);
  const { access } = reference.extensions;
  return {
    ...reference,
    name,
    type,
    args: [],
    extensions: { complexity: COST, isLink: true, ...(access === undefined ? {} : { access }) },
    description: isMessage ? `${reference.description} ${LATER}` : reference.description,
    resolve: (object, _args, context) => {
      const id = (object as Readonly<Record<string, string | null | undefined>>)[reference.name];
      return id === null || id === undefined ? null : readKeyed(context, to, [id]);
    },
  };
}
