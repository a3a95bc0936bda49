/**
 * Parts of the benchmark that run in a process of their own, so that what is measured and what measures do not share
 * one.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

type Reply<Output> = { readonly output: Output } | { readonly failure: string };

/** Runs a task file with an input and resolves with what it hands back. */
export function runTask<Output>(name: string, input: unknown): Promise<Output> {
  const child: ChildProcess = fork(join(__dirname, `${name}.js`), {
    execArgv: ['--enable-source-maps', '--expose-gc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (reply: Reply<Output>) => {
      child.disconnect();
      if ('output' in reply) resolve(reply.output);
      else reject(new Error(`${name}: ${reply.failure}`));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${name} ended before it was done (${code ?? signal})`)));
    child.send(input as object);
  });
}

/** What a task file does with its input. */
export function task<Input, Output>(work: (input: Input) => Promise<Output>): void {
  process.once('message', (input: Input) => {
    work(input).then(
      (output) => process.send?.({ output }),
      (error: unknown) =>
        process.send?.({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}
