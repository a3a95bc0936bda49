/** How the numbers of rules are found in what is written. */

import { citedIn, statedIn } from './support/rules';

test('the number of a rule is known where it stands', () => {
  const text = 'B1-4, IM-5 (S07); DY-M1, VEGA-LS-01 of A41. Rulings 2, 3 and 24; BTC-MAR26, UTF-8, X-7';
  const rulings = ['Ruling 2', 'Ruling 3', 'Ruling 24'];
  expect(citedIn(text)).toEqual(['B1-4', 'IM-5', 'S07', 'DY-M1', 'VEGA-LS-01', 'A41', 'X-7', ...rulings]);
  expect(statedIn('### LP-1 It is stated\n\nAs IM-5 says.\n| A01 | too |\n### Ruling 7 As well\n')).toEqual([
    'LP-1',
    'A01',
    'Ruling 7',
  ]);
});
