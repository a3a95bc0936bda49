/** Mutations that move the house's own money, and those that reverse a booking.  Rules: DS-4, LP-5 */

import { Ctx } from 'type-graphql';
import type { CommandOf } from '../../core/message/command';
import { eventsOf } from '../../core/message/envelope';
import { transfersOf } from '../../core/message/event';
import type { Transfer } from '../../core/message/ledger';
import { reject } from '../../core/message/rejection';
import type { House } from '../../sequencer/house';
import { formatScaled } from '../../units/decimal';
import type { InputOf } from '../mutation/input';
import { type Answered, answered, Payload, PayloadType } from '../mutation/payload';
import { keyOf, send } from '../mutation/submit';
import { mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL } from '../schema/fields';
import { InsuranceFund, readInsuranceFund } from './insuranceFund';
import { LedgerAccount, LedgerTransfer, ledgerAccountOf, transferOf } from './ledger';

@PayloadType('The result of a command about an insurance fund.')
export class InsuranceFundPayload extends Payload {
  @Of(() => InsuranceFund, 'The fund after the command.', OPTIONAL)
  fund(@Ctx() context: Context): Promise<InsuranceFund | null> | null {
    return 'currency' in this.command ? readInsuranceFund(context, this.command.currency) : null;
  }
}

@PayloadType("The result of a contribution to the house's capital.")
export class HouseCapitalPayload extends Payload {
  @Of(() => LedgerAccount, 'The capital after the command.', OPTIONAL)
  async capital(@Ctx() context: Context): Promise<LedgerAccount | null> {
    if (this.command.type !== 'ContributeHouseCapital') return null;
    const where = { name_currency: { name: 'house-capital', currency: this.command.currency } };
    const row = await (await context.read()).db.ledgerAccount.findUnique({ where });
    return row && ledgerAccountOf(row, context);
  }
}

@PayloadType('The result of asking for a reversal.')
export class ReversalPayload extends Payload {
  @Of(() => LedgerTransfer, 'The transfer to reverse.', OPTIONAL)
  async original(@Ctx() context: Context): Promise<LedgerTransfer | null> {
    if (this.command.type !== 'ReverseTransfer') return null;
    const { entry, place } = this.command;
    const row = await (await context.read()).db.ledgerTransfer.findUnique({
      where: { seq_place: { seq: BigInt(entry), place } },
    });
    return row && transferOf(row, context);
  }
}

/** The transfer at a place of the journal. */
async function transferAt(house: House, entry: number, place: number): Promise<Transfer | undefined> {
  if (entry < 1) return undefined;
  for await (const committed of house.read(entry - 1))
    return eventsOf(committed.entry.outcome).flatMap(transfersOf)[place];
  return undefined;
}

/** The house is told what the transfer was, so that what two persons agree to names it whole. */
async function reverse(
  { entry, place, reason, idempotencyKey }: InputOf<'ReverseTransfer'>,
  context: Context,
): Promise<Answered> {
  const { house, directory } = context.services;
  const original = await transferAt(house, entry, place);
  const base = { type: 'ReverseTransfer' as const, entry, place, reason };
  if (!original) return notThere({ ...base, ...NO_TRANSFER }, house);
  const { from, to, currency, amount, reason: kind } = original;
  const command = { ...base, from, to, currency, kind, amount: formatScaled(amount, directory.scaleOf(currency)) };
  return send(context, command, keyOf(idempotencyKey));
}

mutations({
  ContributeToInsuranceFund: InsuranceFundPayload,
  WithdrawFromInsuranceFund: InsuranceFundPayload,
  ContributeHouseCapital: HouseCapitalPayload,
  ReverseTransfer: { payload: ReversalPayload, send: reverse },
});

const NO_TRANSFER = { kind: 'DEPOSIT', from: 'external', to: 'external', currency: '', amount: '0' } as const;

/** A transfer that never was cannot be named to the house; the answer is the same as for one that is not reversible. */
function notThere(command: CommandOf<'ReverseTransfer'>, house: House): Answered {
  const { seq, now } = house.status();
  const rejection = reject('TRANSFER_NOT_REVERSIBLE', { transfer: `${command.entry}/${command.place}` });
  return answered({ seq, at: now, outcome: { rejection }, replayed: false }, command);
}
