/**
 * What a day came to, as tables: calls and their ends, liquidations, warning times, the fund, losses, and the proof
 * that money was conserved.
 */

import Table from 'cli-table3';
import {
  type CollateralSum,
  type ContractSummary,
  formatPercent,
  ratesText,
  type SortOfContract,
} from '../interop/contractSummary';
import type { Fairness } from '../interop/fairness';
import { CURRENCY } from '../interop/population';
import type { Summarizer, Summary, WarningTime } from '../interop/summary';
import { type CurrencySums, isNothing } from '../projections/ledger/conservation';
import { formatScaled } from '../units/decimal';
import type { Cash } from '../units/quantity';

const DIGITS = 6;

/** With commas between thousands: every digit stays. */
const grouped = (decimal: string): string => decimal.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');

const money = (amount: Cash): string => `${grouped(formatScaled(amount, DIGITS))} ${CURRENCY}`;

type Line = readonly [what: string, value: string];

export function dayTable(
  { summary, fairness, contracts }: Summarizer,
  warnings: readonly WarningTime[],
  sums: readonly CurrencySums[],
): string {
  return [
    table(['Margin calls and liquidations', ''], [...callLines(summary), ...liquidationLines(summary)]),
    table(['Money', CURRENCY], moneyLines(summary, contracts)),
    table(['Who bore the losses, in this order', CURRENCY], layerLines(summary)),
    table(['Deleveraging', 'The house', 'Whole positions, as venues did'], fairnessLines(fairness)),
    table(
      ['Contracts', 'Gains paid', 'Funding paid', 'At rates of', 'Closed by liquidations', 'Ended at'],
      [...contracts.sorts.values()].map((sort) => contractLine(sort, contracts)),
    ),
    table(
      ['Collateral of clients', 'Haircut', 'Paid in', 'Sold for what they owed'],
      [...contracts.collateral.values()].map((sum) => collateralLine(sum, contracts)),
    ),
    table(['Leverage', 'Accounts', 'Liquidated', 'Median warning', 'At least 5 min'], warnings.map(warningLine)),
    table(['Conservation', 'Paid in', 'Accounts', 'House', 'Difference'], sums.filter(isUsed).map(conservationLine)),
    sums.every(({ difference }) => isNothing(difference))
      ? 'Money is conserved in every currency.'
      : 'MONEY IS NOT CONSERVED.',
  ].join('\n');
}

function callLines({ warned, called, amended, cured, expired, cut, openCalls, accounts }: Summary): Line[] {
  const causes = [...cured]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cause, count]) => `${cause.toLowerCase()} ${count}`);
  const all = [...cured.values()].reduce((sum, count) => sum + count, 0);
  return [
    ['Warnings', String(warned)],
    ['Margin calls', `${called} to ${accounts.called.size} accounts, amended ${amended} times`],
    ['  cured', `${all} (${causes.join(', ')})`],
    ['  expired', String(expired)],
    ['  cut by the close-out level', String(cut)],
    ['  still open', String(openCalls.size)],
  ];
}

const liquidationLines = ({
  liquidations,
  restored,
  bankrupt,
  fills,
  takeOvers,
  accounts,
  auctions,
  taken,
  unsold,
  portfolios,
}: Summary): Line[] => [
  ['Liquidations', `${liquidations} of ${accounts.liquidated.size} accounts`],
  ['  restored', String(restored)],
  ['  bankrupt', `${bankrupt}, ${accounts.bankrupt.size} accounts`],
  ['Fills by the venue', String(fills)],
  ['Positions taken over by the house', String(takeOvers)],
  ['Auctions of coins', `${auctions}, taken in ${taken} parts, ${unsold} failed`],
  [
    'Auctions of portfolios',
    `${portfolios.started}, taken in ${portfolios.takes} shares, ${portfolios.restored} restored the account`,
  ],
];

const moneyLines = (summary: Summary, contracts: ContractSummary): Line[] => [
  ['Closed, at the mark', money(contracts.closedIn(CURRENCY))],
  ['Raised by auctions', `${money(summary.raised)} for coins worth ${money(summary.worth)}`],
  [
    'Paid for shares of portfolios',
    `${money(summary.portfolios.proceeds)} for what was worth ${money(summary.portfolios.worth)}`,
  ],
  ['Insurance fund in (fees, penalties, surplus)', money(summary.fundIn)],
  ['Insurance fund out', money(summary.fundOut)],
  ['Insurance fund at the end', money(summary.fund)],
  ['Losses beyond collateral', money(summary.losses)],
  ['Socialized', `${money(summary.socialized)} among ${summary.payers.size} accounts`],
  ['Not allocated', money(summary.unallocated)],
];

const layerLines = ({ layers }: Summary): Line[] =>
  [...layers].map(([layer, used]) => [LAYERS[layer] ?? layer, money(used)]);

const fairnessLines = (fairness: Fairness): string[][] => [
  ['Missing', money(fairness.missing), money(fairness.missing)],
  ['Given up by those who gained', money(fairness.forgone), money(fairness.venuesForgone)],
  ['  of it more than was missing', money(fairness.overshoot), money(fairness.venuesOvershoot)],
  ['Touched', `${fairness.affected.size} accounts`, `${fairness.venuesClosed} positions closed whole`],
];

const LAYERS: Readonly<Record<string, string>> = {
  DEFAULTER_FUND: "The broker's own share of the default fund",
  INSURANCE_FUND: 'Insurance fund',
  HOUSE_CAPITAL: 'Capital of the house',
  DEFAULT_FUND: 'Default fund, the other brokers',
  HOUSE_TRANCHE_2: '  and beside them the house once more',
  BACKSTOP_POOL: 'Backstop pool of the liquidity providers',
  DELEVERAGING: 'Deleveraging',
  SOCIALIZED_LOSS: 'Those who gained that day',
  UNALLOCATED: 'Nobody yet',
};

/** Amounts in the currency each contract is settled in. */
function contractLine(sort: SortOfContract, { text }: ContractSummary): string[] {
  const { kind, settlement, instruments, gains, funding, closed, end } = sort;
  const money = (amount: Cash): string => `${grouped(text(settlement, amount))} ${settlement}`;
  const [first = '', ...others] = instruments;
  const name = others.length === 0 ? first : `${instruments.length} ${kind.toLowerCase()}s`;
  return [name, money(gains), kind === 'PERPETUAL' ? money(funding) : '-', ratesText(sort), money(closed), end ?? '-'];
}

function collateralLine({ currency, haircut, paidIn, sold }: CollateralSum, { text }: ContractSummary): string[] {
  const money = (amount: Cash): string => grouped(text(currency, amount));
  return [currency, formatPercent(haircut), money(paidIn), money(sold)];
}

const warningLine = ({
  leverage,
  accounts,
  liquidated,
  medianMinutes,
  shareWithFiveMinutes,
}: WarningTime): string[] => [
  leverage,
  String(accounts),
  String(liquidated),
  medianMinutes === null ? '-' : `${Math.round(medianMinutes * 10) / 10} min`,
  shareWithFiveMinutes === null ? '-' : `${Math.round(shareWithFiveMinutes)} %`,
];

/** Currencies that nobody ever paid in would only make the table long. */
const isUsed = ({ paidIn, accounts, house, difference }: CurrencySums): boolean =>
  ![paidIn, accounts, house, difference].every(isNothing);

const conservationLine = ({ currency, paidIn, accounts, house, difference }: CurrencySums): string[] => [
  currency,
  ...[paidIn, accounts, house, difference].map((amount) => grouped(amount.toFixed())),
];

function table(head: string[], lines: readonly (readonly string[])[]): string {
  const made = new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
  });
  made.push(...lines.map((line) => [...line]));
  return made.toString();
}
