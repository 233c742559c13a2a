import { RejectedError } from '../../domain/errors.ts';
import type { ReceiptFiles } from '../../ports/receipt-files.ts';
import type { ReceiptIssuer } from '../../ports/receipt-issuer.ts';
import type { ReceiptRenderer } from '../../ports/receipt-renderer.ts';

/** What our own issuer can do, known without drawing anything. */
export const BUILT_IN_ABILITIES = {
  name: 'built-in',
  numbering: 'ours',
  makes: ['courtesy-receipt', 'courtesy-reversal'],
} as const satisfies Partial<ReceiptIssuer>;

/**
 * Our own issuer: courtesy receipts and what takes them back, never an invoice. The number was taken when the document was
 * stored; what is left is to draw it.
 */
export function createBuiltInIssuer(
  renderer: ReceiptRenderer,
  files: Pick<ReceiptFiles, 'read'>,
): ReceiptIssuer {
  return {
    ...BUILT_IN_ABILITIES,
    async issue(receipt, { settings, buyer }) {
      const { seller, logoKey, courtesyNotes = {} } = settings;
      const logo = logoKey === undefined ? undefined : await files.read(logoKey);
      try {
        const pdf = await renderer.render({ receipt, seller, buyer, logo, courtesyNotes });
        return { outcome: 'issued', pdf };
      } catch (error) {
        if (error instanceof RejectedError) {
          return { outcome: 'refused', problem: 'cannot-be-rendered', details: [] };
        }
        throw error;
      }
    },
  };
}
