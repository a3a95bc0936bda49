/**
 * What each sort of contract did during a day, and what clients had as collateral: told from committed events alone.
 */

import { accountBehind } from '../core/ledger/transfers';
import { type Event, type EventOf, transfersOf } from '../core/message/event';
import type { AccountId } from '../core/model/account';
import type { CurrencyId, Instrument, InstrumentId } from '../core/model/reference';
import { formatCount, formatRate, formatScaled } from '../units/decimal';
import { known } from '../units/failure';
import { type Cash, NO_CASH, plus, type Rate, rate } from '../units/quantity';

/**
 * Contracts of one sort: perpetuals in dollars are one, however many they are. Amounts in their settlement currency.
 */
export interface SortOfContract {
  readonly kind: Instrument['kind'];
  readonly settlement: CurrencyId;
  readonly instruments: InstrumentId[];
  gains: Cash; // paid to those who gained, by those who lost
  funding: Cash; // paid by one side to the other
  rates: { readonly lowest: Rate; readonly highest: Rate } | null; // of funding
  closed: Cash; // notional that liquidations closed
  end: string | null; // the last price, where one of them ended
}

export interface CollateralSum {
  readonly currency: CurrencyId;
  haircut: Rate;
  paidIn: Cash; // by clients
  sold: Cash; // because they owed
}

export interface ContractSummary {
  readonly sorts: ReadonlyMap<string, SortOfContract>;
  readonly collateral: ReadonlyMap<CurrencyId, CollateralSum>;
  /** Notional that liquidations closed at the mark, of what is settled in the currency. */
  closedIn(currency: CurrencyId): Cash;
  text(currency: CurrencyId, amount: Cash): string;
  observe(event: Event): void;
}

export function createContractSummary(): ContractSummary {
  const scales = new Map<CurrencyId, number>();
  const instruments = new Map<InstrumentId, Instrument>();
  const clients = new Map<AccountId, CurrencyId>();
  const sorts = new Map<string, SortOfContract>();
  const collateral = new Map<CurrencyId, CollateralSum>();
  const instrument = (id: InstrumentId): Instrument => known(instruments.get(id), 'Instrument', id);

  function sortOf(id: InstrumentId): SortOfContract {
    const { kind, contract = 'LINEAR', settlement } = instrument(id);
    const name = `${kind} ${contract} ${settlement}`;
    const sort = sorts.get(name) ?? {
      ...{ kind, settlement, instruments: [], rates: null, end: null },
      ...{ gains: NO_CASH, funding: NO_CASH, closed: NO_CASH },
    };
    sorts.set(name, sort);
    return sort;
  }

  const collateralOf = (currency: CurrencyId): CollateralSum => {
    const sum = collateral.get(currency) ?? { currency, haircut: rate(0n), paidIn: NO_CASH, sold: NO_CASH };
    collateral.set(currency, sum);
    return sum;
  };

  /** What clients pay in, and what is taken from them to be sold: collateral that is not of their own currency. */
  function countTransfers(event: Event): void {
    for (const { from, to, currency, amount, reason } of transfersOf(event)) {
      const [payer, receiver] = [accountBehind(from), accountBehind(to)];
      if (reason === 'DEPOSIT' && receiver !== undefined && clients.has(receiver)) {
        const sum = collateralOf(currency);
        sum.paidIn = plus(sum.paidIn, amount);
      }
      const owner = payer === undefined ? undefined : clients.get(payer);
      if (owner === undefined || owner === currency || (reason !== 'AUCTION_LOT' && reason !== 'CONVERSION')) continue;
      const sum = collateralOf(currency);
      sum.sold = plus(sum.sold, amount);
    }
  }

  function observe(event: Event): void {
    switch (event.type) {
      case 'CurrencyDefined':
        scales.set(event.definition.id, event.definition.scale);
        break;
      case 'InstrumentDefined':
        instruments.set(event.definition.id, event.definition);
        sortOf(event.definition.id).instruments.push(event.definition.id);
        break;
      case 'CollateralTermsSet':
        collateralOf(event.terms.currency).haircut = event.terms.haircut;
        break;
      case 'AccountOpened':
        if (event.opened.kind === 'CLIENT') clients.set(event.opened.id, event.opened.currency);
        break;
      case 'VariationSettled':
      case 'FundingSettled':
      case 'InstrumentExpired':
        countRun(sortOf(event.instrument), event, instrument(event.instrument));
        break;
      case 'LiquidationOrderFilled':
      case 'PositionTakenOver':
      case 'PortfolioPositionTaken': {
        const sort = sortOf(event.instrument);
        sort.closed = plus(sort.closed, event.charges.closed);
        break;
      }
    }
    countTransfers(event);
  }

  return {
    sorts,
    collateral,
    closedIn: (currency) =>
      [...sorts.values()]
        .filter(({ settlement }) => settlement === currency)
        .reduce((sum, { closed }) => plus(sum, closed), NO_CASH),
    text: (currency, amount) => formatScaled(amount, known(scales.get(currency), 'Currency', currency)),
    observe,
  };
}

function countRun(
  sort: SortOfContract,
  event: EventOf<'VariationSettled' | 'FundingSettled' | 'InstrumentExpired'>,
  { tick, quote }: Instrument,
): void {
  const paid = event.lines.reduce((sum, { amount }) => (amount > NO_CASH ? plus(sum, amount) : sum), NO_CASH);
  if (event.type === 'FundingSettled') {
    sort.funding = plus(sort.funding, paid);
    const { lowest, highest } = sort.rates ?? { lowest: event.rate, highest: event.rate };
    sort.rates = {
      lowest: event.rate < lowest ? event.rate : lowest,
      highest: event.rate > highest ? event.rate : highest,
    };
  } else sort.gains = plus(sort.gains, paid);
  if (event.type !== 'InstrumentExpired') return;
  const by = event.priced?.by === 'WINDOW' ? 'average of the index' : 'its mark';
  sort.end = `${formatCount(event.price, tick)} ${quote}, ${by}`;
}

/** Lowest and highest rate as percentages. */
export const ratesText = ({ rates }: SortOfContract): string =>
  rates === null ? '-' : [...new Set([rates.lowest, rates.highest])].map(formatPercent).join(' to ');

export const formatPercent = (share: Rate): string => `${formatRate(rate(share * 100n))} %`;
