/**
 * What hardly ever changes once it is defined, kept in memory: digits of currencies, steps of instruments and indices,
 * and to whom an account belongs. It hears of what is committed before the rows do, so it knows whatever a row refers
 * to.
 */

import type { AccountId, MemberId } from '../../core/model/account';
import type { CurrencyId, IndexId, InstrumentId } from '../../core/model/reference';
import { closeOutAccountOf, closeOutIdOf } from '../../core/reference/accounts';
import { known } from '../../units/failure';
import type { Memory } from './memory';

export interface AccountFacts {
  readonly member: MemberId;
  readonly currency: CurrencyId;
}

export interface InstrumentFacts {
  readonly tick: string;
  readonly lot: string;
  readonly multiplier: string;
  readonly settlement: CurrencyId;
}

export interface Directory {
  scaleOf(currency: CurrencyId): number;
  instrument(id: InstrumentId): InstrumentFacts;
  hasInstrument(id: InstrumentId): boolean;
  /** The price step of an index. */
  tickOf(index: IndexId): string;
  account(id: AccountId): AccountFacts | undefined;
}

export function createDirectory(): Directory & Memory {
  const scales = new Map<CurrencyId, number>();
  const instruments = new Map<InstrumentId, InstrumentFacts>();
  const ticks = new Map<IndexId, string>();
  const accounts = new Map<AccountId, AccountFacts>();

  const defineCurrency = (id: CurrencyId, scale: number): void => {
    scales.set(id, scale);
    accounts.set(closeOutIdOf(id), { member: closeOutAccountOf(id).member, currency: id });
  };

  return {
    load({ currencies, indices, instruments: listed, accounts: { ids, members, currencies: of } }) {
      for (const { id, scale } of currencies) defineCurrency(id, scale);
      for (const { id, ...facts } of listed) instruments.set(id, facts);
      for (const { id, tick } of indices) ticks.set(id, tick);
      for (const [i, id] of ids.entries())
        accounts.set(id, { member: members[i] as MemberId, currency: of[i] as CurrencyId });
    },
    learn(event) {
      if (event.type === 'AccountOpened')
        accounts.set(event.opened.id, { member: event.opened.member, currency: event.opened.currency });
      else if (event.type === 'ClientsPorted') {
        // From here on the new member sees them, and the old one does not.
        for (const id of event.moved) {
          const account = accounts.get(id);
          if (account) accounts.set(id, { ...account, member: event.toMember });
        }
      } else if (event.type === 'CurrencyDefined') defineCurrency(event.definition.id, event.definition.scale);
      else if (event.type === 'InstrumentDefined') {
        const { id, tick, lot, multiplier, settlement } = event.definition;
        instruments.set(id, { tick, lot, multiplier, settlement });
      } else if (event.type === 'IndexDefined') ticks.set(event.definition.id, event.definition.tick);
    },
    scaleOf: (currency) => known(scales.get(currency), 'Currency', currency),
    instrument: (id) => known(instruments.get(id), 'Instrument', id),
    hasInstrument: (id) => instruments.has(id),
    tickOf: (index) => known(ticks.get(index), 'Index', index),
    account: (id) => accounts.get(id),
  };
}
