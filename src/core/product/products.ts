/** Every kind of contract by its name: the one place where a kind leads to what it means. */

import type { ContractKind, Instrument } from '../model/reference';
import { INVERSE } from './inverse';
import { LINEAR } from './linear';
import type { Product } from './product';

const PRODUCTS: Readonly<Record<ContractKind, Product>> = { LINEAR, INVERSE };

export const productOf = ({ contract = 'LINEAR' }: Pick<Instrument, 'contract'>): Product => PRODUCTS[contract];
