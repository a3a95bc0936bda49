/** A database in this thread whose statements are noted, and what the planner makes of them. */

import { PGlite, type QueryOptions, type Transaction } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { PrismaClient } from '../../../src/store/generated/client';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The same database; every statement is told. */
function telling<Target extends Pick<PGlite, 'query'>>(target: Target, tell: (statement: Statement) => void): Target {
  return new Proxy(target, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name);
      if (typeof value !== 'function') return value;
      if (name === 'query')
        return (text: string, values: unknown[], options?: QueryOptions) => {
          tell({ text, values });
          return of.query(text, values, options);
        };
      if (name === 'transaction')
        return (work: (inside: Transaction) => unknown) =>
          (of as unknown as PGlite).transaction((inside) => work(telling(inside, tell)) as Promise<unknown>);
      return (value as (...given: unknown[]) => unknown).bind(of);
    },
  });
}

export interface Recorded {
  readonly prisma: PrismaClient;
  /** What was asked since the last time. */
  taken(): Statement[];
}

export function recorded(database: PGlite): Recorded {
  let statements: Statement[] = [];
  const prisma = new PrismaClient({
    adapter: new PrismaPGlite(telling(database, (statement) => void statements.push(statement))),
  });
  return {
    prisma,
    taken() {
      const all = statements;
      statements = [];
      return all;
    },
  };
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** How the rows of a statement were found. */
export interface Found {
  readonly scanned: readonly string[]; // tables read from end to end
  readonly read: number; // rows looked at
}

export function foundBy(plan: unknown): Found {
  const scanned: string[] = [];
  let read = 0;
  const visit = (node: PlanNode): void => {
    if (node['Node Type'].endsWith('Scan') && node['Node Type'] !== 'Subquery Scan') {
      const each =
        node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
      // The accounts of one member lie together in an index: a broker's list may go through all of them.
      const own = node['Relation Name'] === 'Account' || node['Index Name']?.startsWith('Account_memberId');
      read += (each * node['Actual Loops']) / (own ? 20 : 1);
      if (node['Node Type'] === 'Seq Scan' && node['Relation Name'] && node['Actual Loops'] > 0)
        scanned.push(node['Relation Name']);
    }
    for (const inner of node.Plans ?? []) visit(inner);
  };
  visit((plan as readonly { readonly Plan: PlanNode }[])[0]?.Plan as PlanNode);
  return { scanned, read };
}
