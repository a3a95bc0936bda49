/**
 * Commands for a house that is closed: verify it, make its read models anew, print its journal, give out a first key.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../core/message/envelope';
import { SYSTEM } from '../core/model/actor';
import { hashOfSecret, newSecret } from '../graphql/access/keys';
import { type KeyRole, ROLES } from '../graphql/access/policy';
import { readFileJournal } from '../journal/file';
import { createFileSnapshots } from '../journal/fileSnapshots';
import { type Head, headOfText, readHead, textOfHead } from '../journal/head';
import type { Journal, Snapshots } from '../journal/journal';
import { expectWhole } from '../journal/witness';
import { tend } from '../projections/follow/upkeep';
import { resultBy } from '../sequencer/house';
import { verify } from '../sequencer/recover';
import { formatInstant } from '../units/instant';
import { instant } from '../units/quantity';
import {
  type Config,
  ConfigError,
  type Flags,
  headPath,
  isNew,
  journalFolder,
  readConfig,
  snapshotFolder,
} from './config';
import { createDayClock } from './dayClock';
import { openJournal } from './engine';
import { readExample } from './exampleFile';
import { generatedFiles } from './generated';
import { openLog } from './logger';
import { type OpenHouse, openHouse } from './openHouse';
import { complain, say } from './terminal';
import { lossesOf, testimonyOf, witnessesOf, witnessOfClosedRows } from './witnesses';

/** The configuration of a house that is there already. Throws ConfigError. */
function existing(flags: Flags): Config {
  const config = readConfig(flags);
  if (config.databaseUrl === null && isNew(config.data)) throw new ConfigError(`There is no house in ${config.data}.`);
  return config;
}

async function withJournal(flags: Flags, work: (opened: JournalAndConfig) => Promise<void>): Promise<void> {
  const config = existing(flags);
  const { journal, snapshots } = await openToRead(config);
  try {
    await work({ config, journal, snapshots });
  } finally {
    await journal.close();
  }
}

interface JournalAndConfig {
  readonly config: Config;
  readonly journal: Journal;
  readonly snapshots: Snapshots;
}

/** A folder that cannot be written, such as a backup, is read as it is. */
async function openToRead(config: Config): Promise<{ journal: Journal; snapshots: Snapshots }> {
  try {
    return await openJournal(config);
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    complain(`${config.data} cannot be written and is read as it is; nobody else must be writing to it.`);
    return {
      journal: await readFileJournal(journalFolder(config.data)),
      snapshots: createFileSnapshots(snapshotFolder(config.data)),
    };
  }
}

export interface VerifyFlags extends Flags {
  readonly head?: string; // `<entry>:<hash>`, or a file that holds it
}

/**
 * Asks everybody who knows what the journal has to hold, then executes every command of the present rules again, and
 * applies what is older. Throws JournalShortened, ReplayDiffers and JournalCorrupt, each with the place.
 */
export const verifyCommand = ({ head, ...flags }: VerifyFlags): Promise<void> =>
  withJournal(flags, async ({ config, journal, snapshots }) => {
    const given = head === undefined ? [] : [{ name: `--head ${head}`, ...(await readGivenHead(head)) }];
    const known = await witnessesOf(config, snapshots);
    // Opening the embedded database takes longer than most verifications: it is asked where nobody else knows the end.
    const rows =
      config.databaseUrl === null && (await readHead(headPath(config.data))) ? [] : await witnessOfClosedRows(config);
    const witnesses = [...given, ...known, ...rows];
    await expectWhole(testimonyOf(journal), witnesses);
    for (const loss of await lossesOf(config).all())
      say(`Entries ${loss.from} to ${loss.to} were lost; that was accepted on ${loss.at}, after entry ${loss.head}.`);
    const { entries, digest, accounts, spans } = await verify(journal);
    say(`${entries} entries: the hash chain holds.`);
    for (const { rules, from, to, executed } of spans) {
      const what = executed
        ? 'executed again, with the same events'
        : 'applied, and everything adds up: this program has later rules';
      say(`Entries ${from} to ${to}, of rules ${rules}: ${what}.`);
    }
    say(`${accounts} accounts revalued in integers: none had crossed a level unnoticed.`);
    for (const { name, seq } of witnesses) say(`Entry ${seq} is as ${name} knows it.`);
    say(`Head of the journal     ${textOfHead({ seq: journal.lastSeq, hash: journal.lastHash })}`);
    say(`Digest of the state     ${digest}`);
  });

async function readGivenHead(given: string): Promise<Head> {
  const head = headOfText(given) ?? (await readHead(given));
  if (head) return head;
  throw new ConfigError('--head is to be <entry>:<hash>, or a file that holds it.');
}

export interface JournalFlags extends Flags {
  readonly from?: string;
  readonly to?: string;
}

/** Prints entries, one a line: the hash, a space, the entry as it is in the journal. */
export const journalCommand = (flags: JournalFlags): Promise<void> =>
  withJournal(flags, async ({ journal }) => {
    const [from, to] = [Number(flags.from ?? '1'), Number(flags.to ?? journal.lastSeq)];
    if (!Number.isSafeInteger(from) || from < 1 || !Number.isSafeInteger(to))
      throw new ConfigError('Entries are numbered from 1.');
    for await (const { seq, text, hash } of journal.read(from)) {
      if (seq > to) return;
      if (!say(`${hash} ${text}`)) return;
    }
  });

/** Of a command that opens the house. */
export interface HouseFlags extends Flags {
  readonly acceptLoss?: boolean;
}

async function withHouse(
  { acceptLoss = false, ...flags }: HouseFlags,
  work: (open: OpenHouse) => Promise<void>,
): Promise<void> {
  const config = readConfig(flags);
  const log = openLog(config);
  let failure: unknown;
  const onFatal = (error: unknown): void => {
    failure = error;
  };
  const clock = createDayClock(instant(0));
  // Time stands still in the house of an example day while nobody has it open.
  if (config.databaseUrl !== null || !readExample(config.data)) clock.run(instant(Date.now() + config.clockAhead));
  const open = await openHouse({ config, clock, log, onFatal, engine: 'INLINE', acceptLoss });
  try {
    await work(open);
    if (failure !== undefined) throw failure;
  } finally {
    await open.close();
  }
}

/** Drops every row of the read models and makes them anew from the journal. */
export async function rebuildCommand(flags: HouseFlags): Promise<void> {
  existing(flags);
  await withHouse(flags, async ({ projector, store }) => {
    await projector.rebuild();
    await tend(store, { idle: true });
    say(`The read models have been made anew, up to entry ${projector.seq}.`);
  });
}

export interface KeyFlags extends HouseFlags {
  readonly role: string;
  readonly member?: string;
  readonly id?: string;
  readonly person?: string;
}

/** Exit code where what was asked for waits for a second person. */
const WAITS = 2;

/** Issues an API key and prints its secret, which is kept nowhere. Throws ConfigError where the house refuses. */
export async function keyCommand({ role, member, id, person, ...flags }: KeyFlags): Promise<void> {
  if (!(ROLES as readonly string[]).includes(role))
    throw new ConfigError(`No role ${role}. There are: ${ROLES.join(', ')}.`);
  const secret = newSecret();
  const apiKey = id ?? `key-${hashOfSecret(secret).slice(0, 12)}`;
  await withHouse(flags, async ({ house }) => {
    const command = {
      type: 'IssueApiKey',
      apiKey,
      role: role as KeyRole,
      member: member ?? null,
      hash: hashOfSecret(secret),
      label: 'Issued at the console',
      person: person ?? null,
    } as const;
    const [answer] = await house.submit([{ actor: SYSTEM, key: null, command }]);
    tellKey(resultBy(answer), { role, apiKey, secret });
  });
}

/**
 * A key that waits for a second person does not work yet: whoever issues it by a script must not take it for one that
 * does.
 */
function tellKey(result: Result, { role, apiKey, secret }: { role: string; apiKey: string; secret: string }): void {
  if (result.status === 'REJECTED')
    throw new ConfigError(`The house refuses: ${result.rejection.code} ${JSON.stringify(result.rejection.details)}`);
  say(`${role} ${apiKey}\n${secret}`);
  if (result.status === 'DONE') return;
  const { id, hash, expiresAt } = result.proposal;
  say(`This key does not work yet: the house is open for business, and a key needs a second person.`);
  say(
    `An administrator approves it with approveProposal, proposal ${id}, hash ${hash}, before ` +
      `${formatInstant(expiresAt)}.`,
  );
  process.exitCode = WAITS;
}

/** Writes the files of the repository that are made from the code. */
export function schemaCommand(): void {
  const root = join(__dirname, '..', '..');
  for (const [path, text] of generatedFiles()) {
    writeFileSync(join(root, path), text);
    say(`Wrote ${path}`);
  }
}
