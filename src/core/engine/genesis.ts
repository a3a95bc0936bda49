/** The house before anything happened. */

import { createDeadlines } from '../../units/deadlines';
import { duration, instant, type Seq } from '../../units/quantity';
import { createRecall } from '../../units/recall';
import { createColumnBook } from '../book/columnBook';
import { createPlainBook } from '../book/plain';
import { createPlainWatch } from '../book/plainWatch';
import { createWatch } from '../book/screen/watch';
import { curveOfListing } from '../margin/model/models';
import type { AccountId } from '../model/account';
import type { AuctionId } from '../model/auction';
import type { Book } from '../model/book';
import type { CurrencyId } from '../model/reference';
import type { State } from '../model/state';
import type { Watch } from '../model/watch';
import { RETENTION } from '../reference/retention';
import { BODY_WORDS } from './idempotency';
import { FIRST_RULES } from './rules';

/** A house whose book is in columns and watches prices by triggers. */
export function createState(): State {
  const book = createColumnBook();
  return stateWith(book, createWatch(book, curveOfListing));
}

/** A house of plain objects, which asks everybody at every price: small, and what the other is compared with. */
export function createPlainState(): State {
  return stateWith(createPlainBook());
}

export function stateWith(book: Book, watch: Watch = createPlainWatch(book)): State {
  return {
    seq: 0,
    now: instant(0),
    ...{ by: '', termsChanged: 0 },
    currencies: new Map(),
    collateral: new Map(),
    indices: new Map(),
    listings: new Map(),
    policies: new Map(),
    ...{ formerTerms: new Map(), missedByTurn: new Map() },
    pendingPolicies: new Map(),
    lossPolicies: new Map(),
    disposalPolicies: new Map(),
    defaultPolicies: new Map(),
    deleveragingPolicies: new Map(),
    inventoryDraws: new Map(),
    marketLimits: new Map(),
    auctionPolicies: new Map(),
    portfolioPolicies: new Map(),
    lossPeriods: new Map(),
    members: new Map(),
    memberStatuses: new Map(),
    rules: FIRST_RULES,
    apiKeys: new Map(),
    revokedKeys: new Map(),
    book,
    ledger: new Map(),
    orders: new Map(),
    calls: new Map(),
    callOf: new Map(),
    liquidations: new Map(),
    liquidationOf: new Map(),
    liquidationOrders: new Map(),
    lossCases: new Map(),
    juniors: new Map(),
    fundPolicies: new Map(),
    fundCalls: new Map(),
    assessed: new Map(),
    coverages: new Map(),
    coverageRuns: new Map(),
    backstops: new Map(),
    backstopEntries: new Map(),
    insurancePools: new Map(),
    gates: new Map(),
    memberDefaults: new Map(),
    portOffers: new Map(),
    ladders: new Map(),
    liquidators: new Map(),
    claims: new Map(),
    heldRewards: new Map(),
    providers: new Map(),
    runningCharges: new Map(),
    endedCharges: new Map(),
    disputes: new Map(),
    auctions: new Map(),
    portfolios: new Map(),
    ...{ proposals: new Map(), changeCounts: new Map(), calledByChanges: new Map() },
    scheduledChanges: new Map(),
    notices: new Map(),
    retention: RETENTION,
    clock: { step: null, ahead: duration(0) },
    remembered: createRecall(BODY_WORDS),
    reversed: new Set(),
    trades: createRecall(0),
    backlog: new Set(),
    ...nothingDerived(),
    watch,
  };
}

/** What follows from the rest and is built anew where a state is read back. */
const nothingDerived = () => ({
  ordersOf: new Map(),
  liquidationOrdersOf: new Map(),
  ladderLoad: new Map(),
  auctionsOf: new Map(),
  auctionLoad: new Map(),
  auctionQueues: new Map(),
  portfolioOf: new Map(),
  deadlines: createDeadlines(),
  madeUp: new Map<AccountId, Seq>(),
  due: new Set<AccountId>(),
  auctionsMoved: new Set<AuctionId>(),
  recoveriesMoved: false,
  capacityMoved: new Set<CurrencyId>(),
});
