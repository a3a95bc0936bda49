/** Tables of mutations: what follows from the definition of a command, and what does not compile. */

import 'reflect-metadata';
import { type GraphQLSchema, printType } from 'graphql';
import { buildSchemaSync, Query, Resolver } from 'type-graphql';
import { COMMANDS, type CommandOf } from '../../../src/core/message/command';
import type { InputOf } from '../../../src/graphql/mutation/input';
import { Payload, PayloadType } from '../../../src/graphql/mutation/payload';
import { mutations } from '../../../src/graphql/mutation/table';

@Resolver()
class Something {
  @Query(() => String)
  something(): string {
    return '';
  }
}

@PayloadType('What came of it.')
class Answer extends Payload {}

const schemaOf = (table: new () => object): GraphQLSchema =>
  buildSchemaSync({ resolvers: [Something, table], validate: false });

const printed = (schema: GraphQLSchema, name: string): string => {
  const type = schema.getType(name);
  return type ? printType(type) : '';
};

test('a row gives the mutation: the name of its command, one argument, the payload, the roles', () => {
  const schema = schemaOf(mutations({ RejectProposal: Answer }));
  expect(printed(schema, 'Mutation')).toBe(
    [
      'type Mutation {',
      '  """Rejects a proposal. The proposer may do that too."""',
      '  rejectProposal(',
      '    """The proposal."""',
      '    input: RejectProposalInput!',
      '  ): Answer!',
      '}',
    ].join('\n'),
  );
  const { rejectProposal } = schema.getMutationType()?.getFields() ?? {};
  expect(rejectProposal?.extensions).toEqual(expect.objectContaining({ access: ['ADMIN', 'RISK_OFFICER'] }));
});

test(
  'the input has the fields of the definition, with what they are where they are left out, and none of what ' +
    'only the house knows',
  () => {
    const schema = schemaOf(mutations({ IssueApiKey: Answer, SetTierSchedule: Answer, SubmitMarkPrices: Answer }));
    const fields = (name: string): string[] =>
      printed(schema, name)
        .split('\n')
        .flatMap((line) => /^ {2}(\w+: .*)$/.exec(line)?.[1] ?? []);
    expect(fields('IssueApiKeyInput')).toEqual([
      'idempotencyKey: ID!',
      'apiKey: ID = null',
      'role: Role!',
      'member: ID = null',
      'label: String!',
      'person: ID = null',
    ]);
    expect(fields('SetTierScheduleInput')).toEqual([
      'idempotencyKey: ID!',
      'instrument: ID!',
      'tiers: [TierInput!]!',
      'initialPerContract: Decimal = null',
      'maintenancePerContract: Decimal = null',
      'growth: RateGrowthInput = null',
      'short: ShortRatesInput = null',
      'initialAt: ValuedAt! = MARK',
      'maintenanceAt: ValuedAt! = MARK',
      'initialPerMaintenance: Ratio = null',
      'maintenancePerInitial: Ratio = null',
      'mostRate: Ratio = null',
      'effectiveAt: DateTime = null',
    ]);
    expect(fields('TierInput')).toEqual([
      'floor: Decimal!',
      'cap: Decimal = null',
      'initialRate: Ratio = null',
      'maintenanceRate: Ratio = null',
      'deduction: Decimal = null',
    ]);
    expect(fields('SubmitMarkPricesInput')).toContain('prices: [MarkPriceInput!]!');
  },
);

test('every field of an input says what it means', () => {
  const silent = Object.entries(COMMANDS).flatMap(([type, { fields, ...definition }]) =>
    'does' in definition
      ? Object.entries(fields).flatMap(([name, kind]) => (kind.own || kind.says ? [] : [`${type}.${name}`]))
      : [],
  );
  expect(silent).toEqual([]);
});

test('a command that lacks a field, or has one more, does not compile', () => {
  // @ts-expect-error The command has a reason.
  const short: CommandOf<'RejectProposal'> = { type: 'RejectProposal', proposal: 'p' };
  // @ts-expect-error The command has no mood.
  const long: CommandOf<'RejectProposal'> = { type: 'RejectProposal', proposal: 'p', reason: 'r', mood: 'm' };
  // @ts-expect-error An amount is sent as a decimal.
  const number: CommandOf<'ContributeHouseCapital'> = { type: 'ContributeHouseCapital', currency: 'USD', amount: 1n };
  // @ts-expect-error The hash is the house's to say.
  const hash: InputOf<'IssueApiKey'>['hash'] = '';
  // @ts-expect-error There is no such command.
  const unknown = () => mutations({ RejectEverything: Answer });
  expect([short, long, number, hash, unknown]).toHaveLength(5);
});
