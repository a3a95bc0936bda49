/** Every kind of contract by its name: the one place where a kind leads to what it means. */

import type { ContractKind, Instrument } from '../model/reference';
import { INVERSE } from './inverse';
import { LINEAR } from './linear';
import type { Product } from './product';
import { QUANTO } from './quanto';

const PRODUCTS: Readonly<Record<ContractKind, Product>> = { LINEAR, INVERSE, QUANTO };

export const productOf = ({ contract = 'LINEAR' }: Pick<Instrument, 'contract'>): Product => PRODUCTS[contract];
