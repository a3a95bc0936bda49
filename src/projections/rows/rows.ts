/**
 * Rows on their way into tables: gathered while entries are applied, written set by set, each table with one statement
 * for each kind of change however many rows there are. Tables are written in an order in which what is referred to is
 * there.
 */

import type { Queries } from '../../store/client';
import type { Prisma } from '../../store/generated/client';
import { columnsOf, rowsFrom, typesOf } from './columns';

/** The tables that follow the journal; the journal's own are not among them. */
export type Table = Exclude<Prisma.ModelName, 'JournalBlock' | 'Snapshot'>;

type Scalars<T extends Table> = Prisma.TypeMap['model'][T]['payload']['scalars'];
type Cell<V> = V extends Date | Prisma.Decimal ? string : V extends bigint ? number : V extends bigint[] ? number[] : V;

/** A row as it travels: as JSON, decimals and times as text so that no digit is lost. */
export type Row<T extends Table> = { readonly [Field in keyof Scalars<T>]: Cell<Scalars<T>[Field]> };

/** All tables with their keys, in the order in which they are written. */
const KEYS = {
  Checkpoint: ['id'],
  Currency: ['id'],
  CollateralTerms: ['currency', 'version'],
  FormerTerms: ['part', 'id', 'entry'],
  PriceIndex: ['id'],
  IndexQuote: ['indexId', 'source'],
  PriceGuards: ['indexId', 'version'],
  Instrument: ['id'],
  MarkPrice: ['instrumentId', 'seq'],
  TierSchedule: ['instrumentId', 'version'],
  MarginTier: ['instrumentId', 'version', 'ordinal'],
  OpenInterestScaling: ['instrumentId', 'version'],
  FundingPolicy: ['instrumentId', 'version'],
  FundingRate: ['seq', 'place'],
  MarginPolicy: ['id', 'version'],
  LossPolicy: ['currency', 'version'],
  DisposalPolicy: ['currency', 'version'],
  DeleveragingPolicy: ['id', 'version'],
  MarketLimits: ['instrumentId', 'version'],
  AuctionPolicy: ['currency', 'version'],
  PortfolioPolicy: ['currency', 'version'],
  Venue: ['id'],
  Member: ['id'],
  Account: ['id'],
  Balance: ['accountId', 'currency'],
  Position: ['accountId', 'instrumentId'],
  OpenOrder: ['id'],
  Trade: ['seq', 'place'],
  LedgerAccount: ['name', 'currency'],
  LedgerTransfer: ['seq', 'place'],
  SettlementRun: ['seq', 'place'],
  SettlementSample: ['seq', 'place'],
  SettlementLine: ['seq', 'place', 'accountId'],
  AccountTransition: ['accountId', 'seq', 'place'],
  MarginCall: ['id'],
  MarginCallEvent: ['callId', 'ordinal'],
  Liquidation: ['id'],
  LiquidationOrder: ['id'],
  LiquidationFill: ['seq', 'place'],
  InventoryDraw: ['accountId'],
  Deleveraging: ['id'],
  DeleveragedPosition: ['seq', 'place'],
  CollateralConversion: ['seq', 'place'],
  Auction: ['id'],
  AuctionTake: ['seq', 'place'],
  PortfolioAuction: ['id'],
  PortfolioTake: ['seq', 'place'],
  AuctionBid: ['id'],
  LossCase: ['id'],
  LossCaseLayer: ['caseId', 'ordinal'],
  LossClaim: ['caseId', 'layer', 'claimant'],
  LossRecovery: ['seq', 'place'],
  DefaultFundPolicy: ['currency', 'version'],
  DefaultFundCall: ['id'],
  FundCoverage: ['currency', 'seq', 'place'],
  BackstopPool: ['currency'],
  BackstopEntry: ['accountId'],
  InsurancePool: ['id', 'version'],
  WithdrawalGate: ['currency'],
  SocializedLossShare: ['seq', 'place', 'accountId'],
  InsuranceFund: ['currency'],
  InsuranceFundEntry: ['seq', 'place'],
  DisposalLadder: ['id', 'version'],
  ReductionMove: ['seq', 'place'],
  Liquidator: ['accountId'],
  LiquidationClaim: ['orderId', 'liquidatorId'],
  LiquidationTake: ['seq', 'place'],
  LiquidatorReward: ['seq', 'place'],
  BackstopProvider: ['accountId', 'scope'],
  LiquidationDispute: ['id'],
  Proposal: ['id'],
  ScheduledChange: ['id'],
  ChangeNotice: ['change'],
  ApiKey: ['id'],
  DefaultPolicy: ['currency', 'version'],
  MemberDefault: ['id'],
  MemberDefaultBook: ['defaultId', 'currency'],
  MemberDefaultLine: ['seq', 'place', 'ordinal'],
  PortOffer: ['id'],
  DefaultAuction: ['id'],
} as const satisfies { readonly [T in Table]: readonly (keyof Row<T>)[] };

export const TABLES = Object.keys(KEYS) as Table[];

/** Tables whose rows are of one event each: they are added to, and nothing in them changes. */
export const ADDED_TO: readonly Table[] = TABLES.filter((table) =>
  (KEYS[table] as readonly string[]).includes('place'),
);

type KeyOf<T extends Table> = Pick<Row<T>, (typeof KEYS)[T][number] & keyof Row<T>>;

/**
 * Rows of a statement at most: what is held as text at once stays bounded, and so does how long it takes to make it.
 */
const MOST_ROWS = 1_000;

export interface Rows {
  /** A row that was not there. */
  insert<T extends Table>(table: T, row: Row<T>): void;
  /** A whole row, there or not. Of several for one key the last counts. */
  upsert<T extends Table>(table: T, row: Row<T>): void;
  /**
   * Some columns of a row that is there, or is inserted beside it. Of several for one key the last counts, column by
   * column.
   */
  update<T extends Table>(table: T, row: KeyOf<T> & Partial<Row<T>>): void;
  /** A row that goes, if it is there. */
  remove<T extends Table>(table: T, key: KeyOf<T>): void;
  write(sql: Queries): Promise<void>;
}

type AnyRow = Record<string, unknown>;

interface Changes {
  readonly removed: Map<string, AnyRow>;
  readonly inserted: AnyRow[];
  readonly upserted: Map<string, AnyRow>;
  readonly updated: Map<string, AnyRow>;
}

export function createRows(): Rows {
  const tables = new Map<Table, Changes>();
  const changesOf = (table: Table): Changes => {
    let changes = tables.get(table);
    if (!changes) {
      changes = { removed: new Map(), inserted: [], upserted: new Map(), updated: new Map() };
      tables.set(table, changes);
    }
    return changes;
  };
  const keyText = (table: Table, row: object): string => KEYS[table].map((field) => (row as AnyRow)[field]).join('\n');

  return {
    insert(table, row) {
      changesOf(table).inserted.push(row as AnyRow);
    },
    upsert(table, row) {
      const { upserted, updated } = changesOf(table);
      const key = keyText(table, row);
      upserted.set(key, row as AnyRow);
      // The whole row is new: what was changed of the one before does not count.
      updated.delete(key);
    },
    update(table, row) {
      const { updated } = changesOf(table);
      const key = keyText(table, row);
      updated.set(key, { ...updated.get(key), ...row });
    },
    remove(table, key) {
      changesOf(table).removed.set(keyText(table, key), key as AnyRow);
    },
    async write(sql) {
      for (const table of TABLES) {
        const changes = tables.get(table);
        if (changes) await writeTable(sql, table, changes);
      }
    },
  };
}

async function writeTable(
  sql: Queries,
  table: Table,
  { removed, inserted, upserted, updated }: Changes,
): Promise<void> {
  const keys: readonly string[] = KEYS[table];
  const same = keys.map((key) => `t."${key}" = r."${key}"`).join(' AND ');
  const insert = ({ columns, rows }: Given): string => `INSERT INTO "${table}"${columns} SELECT * FROM ${rows} r`;
  await send(sql, table, [...removed.values()], ({ rows }) => `DELETE FROM "${table}" t USING ${rows} r WHERE ${same}`);
  await send(sql, table, inserted, insert);
  const whole = [...upserted.values()];
  const others = Object.keys(whole[0] ?? {}).filter((column) => !keys.includes(column));
  const replace = others.map((column) => `"${column}" = EXCLUDED."${column}"`).join(', ');
  const target = keys.map((key) => `"${key}"`).join(', ');
  await send(sql, table, whole, (given) => `${insert(given)} ON CONFLICT (${target}) DO UPDATE SET ${replace}`);
  for (const [columns, alike] of byColumns([...updated.values()], keys)) {
    const set = columns.map((column) => `"${column}" = r."${column}"`).join(', ');
    await send(sql, table, alike, ({ rows }) => `UPDATE "${table}" t SET ${set} FROM ${rows} r WHERE ${same}`);
  }
}

/** Rows as a statement has them: what to select from, and the columns in their order where it is not the table's. */
interface Given {
  readonly rows: string;
  readonly columns: string;
  readonly values: readonly string[];
}

/** Of fewer rows the longer statement costs what is saved. */
const MANY = 50;

async function givenOf(sql: Queries, table: Table, rows: readonly AnyRow[]): Promise<Given> {
  const columns = rows.length < MANY ? undefined : columnsOf(rows);
  if (!columns)
    return { rows: `json_populate_recordset(NULL::"${table}", $1::json)`, columns: '', values: [jsonText(rows)] };
  const names = columns.names.map((name) => `"${name}"`).join(', ');
  return { rows: rowsFrom(columns, await typesOf(sql, table)), columns: ` (${names})`, values: columns.texts };
}

/** Updates by the columns they set: one statement cannot leave a column alone for some rows only. */
function byColumns(rows: readonly AnyRow[], keys: readonly string[]): Iterable<readonly [string[], AnyRow[]]> {
  const groups = new Map<string, readonly [string[], AnyRow[]]>();
  for (const row of rows) {
    const columns = Object.keys(row).filter((column) => !keys.includes(column));
    const group = groups.get(columns.join());
    if (group) group[1].push(row);
    else groups.set(columns.join(), [columns, [row]]);
  }
  return groups.values();
}

async function send(
  sql: Queries,
  table: Table,
  rows: readonly AnyRow[],
  statement: (given: Given) => string,
): Promise<void> {
  for (let from = 0; from < rows.length; from += MOST_ROWS) {
    const given = await givenOf(sql, table, rows.slice(from, from + MOST_ROWS));
    await sql.query(statement(given), given.values);
  }
}

/**
 * JSON that the database takes: its texts hold neither NUL nor half of a character, so those are replaced by U+FFFD.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\u')) return text;
  // A backslash that stands for itself is matched as a pair, so that what follows it is not taken for an escape.
  return text.replace(/\\(?:\\|u0000|u[dD][89a-fA-F][0-9a-fA-F]{2})/g, (found) =>
    found === '\\\\' ? found : '\ufffd',
  );
}

/** Empties every table that follows the journal, in one statement. Waits until whoever reads has done so. */
export const removeAll = async (sql: Queries): Promise<void> =>
  void (await sql.query(`TRUNCATE ${TABLES.map((table) => `"${table}"`).join(', ')}`));

/** Rows of a query, which selects decimals as text and times in milliseconds; `values` are its parameters. */
export async function select<R>(sql: Queries, query: string, ...values: readonly string[]): Promise<R[]> {
  const statement = `SELECT coalesce(json_agg(q), '[]')::text AS rows FROM (${query}) q`;
  const [answer] = await sql.query<{ rows: string }>(statement, values);
  return JSON.parse(answer?.rows ?? '[]') as R[];
}

/**
 * The elements of the first parameter, a JSON list of texts, to be joined with: `i."id"`. Few are looked up, many are
 * hashed.
 */
export const LISTED = 'json_array_elements_text($1::json) AS i("id")';

/** A column of times in milliseconds. */
export const milliseconds = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::bigint`;
