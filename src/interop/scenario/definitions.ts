/**
 * What the journal itself says about units: the digits of currencies, the steps of contracts and indices, whose money
 * is whose.
 */

import type { Units } from '../../core/kind/show';
import type { Event } from '../../core/message/event';
import { closeOutIdOf } from '../../core/reference/accounts';

export interface Definitions {
  readonly units: Units;
  learn(event: Event): void;
}

export function createDefinitions(): Definitions {
  const scales = new Map<string, number>(); // digits, by currency
  const currencies = new Map<string, string>(); // by account
  const instruments = new Map<string, { tick: string; lot: string; settlement: string }>();
  const ticks = new Map<string, string>(); // by index
  return {
    units: {
      scaleOf: (currency) => scales.get(currency),
      tickOf: (instrument) => instruments.get(instrument)?.tick,
      lotOf: (instrument) => instruments.get(instrument)?.lot,
      indexTickOf: (index) => ticks.get(index),
      settlementOf: (instrument) => instruments.get(instrument)?.settlement,
      currencyOf: (account) => currencies.get(account),
    },
    learn(event) {
      if (event.type === 'CurrencyDefined') {
        scales.set(event.definition.id, event.definition.scale);
        currencies.set(closeOutIdOf(event.definition.id), event.definition.id);
      } else if (event.type === 'AccountOpened') currencies.set(event.opened.id, event.opened.currency);
      else if (event.type === 'InstrumentDefined') instruments.set(event.definition.id, event.definition);
      else if (event.type === 'IndexDefined') ticks.set(event.definition.id, event.definition.tick);
    },
  };
}
