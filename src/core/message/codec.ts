/**
 * Entries as text and back. Text is JSON: readable by eye and by any other program; integers of the core are written as
 * strings and read back by the name of their field, which has one meaning wherever it stands.
 */

import { assert } from '../../units/failure';
import type { Event } from './event';

/** Fields of events that hold integers of the core. A string under any other name is text. */
const INTEGER_FIELDS: ReadonlySet<string> = new Set([
  'accrued',
  'aloneUpTo',
  'amount',
  'asks',
  'available',
  'backstopShare',
  'badBidShare',
  'bankruptcy',
  'below',
  'bids',
  'borne',
  'budget',
  'cap',
  'capacity',
  'carry',
  'chip',
  'claimPenalty',
  'closed',
  'collateral',
  'contribution',
  'conversionDiscount',
  'cost',
  'cover1',
  'cover2',
  'cureLevel',
  'cusp',
  'cut',
  'cutoff',
  'debt',
  'denominator',
  'discount',
  'down',
  'drawn',
  'due',
  'dust',
  'epoch',
  'equity',
  'expense',
  'fairValue',
  'fee',
  'feeDue',
  'feePreview',
  'feeRate',
  'feeShare',
  'filled',
  'flat',
  'float',
  'floor',
  'forgone',
  'fraction',
  'fullBelow',
  'fund',
  'fundCap',
  'fundShare',
  'fundTarget',
  'gain',
  'globalCap',
  'haircut',
  'house',
  'increment',
  'initial',
  'initialDeduction',
  'initialRate',
  'left',
  'level',
  'levied',
  'limit',
  'liquidator',
  'loss',
  'lotCap',
  'maintenance',
  'maintenanceDeduction',
  'maintenanceRate',
  'makerFee',
  'mark',
  'markBand',
  'marketCap',
  'maximumDeviation',
  'maximumRate',
  'maximumShareOfDepth',
  'maximumStepNotional',
  'minimumDeposit',
  'minimumProfit',
  'minimumRemainder',
  'multiple',
  'numerator',
  'openInterest',
  'openInterestShare',
  'overshoot',
  'paid',
  'penalty',
  'penaltyDue',
  'penaltyMultiplier',
  'penaltyPreview',
  'pools',
  'positionShare',
  'power',
  'premium',
  'price',
  'priceBand',
  'proceeds',
  'product',
  'profit',
  'profitRate',
  'quantity',
  'rate',
  'ratePerSecond',
  'recognised',
  'recovery',
  'repaid',
  'repeatSurcharge',
  'requirement',
  'reserve',
  'reserveShare',
  'result',
  'returned',
  'rewardCap',
  'seized',
  'severity',
  'share',
  'shortfallToMaintenance',
  'size',
  'slippage',
  'sold',
  'start',
  'startMultiplier',
  'startRate',
  'sum',
  'takerFee',
  'target',
  'threshold',
  'tickValue',
  'tip',
  'top',
  'total',
  'trigger',
  'unallocated',
  'up',
  'urgency',
  'used',
  'value',
  'valueCap',
  'weight',
]);

export const encodeEvent = (event: Event): string =>
  JSON.stringify(event, (name, value: unknown) => {
    if (typeof value === 'bigint') {
      assert(INTEGER_FIELDS.has(name), 'An integer under a field the codec does not know', { field: name, event: event.type });
      return value.toString();
    }
    assert(typeof value !== 'string' || !INTEGER_FIELDS.has(name), 'A text under a field of integers', { field: name, event: event.type });
    return value;
  });

/** An event from the JSON value it was written as; the value is changed in place. */
export const decodeEvent = (json: unknown): Event => revive(json) as Event;

function revive(node: unknown): unknown {
  if (Array.isArray(node)) {
    for (let i = 0; i < node.length; i++) node[i] = revive(node[i]);
  } else if (node !== null && typeof node === 'object') {
    const fields = node as Record<string, unknown>;
    for (const name in fields) {
      const value = fields[name];
      if (typeof value === 'string') {
        if (INTEGER_FIELDS.has(name)) fields[name] = BigInt(value);
      } else if (value !== null && typeof value === 'object') revive(value);
    }
  }
  return node;
}
