/**
 * One process at a time. A data folder in use is held by a listening socket in it: the operating system closes the
 * socket with its process, however that ends, so a folder is never left locked. Whoever wants the folder asks whether
 * somebody still listens.
 *
 * The sockets are `lock/owner-<n>`, and the one with the highest number decides. A starter that finds it dead listens
 * under a name of its own first and then links the next number to it, which only one of several starters can do; a
 * number is seen only when somebody listens behind it. The highest number is never removed, so no number is given out
 * twice. A starter that was held up and linked a number meanwhile passed by a higher one sees that one afterwards, and
 * withdraws.
 */

import { randomBytes } from 'node:crypto';
import { link, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FOLDER_MODE } from '../store/private';

/** The journal is in use by another process, or by another part of this one. */
export class JournalLocked extends Error {
  override readonly name: string = 'JournalLocked';
  constructor(
    readonly place: string, // folder or database
    message = `${place} is in use`,
  ) {
    super(message);
  }
}

/** Another process works in the data folder. */
export class DataFolderLocked extends JournalLocked {
  override readonly name = 'DataFolderLocked';
  constructor(readonly folder: string) {
    super(folder, `The data folder ${folder} is in use by another process`);
  }
}

export interface FolderLock {
  release(): Promise<void>;
}

/** Takes a data folder for this process, or throws DataFolderLocked at once. The folder is made if it is not there. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const room = resolve(folder, 'lock');
  await mkdir(room, { recursive: true, mode: FOLDER_MODE });
  const door = await doorTo(room);
  try {
    for (;;) {
      const server = await takeNext(room, door.path, folder);
      if (server) return { release: () => closed(server) };
    }
  } finally {
    await door.remove();
  }
}

/** One try: the lock, nothing if somebody else was faster and has to be asked first, or DataFolderLocked. */
async function takeNext(room: string, door: string, folder: string): Promise<Server | undefined> {
  const newest = Math.max(0, ...ownersOf(await readdir(room)));
  if (newest > 0 && (await listens(join(door, ownerName(newest))))) throw new DataFolderLocked(folder);

  const mine = newest + 1;
  const starter = `starter-${process.pid}-${randomBytes(6).toString('hex')}`;
  const server = await listen(join(door, starter));
  const linked = await linkedOnce(join(room, starter), join(room, ownerName(mine)));
  await rm(join(room, starter), { force: true });
  const names = await readdir(room);
  if (linked && Math.max(...ownersOf(names)) === mine) {
    await sweep(room, door, names, mine);
    return server;
  }
  if (linked) await rm(join(room, ownerName(mine)), { force: true });
  await closed(server);
  return undefined;
}

const ownerName = (n: number): string => `owner-${n}`;

const ownersOf = (names: readonly string[]): number[] =>
  names.flatMap((name) => /^owner-(\d+)$/.exec(name)?.[1] ?? []).map(Number);

/** Whether the second name could be given; false if it is taken, or if the first is gone because it was swept away. */
async function linkedOnce(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Removes what dead owners and dead starters left. A starter that is swept away between its first two steps tries
 * again.
 */
async function sweep(room: string, door: string, names: readonly string[], mine: number): Promise<void> {
  for (const name of names) {
    const owner = /^owner-(\d+)$/.exec(name)?.[1];
    const dead = owner ? Number(owner) < mine : name.startsWith('starter-') && !(await listens(join(door, name)));
    if (dead) await rm(join(room, name), { force: true });
  }
}

function listen(path: string): Promise<Server> {
  return new Promise((resolveListening, reject) => {
    // The kernel takes the connection, and that is the answer; there is nothing to say.
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      server.on('error', () => undefined); // a connection that could not be taken: the lock stands
      server.unref();
      resolveListening(server);
    });
  });
}

const closed = (server: Server): Promise<void> => new Promise((done) => server.close(() => done()));

/** Only a refused connection, or no socket at all, proves that nobody listens. */
function listens(path: string): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      answer(true);
    });
    socket.once('error', (error) => answer(codeOf(error) !== 'ECONNREFUSED' && codeOf(error) !== 'ENOENT'));
  });
}

/**
 * Socket addresses hold about 100 bytes, paths more: a long way is shortened by a symbolic link, for as long as it is
 * needed.
 */
async function doorTo(room: string): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const longestName = 48;
  if (Buffer.byteLength(room) + longestName < 100) return { path: room, remove: async () => undefined };
  const near = await mkdtemp(join(tmpdir(), 'novate-'));
  await symlink(room, join(near, 'd'));
  return { path: join(near, 'd'), remove: () => rm(near, { recursive: true, force: true }) };
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
