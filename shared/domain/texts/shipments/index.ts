import type { ShipmentMaking } from '../../shipment.ts';
import type { RejectedShipmentRow } from '../../shipment-file.ts';
import type { ShipmentRefusal } from '../../shipment-refusal.ts';
import type { Language } from '../index.ts';
import { en } from './en.ts';
import { it } from './it.ts';
import type { ShipmentTexts } from './texts.ts';

const TEXTS: Readonly<Record<Language, ShipmentTexts>> = { it, en };

/** Why a shipment was not registered, made, confirmed or deleted. */
export function shipmentRefusalText({ code, detail }: ShipmentRefusal, language: Language): string {
  return TEXTS[language].refusals[code](detail);
}

/** Why a row of a file, or the file, registered nothing. */
export function fileProblemText(
  { code, detail }: Pick<RejectedShipmentRow, 'code' | 'detail'>,
  language: Language,
): string {
  const { files, refusals } = TEXTS[language];
  const sentences: Readonly<Record<RejectedShipmentRow['code'], (detail: string) => string>> = {
    ...refusals,
    ...files,
  };
  return sentences[code](detail);
}

/** Why the courier has not made a shipment. */
export function makingProblemText(
  problem: NonNullable<ShipmentMaking['problem']>,
  language: Language,
): string {
  return TEXTS[language].making[problem];
}

/** What to look at before the goods leave. */
export function makingWarningText(warning: ShipmentMaking['warnings'][number], language: Language): string {
  return TEXTS[language].warnings[warning];
}

/** What is said of contracts with couriers. */
export function courierAccountTexts(language: Language): ShipmentTexts['accounts'] {
  return TEXTS[language].accounts;
}

/** Why a marketplace is not told what a person wants it to be told. */
export function confirmationRefusalText(
  code: keyof ShipmentTexts['confirmations'],
  language: Language,
): string {
  return TEXTS[language].confirmations[code];
}
