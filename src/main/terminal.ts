/**
 * What the program prints. Somebody may have closed the other end (`npm start | head`), or the disk behind it may be
 * full: a line that cannot be printed is lost, and ends nothing.
 */

let heard = true;

/** Prints a line. Says whether anybody can still read it. */
export function say(text = ''): boolean {
  if (heard) write(process.stdout, `${text}\n`);
  return heard;
}

/** Prints a line where errors are printed. */
export const complain = (text: string): void => write(process.stderr, `${text}\n`);

function write(stream: NodeJS.WriteStream, text: string): void {
  try {
    stream.write(text);
  } catch (error) {
    noteFailure(stream, error);
  }
}

/** From now on a failure of these streams is no failure of the program. */
export function bearBrokenOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', (error) => noteFailure(stream, error));
}

function noteFailure(stream: NodeJS.WriteStream, error: unknown): void {
  // Whoever has gone does not come back; a disk that is full may have room later.
  if (stream === process.stdout && ['EPIPE', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? ''))
    heard = false;
}
