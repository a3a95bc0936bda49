/** Run as a program: opens the embedded database of a folder, or only claims the folder, says so, and holds it until it is told to go. */

import { openEmbedded } from '../../src/store/client';
import { claimFolder } from '../../src/store/folder';

const [folder = '', how] = process.argv.slice(2);

async function hold(): Promise<void> {
  if (how === 'claim') {
    await claimFolder(folder);
    // Nothing else keeps the process from ending.
    setInterval(() => undefined, 1_000);
  } else {
    const store = await openEmbedded(folder);
    await store.prisma.currency.create({ data: { id: 'XTS', scale: 3 } });
    process.on('SIGTERM', () => void store.close());
  }
  process.stdout.write(`held by ${process.pid}\n`);
}

hold().catch((error: Error) => {
  process.stdout.write(`${error.name}: ${error.message}\n`);
  process.exitCode = 1;
});
