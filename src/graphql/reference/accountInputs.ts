/** Inputs of the mutations that admit members and open accounts. */

import { InputType } from 'type-graphql';
import { Keyed } from '../mutation/keyed';
import { enumOf } from '../schema/enums';
import { ABSENT, Id, Of, Share, Text } from '../schema/fields';
import { MarginMode } from './account';

export const OpenedKind = enumOf<'CLIENT' | 'HOUSE'>('OpenedKind', 'Whose account is opened.', {
  CLIENT: 'A client of the member.',
  HOUSE: 'The member itself.',
});

@InputType({ description: 'A member to be admitted.' })
export class AdmitMemberInput extends Keyed {
  @Id('Its id: 1 to 64 letters, digits or `. _ : / -`; one is made where none is given.', ABSENT)
  member!: string | null;

  @Text('Its name.')
  name!: string;
}

@InputType({ description: 'An account to be opened.' })
export class OpenAccountInput extends Keyed {
  @Id(
    'Its id: 1 to 64 letters, digits or `. _ : / -`; one is made where none is given. A broker names it within its member, `<member>/…`.',
    ABSENT,
  )
  account!: string | null;

  @Id('Member it belongs to.')
  member!: string;

  @Id(
    'Its beneficial owner: the same for all accounts of one person. A broker names one that it has already, or within its member, `<member>/…`.',
  )
  owner!: string;

  @Of(() => OpenedKind, 'Whose account it is.', { defaultValue: 'CLIENT' })
  kind!: 'CLIENT' | 'HOUSE';

  @Id('Currency it is margined and settled in.')
  currency!: string;

  @Id('Margin policy it is under.')
  policy!: string;

  @Of(() => MarginMode, 'How far its collateral answers.', { defaultValue: 'CROSS' })
  mode!: 'CROSS' | 'ISOLATED';

  @Id('The one instrument of an isolated account.', ABSENT)
  instrument!: string | null;

  @Share('The most leverage its holder wants, at least 1; null: what the tiers allow.', ABSENT)
  leverage!: string | null;
}
