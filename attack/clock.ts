/**
 * The wall clock of the machine is set while the house runs: three hours back, right again, three hours forward, right
 * again. House time goes on meanwhile, and a call ends at its deadline: neither later, because time stands still, nor
 * early.
 */

import type { Attack, Effort } from './attack';
import { type Book, borrow, callBorrowers, fillBook, WINDOWS } from './book';
import { type Answer, call, comesTrue, type Door, hangUp, metricOf, pause } from './caller';
import { harmOf, heldBy } from './house';
import { createPayments } from './payments';
import { newFolder, type Running, removeFolder, startHouse } from './running';

const HOUR = 3_600_000;
const STEP = 3 * HOUR;

/** What a machine and a network need, and rounding to seconds. */
const SLACK_MS = 5_000;

interface ClockOf {
  readonly now: number; // house time
  readonly direction: string | undefined; // of the step that is not taken
}

async function clockOf(door: Door): Promise<ClockOf> {
  const { data } = await call(door, '{ house { now clock { step { direction } } } }');
  const house = data?.['house'] as { now: string; clock: { step: { direction: string } | null } } | undefined;
  if (!house) throw new Error('The house does not say what time it is.');
  return { now: Date.parse(house.now), direction: house.clock.step?.direction };
}

interface Call {
  readonly deadline: number;
  readonly endedAt: number | undefined;
}

async function callOf(door: Door, account: string): Promise<Call | undefined> {
  const query = 'query ($account: ID!) { marginCalls(first: 1, account: $account) { nodes { deadline endedAt } } }';
  const { data }: Answer = await call(door, query, { account });
  const { nodes } = (data?.['marginCalls'] ?? { nodes: [] }) as {
    nodes: readonly { deadline: string; endedAt: string | null }[];
  };
  const [first] = nodes;
  return (
    first && {
      deadline: Date.parse(first.deadline),
      endedAt: first.endedAt === null ? undefined : Date.parse(first.endedAt),
    }
  );
}

/** The clock is set, and the house is watched for a while; returns what is wrong. */
async function under(house: Running, book: Book, clockMs: number, watchMs: number): Promise<string[]> {
  const wrong: string[] = [];
  const direction = clockMs === 0 ? undefined : clockMs > 0 ? 'FORWARD' : 'BACKWARD';
  const name = direction ?? 'none';
  const payments = createPayments(`clock/${name}/${performance.now()}`, book.accounts, 0n);
  const [before, began] = [await clockOf(book.admin), performance.now()];
  house.suffers({ clockMs });
  // The alarm is an entry of the journal, and so is its end.
  const shown = await comesTrue(async () => (await clockOf(book.admin)).direction === direction, 20_000);
  if (!shown)
    wrong.push(
      `The clock stands ${clockMs} ms from right, and the house says ` +
        `${(await clockOf(book.admin)).direction ?? 'nothing'}.`,
    );
  const gauge = await metricOf(book.admin, 'novate_clock_step_seconds');
  if (Math.abs(gauge - clockMs / 1_000) > 2)
    wrong.push(`novate_clock_step_seconds is ${gauge} with the clock ${clockMs} ms from right.`);
  await pause(watchMs);
  const answer = await payments.payOnce(book.broker);
  if (payments.acknowledged !== 1)
    wrong.push(`A payment is answered with ${answer.status} ${answer.codes.join(' ')} after a step.`);
  const [after, passed] = [await clockOf(book.admin), performance.now() - began];
  if (Math.abs(after.now - before.now - passed) > SLACK_MS)
    wrong.push(
      `House time went on by ${after.now - before.now} ms in ${Math.round(passed)} ms, with the clock ${clockMs} ` +
        `ms from right.`,
    );
  return wrong;
}

async function attackClock(
  house: Running,
  { seconds }: Effort,
): Promise<{ readonly strikes: number; readonly failures: readonly string[] }> {
  const book = await fillBook({ url: house.target.url, secret: house.secretOf('dev-admin') });
  await borrow(book, ['quick'], 'QUICK');
  await borrow(book, ['slow'], 'SLOW');
  const before = await heldBy(house.target);
  const uncalled = await callBorrowers(book);
  if (uncalled !== undefined) return { strikes: 0, failures: [uncalled] };
  const both = async (): Promise<boolean> =>
    Boolean((await callOf(book.admin, 'quick')) && (await callOf(book.admin, 'slow')));
  if (!(await comesTrue(both))) return { strikes: 0, failures: ['There is no call to try this with.'] };
  const slow = await callOf(book.admin, 'slow');
  const failures = await under(house, book, -STEP, 500);
  // Its deadline comes while the clock of the machine stands three hours before it.
  await comesTrue(async () => (await callOf(book.admin, 'quick'))?.endedAt !== undefined, 30_000);
  failures.push(...wrongEnd(await callOf(book.admin, 'quick')));
  failures.push(...(await under(house, book, 0, 200)));
  let strikes = 2;
  const until = performance.now() + seconds * 1_000;
  do {
    for (const clockMs of [STEP, 0, -STEP, 0]) failures.push(...(await under(house, book, clockMs, 300)));
    strikes += 4;
  } while (failures.length === 0 && strikes < 200 && performance.now() < until - 10_000);
  const still = await callOf(book.admin, 'slow');
  if (still?.endedAt !== undefined)
    failures.push(`A call of ${WINDOWS.SLOW} has ended ${slow && still.deadline - still.endedAt} ms early.`);
  if (still?.deadline !== slow?.deadline) failures.push('The deadline of a call has moved.');
  hangUp();
  return { strikes, failures: [...failures, ...(await harmOf(house.target, before))] };
}

function wrongEnd(quick: Call | undefined): string[] {
  if (quick?.endedAt === undefined)
    return [`A call of ${WINDOWS.QUICK} does not end while the clock stands before its beginning.`];
  const late = quick.endedAt - quick.deadline;
  return late < 0 || late > SLACK_MS ? [`A call ended ${late} ms after its deadline.`] : [];
}

export const clock: Attack = {
  name: 'the clock',
  sentence:
    'the wall clock is set three hours back and forward: time goes on, calls end at their deadline, the alarm ' +
    'comes and goes',
  async run(_target, effort) {
    const data = await newFolder();
    const house = await startHouse({ data });
    try {
      const { strikes, failures } = await attackClock(house, effort);
      const code = await house.stop();
      return { strikes, failures: code === 0 ? failures : [...failures, `It ended with ${code}.`] };
    } finally {
      await house.kill();
      await removeFolder(data);
    }
  },
};
