/**
 * Lists and objects as definitions. From one follow the field with its arguments and pages, the rows that are read,
 * their order and who sees which of them. A definition is a decorator of a resolver class; `resolversOf` makes a class
 * of nothing else.
 */

import { Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Prisma } from '../../store/generated/client';
import { Access, type KeyRole } from '../access/policy';
import { MayTake, Takes, type TypeThunk } from '../schema/fields';
import { batched } from './batch';
import { type Connection, type Constructor, itemOf, PageArgs } from './connection';
import type { Context } from './context';
import { identify, isInt, type KeyPart } from './identity';
import { type KeyColumn, LARGEST_PAGE, pageOf } from './page';
import type { Reading } from './reading';
import { among, equals, scopedPageOf } from './scoped';

/** An argument that keeps to rows whose column has the value given, or one of the values. */
export interface Filter {
  readonly type: TypeThunk;
  readonly description: string;
  readonly column?: string; // where it is not called as the argument is
  readonly sought?: (context: Context, given: never) => unknown; // where it is not what was given
  readonly required?: boolean;
}

export type Filters = Readonly<Record<string, Filter>>;

/** Only rows that name an object by its id. */
export const byId = (description: string, column?: string, rest: Pick<Filter, 'sought' | 'required'> = {}): Filter => ({
  ...{ type: () => ID, description },
  ...(column === undefined ? {} : { column }),
  ...rest,
});

/** Only rows with one of several values. */
export const byOneOf = (values: object, description: string): Filter => ({ type: () => [values], description });

/** Only rows of which something is true, or only those of which it is not. */
export const byFlag = (description: string): Filter => ({ type: () => Boolean, description });

type Table = Prisma.ModelName;
type RowOf<T extends Table> = Prisma.TypeMap['model'][T]['payload']['scalars'];
type Conditions = Readonly<Record<string, unknown>>;

interface Listed<T extends Table, Row, Node, Parent> {
  readonly name: string;
  readonly description: string;
  readonly of: Constructor<Connection<Node>>;
  readonly table: T;
  readonly order: readonly KeyColumn[];
  readonly filters?: Filters;
  readonly include?: object; // where a row is more than the table has
  /**
   * The rows in sight where the store's client has no word for them, as alternatives, or none for all: then the list is
   * plain SQL.
   */
  readonly scope?: (context: Context, parent: Parent) => readonly Prisma.Sql[];
  readonly node: (row: Row, context: Context, parent: Parent) => Node;
  /** Columns that name a row, each from the object: an object of the list has an identity. */
  readonly key?: Readonly<Record<string, (object: Node) => KeyPart>>;
}

interface RootList<T extends Table, Row, Node> extends Listed<T, Row, Node, undefined> {
  readonly access: readonly KeyRole[];
  /** The rows in sight; all where nothing is said. */
  readonly sight?: (context: Context) => object;
}

interface FieldList<T extends Table, Row, Node, Parent> extends Listed<T, Row, Node, Parent> {
  /** What the rows of the object have in their columns. */
  readonly within: (parent: Parent, context: Context) => Conditions;
}

interface RootObject<Node> {
  readonly name: string;
  readonly description: string;
  readonly of: Constructor<Node>;
  readonly argument?: string; // where it is not `id`
  readonly id: string; // what the argument is
  /** What the argument is for an object: the object has an identity. */
  readonly key?: (object: Node) => string;
  readonly access: readonly KeyRole[];
  readonly read: (context: Context, id: string) => Promise<Node | null>;
}

type Resolvers = new () => object;
type Parameter = (prototype: object, field: string, place: number) => void;
type Decorate = (resolvers: Resolvers) => void;

/** A list at the root. */
export const list =
  <T extends Table, Node extends object, Row extends RowOf<T> = RowOf<T>>(
    definition: RootList<T, Row, Node>,
  ): Decorate =>
  (resolvers) => {
    const { name, description, of, access, filters = {}, sight, key } = definition;
    if (key)
      identify(itemOf(of), {
        access,
        key: (object: Node) => Object.values(key).map((part) => part(object)),
        read: readerOf(definition, key),
      });
    const read = (context: Context, args: PageArgs, ...given: unknown[]): Promise<Connection<Node>> =>
      readPage(definition, context, args, {
        parent: undefined,
        columns: soughtBy(filters, given, context),
        sight: sight?.(context),
      });
    define(resolvers, name, read, [Ctx(), Args(() => PageArgs), ...argumentsOf(filters)]);
    Access(...access)(resolvers.prototype as object, name);
    Query(() => of, { description })(resolvers.prototype as object, name, {});
  };

/** A list of an object, in the class of its fields. */
export const listField =
  <T extends Table, Node, Parent, Row extends RowOf<T> = RowOf<T>>(
    definition: FieldList<T, Row, Node, Parent>,
  ): Decorate =>
  (resolvers) => {
    const { name, description, of, filters = {}, within } = definition;
    const read = (parent: Parent, context: Context, args: PageArgs, ...given: unknown[]): Promise<Connection<Node>> =>
      readPage(definition, context, args, {
        parent,
        columns: { ...soughtBy(filters, given, context), ...within(parent, context) },
      });
    define(resolvers, name, read, [Root(), Ctx(), Args(() => PageArgs), ...argumentsOf(filters)]);
    FieldResolver(() => of, { description })(resolvers.prototype as object, name, {});
  };

/** An object at the root, by its id; null where there is none in sight. */
export const one =
  <Node extends object>({
    name,
    description,
    of,
    argument = 'id',
    id,
    access,
    read,
    key,
  }: RootObject<Node>): Decorate =>
  (resolvers) => {
    if (key)
      identify(of.name, {
        access,
        key: (object: Node) => [key(object)],
        read: (context, [first]) => read(context, String(first)),
      });
    define(resolvers, name, read, [Ctx(), Takes(argument, () => ID, id)]);
    Access(...access)(resolvers.prototype as object, name);
    Query(() => of, { nullable: true, description })(resolvers.prototype as object, name, {});
  };

/** Resolvers at the root that are all definitions. */
export const resolversOf = (...definitions: readonly Decorate[]): Resolvers => defined(Resolver(), definitions);

/** Fields of an object that are all definitions. */
export const fieldsOf = (of: Resolvers, ...definitions: readonly Decorate[]): Resolvers =>
  defined(Resolver(of), definitions);

function defined(resolver: Decorate, definitions: readonly Decorate[]): Resolvers {
  class Defined {}
  for (const decorate of [...definitions, resolver]) decorate(Defined);
  return Defined;
}

function define(
  resolvers: Resolvers,
  name: string,
  read: (...given: never[]) => unknown,
  parameters: readonly Parameter[],
): void {
  Object.defineProperty(resolvers.prototype, name, { value: read });
  parameters.forEach((parameter, i) => {
    parameter(resolvers.prototype as object, name, i);
  });
}

const argumentsOf = (filters: Filters): Parameter[] =>
  Object.entries(filters).map(([name, { type, description, required = false }]) =>
    (required ? Takes : MayTake)(name, type, description),
  );

const isOf = (part: KeyPart, name: string | undefined, order: readonly KeyColumn[]): boolean =>
  order.find(({ field }) => field === name)?.type === 'int' ? isInt(part) : typeof part === 'string';

const ONE: PageArgs = { first: 1, after: null, last: null, before: null };

/**
 * Reads an object of a list by its key, from the rows of the list that the caller sees. Those of one column are read
 * together.
 */
function readerOf<T extends Table, Row extends object, Node extends object>(
  definition: RootList<T, Row, Node>,
  key: NonNullable<RootList<T, Row, Node>['key']>,
): (context: Context, key: readonly KeyPart[]) => Promise<Node | null> {
  const names = Object.keys(key);
  const read = async (context: Context, columns: Conditions, args: PageArgs): Promise<readonly Node[]> =>
    (await readPage(definition, context, args, { parent: undefined, columns, sight: definition.sight?.(context) }))
      .nodes;
  const loaders = new WeakMap<Reading, (part: KeyPart) => Promise<Node | null>>();
  const loaderOf = (context: Context): ((part: KeyPart) => Promise<Node | null>) =>
    batched(async (parts) => {
      const [name = ''] = names;
      const nodes = await read(context, { [name]: [...new Set(parts)] }, { ...ONE, first: LARGEST_PAGE });
      const found = new Map(nodes.map((node) => [key[name]?.(node), node]));
      return parts.map((part) => found.get(part) ?? null);
    });
  return async (context, parts) => {
    if (parts.length !== names.length || !parts.every((part, i) => isOf(part, names[i], definition.order))) return null;
    if (names.length > 1)
      return (await read(context, Object.fromEntries(names.map((name, i) => [name, parts[i]])), ONE))[0] ?? null;
    const reading = await context.read();
    const loader = loaders.get(reading) ?? loaderOf(context);
    loaders.set(reading, loader);
    return loader(parts[0] ?? '');
  };
}

/** What the columns of the rows asked for have. */
function soughtBy(filters: Filters, given: readonly unknown[], context: Context): Conditions {
  const asked = Object.entries(filters).map(([name, { column = name, sought }], i) => ({
    column,
    sought,
    value: given[i] ?? null,
  }));
  const those = asked.filter(({ value }) => value !== null);
  return Object.fromEntries(
    those.map(({ column, sought, value }) => [column, sought ? sought(context, value as never) : value]),
  );
}

interface Wanted<Parent> {
  readonly parent: Parent;
  readonly columns: Conditions;
  readonly sight?: object | undefined;
}

async function readPage<T extends Table, Row extends object, Node, Parent>(
  { table, order, include, scope, node: shown }: Listed<T, Row, Node, Parent>,
  context: Context,
  args: PageArgs,
  { parent, columns, sight = {} }: Wanted<Parent>,
): Promise<Connection<Node>> {
  const reading = await context.read();
  const node = (row: Row): Node => shown(row, context, parent);
  const entries = Object.entries(columns);
  if (scope) {
    const conditions = entries.map(([column, value]) =>
      Array.isArray(value) ? among(column, value as string[]) : equals(column, value),
    );
    return scopedPageOf(reading, args, { table, order, where: conditions, either: scope(context, parent), node });
  }
  const conditions = entries.map(([column, value]) => ({ [column]: Array.isArray(value) ? { in: value } : value }));
  const model = reading.db[modelOf(table)];
  return pageOf(reading, args, {
    table: model,
    order,
    where: { AND: [sight, ...conditions] },
    ...(include ? { include } : {}),
    node,
  });
}

const modelOf = <T extends Table>(table: T): Uncapitalize<T> =>
  `${table.charAt(0).toLowerCase()}${table.slice(1)}` as Uncapitalize<T>;
