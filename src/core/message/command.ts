/** All commands: what can be asked of the house. A mutation of the API is the command in camelCase. */

import { AUCTION_COMMANDS } from './auctionCommands';
import { CHANGE_COMMANDS } from './changeCommands';
import { CONTROL_COMMANDS } from './controlCommands';
import type { CommandsOf } from './definition';
import { DELEVERAGING_COMMANDS } from './deleveragingCommands';
import { END_COMMANDS } from './endCommands';
import { FUNDING_COMMANDS } from './fundingCommands';
import { LADDER_COMMANDS } from './ladderCommands';
import { LEDGER_COMMANDS } from './ledgerCommands';
import { LOSS_POLICY_COMMANDS } from './lossPolicyCommands';
import { MARGIN_CALL_COMMANDS } from './margincallCommands';
import { MEMBER_DEFAULT_COMMANDS } from './memberDefaultCommands';
import { PORTFOLIO_COMMANDS } from './portfolioCommands';
import { POSITION_COMMANDS } from './positionCommands';
import { PRICE_COMMANDS } from './priceCommands';
import { PRICE_GUARD_COMMANDS } from './priceGuardCommands';
import { REFERENCE_COMMANDS } from './referenceCommands';
import { SETTLEMENT_COMMANDS } from './settlementCommands';
import { VENUE_COMMANDS } from './venueCommands';
import { WATERFALL_COMMANDS } from './waterfallCommands';

/** Every command by its type. */
export const COMMANDS = {
  ...REFERENCE_COMMANDS,
  ...LOSS_POLICY_COMMANDS,
  ...LEDGER_COMMANDS,
  ...END_COMMANDS,
  ...PRICE_COMMANDS,
  ...POSITION_COMMANDS,
  ...VENUE_COMMANDS,
  ...FUNDING_COMMANDS,
  ...PRICE_GUARD_COMMANDS,
  ...MARGIN_CALL_COMMANDS,
  ...SETTLEMENT_COMMANDS,
  ...WATERFALL_COMMANDS,
  ...MEMBER_DEFAULT_COMMANDS,
  ...DELEVERAGING_COMMANDS,
  ...LADDER_COMMANDS,
  ...AUCTION_COMMANDS,
  ...PORTFOLIO_COMMANDS,
  ...CONTROL_COMMANDS,
  ...CHANGE_COMMANDS,
};

export type Command = CommandsOf<typeof COMMANDS>;
export type CommandType = Command['type'];
export type CommandOf<Type extends CommandType> = Extract<Command, { type: Type }>;

/**
 * The one text of a value: JSON with the keys of every object in order. Equal commands have equal texts, so the hash of
 * the text says whether a repeated idempotency key carries the same body.
 */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value === 'bigint') return `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalText(field)}`).join(',')}}`;
}
