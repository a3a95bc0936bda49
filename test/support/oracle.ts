/**
 * Margin computed a second time, the plain way: decimals instead of integers, tranches instead of deductions, every
 * trade against the mark instead of an average cost. It shares no code with the core, so that what both say is so.
 */

import { Decimal } from 'decimal.js';

export const Exact = Decimal.clone({ precision: 64, rounding: Decimal.ROUND_HALF_EVEN });
export type Exact = Decimal;

export interface OracleTier {
  readonly floor: string;
  readonly cap: string | null;
  readonly initialRate: string | null; // or a fraction
  readonly maintenanceRate: string | null;
}

export interface OracleInstrument {
  readonly multiplier: string;
  readonly tiers: readonly OracleTier[];
  readonly least: Readonly<Record<Which, string>>; // of a contract, whatever its price
  mark: string;
}

export interface OracleFill {
  readonly instrument: string;
  readonly size: Exact; // signed contracts
  readonly price: string;
}

export interface OracleOrder {
  readonly id: string;
  readonly instrument: string;
  readonly side: 'BUY' | 'SELL';
  size: Exact;
}

export interface OracleAccount {
  readonly owner: string;
  readonly leverage: string | null; // the most its holder wants
  cash: Exact; // paid in, less fees and whatever else was paid
  readonly fills: OracleFill[];
  readonly collateral: Map<string, Exact>; // by currency
  orders: OracleOrder[];
}

export interface Term {
  readonly base: 'INITIAL' | 'MAINTENANCE';
  readonly ratio: string;
}

export type Which = 'initial' | 'maintenance';

/** `0.05` or `1/15`. */
export function fraction(text: string): Exact {
  const [above, below = '1'] = text.split('/');
  return new Exact(above as string).div(below);
}

/** What a notional requires: each tranche of it at the rate of its tier.  MT-1 */
export function tranches(tiers: readonly OracleTier[], notional: Exact, which: Which): Exact {
  let sum = new Exact(0);
  tiers.forEach((tier, i) => {
    const last = i === tiers.length - 1;
    const top = last || tier.cap === null ? notional : Exact.min(notional, tier.cap);
    if (top.gt(tier.floor)) sum = sum.plus(top.minus(tier.floor).times(fraction(tier[`${which}Rate`] ?? '0')));
  });
  return sum;
}

export interface Oracle {
  readonly accounts: Map<string, OracleAccount>;
  readonly instruments: Map<string, OracleInstrument>;
  readonly rates: Map<string, { price: string; haircut: string }>; // of collateral currencies
  sizeOf(account: string, instrument: string): Exact;
  /** The size reached if the open orders of the worse side fill. */
  exposureOf(account: string, instrument: string): Exact;
  equityOf(account: string): Exact;
  requirementOf(account: string, which: Which): Exact;
  levelOf(account: string, terms: readonly Term[]): Exact;
}

export function createOracle(): Oracle {
  const accounts: Oracle['accounts'] = new Map();
  const instruments: Oracle['instruments'] = new Map();
  const rates: Oracle['rates'] = new Map();
  const account = (id: string): OracleAccount => accounts.get(id) as OracleAccount;
  const sum = (parts: Iterable<Exact>): Exact => [...parts].reduce((total, part) => total.plus(part), new Exact(0));

  const oracle: Oracle = {
    accounts,
    instruments,
    rates,
    sizeOf: (id, instrument) =>
      sum(account(id).fills.map((fill) => (fill.instrument === instrument ? fill.size : new Exact(0)))),
    exposureOf(id, instrument) {
      const open = (side: string): Exact =>
        sum(
          account(id).orders.map((order) =>
            order.instrument === instrument && order.side === side ? order.size : new Exact(0),
          ),
        );
      const size = oracle.sizeOf(id, instrument);
      return Exact.max(size.plus(open('BUY')), open('SELL').minus(size));
    },
    equityOf(id) {
      const { cash, fills, collateral } = account(id);
      const gains = fills.map(({ instrument, size, price }) => {
        const { mark, multiplier } = instruments.get(instrument) as OracleInstrument;
        return size.times(new Exact(mark).minus(price)).times(multiplier);
      });
      const worth = [...collateral].map(([currency, amount]) => {
        const { price, haircut } = rates.get(currency) as { price: string; haircut: string };
        return amount.times(price).times(new Exact(1).minus(haircut));
      });
      return cash.plus(sum(gains)).plus(sum(worth));
    },
    requirementOf(id, which) {
      const parts = [...instruments].map(([instrument, { mark, multiplier, tiers, least }]) => {
        const own = oracle.exposureOf(id, instrument);
        if (own.isZero()) return own;
        const siblings = [...accounts].filter(([, other]) => other.owner === account(id).owner);
        const whole = sum(siblings.map(([sibling]) => oracle.exposureOf(sibling, instrument)));
        const notional = whole.times(mark).abs().times(multiplier);
        const share = Exact.max(tranches(tiers, notional, which).times(own).div(whole), own.times(least[which]));
        const { leverage } = account(id);
        if (which === 'maintenance' || leverage === null) return share;
        return Exact.max(share, own.times(mark).abs().times(multiplier).div(fraction(leverage)));
      });
      return sum(parts);
    },
    levelOf(id, terms) {
      const amounts = terms.map(({ base, ratio }) =>
        oracle.requirementOf(id, base === 'INITIAL' ? 'initial' : 'maintenance').times(fraction(ratio)),
      );
      return Exact.max(...amounts);
    },
  };
  return oracle;
}
