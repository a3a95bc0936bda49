/** Pages of rows by keyset: the order is total, so a page neither skips nor repeats whatever is written meanwhile. */

import { known, Malformed } from '../../units/failure';
import { badInput } from '../error/problem';
import { openCursor, sealCursor } from '../scalar/place';
import { asOf } from './asOf';
import type { Connection, PageArgs } from './connection';
import type { Reading } from './reading';

export const LARGEST_PAGE = 100;

type KeyType = 'text' | 'bigint' | 'int' | 'date';
type KeyValue = string | bigint | number | Date;

/** One column of an order, with what its values are. The columns together are unique. */
export interface KeyColumn {
  readonly field: string;
  readonly type: KeyType;
  readonly descending?: boolean;
}

type Columns = Readonly<Record<string, KeyType>>;

/** An order by these columns, the first of them first. */
export const ascending = (columns: Columns): KeyColumn[] =>
  Object.entries(columns).map(([field, type]) => ({ field, type }));
export const descending = (columns: Columns): KeyColumn[] =>
  ascending(columns).map((column) => ({ ...column, descending: true }));

/** By what happened last: an entry, and the place in it. */
export const NEWEST_FIRST = descending({ seq: 'bigint', place: 'int' });
export const IN_ORDER = ascending({ seq: 'bigint', place: 'int' });
export const BY_ID = ascending({ id: 'text' });
/** All versions of what a column names, as they were set. */
export const versionsBy = (field: string): KeyColumn[] => ascending({ [field]: 'text', version: 'int' });

export interface Slice {
  readonly list: string; // what the cursors of the list say they are of
  readonly take: number;
  readonly backwards: boolean;
  readonly after: readonly KeyValue[] | undefined;
  readonly before: readonly KeyValue[] | undefined;
}

/** What is asked for of a table, read. Errors: BAD_USER_INPUT. */
export function sliceOf({ first, after, last, before }: PageArgs, table: string, order: readonly KeyColumn[]): Slice {
  if ((first === null) === (last === null)) throw badInput('A list needs exactly one of `first` and `last`.');
  const take = first ?? last ?? 0;
  if (take < 1 || take > LARGEST_PAGE) throw badInput(`A page has 1 to ${LARGEST_PAGE} items.`);
  const list = `${table}.${order[0]?.field}`;
  return {
    list,
    take,
    backwards: first === null,
    after: keyOf(after, list, order),
    before: keyOf(before, list, order),
  };
}

function keyOf(cursor: string | null, list: string, order: readonly KeyColumn[]): KeyValue[] | undefined {
  if (cursor === null) return undefined;
  const [of, ...parts] = openCursor(cursor);
  if (of !== list || parts.length !== order.length) throw badInput('This cursor belongs to another list.');
  return parts.map((part, i) => readKey(part, order[i]?.type ?? 'text'));
}

function readKey(part: string | number, type: KeyType): KeyValue {
  if (type === 'text' && typeof part === 'string') return part;
  if (type === 'int' && typeof part === 'number') return part;
  if (type === 'bigint' && typeof part === 'string' && /^\d{1,18}$/.test(part)) return BigInt(part);
  if (type === 'date' && typeof part === 'number' && Math.abs(part) < 8.64e15) return new Date(part);
  throw badInput('This cursor belongs to another list.');
}

function cursorOf(row: object, list: string, order: readonly KeyColumn[]): string {
  const key = order.map(({ field }) => {
    const value = (row as Readonly<Record<string, KeyValue>>)[field] as KeyValue;
    return value instanceof Date ? value.getTime() : typeof value === 'bigint' ? value.toString() : value;
  });
  return sealCursor([list, ...key]);
}

/**
 * Rows strictly after (or before) a key, in the order's own direction, as a condition: a >= x and (a > x or a = x and
 * …). The first part says nothing new. It is what an index can be entered by: an alternative alone is read from the
 * beginning.
 */
function beyond(key: readonly KeyValue[], order: readonly KeyColumn[], forwards: boolean): object {
  const [column, ...rest] = order;
  const [value, ...others] = key;
  if (!column) return { OR: [] };
  const up = forwards !== (column.descending ?? false);
  const past = { [column.field]: { [up ? 'gt' : 'lt']: value } };
  if (rest.length === 0) return past;
  const from = { [column.field]: { [up ? 'gte' : 'lte']: value } };
  return { AND: [from, { OR: [past, { AND: [{ [column.field]: value }, beyond(others, rest, forwards)] }] }] };
}

/** A table of the store, as far as pages need it. */
interface Table<Row> {
  readonly $name?: string;
  findMany(query: { where: object; orderBy: object[]; take: number; include?: object }): Promise<Row[]>;
  count(query: { where: object }): Promise<number>;
}

export interface Listing<Row, Node> {
  readonly table: unknown; // a model of the client: its own types say more than a page needs
  readonly order: readonly KeyColumn[];
  readonly where: object;
  readonly include?: object;
  readonly node: (row: Row) => Node;
}

export async function pageOf<Row extends object, Node>(
  reading: Reading,
  args: PageArgs,
  { table, order, where, include, node }: Listing<Row, Node>,
): Promise<Connection<Node>> {
  const model = table as Table<Row>;
  const slice = sliceOf(args, known(model.$name, 'Model', 'of a list'), order);
  const conditions = [where];
  if (slice.after) conditions.push(beyond(slice.after, order, true));
  if (slice.before) conditions.push(beyond(slice.before, order, false));
  const rows = await model.findMany({
    where: { AND: conditions },
    orderBy: order.map(({ field, descending = false }) => ({
      [field]: descending !== slice.backwards ? 'desc' : 'asc',
    })),
    take: slice.take + 1,
    ...(include ? { include } : {}),
  });
  return connect(reading, slice, order, rows, node, () => model.count({ where }));
}

/** A row that cannot be shown is an error in its own place, and the rest of the page is there. */
function shown<Row, Node>(row: Row, node: (row: Row) => Node): Node {
  try {
    return node(row);
  } catch (error) {
    // The library takes an error that stands in the place of a value for one thrown there. A row is no input of the
    // caller's.
    return (error instanceof Error && !(error instanceof Malformed) ? error : new Error(String(error))) as Node;
  }
}

/** Makes a page of rows read in the direction of the slice, one more than asked for where there are more. */
export function connect<Row extends object, Node>(
  reading: Reading,
  slice: Slice,
  order: readonly KeyColumn[],
  rows: readonly Row[],
  node: (row: Row) => Node,
  count: () => Promise<number>,
): Connection<Node> {
  const more = rows.length > slice.take;
  const page = rows.slice(0, slice.take);
  if (slice.backwards) page.reverse();
  const edges = page.map((row) => ({ cursor: cursorOf(row, slice.list, order), node: shown(row, node) }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: slice.backwards ? slice.before !== undefined : more,
      hasPreviousPage: slice.backwards ? more : slice.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    asOf: asOf(reading),
    count,
  };
}
