import type { ReceiptProblem } from '../../receipt.ts';

/** A sentence per problem, from what it is about. */
export type ReceiptTexts = Readonly<Record<ReceiptProblem, (about: string) => string>>;
