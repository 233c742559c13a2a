import type { CourierAccountProblem } from '../../courier-account.ts';
import type { ShipmentMaking } from '../../shipment.ts';
import type { FileProblem } from '../../shipment-file.ts';
import type { ShipmentRefusalCode } from '../../shipment-refusal.ts';

type MakingProblem = NonNullable<ShipmentMaking['problem']>;
type MakingWarning = ShipmentMaking['warnings'][number];
type Sentence = (detail: string) => string;

/** What the operator is told of shipments, in one language. */
export interface ShipmentTexts {
  /** Why a marketplace is not told what a person wants it to be told. */
  readonly confirmations: Readonly<
    Record<'already-confirmed' | 'cannot-be-edited' | 'malformed-number' | 'red-order', string>
  >;
  readonly refusals: Readonly<Record<ShipmentRefusalCode, Sentence>>;
  /** Why the courier has not made it. */
  readonly making: Readonly<Record<MakingProblem, string>>;
  readonly warnings: Readonly<Record<MakingWarning, string>>;
  /** What is wrong with a file of shipments, or with a row of it. */
  readonly files: Readonly<Record<FileProblem, Sentence>>;
  readonly accounts: Readonly<Record<CourierAccountProblem, string>> & {
    readonly works: string;
    readonly savedUntested: string;
    readonly invalid: Sentence;
    readonly noCredentials: string;
    readonly cannotBeTested: string;
    readonly unknown: string;
    readonly idTaken: string;
    readonly conflict: string;
  };
}
