/** Run as a program: claims the folder of an embedded database, says so, and holds it until it is ended. */

import { claimFolder } from '../../src/store/folder';

const [folder = ''] = process.argv.slice(2);

claimFolder(folder).then(
  () => {
    process.stdout.write(`held by ${process.pid}\n`);
    // Nothing else keeps the process from ending.
    setInterval(() => undefined, 1_000);
  },
  (error: Error) => process.stdout.write(`${error.name}: ${error.message}\n`),
);
