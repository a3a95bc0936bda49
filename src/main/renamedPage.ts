/** The page of names that were changed, for whoever wrote queries, stories or programs under the old ones. */

import { type OldNames, RENAMED_EVENT_ENUMS, RENAMED_FIELDS, RENAMED_OPERATIONS, RENAMED_TYPES } from '../core/kind/renamed';

const rowsOf = (where: string, names: OldNames): string[] =>
  Object.entries(names).map(([was, is]) => `| ${where} | \`${was}\` | \`${is}\` |`);

export function renamedPage(): string {
  const rows = [
    ...rowsOf('type', RENAMED_TYPES),
    ...rowsOf('operation', RENAMED_OPERATIONS),
    ...RENAMED_EVENT_ENUMS.map((name) => `| every value of \`${name}\`, such as | \`MarginCallIssued\` | \`MARGIN_CALL_ISSUED\` |`),
    ...Object.entries(RENAMED_FIELDS).flatMap(([record, names]) => rowsOf(`field of \`${record}\``, names)),
  ];
  return `${HEAD}\n${rows.join('\n')}\n`;
}

const HEAD = `# Renamed

Names that were changed before version 1. The API knows the new names alone. The journal and the read models that were written
under old names are read. \`npm run scenario\` reads stories with old names, warns, and with \`--update\` writes the new ones. A field
has the same name in the journal, in inputs and in types. This page is written from the code (\`npm run schema\`).

| what | before | now |
|---|---|---|`;
