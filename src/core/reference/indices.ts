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
  const weights = readWeights(command);
  if (weights.rejection) return weights;
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
    ...weights.ok,
    minimumSources: minimum.ok,
    maximumDeviation: deviation.ok,
    heartbeat: duration(heartbeat.ok),
  });
}

const MOST_WEIGHT = 1_000_000;

/** Errors: VALUE_OUT_OF_RANGE.  PS-4, S08 */
function readWeights({ sources, weights }: CommandOf<'DefineIndex'>): Checked<Pick<PriceIndex, 'weights'>> {
  const stated = new Map((weights ?? []).map((entry) => [entry.source, entry]));
  const stranger = (weights ?? []).find(({ source }) => !sources.includes(source));
  if (stranger || stated.size !== (weights ?? []).length)
    return refused('VALUE_OUT_OF_RANGE', { field: 'weights', value: stranger?.source ?? 'a source twice' });
  for (const { weight } of stated.values()) {
    const read = readWhole('weight', weight, 1, MOST_WEIGHT);
    if (read.rejection) return read;
  }
  const all = [...sources].sort().map((source) => stated.get(source) ?? { source, weight: 1, ownVenue: false });
  const whole = all.reduce((sum, { weight }) => sum + weight, 0);
  const own = all.reduce((sum, { weight, ownVenue }) => sum + (ownVenue ? weight : 0), 0);
  // What a venue prints in its own book must not decide what its own members owe.
  if (own * 3 > whole) return refused('VALUE_OUT_OF_RANGE', { field: 'weights', value: `own venues ${own}/${whole}` });
  return ok(all.every(({ weight, ownVenue }) => weight === 1 && !ownVenue) ? {} : { weights: all });
}

export const defineIndex = (desk: Desk, definition: PriceIndex): void =>
  desk.emit({ type: 'IndexDefined', definition });

export function onIndexDefined(state: State, event: EventOf<'IndexDefined'>): void {
  const unseen = { price: null, at: instant(0), seq: 0, stale: true, quotes: new Map() };
  state.indices.set(event.definition.id, { index: event.definition, state: unseen });
}
