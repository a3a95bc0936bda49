/** What the house refuses, as data: a stable code, what it means, what was required and what was there. */

import { ObjectType } from 'type-graphql';
import type { Command } from '../../core/message/command';
import {
  type RejectionCode as Code,
  type Rejection as CoreRejection,
  isRetriable,
  meaningOf,
  REJECTIONS,
} from '../../core/message/rejection';
import { type FieldPath, rejectedField } from '../../core/message/rejectionField';
import { Reached } from '../access/policy';
import { docsOf } from '../error/format';
import { enumOf } from './enums';
import { Flag, Of, OPTIONAL, Text } from './fields';

const CODES = Object.keys(REJECTIONS) as Code[];
const MEANINGS = Object.fromEntries(CODES.map((code) => [code, meaningOf(code)])) as Readonly<Record<Code, string>>;

export const RejectionCode = enumOf<Code>(
  'RejectionCode',
  'Why the house refused a command. Codes are never renamed or reused.',
  MEANINGS,
);

@Reached()
@ObjectType({ description: 'A fact about a rejection.' })
export class RejectionDetail {
  @Text('The name of the fact, such as `free` or `account`.')
  name!: string;

  @Text('The value: an id, a code, or a decimal in the scale of its currency.')
  value!: string;
}

@Reached()
@ObjectType({ description: "The house's refusal of a command. Nothing was changed." })
export class Rejection {
  @Of(() => RejectionCode, 'The code. A command that breaks several rules gets the first code in their order.')
  code!: string;

  @Text('What the code means.')
  message!: string;

  @Text('The path of the field that caused it, such as `input.trades[3].price`. Null if no single field did.', OPTIONAL)
  field!: string | null;

  @Text(
    'The figure that was required, in the unit of the field or in the currency of the account. Null if there is none.',
    OPTIONAL,
  )
  required!: string | null;

  @Text('The figure that was available, in the same unit. Null if there is none.', OPTIONAL)
  available!: string | null;

  @Of(() => [RejectionDetail], 'The facts of this case.')
  details!: RejectionDetail[];

  @Flag('Whether the same command may succeed later.')
  retriable!: boolean;

  @Text('The address of the page that describes the code.')
  docs!: string;
}

/** `place`: where the command stands in the input, such as in a list of them. */
export function rejectionShown(rejection: CoreRejection, command: Command | null, place: FieldPath = []): Rejection {
  const { code, details } = rejection;
  const { field, required, available } = command ? rejectedField(command, rejection) : NO_FIELD;
  return {
    code,
    field: field && pathText([...place, ...field]),
    required,
    available,
    message: meaningOf(code),
    details: Object.entries(details).map(([name, value]) => ({ name, value })),
    retriable: isRetriable(code),
    docs: docsOf(code),
  };
}

const NO_FIELD = { field: null, required: null, available: null };

/** A path as errors of bad input have it. */
const pathText = (path: FieldPath): string =>
  path.reduce<string>((text, step) => (/^\d+$/.test(step) ? `${text}[${step}]` : `${text}.${step}`), 'input');
