/**
 * A house that is full, made without HTTP: its engine is opened over the folder or database, and given commands by the
 * thousand.
 */

import type { Command } from '../dist/core/message/command';
import { SYSTEM } from '../dist/core/model/actor';
import { hashOfSecret } from '../dist/graphql/access/keys';
import { readConfig } from '../dist/main/config';
import { openEngine } from '../dist/main/engine';
import { manualClock } from '../dist/sequencer/clock';
import { instant } from '../dist/units/quantity';
import { accountOf, INSTRUMENT, MARK, PROVIDER } from './setup';
import { task } from './task';

export interface FillInput {
  readonly data: string;
  readonly url: string | null; // of the database
  readonly accounts: number;
  readonly members: number; // whose the accounts are, evenly
  readonly lines: number; // of the ledger, by payments: a few accounts have many, most have some
  readonly secret: string; // of the first member's broker
}

export interface Filled {
  readonly entries: number;
  readonly seconds: number;
}

export const memberOf = (i: number): string => `member-${i}`;

const TOGETHER = 1_000;

task(async ({ data, url, accounts, members, lines, secret }: FillInput): Promise<Filled> => {
  const env = { ...process.env, ...(url === null ? {} : { DATABASE_URL: url }) };
  if (url === null) delete env['DATABASE_URL'];
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure = error;
  };
  const clock = manualClock(instant(Date.now()));
  const { house } = await openEngine({ config: readConfig({ data }, env), clock, onFatal: fail, onSnapshotLost: fail });
  const began = performance.now();
  const from = house.status().seq;
  let waiting: Command[] = [];
  async function flush(): Promise<void> {
    const answers = await house.submit(waiting.map((command) => ({ actor: SYSTEM, command, key: null })));
    const refused = answers.find((answer) => !('outcome' in answer) || 'rejection' in answer.outcome);
    if (refused || failure) throw new Error(`The house was not filled: ${JSON.stringify(refused ?? String(failure))}`);
    waiting = [];
  }
  for (const command of commandsOf({ accounts, members, lines, secret })) {
    waiting.push(command);
    if (waiting.length === TOGETHER) await flush();
  }
  await flush();
  const filled = { entries: house.status().seq - from, seconds: (performance.now() - began) / 1000 };
  await house.close();
  return filled;
});

function* commandsOf({
  accounts,
  members,
  lines,
  secret,
}: Pick<FillInput, 'accounts' | 'members' | 'lines' | 'secret'>): Generator<Command> {
  for (let i = 0; i < members; i++) yield { type: 'AdmitMember', member: memberOf(i), name: memberOf(i) };
  yield {
    type: 'IssueApiKey',
    apiKey: 'bench-reader',
    role: 'BROKER',
    member: memberOf(0),
    hash: hashOfSecret(secret),
    label: 'Benchmark',
  };
  const open = (account: string, member: string): Command => ({
    ...{ type: 'OpenAccount', account, member, owner: account, kind: 'CLIENT', currency: 'USD', policy: 'classic' },
    ...{ mode: 'CROSS', instrument: null },
  });
  const pay = (account: string, amount: string): Command => ({
    type: 'DepositCollateral',
    account,
    currency: 'USD',
    amount,
  });
  yield open(PROVIDER, memberOf(0));
  yield pay(PROVIDER, '100000000000');
  for (let i = 0; i < accounts; i++) yield open(accountOf(i), memberOf(i % members));
  for (let i = 0; i < accounts; i++) yield pay(accountOf(i), '4000');
  for (let i = 0; i < accounts; i++)
    yield {
      type: 'SubmitTrade',
      trade: `fill-${i}`,
      instrument: INSTRUMENT,
      buyer: accountOf(i),
      seller: PROVIDER,
      price: MARK,
      size: '1',
      ...{ taker: null, buyOrder: null, sellOrder: null },
    };
  for (let i = accounts; i < lines; i++)
    yield pay(accountOf(Math.floor(accounts * ((i * 0.6180339887) % 1) ** 3)), '1.25');
}
