/**
 * Reliving an example day: its prices, its people, a venue, in order of time, against a real house. Everything the
 * simulation does is decided by the committed events and carries an idempotency key, so that after a crash the same
 * code begins at the beginning, finds what is already in the journal, and goes on from there to the same end.
 */

import type { Command, CommandOf } from '../core/message/command';

import type { Entry } from '../core/message/envelope';
import { eventsOf } from '../core/message/envelope';
import { type Actor, SYSTEM } from '../core/model/actor';
import { type Answer, doneBy, type House, resultBy, type Submission } from '../sequencer/house';
import { assert } from '../units/failure';
import { duration, type Instant, instant, later, type Seq } from '../units/quantity';
import { createAgenda } from './agenda';
import { reactToAuctions } from './bidders';
import { type DayName, loadDay, type Round, type TradingDay } from './day';
import {
  COIN_PERPETUAL,
  coinProviderCommands,
  contractClients,
  contractDefinitions,
  contractRound,
} from './exampleContracts';
import {
  DISPOSAL_INTERVAL,
  definitionCommands,
  oneDigit,
  pricesOf,
  providerCommands,
  VENUE_WINDOW,
} from './exampleHouse';
import { createMirror, type Mirror } from './mirror';
import { type Client, CURRENCY, openingCommands, openingTrades, populate } from './population';
import { brokerOf, createTraders, FEED, type Intention } from './traders';
import { createVenue } from './venue';

export interface ReplayOptions {
  readonly day: DayName;
  readonly seed: number;
  readonly clients: number;
  readonly fund: string;
  /** Whether it has more than perpetuals in USDT. A day that was begun before there were others goes on without. */
  readonly contracts?: boolean;
  /** Keys to be issued as soon as the members are admitted: before the first account is open one person may do it. */
  readonly keys?: readonly CommandOf<'IssueApiKey'>[];
  /** Called before each instant of the day that is new to the journal: the place to keep a pace, and to stop. */
  readonly pace?: (at: Instant, progress: number) => Promise<void>;
  /** Called with every entry, those of before a restart included. */
  readonly observe?: (entry: Entry) => void;
}

export const STANDARD = {
  day: '2025-10-10',
  seed: 20251010,
  clients: 420,
  fund: '400000',
  contracts: true,
} as const satisfies ReplayOptions;

export interface Replay {
  readonly day: TradingDay;
  readonly clients: readonly Client[];
  readonly mirror: Mirror;
  run(): Promise<void>;
}

const ADMIN: Actor = { id: 'example-admin', role: 'ADMIN', member: null };
const DEPTH_EVERY = 30 * 60_000; // ms between the venue's reports of its depth
const SETUP_LEAD = 60_000; // the house is set up this long before the first price

/** When the house of a day is set up: the first of its instants. */
export const setupOf = ({ start }: TradingDay): Instant => instant(start - SETUP_LEAD);

export function createReplay(house: House, options: ReplayOptions): Replay {
  const day = loadDay(options.day);
  const contracts = options.contracts ?? false;
  const others = contracts ? contractClients(day, options.clients, options.seed) : [];
  const clients = [...populate(day, options.clients, options.seed), ...others];
  const mirror = createMirror();
  const traders = createTraders(clients, mirror);
  const venue = createVenue(mirror);
  const agenda = createAgenda<Intention>();
  const history = createHistory(house);

  const intend = (at: Instant, key: string, actor: Actor, command: Command): void =>
    agenda.add(at, { at, key, actor, command: () => command });

  function writeAgenda(): void {
    const setup = setupOf(day);
    const size = { fund: options.fund, houseCapital: '100000' };
    const definitions = definitionCommands(day, size);
    const mustDo = (key: string, actor: Actor, command: Command): void =>
      agenda.add(setup, { at: setup, key, actor, command: () => command, required: true });
    for (const [i, command] of definitions.entries()) mustDo(`define/${i}`, ADMIN, command);
    for (const command of options.keys ?? []) mustDo(`development-key/${command.apiKey}`, SYSTEM, command);
    if (contracts)
      for (const [i, command] of contractDefinitions(day).entries()) mustDo(`contract/${i}`, ADMIN, command);
    for (const [i, command] of providerCommands(size).entries())
      mustDo(`define/${definitions.length + i}`, ADMIN, command);
    for (const [i, command] of roundCommands(day.rounds[0] as Round).entries())
      intend(setup, `opening-price/${i}`, FEED, command);
    if (contracts) {
      for (const [i, command] of coinProviderCommands().entries()) mustDo(`contract-provider/${i}`, ADMIN, command);
      for (const [i, command] of contractRound(day, 0).entries()) intend(setup, `contract-opening/${i}`, FEED, command);
    }
    const opening = later(setup, duration(1000));
    for (const [i, { broker, command }] of openingCommands(clients).entries())
      intend(opening, `open/${i}`, brokerOf(broker), command);
    for (const [i, command] of openingTrades(clients).entries()) intend(opening, `trade/${i}`, FEED, command);
    for (const [n, round] of day.rounds.entries()) {
      for (const [i, command] of roundCommands(round).entries()) intend(round.at, `price/${n}/${i}`, FEED, command);
      if (contracts)
        for (const [i, command] of contractRound(day, n).entries())
          intend(round.at, `contract-price/${n}/${i}`, FEED, command);
      if (round.at % DEPTH_EVERY === 0)
        for (const id of [...day.instruments.map(({ id }) => id), ...(contracts ? [COIN_PERPETUAL] : [])])
          agenda.add(round.at, {
            at: round.at,
            key: `depth/${n}/${id}`,
            actor: FEED,
            command: () => venue.depthOf(id),
          });
      for (const command of fundingCommands(round))
        intend(round.at, `funding/${n}/${command.instrument}`, FEED, command);
    }
  }

  /** Acts on what has been committed: first everybody sees it, then everybody decides. */
  function observe(entries: readonly Entry[], now: Instant): void {
    for (const entry of entries) {
      options.observe?.(entry);
      for (const event of eventsOf(entry.outcome)) {
        mirror.observe(event);
        for (const intention of [
          ...traders(event, entry),
          ...venue.react(event, entry),
          ...reactToAuctions(event, entry),
          ...wakeUps(event, entry),
        ]) {
          agenda.add(intention.at > now ? intention.at : later(now, duration(1)), intention);
        }
      }
    }
  }

  async function run(): Promise<void> {
    writeAgenda();
    await history.load();
    const end = day.rounds.at(-1)?.at ?? day.start;
    for (let page = agenda.next(); page && page.at <= end; page = agenda.next()) {
      const progress = Math.max(0, (page.at - day.start) / (end - day.start));
      if (!history.has(page.items)) await options.pace?.(page.at, progress);
      observe(await history.submit(page.at, page.items), page.at);
    }
  }

  return { day, clients, mirror, run };
}

/** One command with all marks of the moment, and one per source of the bitcoin index. */
function roundCommands({ prices }: Round): Command[] {
  const bitcoin = prices.find(({ instrument }) => instrument === 'BTC-PERP')?.price;
  const marks: Command = {
    type: 'SubmitMarkPrices',
    source: 'example-venue',
    prices: prices.map(({ instrument, price }) => ({ instrument, price, bid: null, ask: null, observedAt: null })),
  };
  if (bitcoin === undefined) return [marks];
  return [...pricesOf(`BTC/${CURRENCY}`, oneDigit(bitcoin)), marks];
}

const FUNDING_HOURS = 8;

/** Funding at 00:00, 08:00 and 16:00 UTC, at the interest part of the usual formula: 0.01 %. */
function fundingCommands({ at, prices }: Round): { type: 'SubmitFundingRate'; instrument: string; rate: string }[] {
  if (at % (FUNDING_HOURS * 3_600_000) !== 0) return [];
  return prices.map(({ instrument }) => ({ type: 'SubmitFundingRate', instrument, rate: '0.0001' }));
}

/** Instants at which the house's own deadlines fall, so that venue and clients see in time what follows from them. */
function wakeUps(event: ReturnType<typeof eventsOf>[number], entry: Entry): Intention[] {
  const at = wakeUpOf(event, entry);
  return at === undefined
    ? []
    : [{ at, key: `wake/${at}/${entry.seq}`, actor: SYSTEM, command: () => ({ type: 'AdvanceTime' }) }];
}

function wakeUpOf(event: ReturnType<typeof eventsOf>[number], entry: Entry): Instant | undefined {
  switch (event.type) {
    case 'MarginCallIssued':
      return event.issued.deadline;
    case 'LiquidationOrderIssued':
      return later(entry.at, duration(event.issued.liquidation === null ? DISPOSAL_INTERVAL : VENUE_WINDOW));
    case 'PositionTakenOver':
      return later(entry.at, duration(DISPOSAL_INTERVAL));
    case 'AuctionStarted':
    case 'AuctionChanged':
      return event.auctioned.status === 'OPEN' ? event.auctioned.deadline : undefined;
    case 'PortfolioAuctionStarted':
    case 'PortfolioAuctionChanged':
      return event.portfolio.status === 'OPEN' ? event.portfolio.deadline : undefined;
    default:
      return undefined;
  }
}

interface History {
  load(): Promise<void>;
  /** Whether the journal holds all of it already. */
  has(items: readonly Intention[]): boolean;
  /**
   * Submits what the journal does not have yet. Resolves with every entry since the last time, up to the last of these.
   */
  submit(at: Instant, items: readonly Intention[]): Promise<Entry[]>;
}

/** The journal as the simulation sees it: what it finds there on a restart counts as answered. */
function createHistory(house: House): History {
  const known: Entry[] = [];
  const byKey = new Map<string, Seq>();
  let seen: Seq = 0;

  const keyOf = (actor: string, key: string): string => `${actor}\n${key}`;

  async function submitNew(at: Instant, items: readonly Intention[]): Promise<Seq> {
    let last = 0;
    const fresh: (Submission & Pick<Intention, 'required'>)[] = [];
    for (const { key, actor, command: make, required = false } of items) {
      const seq = byKey.get(keyOf(actor.id, key));
      last = Math.max(last, seq ?? 0);
      const command = seq === undefined ? make() : undefined;
      if (command) fresh.push({ actor, key, command, at, required });
    }
    for (let i = 0; i < fresh.length; i += MOST_AT_ONCE) {
      const some = fresh.slice(i, i + MOST_AT_ONCE);
      const answers = await house.submit(some.map(({ required: _, ...submission }) => submission));
      for (const [place, answer] of answers.entries())
        last = Math.max(last, seqOf(answer, some[place]?.required ?? false));
    }
    return last;
  }

  return {
    async load() {
      for await (const { entry } of house.read(0)) {
        known.push(entry);
        if (entry.key !== null) byKey.set(keyOf(entry.actor.id, entry.key), entry.seq);
      }
    },
    has: (items) => items.every(({ key, actor }) => byKey.has(keyOf(actor.id, key))),
    async submit(at, items) {
      const until = await submitNew(at, items);
      const entries = known.slice(seen, until);
      const from = Math.max(seen, known.length);
      if (until > from) for await (const { entry } of house.read(from)) if (entry.seq <= until) entries.push(entry);
      seen = Math.max(seen, until);
      return entries;
    },
  };
}

const MOST_AT_ONCE = 500;

/**
 * The entry of an answer. Clients may be refused; a day whose house is not as defined is none, and nothing in it waits
 * for a second person.
 */
function seqOf(answer: Answer, required: boolean): Seq {
  const { status } = resultBy(answer);
  if (required || status === 'PROPOSED') doneBy(answer);
  assert('seq' in answer, 'An answer that can be read has an entry');
  return answer.seq;
}
