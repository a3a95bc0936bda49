#!/usr/bin/env node
/**
 * The program's commands. What they are told wrongly, and what stands in their way, is said in a sentence and an exit
 * code.
 */

import './production';

import { Command } from 'commander';
import { DAYS } from '../interop/day';
import { JournalCorrupt } from '../journal/journal';
import { JournalLocked } from '../journal/lock';

import { JournalShortened } from '../journal/witness';
import { ReplayDiffers, RulesUnknown } from '../sequencer/recover';

import { StoreUnusable } from '../store/client';
import { StoreInUse } from '../store/folder';
import { MigrationRefused } from '../store/migrate';
import { makePrivate } from '../store/private';
import { ConfigError, OPTIONS } from './config';
import { journalCommand, keyCommand, rebuildCommand, schemaCommand, verifyCommand } from './maintenance';
import { flagNameOf, type Option, standardOf } from './option';
import { replayCommand } from './replayCommand';
import { runScenarioFiles } from './scenario';
import { start } from './start';
import { bearBrokenOutput, complain, say } from './terminal';

makePrivate();
bearBrokenOutput();

const program = new Command('novate').description('A clearinghouse.').showHelpAfterError();

/** The options of the table that a command takes. */
function withOptions(command: Command, which: 'ALL' | 'START'): Command {
  for (const [name, row] of Object.entries(OPTIONS) as [string, Option<unknown>][]) {
    if (!row.flag || (row.commands === 'START' && which === 'ALL')) continue;
    const standard = standardOf(row);
    const says = standard === undefined ? row.says : `${row.says} (default: ${standard})`;
    command.option(`--${flagNameOf(name)} <${row.kind.valueName}>`, says);
  }
  return command;
}

const withData = (command: Command): Command => withOptions(command, 'ALL');

const ACCEPT_LOSS = [
  '--accept-loss',
  'go on with a journal that has lost entries which others know; says and records which',
] as const;

withOptions(program.command('start'), 'START')
  .description('open the house and serve it; a new data folder is given the example day')
  .option('--empty', 'a blank house: no example day')
  .option('--speed <factor>', 'how fast the example day passes: 720 is 18 hours in 90 seconds, 0 does not wait')
  .option(...ACCEPT_LOSS)
  .action(start);

program
  .command('replay')
  .description('live through a crash and print what it came to; the house is thrown away')
  .argument('<day>', DAYS.join(', '))
  .option('--speed <factor>', 'how fast it passes (default: 0, without waiting)')
  .option('--clients <number>', 'client accounts')
  .option('--seed <number>', 'another seed makes other clients')
  .option('--quiet', 'print the final tables only')
  .option('--keep <folder>', 'a new folder for the house, which stays')
  .action(replayCommand);

withData(program.command('verify'))
  .description('execute the journal again and compare events and state, and ask whoever knows what it has to hold')
  .option('--head <entry:hash>', 'an entry that the journal has to hold, or a file with it')
  .action(verifyCommand);
withData(program.command('rebuild'))
  .description('make the read models anew from the journal')
  .option(...ACCEPT_LOSS)
  .action(rebuildCommand);
withData(program.command('journal'))
  .description('print the journal, an entry a line behind its hash')
  .option('--from <entry>', 'first entry')
  .option('--to <entry>', 'last entry')
  .action(journalCommand);
withData(program.command('key'))
  .description('issue an API key and print its secret')
  .requiredOption('--role <role>', 'ADMIN, RISK_OFFICER, BROKER, BROKER_READONLY, LIQUIDATOR, FEED or AUDITOR')
  .option('--member <member>', 'the member of a broker')
  .option(
    '--person <person>',
    'whose key it is, by a name that all keys of that person carry; otherwise the id of the key',
  )
  .option('--id <id>', 'name of the key')
  .option(...ACCEPT_LOSS)
  .action(keyCommand);
program
  .command('scenario')
  .description('play stories in YAML, each against a house of its own in memory')
  .argument('<file...>', 'scenario files')
  .option('--update', 'write what came in the place of what was expected')
  .action(async (files: string[], { update = false }: { update?: boolean }) => {
    const { failed } = await runScenarioFiles(files, { update, write: (line) => void say(line) });
    if (failed > 0) process.exitCode = 1;
  });
program
  .command('schema')
  .description('write schema.graphql, docs/errors.md and docs/scalars.md from the code')
  .action(schemaCommand);

/** What somebody can do something about: one sentence, no stack. */
const EXPECTED = [
  ...[ConfigError, JournalLocked, StoreInUse, StoreUnusable, MigrationRefused],
  ...[JournalCorrupt, JournalShortened, ReplayDiffers, RulesUnknown],
];

program.parseAsync(process.argv.slice(2), { from: 'user' }).catch((error: unknown) => {
  const known = EXPECTED.some((kind) => error instanceof kind) || isSystemError(error);
  complain(error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error));
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    complain('Another port is chosen with --port.');
  process.exit(1);
});

/** A port in use, a folder that may not be written, a database that is not there. */
function isSystemError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['EADDRINUSE', 'EACCES', 'ECONNREFUSED', 'ENOTFOUND', 'EROFS', 'ENOSPC'].includes(String(error.code))
  );
}
