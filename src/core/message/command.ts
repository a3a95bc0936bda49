/** All commands: what can be asked of the house. A mutation of the API is the command in camelCase. */

import type { AuctionCommand } from './auction';
import type { ControlCommand } from './control';
import type { DeleveragingCommand } from './deleveraging';
import type { LadderCommand } from './ladder';
import type { LedgerCommand } from './ledger';
import type { MarginCallCommand } from './margincall';
import type { MemberDefaultCommand } from './memberDefault';
import type { PortfolioCommand } from './portfolio';
import type { PositionCommand } from './position';
import type { PriceCommand } from './price';
import type { ReferenceCommand } from './reference';
import type { SettlementCommand } from './settlement';
import type { WaterfallCommand } from './waterfall';

export type Command =
  | ReferenceCommand
  | LedgerCommand
  | PriceCommand
  | PositionCommand
  | MarginCallCommand
  | SettlementCommand
  | WaterfallCommand
  | MemberDefaultCommand
  | DeleveragingCommand
  | LadderCommand
  | AuctionCommand
  | PortfolioCommand
  | ControlCommand;

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
