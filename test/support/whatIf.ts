/** A question asked of a house in memory, as the thread of the engine and the one that answers do it together. */

import type { Actor } from '../../src/core/model/actor';
import { SYSTEM } from '../../src/core/model/actor';
import type { View } from '../../src/core/model/state';
import { excerptOf } from '../../src/core/trial/excerpt';
import type { WhatIf, WhatIfAnswer } from '../../src/core/trial/question';
import { createTrial } from '../../src/core/trial/trial';

/** Throws where the question cannot be put at all. */
export function whatIf(view: View, question: WhatIf, actor: Actor = SYSTEM): WhatIfAnswer {
  const given = excerptOf(view, { question, actor });
  if (given.rejection) throw new Error(given.rejection.code);
  const trial = createTrial(given.excerpt, question);
  while (trial.step());
  return trial.answer();
}
