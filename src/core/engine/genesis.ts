/** The house before anything happened. */

import { createDeadlines } from '../../units/deadlines';
import { instant } from '../../units/quantity';
import { createPlainBook } from '../book/plain';
import { createPlainWatch } from '../book/plainWatch';
import type { Book } from '../model/book';
import type { State } from '../model/state';
import type { Watch } from '../model/watch';

export function createState(book: Book = createPlainBook(), watch: Watch = createPlainWatch(book)): State {
  return {
    seq: 0,
    now: instant(0),
    currencies: new Map(),
    collateral: new Map(),
    indices: new Map(),
    listings: new Map(),
    policies: new Map(),
    pendingPolicies: new Map(),
    lossPolicies: new Map(),
    disposalPolicies: new Map(),
    lossPeriods: new Map(),
    members: new Map(),
    apiKeys: new Map(),
    book,
    ledger: new Map(),
    orders: new Map(),
    ordersOf: new Map(),
    calls: new Map(),
    callOf: new Map(),
    liquidations: new Map(),
    liquidationOf: new Map(),
    liquidationOrders: new Map(),
    liquidationOrdersOf: new Map(),
    proposals: new Map(),
    remembered: new Map(),
    reversed: new Set(),
    trades: new Map(),
    deadlines: createDeadlines(),
    due: new Set(),
    watch,
  };
}
