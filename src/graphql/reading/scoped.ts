/**
 * Pages of tables whose rows name accounts without a relation to them, such as both sides of a trade. The condition
 * that keeps a broker to its own accounts is a subquery there, which the client has no word for, so these are plain
 * SQL.
 */

import { Prisma } from '../../store/generated/client';
import type { Sight } from '../access/sight';
import type { Connection, PageArgs } from './connection';
import { connect, type KeyColumn, sliceOf } from './page';
import type { Reading } from './reading';

/** Rows whose column names an account in sight. */
export function inSight(sight: Sight, column: string): Prisma.Sql {
  if (sight.accounts === 'ALL') return Prisma.sql`TRUE`;
  if (sight.accounts === 'NONE') return Prisma.sql`FALSE`;
  return Prisma.sql`${name(column)} IN (SELECT a."id" FROM "Account" a WHERE a."memberId" = ${sight.member})`;
}

export const name = (column: string): Prisma.Sql => Prisma.raw(`"${column}"`);

const anyOf = (conditions: readonly Prisma.Sql[]): Prisma.Sql => Prisma.sql`(${Prisma.join([...conditions], ' OR ')})`;

export const equals = (column: string, value: unknown): Prisma.Sql =>
  value === null ? Prisma.sql`TRUE` : Prisma.sql`${name(column)} = ${value}`;

/**
 * Rows whose column has one of these values, where any are named. Of one value an index knows the order of its rows.
 */
export function among(column: string, values: readonly string[] | null): Prisma.Sql {
  if (values?.length === 1) return equals(column, values[0]);
  return values === null ? Prisma.sql`TRUE` : Prisma.sql`${name(column)} = ANY(${[...values]})`;
}

/** Rows whose column names a liquidator that a key may act for. */
export const operatedBy = (key: string, column: string): Prisma.Sql =>
  Prisma.sql`${name(column)} IN (SELECT l."accountId" FROM "Liquidator" l WHERE l."operator" = ${key})`;

export interface ScopedListing<Row, Node> {
  readonly table: Prisma.ModelName;
  readonly order: readonly KeyColumn[]; // all in one direction
  readonly where: readonly Prisma.Sql[];
  /**
   * Alternatives, each of which an index answers: a page of each is read and the nearest rows of all are taken. As one
   * condition they would be answered by gathering everything that meets any of them.
   */
  readonly either?: readonly Prisma.Sql[];
  readonly node: (row: Row) => Node;
}

export async function scopedPageOf<Row extends object, Node>(
  reading: Reading,
  args: PageArgs,
  { table, order, where, either = [], node }: ScopedListing<Row, Node>,
): Promise<Connection<Node>> {
  const slice = sliceOf(args, table, order);
  const descending = order[0]?.descending ?? false;
  const columns = Prisma.join(order.map(({ field }) => name(field)));
  const beyond = (key: readonly unknown[], forwards: boolean): Prisma.Sql =>
    Prisma.sql`(${columns}) ${Prisma.raw(forwards !== descending ? '>' : '<')} (${Prisma.join([...key])})`;
  const conditions = [...where];
  if (slice.after) conditions.push(beyond(slice.after, true));
  if (slice.before) conditions.push(beyond(slice.before, false));
  const direction = Prisma.raw(descending !== slice.backwards ? 'DESC' : 'ASC');
  const keys = Prisma.join(order.map(({ field }) => Prisma.sql`${name(field)} ${direction}`));
  const page = (...more: readonly Prisma.Sql[]): Prisma.Sql =>
    Prisma.sql`SELECT * FROM ${name(table)} WHERE ${all([...conditions, ...more])} ORDER BY ${keys} LIMIT
      ${slice.take + 1}`;
  const pages = either.map((alternative) => Prisma.sql`(${page(alternative)})`);
  const statement =
    pages.length < 2
      ? page(...either)
      : Prisma.sql`SELECT DISTINCT ON (${columns}) * FROM (${Prisma.join(pages, ' UNION ALL ')}) q ORDER BY ${keys}
        LIMIT ${slice.take + 1}`;
  const rows = await reading.db.$queryRaw<Row[]>(statement);
  const count = async (): Promise<number> => {
    const counted = all(either.length > 0 ? [...where, anyOf(either)] : where);
    const [answer] = await reading.db.$queryRaw<[{ count: bigint }]>(
      Prisma.sql`SELECT count(*) AS "count" FROM ${name(table)} WHERE ${counted}`,
    );
    return Number(answer.count);
  };
  return connect(reading, slice, order, rows, node, count);
}

const all = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length > 0 ? Prisma.join([...conditions], ' AND ') : Prisma.sql`TRUE`;
