import type { ReadShipmentFile } from '../domain/shipment-file.ts';

export interface ShipmentFileReader {
  /**
   * The rows of a file. What cannot be read is said by row, or of the file as a whole; nothing is thrown.
   * @param uploadedAt ISO instant: nothing in the file left later
   */
  read(bytes: Uint8Array, uploadedAt: string): ReadShipmentFile;
}
