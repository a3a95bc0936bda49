/** Commands as they were sent under old names, read under those of today. */

import { type OldNames, presentName, RENAMED_FIELDS, underPresentNames } from '../kind/renamed';
import type { Command } from './command';
import type { Rejection } from './rejection';

type Values = Readonly<Record<string, unknown>>;

/** Where a command has fields that had other names: its own, and those of records in it. */
interface OldCommand {
  readonly own: OldNames;
  readonly within: Readonly<Record<string, OldNames>>;
}

const OLD_COMMANDS: Readonly<Record<string, OldCommand>> = {
  SetAuctionPolicy: { own: RENAMED_FIELDS.AuctionPolicy, within: { curve: RENAMED_FIELDS.AuctionCurve } },
};

/** A command read from the journal or from a proposal. */
export function presentCommand(command: Command): Command {
  const old = OLD_COMMANDS[command.type];
  if (!old) return command;
  const fields: Values = underPresentNames(command as unknown as Values, old.own);
  const inner = Object.entries(old.within).map(([name, was]) => [name, underPresentNames(fields[name] as Values, was)]);
  return { ...fields, ...Object.fromEntries(inner) } as unknown as Command;
}

/** What such a command was refused for: details name the field. */
export function presentRejection(type: Command['type'], rejection: Rejection): Rejection {
  const { field } = rejection.details;
  const old = OLD_COMMANDS[type];
  if (!old || field === undefined) return rejection;
  const names: OldNames = Object.assign({}, old.own, ...Object.values(old.within));
  return { ...rejection, details: { ...rejection.details, field: presentName(field, names) } };
}
