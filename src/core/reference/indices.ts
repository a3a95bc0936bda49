/** Price indices: pairs of currencies priced by several sources.  Rules: PS-4, FC-2 */

import { isChosenId } from '../../units/id';
import { duration, instant } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';

import { type Checked, ok, refused } from '../message/rejection';
import type { CurrencyId, IndexId, PriceIndex } from '../model/reference';
import type { State, View } from '../model/state';
import { readRate, readSpan, readStep, readWhole } from './reading';

export const indexIdOf = (base: CurrencyId, quote: CurrencyId): IndexId => `${base}/${quote}`;

export const LONGEST_HEARTBEAT = 7 * 86_400_000;

/** Errors: CURRENCY_NOT_FOUND, CURRENCY_MISMATCH, ALREADY_EXISTS, VALUE_OUT_OF_RANGE, ID_INVALID. */
export function checkDefineIndex(view: View, command: CommandOf<'DefineIndex'>): Checked<PriceIndex> {
  for (const currency of [command.base, command.quote]) {
    if (!view.currencies.has(currency)) return refused('CURRENCY_NOT_FOUND', { currency });
  }
  if (command.base === command.quote) return refused('CURRENCY_MISMATCH', { base: command.base, quote: command.quote });
  const id = indexIdOf(command.base, command.quote);
  if (view.indices.has(id)) return refused('ALREADY_EXISTS', { index: id });
  const tick = readStep('tick', command.tick);
  if (tick.rejection) return tick;

  const unknown = command.sources.find((source) => !isChosenId(source));
  if (unknown !== undefined) return refused('ID_INVALID', { source: unknown });
  if (new Set(command.sources).size !== command.sources.length)
    return refused('VALUE_OUT_OF_RANGE', { field: 'sources', value: 'a source twice' });
  const minimum = readWhole('minimumSources', command.minimumSources, 1, command.sources.length);
  if (minimum.rejection) return minimum;
  const deviation = readRate('maximumDeviation', command.maximumDeviation);
  if (deviation.rejection) return deviation;
  const heartbeat = readSpan('heartbeat', command.heartbeat, 1, LONGEST_HEARTBEAT);
  if (heartbeat.rejection) return heartbeat;
  return ok({
    id,
    base: command.base,
    quote: command.quote,
    tick: command.tick,
    sources: [...command.sources].sort(),
    minimumSources: minimum.ok,
    maximumDeviation: deviation.ok,
    heartbeat: duration(heartbeat.ok),
  });
}

export const defineIndex = (desk: Desk, definition: PriceIndex): void =>
  desk.emit({ type: 'IndexDefined', definition });

export function onIndexDefined(state: State, event: EventOf<'IndexDefined'>): void {
  const unseen = { price: null, at: instant(0), seq: 0, stale: true, quotes: new Map() };
  state.indices.set(event.definition.id, { index: event.definition, state: unseen });
}
