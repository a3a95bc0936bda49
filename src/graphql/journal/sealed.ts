/**
 * Sealed bids in the journal: while a round is open nobody, staff included, reads what others bid; afterwards
 * everything is there. Amounts are left out of what is shown, never of what is stored.  Rules: S01, CA-2
 */

import type { Command } from '../../core/message/command';
import type { Event } from '../../core/message/event';
import type { Reading } from '../reading/reading';

/** Rounds of sealed bids that are open. */
export interface SealedRounds {
  readonly ids: ReadonlySet<string>; // of auctions and of rounds of lots
  readonly books: ReadonlySet<string>; // defaults with a currency, as commands name them
  readonly escrows: readonly string[]; // ledger accounts where what was bid waits
}

export const bookKey = (of: string, currency: string): string => `${of} ${currency}`;

export async function openSealedRounds({ db }: Pick<Reading, 'db'>): Promise<SealedRounds> {
  const auctions = await db.auction.findMany({
    where: { form: 'SEALED', status: { in: ['QUEUED', 'OPEN', 'PAUSED'] } },
    select: { id: true },
  });
  const lots = await db.defaultAuction.findMany({
    where: { endedAt: null },
    select: { id: true, defaultId: true, currency: true },
  });
  return {
    ids: new Set([...auctions, ...lots].map(({ id }) => id)),
    books: new Set(lots.map(({ defaultId, currency }) => bookKey(defaultId, currency))),
    escrows: [...auctions.map(({ id }) => `auction/${id}`), ...lots.map(({ defaultId }) => `lots/${defaultId}`)],
  };
}

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields | undefined =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : undefined;
const listOf = (value: unknown): Fields[] =>
  Array.isArray(value) ? value.filter((item) => fieldsOf(item) !== undefined) : [];

const BIDS: readonly string[] = ['LOT_BID', 'AUCTION_BID', 'AUCTION_RETURN'];

/** Leaves amounts out of what `names` a bid: its own, and those of the transfers that pay it. */
function blank(fields: Fields | undefined): void {
  for (const name of ['amount', 'quantity']) if (fields && name in fields) fields[name] = null;
}

/** Whether an event tells of sealed bids: the id of their auction. */
export function sealedIn(event: Event): string | undefined {
  if (event.type === 'LotBidPlaced') return event.auction;
  const told = event.type === 'AuctionBidPlaced' || event.type === 'AuctionChanged' || event.type === 'AuctionStarted';
  return told && event.auctioned.form === 'SEALED' ? event.auctioned.id : undefined;
}

/** An event as the journal has it, changed in place: without the amounts of sealed bids. */
export function hideBids(json: unknown): void {
  const event = fieldsOf(json);
  if (!event) return;
  blank(fieldsOf(event['bid']));
  blank(fieldsOf(event['placed']));
  for (const bid of listOf(fieldsOf(event['auctioned'])?.['bids'])) blank(bid);
  for (const transfer of listOf(event['transfers'])) if (BIDS.includes(String(transfer['reason']))) blank(transfer);
}

/** An entry's text without the amounts of bids of open rounds; the text itself where it tells of none. */
export function withoutSealedBids(
  text: string,
  events: readonly Event[],
  command: Command,
  rounds: SealedRounds,
): string {
  const isBid =
    (command.type === 'BidForLot' && rounds.books.has(bookKey(command.default, command.currency))) ||
    (command.type === 'PlaceBid' && rounds.ids.has(command.auction));
  const isTold = (event: Event): boolean => rounds.ids.has(sealedIn(event) ?? '');
  if (!isBid && !events.some(isTold)) return text;
  const shown = JSON.parse(text) as { command: Fields; events?: unknown[]; rejection?: { details?: Fields } };
  if (isBid) {
    blank(shown.command);
    blank(shown.rejection?.details);
  }
  for (const [i, event] of events.entries()) if (isTold(event)) hideBids(shown.events?.[i]);
  return JSON.stringify(shown);
}
