/**
 * The disk is full, nearly full, and gone with the power: writes to the journal and to the log fail for a while, the
 * space that is left is too little, and the house is killed in the middle of its work. Nothing that was acknowledged is
 * lost.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attack, Effort } from './attack';
import { type Book, borrow, callBorrowers, fillBook, moved } from './book';
import { comesTrue, type Door, hangUp, pause, statusOf } from './caller';
import type { Faults } from './faults';
import { harmOf, heldBy } from './house';
import { createPayments, type Payments } from './payments';
import { newFolder, type Running, removeFolder, startHouse } from './running';

interface Scene {
  readonly house: Running;
  readonly book: Book;
  readonly payments: Payments;
  readonly wrong: string[];
}

/** The machine has a fault while payments come in; then it is well again. The house says so, both times. */
async function suffered(
  { house, book, payments, wrong }: Scene,
  faults: Faults,
  says: string,
  meanwhile?: () => Promise<void>,
): Promise<void> {
  const count = payments.refusals.get(says) ?? 0;
  house.suffers(faults);
  const paying = payments.payFor(book.broker, 1_000);
  const told = await comesTrue(async () => (await statusOf(book.admin, '/readyz')) === 503, 20_000);
  if (!told) wrong.push(`/readyz does not say that there is something wrong: ${says}.`);
  await paying;
  await payments.payOnce(book.broker);
  if ((payments.refusals.get(says) ?? 0) === count) wrong.push(`Nobody was refused for ${says}.`);
  const alive = await statusOf(book.admin, '/healthz');
  if (alive !== 200) wrong.push(`/healthz answers ${alive} while commands are refused for ${says}.`);
  await meanwhile?.();
  house.suffers(faults.logFull ? { logFull: true } : {}); // the log is the last to be well
  const well = await comesTrue(async () => (await statusOf(book.admin, '/readyz')) === 200, 60_000);
  if (!well) wrong.push(`The house is not ready again after the end of ${says}.`);
  await goesOn({ payments, wrong }, book.broker, says);
  house.suffers({});
}

/** A payment is done. */
async function goesOn(
  { payments, wrong }: Pick<Scene, 'payments' | 'wrong'>,
  broker: Door,
  after: string,
): Promise<void> {
  const before = payments.acknowledged;
  await comesTrue(async () => (await payments.payOnce(broker)).status === 200, 20_000);
  if (payments.acknowledged === before) wrong.push(`No payment is done after ${after}.`);
}

/** Prices are taken and calls are issued although the house takes no new business. */
async function callsGoOn({ book, wrong }: Scene): Promise<void> {
  const uncalled = await callBorrowers(book);
  if (uncalled !== undefined) wrong.push(`${uncalled} There is little space meanwhile.`);
}

/** The log says what it has lost, as soon as it says anything. */
function logged({ house, wrong }: Scene): void {
  const log = readFileSync(join(house.data, 'novate.log'), 'utf8');
  if (!log.includes('log lines were lost')) wrong.push('The log does not say that lines of it were lost.');
}

/** Ends it in the middle of its work and starts it again, and again. */
async function killed(scene: Scene, rounds: number, started: (house: Running) => void): Promise<Scene> {
  let { house, book } = scene;
  for (let round = 0; round < rounds; round++) {
    const paying = scene.payments.payFor(book.broker, 1_000);
    await pause(300 + 137 * (round % 5));
    await house.kill();
    await paying;
    house = await startHouse({ data: house.data });
    started(house);
    book = moved(book, house.target.url);
  }
  return { ...scene, house, book };
}

async function attackDisk(first: Running, { seconds }: Effort, started: (house: Running) => void): Promise<Scene> {
  const book = await fillBook({ url: first.target.url, secret: first.secretOf('dev-admin') });
  const borrowed = await borrow(book, ['low'], 'SLOW');
  const payments = createPayments('disk', book.accounts, book.cents + borrowed);
  const scene: Scene = { house: first, book, payments, wrong: [] };
  const held = await heldBy(first.target);
  await payments.payFor(book.broker, 500);
  await suffered(scene, { journalFull: true, logFull: true }, 'JOURNAL_AWAY');
  await suffered(scene, { freeBytes: 1_000_000 }, 'SPACE_LOW', () => callsGoOn(scene));
  logged(scene);
  hangUp();
  scene.wrong.push(...(await harmOf(first.target, held)));
  const last = await killed(scene, Math.max(1, Math.min(20, Math.floor(seconds / 10))), started);
  scene.wrong.push(...(await payments.settle(last.book.broker, last.house.target)));
  return last;
}

export const disk: Attack = {
  name: 'the disk',
  sentence:
    'journal and log cannot be written, there is little space, and the power goes: nothing that was acknowledged ' +
    'is lost',
  async run(_target, effort) {
    const data = await newFolder();
    let house = await startHouse({ data });
    try {
      const { wrong, payments } = await attackDisk(house, effort, (next) => {
        house = next;
      });
      const code = await house.stop();
      return { strikes: payments.acknowledged, failures: code === 0 ? wrong : [...wrong, `It ended with ${code}.`] };
    } finally {
      await house.kill();
      await removeFolder(data);
    }
  },
};
