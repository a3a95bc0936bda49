/** Collateral in other currencies as legs: few accounts have any, so its nodes stand in maps. */

import { parseDecimal } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { RATE_ONE } from '../../../units/quantity';
import { weightOf } from '../../model/collateral';
import type { CurrencyId, IndexId } from '../../model/reference';
import type { Priced } from '../../model/watch';
import type { ColumnBook } from '../columnBook';
import { NONE } from '../columns';
import { quotient } from './terms';

export interface CollateralLeg {
  readonly node: number;
  readonly index: IndexId;
  readonly price: number; // of the index, in ticks
  readonly slope: number; // cash of the account's currency per tick, after haircut
}

interface Placed {
  readonly node: number;
  readonly index: IndexId;
}

export interface CollateralNodes {
  /** The legs of an account, as it is now. What has no price counts for nothing, whatever others do. */
  of(priced: Priced, row: number): Iterable<CollateralLeg>;
  /** The nodes an account has ever been given. */
  placed(row: number): Iterable<Placed>;
  account(node: number): number;
  holds(row: number, index: IndexId): boolean;
  clear(): void;
}

const NO_LEGS: readonly CollateralLeg[] = [];
const NO_NODES: readonly Placed[] = [];

export function createCollateralNodes(book: ColumnBook): CollateralNodes {
  const nodes = new Map<number, Placed[]>(); // by account row
  const accounts: number[] = []; // by node

  function nodeOf(row: number, index: IndexId): number {
    const mine = nodes.get(row) ?? [];
    nodes.set(row, mine);
    const given = mine.find((placed) => placed.index === index);
    if (given) return given.node;
    const node = accounts.push(row) - 1;
    mine.push({ node, index });
    return node;
  }

  return {
    of(priced, row) {
      let legs: CollateralLeg[] | undefined;
      for (const [currency, amount] of book.collateralOf(row)) {
        const own = known(book.account(book.accountNames.name(row)), 'Account', String(row)).currency;
        const index = `${currency}/${own}`;
        const price = priced.indices.get(index)?.state.price ?? null;
        if (price === null) continue;
        // What it counts for depends on the amount alone: for as long as that stands its value is a straight line.
        const weight = weightOf(priced.collateral.get(currency), amount, 'MAINTENANCE');
        if (weight === 0n) continue;
        legs ??= [];
        const slope = Number(weight) * valuePerTick(priced, currency, own, index);
        legs.push({ node: nodeOf(row, index), index, price: Number(price), slope });
      }
      return legs ?? NO_LEGS;
    },
    placed: (row) => nodes.get(row) ?? NO_NODES,
    account: (node) => accounts[node] ?? NONE,
    holds: (row, index) => nodes.get(row)?.some((placed) => placed.index === index) ?? false,
    clear() {
      nodes.clear();
      accounts.length = 0;
    },
  };
}

/** What 1e-12 of a unit of a currency is worth per tick of its index. */
function valuePerTick(priced: Priced, currency: CurrencyId, own: CurrencyId, id: IndexId): number {
  const step = parseDecimal(known(priced.indices.get(id), 'Index', id).index.tick);
  const [from, to] = [currency, own].map((of) => known(priced.currencies.get(of), 'Currency', of).scale) as [
    number,
    number,
  ];
  return quotient(step.mantissa * 10n ** BigInt(to), 10n ** BigInt(from + step.scale) * RATE_ONE);
}
