/** Defaults: what each layer bore of a loss, and what each account paid of a socialized one.  Rules: B3-1, B3-2, SL-1, SL-4 */

import type { EventOf } from '../core/message/event';
import type { Cash } from '../units/quantity';
import type { Batch, Moment } from './batch';
import { cashText, timeText } from './decimals';

export function onLossAllocated({ rows, state }: Batch, event: EventOf<'LossAllocated'>, { seq, at, place }: Moment): void {
  const { currency } = event;
  const money = (amount: Cash): string => cashText(state, currency, amount);
  for (const { id, account, loss, layers } of event.cases) {
    rows.insert('DefaultCase', {
      id,
      accountId: account,
      currency,
      loss: money(loss),
      at: timeText(at),
      seq,
      policyVersion: event.policyVersion,
    });
    for (const [i, { layer, available, used, left }] of layers.entries()) {
      rows.insert('DefaultLayer', {
        caseId: id,
        ordinal: i + 1,
        layer,
        available: money(available),
        used: money(used),
        left: money(left),
      });
    }
  }
  for (const { account, weight, cap, amount } of event.shares) {
    rows.insert('SocializedLossShare', {
      seq,
      place,
      accountId: account,
      currency,
      base: event.base,
      weight: money(weight),
      cap: money(cap),
      amount: money(amount),
      at: timeText(at),
    });
  }
}
