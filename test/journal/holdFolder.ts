/** A process that takes a data folder and keeps it until it is killed, or says that it was refused. */

import { DataFolderLocked, lockFolder } from '../../src/journal/lock';

lockFolder(process.argv[2] as string).then(
  () => {
    process.stdout.write('held\n');
    setInterval(() => undefined, 1000);
  },
  (error: unknown) => {
    process.stdout.write(error instanceof DataFolderLocked ? 'refused\n' : `${String(error)}\n`);
  },
);
