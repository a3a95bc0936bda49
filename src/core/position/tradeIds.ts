/** Ids of trades: one that was cleared within seven days is not cleared again.  Ruling 22 */

import { sha256Words } from '../../units/hash';
import { duration, type Instant, instant } from '../../units/quantity';
import type { State, View } from '../model/state';

/** How long the id of a trade is remembered, to the millisecond, whatever else comes. */
export const TRADE_LIFE = duration(7 * 86_400_000);

export const wasCleared = (view: View, trade: string): boolean =>
  view.trades.find(printOfTrade(trade), instant(view.now - TRADE_LIFE)) !== undefined;

export const noteTrade = (state: State, trade: string): void =>
  state.trades.add({ print: printOfTrade(trade), holder: state.by, at: state.now, seq: state.seq, facts: [] });

export const forgetTrades = (state: State, at: Instant): void => state.trades.forget(instant(at - TRADE_LIFE));

const printOfTrade = (trade: string): Uint32Array => sha256Words(trade, 4);
