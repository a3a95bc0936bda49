/**
 * A process that lives through an example day in a data folder and prints what it came to; tests kill it on the way.
 */

import { loadDay } from '../../src/interop/day';
import { readConfig } from '../../src/main/config';
import { createDayClock } from '../../src/main/dayClock';
import type { Example } from '../../src/main/exampleFile';
import { silentLog } from '../../src/main/logger';
import { openHouse } from '../../src/main/openHouse';
import { preparePlay } from '../../src/main/playDay';
import { instant } from '../../src/units/quantity';

const [data = '', clients = '60', url = '', engine = 'INLINE'] = process.argv.slice(2);
const example: Example = {
  day: '2020-03-12',
  seed: 7,
  clients: Number(clients),
  fund: '20000',
  contracts: true,
  finished: false,
};

async function main(): Promise<void> {
  const config = { ...readConfig({ data }, {}), databaseUrl: url || null };
  const open = await openHouse({
    config,
    clock: createDayClock(instant(loadDay(example.day).start)),
    log: silentLog(),
    engine: engine === 'THREAD' ? 'THREAD' : 'INLINE',
    onFatal: (error) => {
      console.error(error);
      process.exit(3);
    },
  });
  console.log(`recovered ${open.recovered.entries}`);
  const { summarizer, run } = preparePlay({
    house: open.house,
    example,
    speed: 0,
    stopped: new AbortController().signal,
    onInstant: () => console.log(`entry ${open.house.status().seq}`),
  });
  await run();
  const { seq, hash } = open.house.status();
  await open.projector.waitFor(seq, 60_000);
  const { called, liquidations, socialized, fund } = summarizer.summary;
  console.log(
    JSON.stringify({
      ...(await open.house.digest()),
      hash,
      projected: open.projector.seq,
      called,
      liquidations,
      socialized: `${socialized}`,
      fund: `${fund}`,
    }),
  );
  await open.close();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(2);
});
