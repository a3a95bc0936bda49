/** Parts of commands that say how an index and a mark are made. */

import { kind } from '../kind/kind';
import { BASIS_OF } from '../model/reference';

export const SOURCE_WEIGHT_INPUT = kind.part('SourceWeightInput', 'How much a source of an index counts.', {
  source: kind.text('The source. It is one of those of the index.'),
  weight: kind.or(kind.count('Its weight, 1 to 1,000,000.'), 1),
  ownVenue: kind.or(
    kind.flag(
      'Whether it is a venue whose trades the house clears. Such venues together have at most a third of all weight.',
    ),
    false,
  ),
});

export const BASIS_TERMS_INPUT = kind.part('BasisTermsInput', 'How the basis of a mark follows from a venue.', {
  of: kind.oneOf(BASIS_OF, 'What it is taken from.'),
  window: kind.span('The time after which a new price of the venue counts for half of the basis, 1 second to 1 day.'),
  heartbeat: kind.span('A venue that is silent for longer counts as one that trades at the index. At most 7 days.'),
});
