import type { ReceiptSettings } from '../domain/receipt-settings.ts';

/** The shop's one record of how it issues receipts. */
export interface ReceiptSettingsStore {
  getSettings(): Promise<ReceiptSettings | undefined>;
  /** Stores the settings when the stored version is `expectedVersion` (0: there are none yet); the version counts up. */
  putSettings(settings: ReceiptSettings, expectedVersion: number): Promise<'stored' | 'conflict'>;
}
