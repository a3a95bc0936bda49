/**
 * What a day came to, told from its committed entries alone: calls and what became of them, liquidations, losses, the
 * fund.
 */

import { accountName } from '../core/ledger/transfers';
import { type Entry, eventsOf } from '../core/message/envelope';
import { type Event, transfersOf } from '../core/message/event';
import { type Cash, cash, type Instant } from '../units/quantity';
import { type ContractSummary, createContractSummary } from './contractSummary';
import { createFairness, type Fairness } from './fairness';
import { type Client, LEVERAGE_CLASSES, type LeverageClass, leverageClassOf } from './population';

export interface WarningTime {
  readonly leverage: LeverageClass;
  readonly accounts: number;
  readonly liquidated: number;
  readonly medianMinutes: number | null; // from the first warning or call to the start of the liquidation
  readonly shareWithFiveMinutes: number | null; // per cent of the liquidated that had at least five minutes
}

export interface Summary {
  at: Instant;
  readonly prices: Map<string, bigint>;
  warned: number;
  called: number;
  amended: number;
  readonly cured: Map<string, number>; // by cause
  expired: number;
  cut: number; // windows cut by the close-out level
  liquidations: number;
  restored: number;
  bankrupt: number;
  fills: number;
  takeOvers: number;
  fundIn: Cash;
  fundOut: Cash;
  fund: Cash;
  losses: Cash;
  socialized: Cash;
  unallocated: Cash;
  auctions: number;
  taken: number; // parts of auctions
  raised: Cash; // by auctions
  worth: Cash; // of what they sold, at the index
  unsold: number; // auctions in which nobody took all there was to sell
  readonly portfolios: {
    started: number;
    takes: number;
    restored: number; // ended because the account was at its target again
    proceeds: Cash; // price of the shares that were sold
    worth: Cash; // of them, when they were
  };
  readonly layers: Map<string, Cash>; // what each layer of the waterfall bore, in its order
  payers: Set<string>;
  readonly openCalls: Set<string>;
  readonly liquidating: Set<string>;
  /** Accounts to which it happened at least once. */
  readonly accounts: { readonly called: Set<string>; readonly liquidated: Set<string>; readonly bankrupt: Set<string> };
}

export interface Summarizer {
  readonly summary: Summary;
  readonly fairness: Fairness;
  readonly contracts: ContractSummary;
  observe(entry: Entry): void;
  warningTimes(clients: readonly Client[]): WarningTime[];
}

export function createSummary(currency: string): Summarizer {
  const zero = cash(0n);
  const summary: Summary = {
    at: 0 as Instant,
    prices: new Map(),
    warned: 0,
    called: 0,
    amended: 0,
    cured: new Map(),
    expired: 0,
    cut: 0,
    liquidations: 0,
    restored: 0,
    bankrupt: 0,
    fills: 0,
    takeOvers: 0,
    fundIn: zero,
    fundOut: zero,
    fund: zero,
    losses: zero,
    socialized: zero,
    unallocated: zero,
    auctions: 0,
    taken: 0,
    raised: zero,
    worth: zero,
    unsold: 0,
    portfolios: { started: 0, takes: 0, restored: 0, proceeds: zero, worth: zero },
    layers: new Map(),
    payers: new Set(),
    openCalls: new Set(),
    liquidating: new Set(),
    accounts: { called: new Set(), liquidated: new Set(), bankrupt: new Set() },
  };
  const firstNotice = new Map<string, Instant>();
  const notice = new Map<string, number>(); // ms of warning before the first liquidation of an account

  const contracts = createContractSummary();
  const judge = createFairness(currency);

  function observe(entry: Entry): void {
    summary.at = entry.at;
    judge.observe(entry);
    for (const event of eventsOf(entry.outcome)) {
      contracts.observe(event);
      count(summary, event);
      money(summary, event, currency);
      noteWarning(event, entry.at);
    }
  }

  function noteWarning(event: Event, at: Instant): void {
    if (event.type === 'MarginWarningIssued' && !firstNotice.has(event.account)) firstNotice.set(event.account, at);
    if (event.type === 'MarginCallIssued' && !firstNotice.has(event.issued.account))
      firstNotice.set(event.issued.account, at);
    if (event.type === 'AccountStatusChanged' && event.to === 'HEALTHY') firstNotice.delete(event.account);
    if (event.type === 'LiquidationStarted' && !notice.has(event.started.account)) {
      notice.set(event.started.account, at - (firstNotice.get(event.started.account) ?? at));
    }
  }

  return {
    summary,
    fairness: judge.fairness,
    contracts,
    observe,
    warningTimes: (clients) => LEVERAGE_CLASSES.map((leverage) => warningTime(leverage, clients, notice)),
  };
}

function count(summary: Summary, event: Event): void {
  switch (event.type) {
    case 'MarkPriceSet':
      summary.prices.set(event.instrument, event.price);
      break;
    case 'MarginWarningIssued':
      summary.warned += 1;
      break;
    case 'MarginCallIssued':
      summary.called += 1;
      summary.openCalls.add(event.issued.id);
      summary.accounts.called.add(event.issued.account);
      break;
    case 'MarginCallAmended':
      summary.amended += 1;
      break;
    case 'MarginCallCured':
      summary.cured.set(event.cause, (summary.cured.get(event.cause) ?? 0) + 1);
      summary.openCalls.delete(event.call);
      break;
    case 'MarginCallExpired':
      summary.expired += 1;
      summary.openCalls.delete(event.call);
      break;
    case 'MarginCallSuperseded':
      summary.cut += 1;
      summary.openCalls.delete(event.call);
      break;
    case 'MarginCallWaived':
      summary.openCalls.delete(event.call);
      break;
    default:
      countLiquidation(summary, event);
  }
}

function countLiquidation(summary: Summary, event: Event): void {
  switch (event.type) {
    case 'LiquidationStarted':
      summary.liquidations += 1;
      summary.liquidating.add(event.started.id);
      summary.accounts.liquidated.add(event.started.account);
      break;
    case 'LiquidationEnded':
      summary.liquidating.delete(event.liquidation);
      if (event.outcome === 'RESTORED') summary.restored += 1;
      else {
        summary.bankrupt += 1;
        summary.accounts.bankrupt.add(event.account);
      }
      break;
    case 'LiquidationOrderFilled':
      summary.fills += 1;
      break;
    case 'PositionTakenOver':
      summary.takeOvers += 1;
      break;
    default:
      countAuction(summary, event);
  }
}

function countAuction(summary: Summary, event: Event): void {
  if (event.type === 'AuctionStarted') summary.auctions += 1;
  if (event.type === 'AuctionTaken') summary.taken += 1;
  countPortfolio(summary, event);
  if (event.type !== 'AuctionEnded') return;
  summary.raised = cash(summary.raised + event.proceeds);
  summary.worth = cash(summary.worth + event.auctioned.fairValue);
  if (event.outcome === 'FAILED') summary.unsold += 1;
}

function countPortfolio(summary: Summary, event: Event): void {
  const { portfolios } = summary;
  if (event.type === 'PortfolioAuctionStarted') portfolios.started += 1;
  if (event.type === 'PortfolioTaken') portfolios.takes += 1;
  if (event.type !== 'PortfolioAuctionEnded') return;
  if (event.outcome === 'RESTORED') portfolios.restored += 1;
  portfolios.proceeds = cash(portfolios.proceeds + event.portfolio.proceeds);
  portfolios.worth = cash(portfolios.worth + event.portfolio.fairValue);
}

function money(summary: Summary, event: Event, currency: string): void {
  for (const { from, to, currency: paidIn, amount, reason } of transfersOf(event)) {
    if (paidIn !== currency) continue;
    if (to === 'insurance-fund') {
      summary.fund = cash(summary.fund + amount);
      if (reason !== 'CONTRIBUTION') summary.fundIn = cash(summary.fundIn + amount);
    }
    if (from === 'insurance-fund') {
      summary.fund = cash(summary.fund - amount);
      summary.fundOut = cash(summary.fundOut + amount);
    }
    if (reason === 'SOCIALIZED_LOSS') summary.socialized = cash(summary.socialized + amount);
    if (from === 'unallocated-loss') summary.unallocated = cash(summary.unallocated + amount);
  }
  if (event.type !== 'LossAllocated' || event.currency !== currency) return;
  for (const { loss, layers } of event.cases) {
    summary.losses = cash(summary.losses + loss);
    for (const { layer, used } of layers) summary.layers.set(layer, cash((summary.layers.get(layer) ?? 0n) + used));
  }
  for (const { account } of event.shares) summary.payers.add(accountName(account));
}

function warningTime(
  leverage: LeverageClass,
  clients: readonly Client[],
  notice: ReadonlyMap<string, number>,
): WarningTime {
  const members = clients.filter((client) => leverageClassOf(client.leverage) === leverage);
  const times = members
    .map(({ account }) => notice.get(account))
    .filter((ms) => ms !== undefined)
    .sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  const enough = times.filter((ms) => ms >= 300_000).length;
  return {
    leverage,
    accounts: members.length,
    liquidated: times.length,
    medianMinutes: median === undefined ? null : median / 60_000,
    shareWithFiveMinutes: times.length === 0 ? null : (100 * enough) / times.length,
  };
}
