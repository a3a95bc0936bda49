/** What the API must not have at all: a way round margin, and a way to undo a trade.  Rules: S17, S03 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { schema } from '../../../src/graphql/schema';
import { rootFields } from '../documents';

const EXEMPTS =
  /exempt|unlimited|override|bypass|ignore|skip(?!ped)|whitelist|allowlist|privileged|vip|nomargin|withoutmargin|force|disable|unchecked/i;
const UNDOES = /cancel.*trade|trade.*cancel|bust|unwind|rollback|undo|delete|erase|amend.*trade|adjust/i;

/** Every name there is: of types, fields, arguments and values of enumerations. */
function names(): string[] {
  const all: string[] = [];
  for (const type of Object.values(schema().getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    all.push(type.name);
    if (isEnumType(type)) all.push(...type.getValues().map(({ name }) => `${type.name}.${name}`));
    if (isInputObjectType(type)) all.push(...Object.keys(type.getFields()).map((name) => `${type.name}.${name}`));
    if (isObjectType(type))
      for (const field of Object.values(type.getFields()))
        all.push(`${type.name}.${field.name}`, ...field.args.map(({ name }) => `${type.name}.${field.name}.${name}`));
  }
  return all;
}

test('S17 nothing in the schema exempts an account from margin', () => {
  expect(names().length).toBeGreaterThan(1_500);
  expect(names().filter((name) => EXEMPTS.test(name))).toEqual([]);
  // The control: names such as others have had.
  for (const name of ['Account.allowNegativeBalance.force', 'OpenAccountInput.marginExempt', 'Account.unlimitedCredit'])
    expect(name).toMatch(EXEMPTS);
});

const ROOT = join(__dirname, '..', '..', '..');

/** Names of fields in the commands and events of the core, in what the house knows, and in the models of the rows. */
function namesBelow(): string[] {
  const folders = ['message', 'model'].map((room) => join(ROOT, 'src', 'core', room));
  const sources = folders.flatMap((folder) =>
    readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')),
  );
  const inCore = sources.flatMap((source) =>
    [...source.matchAll(/^\s*(?:readonly )?(\w+)\??: /gm)].map(([, name]) => name ?? ''),
  );
  const schemaText = readFileSync(join(ROOT, 'prisma', 'schema.prisma'), 'utf8');
  const inRows = [...schemaText.matchAll(/^ {2}(\w+) +[A-Z]\w*/gm)].map(([, name]) => name ?? '');
  expect(Math.min(inCore.length, inRows.length)).toBeGreaterThan(300);
  return [...inCore, ...inRows];
}

test('S17 nothing in commands, events, the state or the rows exempts an account from margin', () => {
  expect(namesBelow().filter((name) => EXEMPTS.test(name))).toEqual([]);
});

test(
  'S17 what an account is opened with is its owner, terms that all accounts share, and leverage of its own ' +
    'that only lowers risk',
  () => {
    const input = schema().getType('OpenAccountInput');
    expect(isInputObjectType(input) && Object.keys(input.getFields()).sort()).toEqual(
      [
        'account',
        'currency',
        'idempotencyKey',
        'instrument',
        'kind',
        'leverage',
        'member',
        'mode',
        'owner',
        'policy',
      ].sort(),
    );
  },
);

test('S17 ruling 17 no mutation sets a field of an account after it was opened', () => {
  const onAccounts = rootFields('mutation')
    .map(({ field }) => field.name)
    .filter((name) => /account/i.test(name));
  expect(onAccounts).toEqual(['openAccount']);
});

test('S03 no mutation undoes a trade: money is moved back by a booking of its own, named as what it is', () => {
  expect(names().filter((name) => UNDOES.test(name))).toEqual([]);
  for (const name of ['Mutation.cancelTrade', 'Mutation.bustTrade', 'Mutation.deletePosition'])
    expect(name).toMatch(UNDOES);
  const reversing = rootFields('mutation')
    .map(({ field }) => field.name)
    .filter((name) => /reverse|cancel/i.test(name));
  const known = ['cancelAuction', 'cancelDelisting', 'cancelOrder', 'cancelScheduledChange', 'reverseTransfer'];
  expect(reversing.sort()).toEqual(known);
});
