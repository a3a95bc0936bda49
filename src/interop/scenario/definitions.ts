/** What the journal itself says about units: the digits of currencies, the steps of contracts and indices, whose money is whose. */

import type { Event } from '../../core/message/event';
import { closeOutIdOf } from '../../core/reference/accounts';

export interface Definitions {
  readonly scales: ReadonlyMap<string, number>; // digits, by currency
  readonly currencies: ReadonlyMap<string, string>; // by account
  readonly instruments: ReadonlyMap<string, { readonly tick: string; readonly lot: string; readonly settlement: string }>;
  readonly ticks: ReadonlyMap<string, string>; // by index
  learn(event: Event): void;
}

export function createDefinitions(): Definitions {
  const scales = new Map<string, number>();
  const currencies = new Map<string, string>();
  const instruments = new Map<string, { tick: string; lot: string; settlement: string }>();
  const ticks = new Map<string, string>();
  return {
    ...{ scales, currencies, instruments, ticks },
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
