import type { ReceiptSettingProblem } from '../../receipt-settings-check.ts';

/** @param about a rule, a country, a SKU, a channel */
export type ReceiptSettingTexts = Readonly<Record<ReceiptSettingProblem, (about: string) => string>>;
