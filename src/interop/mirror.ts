/**
 * What an outsider learns from the committed events: instruments, marks, positions. Simulated venues and traders act on
 * this.
 */

import type { Event } from '../core/message/event';
import type { CurrencyId, Instrument, InstrumentId } from '../core/model/reference';
import { formatCount } from '../units/decimal';
import { known } from '../units/failure';
import type { Price, Size } from '../units/quantity';

export interface Mirror {
  observe(event: Event): void;
  instrument(id: InstrumentId): Instrument;
  mark(id: InstrumentId): Price;
  size(account: string, instrument: InstrumentId): Size;
  priceText(id: InstrumentId, price: Price): string;
  /** Digits after the point. */
  scale(currency: CurrencyId): number;
  /** Lots, without sign, as contracts. */
  sizeText(id: InstrumentId, lots: bigint): string;
}

export function createMirror(): Mirror {
  const instruments = new Map<InstrumentId, Instrument>();
  const marks = new Map<InstrumentId, Price>();
  const sizes = new Map<string, Size>();
  const scales = new Map<CurrencyId, number>();
  const instrument = (id: InstrumentId): Instrument => known(instruments.get(id), 'Instrument', id);
  return {
    observe(event) {
      if (event.type === 'InstrumentDefined') instruments.set(event.definition.id, event.definition);
      else if (event.type === 'CurrencyDefined') scales.set(event.definition.id, event.definition.scale);
      else if (event.type === 'MarkPriceSet') marks.set(event.instrument, event.price);
      else if ('positions' in event)
        for (const change of event.positions) sizes.set(`${change.account}\n${change.instrument}`, change.size);
    },
    instrument,
    scale: (currency) => known(scales.get(currency), 'Currency', currency),
    mark: (id) => known(marks.get(id), 'Mark', id),
    size: (account, id) => sizes.get(`${account}\n${id}`) ?? (0n as Size),
    priceText: (id, price) => formatCount(price, instrument(id).tick),
    sizeText: (id, lots) => formatCount(lots < 0n ? -lots : lots, instrument(id).lot),
  };
}
