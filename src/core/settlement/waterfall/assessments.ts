/** Calls of the default fund that end: with the last of a case its loss goes on down the layers.  Rule: LCS-4 */

import type { Desk } from '../../message/desk';
import type { CaseId, FundCall } from '../../model/waterfall';
import { expireFundCall, type FundCallPayment, payFundCall } from './fundCalls';
import { closeAssessments } from './loss';

export const payDefaultFundCall = (desk: Desk, payment: FundCallPayment): void =>
  goOn(desk, payFundCall(desk, payment));

export const lapseFundCall = (desk: Desk, call: FundCall): void => goOn(desk, expireFundCall(desk, call));

function goOn(desk: Desk, complete: CaseId | undefined): void {
  if (complete !== undefined) closeAssessments(desk, complete);
}
