/** A house that admits member after member until it is killed, and says what is acknowledged. */

import { SYSTEM } from '../../src/core/model/actor';
import { readConfig } from '../../src/main/config';
import { openEngine } from '../../src/main/engine';
import { createClock } from '../../src/sequencer/clock';

async function submitForever(data: string): Promise<void> {
  const end = (error: unknown): never => {
    throw error;
  };
  const { house } = await openEngine({
    config: readConfig({ data }, {}),
    clock: createClock({ ahead: 0 }),
    onFatal: end,
    onSnapshotLost: end,
  });
  for (let i = house.status().seq + 1; ; i++) {
    const command = { type: 'AdmitMember', member: `m${i}`, name: 'One' } as const;
    await house.submit([{ actor: SYSTEM, key: null, command }]);
    process.stdout.write(`acknowledged ${house.status().seq}\n`);
  }
}

void submitForever(process.argv[2] as string);
