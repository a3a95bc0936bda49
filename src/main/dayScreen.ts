/** The terminal while a day is played: one line that is kept up to date, or a line now and then where nobody looks. */

import { SingleBar } from 'cli-progress';
import { CURRENCY } from '../interop/population';
import type { Summary } from '../interop/summary';
import { formatScaled } from '../units/decimal';
import type { Instant } from '../units/quantity';

export interface DayScreen {
  show(at: Instant, progress: number): void;
  end(): void;
}

export type PriceText = (instrument: string, price: bigint) => string;

const LINES = 24; // where there is no terminal, so many lines a day

export function createDayScreen(
  summary: Summary,
  priceText: PriceText,
  out: NodeJS.WriteStream = process.stdout,
): DayScreen {
  return out.isTTY ? barScreen(summary, priceText, out) : lineScreen(summary, priceText, out);
}

function barScreen(summary: Summary, priceText: PriceText, stream: NodeJS.WriteStream): DayScreen {
  const bar = new SingleBar({
    format: '{bar} {text}',
    barsize: 16,
    hideCursor: true,
    fps: 8,
    stream,
    clearOnComplete: false,
  });
  let began = false;
  return {
    show(at, progress) {
      const text = summaryLine(summary, at, priceText);
      if (!began) bar.start(1000, 0, { text });
      began = true;
      bar.update(Math.round(progress * 1000), { text });
    },
    end() {
      if (began) bar.stop();
    },
  };
}

function lineScreen(summary: Summary, priceText: PriceText, out: NodeJS.WriteStream): DayScreen {
  let shown = -1;
  return {
    show(at, progress) {
      const line = Math.floor(progress * LINES);
      if (line === shown) return;
      shown = line;
      out.write(`${summaryLine(summary, at, priceText)}\n`);
    },
    end: () => undefined,
  };
}

/** Time, bitcoin's mark, what is open, what has been closed out, the fund, what was shared. */
function summaryLine(summary: Summary, at: Instant, priceText: PriceText): string {
  const bitcoin = summary.prices.get('BTC-PERP');
  const parts = [
    new Date(at).toISOString().slice(5, 16).replace('T', ' '),
    `BTC ${bitcoin === undefined ? '-' : priceText('BTC-PERP', bitcoin)}`,
    `calls open ${summary.openCalls.size} of ${summary.called}`,
    `liquidations ${summary.liquidating.size} of ${summary.liquidations}`,
    `fund ${whole(summary.fund)}`,
    `socialized ${whole(summary.socialized)} ${CURRENCY}`,
  ];
  return parts.join(' · ');
}

const DIGITS = 6; // of the currency of the examples

/** An amount without its fraction, in groups of three. */
export const whole = (amount: bigint): string =>
  (formatScaled(amount, DIGITS).split('.')[0] ?? '').replace(/\B(?=(\d{3})+$)/g, ',');
