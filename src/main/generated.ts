/**
 * Files of the repository that are written from the code: those of the API, a page of every option, and one of names
 * that were changed.
 */

import { generatedFiles as filesOfApi } from '../graphql/generated';
import { OPTIONS } from './config';
import { flagNameOf, type Option, standardOf } from './option';
import { renamedPage } from './renamedPage';

/** Their paths from the root of the repository, and what they hold. */
export const generatedFiles = (): ReadonlyMap<string, string> =>
  new Map([...filesOfApi(), ['docs/options.md', optionsPage()], ['docs/renamed.md', renamedPage()]]);

function optionsPage(): string {
  const rows = Object.entries(OPTIONS).map(([name, row]: [string, Option<unknown>]) => {
    const flag = row.flag ? `\`--${flagNameOf(name)}\`` : '';
    const means = `${row.says}. ${row.kind.shape.charAt(0).toUpperCase()}${row.kind.shape.slice(1)}.`;
    const standard = standardOf(row);
    return (
      `| ${flag} | \`${row.env}\` | ${standard === undefined ? 'none' : `\`${standard}\``} | ` +
      `${row.commands === 'ALL' ? 'all' : '`start`'} | ${means} |`
    );
  });
  return `${HEAD}\n${rows.join('\n')}\n`;
}

const HEAD = `# Options

What the program can be told. A flag goes before the environment variable, and both before the default. What cannot be
read ends the program before anything is opened. This page is written from the code (\`npm run schema\`).

| flag | environment | default | commands | what it is |
|---|---|---|---|---|`;
