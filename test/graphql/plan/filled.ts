/**
 * A database in which every table has so many rows that it matters how they are found: made of columns and keys as the
 * catalog has them, so that a table that is added is filled as well. Checks and references are taken away first: what
 * is in the rows need not make sense, it is only looked for.
 */

import type { GraphQLEnumType, GraphQLSchema } from 'graphql';
import { isEnumType } from 'graphql';
import type { Sql } from '../../../src/store/client';

/** Tables of what an officer or administrator sets up by hand: few rows, read whole. */
export const FEW: ReadonlySet<string> = new Set([
  ...[
    'Checkpoint',
    'Currency',
    'CollateralTerms',
    'PriceIndex',
    'IndexQuote',
    'Instrument',
    'TierSchedule',
    'MarginTier',
    'MarginPolicy',
  ],
  ...[
    'LossPolicy',
    'DisposalPolicy',
    'DeleveragingPolicy',
    'MarketLimits',
    'OpenInterestScaling',
    'FundingPolicy',
    'PriceGuards',
    'AuctionPolicy',
    'PortfolioPolicy',
    'ChangeNotice',
    'Venue',
    'Member',
    'LedgerAccount',
  ],
  ...[
    'DefaultFundPolicy',
    'BackstopPool',
    'BackstopEntry',
    'InsurancePool',
    'WithdrawalGate',
    'InsuranceFund',
    'DisposalLadder',
  ],
  ...[
    'Liquidator',
    'BackstopProvider',
    'DefaultPolicy',
    'InventoryDraw',
    'MemberDefault',
    'MemberDefaultBook',
    'DefaultAuction',
    'ApiKey',
    'PortOffer',
  ],
]);

export const SIZE = { most: 20_000, many: 6_000, few: 40, accounts: 12_000, members: 4, instruments: 7 } as const;

/** An account with few rows, of a member with few accounts, and what is in the middle of everything. */
export const SOME = { account: 'a000007', member: 'm2', rare: 'rare', instrument: 'I5', currency: 'C2' } as const;

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly key: number | null; // its place in the primary key, from 1
  readonly keys: number; // columns of that key
}

const COLUMNS = `
  SELECT c.table_name AS table, c.column_name AS column, c.udt_name AS type, array_position(k.names,
  c.column_name::text) AS key,
    coalesce(array_length(k.names, 1), 0) AS keys
  FROM information_schema.columns c
  JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type
  = 'BASE TABLE'
  LEFT JOIN LATERAL (
    SELECT array_agg(a.attname::text ORDER BY array_position(i.indkey::int2[], a.attnum)) AS names FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
    WHERE i.indisprimary AND i.indrelid = format('%I', c.table_name)::regclass
  ) k ON true
  WHERE c.table_schema = current_schema() AND c.table_name NOT IN ('_prisma_migrations', 'JournalBlock', 'Snapshot')
  ORDER BY c.table_name, c.ordinal_position`;

/** Rows that stand in another table, by the column that names them. */
const OWNERS: Readonly<Record<string, string>> = {
  liquidationId: 'Liquidation',
  callId: 'MarginCall',
  caseId: 'LossCase',
  defaultId: 'MemberDefault',
  deleveragingId: 'Deleveraging',
  orderId: 'LiquidationOrder',
};

const isAccount = (column: string): boolean =>
  /^(account|buyer|seller|bidder|taker|liquidator|counterparty|winner)Id$/.test(column);

/** Values spread over a range in no order, differently for every column. */
const spread = (column: string, range: number): string => `((n * 7919 + ${column.length * 31}) % ${range})`;
const accountNumbered = (n: string): string => `'a' || lpad((${n})::text, 6, '0')`;

function textOf(table: string, column: string, of: Column, values: readonly string[] | undefined): string {
  // Nearly everything has come to its end.
  if (values)
    return (
      `CASE WHEN n % 25 = 0 THEN (ARRAY[${values.map((value) => `'${value}'`).join(', ')}])[1 + n / 25 % ` +
      `${values.length}] ELSE '${values.at(-1)}' END`
    );
  const rows = FEW.has(table) ? SIZE.few : SIZE.many;
  if (table === 'Account' && column === 'id') return accountNumbered('n - 1');
  if (isAccount(column))
    return accountNumbered(of.key !== 1 ? spread(column, SIZE.accounts) : of.keys === 1 ? 'n - 1' : 'n / 5');
  if (/^(member|toMember|fromMember)(Id)?$/.test(column))
    return `CASE WHEN ${spread(column, 997)} < 1 THEN 'rare' ELSE 'm' || ${spread(column, SIZE.members)} END`;
  if (table === 'MarkPrice' && column === 'instrumentId')
    return `CASE WHEN n % 5 > 0 THEN '${SOME.instrument}' ELSE 'I' || n % ${SIZE.few} END`;
  if (column === 'instrumentId') return `'I' || ${of.key ? `n % ${SIZE.few}` : spread(column, SIZE.instruments)}`;
  if (/^(currency|lotCurrency|settlement|quote|base|book)$/.test(column))
    return of.keys === 1 && of.key ? `'C' || n` : `'C' || n % 5`;
  if (table === 'LedgerTransfer' && column === 'to')
    return `CASE WHEN n % 3 = 0 THEN 'house' ELSE 'account/' || ${accountNumbered(spread(column, SIZE.accounts))} END`;
  if (table === 'LedgerTransfer' && column === 'from')
    return `'account/' || ${accountNumbered(spread(column, SIZE.accounts))}`;
  const owner =
    column === 'auctionId' ? (table.startsWith('Portfolio') ? 'PortfolioAuction' : 'Auction') : OWNERS[column];
  if (owner)
    return (
      `'${owner}' || ` +
      `${of.key ? (FEW.has(table) ? 'n' : '(1 + n / 4)') : `(1 + ${spread(column, FEW.has(owner) ? SIZE.few : SIZE.many / 4)})`}`
    );
  if (column === 'indexId') {
    const m = `(1 + ${spread(column, SIZE.few)})`;
    return `'C' || ${m} % 5 || '/C' || ${m} / 5`;
  }
  if (table === 'PriceIndex' && column === 'id') return `'C' || n % 5 || '/C' || n / 5`;
  if (column === 'id')
    return table === 'Instrument'
      ? `'I' || n - 1`
      : table === 'Currency'
        ? `'C' || n - 1`
        : table === 'Member'
          ? `'m' || n - 1`
          : `'${table}' || n`;
  return of.key ? `'k' || n` : `'${column}' || ${spread(column, Math.min(rows, 100))}`;
}

function cellOf(of: Column, values: readonly string[] | undefined): string {
  const { table, column, type, key, keys } = of;
  if (type.startsWith('_')) return `'{}'`;
  if (table === 'Instrument' && /^(delisting|averaging|basisTerms|basis)$/.test(column)) return 'NULL';
  if (table === 'PriceIndex' && column === 'guard') return 'NULL';
  if (type === 'text') return textOf(table, column, of, values);
  if (type === 'int8') return 'n';
  if (type === 'int4') return key ? (keys === 1 ? 'n' : column === 'place' ? '0' : 'n') : 'n % 5';
  if (type === 'numeric') return column === 'tick' || column === 'lot' ? '1' : '(n % 1000 + 1)::numeric';
  if (type === 'timestamptz')
    return column === 'endedAt'
      ? `CASE WHEN n % 5 = 0 THEN NULL ELSE timestamptz '2025-10-10' END`
      : `timestamptz '2025-10-10' + n * interval '1 second'`;
  if (type === 'bool') return 'n % 2 = 0';
  if (column === 'refusal' || column === 'count') return 'NULL';
  if (type === 'jsonb' || type === 'json') return column === 'terms' || column === 'live' ? `'{}'` : `'[]'`;
  if (type === 'bytea') return `''`;
  throw new Error(`A column of type ${type} is not filled: ${table}.${column}`);
}

/** What a column may hold where the API has an enumeration for it, by `Table.column`. */
function enumerations(schema: GraphQLSchema): (table: string, column: string) => readonly string[] | undefined {
  const named = (name: string): readonly string[] | undefined => {
    const type = schema.getType(name);
    return isEnumType(type) ? (type as GraphQLEnumType).getValues().map(({ value }) => String(value)) : undefined;
  };
  const special: Readonly<Record<string, string>> = {
    LedgerTransfer: 'TransferReason',
    SettlementRun: 'SettlementKind',
    ApiKey: 'Role',
  };
  return (table, column) => {
    if (column === 'status') return named(`${table}Status`);
    return /^(reason|kind|role)$/.test(column) && special[table] ? named(special[table]) : undefined;
  };
}

function rowsOf(table: string): number {
  if (table === 'Checkpoint') return 1;
  if (table === 'Account') return SIZE.accounts;
  if (FEW.has(table)) return SIZE.few;
  return /^(Trade|Position|LedgerTransfer)$/.test(table) ? SIZE.most : SIZE.many;
}

/** Fills every table. */
export async function fillEverything({ query, exec }: Sql, schema: GraphQLSchema): Promise<void> {
  const constraints = await query<{ table: string; name: string }>(
    `SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint WHERE contype IN ('c', 'f') AND ` +
      `connamespace = current_schema()::regnamespace`,
  );
  await exec(constraints.map(({ table, name }) => `ALTER TABLE ${table} DROP CONSTRAINT "${name}"`).join(';'));
  const enums = enumerations(schema);
  const tables = new Map<string, Column[]>();
  for (const column of await query<Column>(COLUMNS))
    tables.set(column.table, [...(tables.get(column.table) ?? []), column]);
  for (const [table, columns] of tables) {
    const rows = rowsOf(table);
    const values = columns.map((column) => cellOf(column, enums(table, column.column)));
    const names = columns.map(({ column }) => `"${column}"`);
    await query(
      `INSERT INTO "${table}" (${names.join(', ')}) SELECT ${values.join(', ')} FROM generate_series(1, ${rows}) n`,
    );
  }
}
