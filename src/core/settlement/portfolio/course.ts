/**
 * The course of an auction of a portfolio. An account worth something is offered when a reduction of it comes to the
 * rung AUCTION of its ladder; one worth less than nothing before the house takes it over, as long as there is
 * something to pay with. Both end with their time, or as soon as they are not needed any more.  Rules: CA-5, CA-4
 */

import { duration, type Instant, instant, later, type Milliseconds, NO_CASH } from '../../../units/quantity';
import { holdsPosition } from '../../book/exposure';
import { onTransfers } from '../../ledger/transfers';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import type { AccountId } from '../../model/account';
import type { Liquidation } from '../../model/liquidation';
import type { PortfolioAuction, PortfolioMode, PortfolioOutcome, PortfolioPolicy } from '../../model/portfolio';
import type { State } from '../../model/state';
import { frozenOf } from '../../price/freshness';
import { premiumRoom } from './premium';
import { portfolioOf } from './terms';

/**
 * Offers the portfolio of an account that is worth something. Returns until when; undefined where it cannot be offered,
 * as while a part of it stands still.
 */
export function offerPortfolio(desk: Desk, liquidation: Liquidation): Instant | undefined {
  if (frozenOf(desk.view, liquidation.account) !== undefined) return undefined;
  const running = portfolioOf(desk.view, liquidation.account);
  if (running) return resumed(desk, running).deadline;
  const terms = termsFor(desk, liquidation);
  return terms && start(desk, liquidation, 'SOLVENT', terms, terms.window).deadline;
}

/** Whether an account worth less than nothing is on offer to whoever takes it for a premium of the fund. */
export function isOfferedForPremium(desk: Desk, liquidation: Liquidation): boolean {
  const running = portfolioOf(desk.view, liquidation.account);
  const holds = holdsPosition(desk.view, liquidation.account);
  if (running?.mode === 'INSOLVENT' && holds) {
    const { deadline } = resumed(desk, running);
    // The fund may have paid for something else meanwhile: nobody waits for a premium that nobody can pay.
    if (deadline > desk.at && premiumRoom(desk.view, liquidation.account, running.currency) > 0n) return true;
    end(desk, running, 'TIME_UP');
    return false;
  }
  if (running) end(desk, running, 'TAKEN');
  const terms = holds ? termsFor(desk, liquidation) : undefined;
  if (!terms || terms.insolventWindow === null || premiumRoom(desk.view, liquidation.account, terms.currency) === 0n)
    return false;
  start(desk, liquidation, 'INSOLVENT', terms, terms.insolventWindow);
  return true;
}

/** The account is worth less than nothing now: nobody is sold a share of it at a discount from its value any more. */
export function endSolvent(desk: Desk, account: AccountId): void {
  const running = portfolioOf(desk.view, account);
  if (running?.mode === 'SOLVENT') end(desk, running, 'INSOLVENT');
}

/** The terms of a new auction: none while the breaker of its currency stops what is new. */
function termsFor({ view }: Desk, { account }: Liquidation): PortfolioPolicy | undefined {
  const currency = view.book.account(account)?.currency ?? '';
  const stopped = (view.auctionPolicies.get(currency)?.breaker ?? 0) > 0;
  return stopped ? undefined : view.portfolioPolicies.get(currency);
}

function start(
  desk: Desk,
  liquidation: Liquidation,
  mode: PortfolioMode,
  terms: PortfolioPolicy,
  window: Milliseconds,
): PortfolioAuction {
  const portfolio: PortfolioAuction = {
    id: desk.newId('pfa'),
    account: liquidation.account,
    liquidation: liquidation.id,
    currency: terms.currency,
    mode,
    terms,
    ...{ status: 'OPEN', startedAt: desk.at, deadline: later(desk.at, duration(window)), timeLeft: null },
    ...{ sold: 0n, takes: 0, proceeds: NO_CASH, fairValue: NO_CASH, fund: NO_CASH, version: 1 },
  };
  desk.emit({ type: 'PortfolioAuctionStarted', account: portfolio.account, portfolio });
  return portfolio;
}

/**
 * Looked at again: an auction whose time is up, or that is not needed any more, is over. What is left of the account
 * goes on.
 */
export function tendPortfolio(desk: Desk, account: AccountId): void {
  const running = portfolioOf(desk.view, account);
  if (running?.mode === 'INSOLVENT') end(desk, running, 'RECOVERED');
  else if (running?.status === 'OPEN' && running.deadline <= desk.at) end(desk, running, 'TIME_UP');
}

/** The account needs no sale any more, or has nothing left to sell. */
export function closePortfolio(desk: Desk, account: AccountId): void {
  const running = portfolioOf(desk.view, account);
  if (running) end(desk, running, holdsPosition(desk.view, account) ? 'RESTORED' : 'TAKEN');
}

/**
 * Nothing is sold on a price nobody vouches for: the clock stands until it is alive again. With nothing to sell it is
 * over.  RLM-4
 */
export function pausePortfolio(desk: Desk, account: AccountId): void {
  const running = portfolioOf(desk.view, account);
  if (running && !holdsPosition(desk.view, account)) end(desk, running, 'TAKEN');
  else if (running?.status === 'OPEN') pauseRunning(desk, running);
}

function pauseRunning(desk: Desk, running: PortfolioAuction): void {
  const timeLeft = duration(Math.max(running.deadline - desk.at, 0));
  const portfolio: PortfolioAuction = { ...running, status: 'PAUSED', timeLeft, version: running.version + 1 };
  desk.emit({ type: 'PortfolioAuctionChanged', account: running.account, change: 'PAUSED', portfolio });
}

/** Goes on with the time that was left: start and end move by as long as it stood. */
function resumed(desk: Desk, running: PortfolioAuction): PortfolioAuction {
  if (running.status === 'OPEN') return running;
  const deadline = instant(desk.at + (running.timeLeft ?? 0));
  const startedAt = instant(running.startedAt + (deadline - running.deadline));
  const portfolio: PortfolioAuction = {
    ...running,
    status: 'OPEN',
    startedAt,
    deadline,
    timeLeft: null,
    version: running.version + 1,
  };
  desk.emit({ type: 'PortfolioAuctionChanged', account: running.account, change: 'RESUMED', portfolio });
  return portfolio;
}

function end(desk: Desk, portfolio: PortfolioAuction, outcome: PortfolioOutcome): void {
  desk.emit({ type: 'PortfolioAuctionEnded', account: portfolio.account, outcome, portfolio });
}

export function onPortfolioMoved(
  state: State,
  { portfolio }: Pick<EventOf<'PortfolioAuctionStarted'>, 'portfolio'>,
): void {
  state.portfolios.set(portfolio.id, portfolio);
  state.portfolioOf.set(portfolio.account, portfolio.id);
  state.deadlines.set(`portfolio/${portfolio.id}`, portfolio.status === 'OPEN' ? portfolio.deadline : undefined);
}

export function onPortfolioTaken(state: State, event: EventOf<'PortfolioTaken'>): void {
  onTransfers(state, event.transfers);
  onPortfolioMoved(state, event);
}

export function onPortfolioAuctionEnded(state: State, { portfolio }: EventOf<'PortfolioAuctionEnded'>): void {
  state.portfolios.delete(portfolio.id);
  state.portfolioOf.delete(portfolio.account);
  state.deadlines.set(`portfolio/${portfolio.id}`, undefined);
}
