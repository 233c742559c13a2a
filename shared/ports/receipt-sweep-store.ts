/** How far the orders of a channel have been gone through for the receipts that are due without anybody asking. */
export interface ReceiptSweep {
  readonly channelId: string;
  /** The version of the channel's settings that they were gone through by. */
  readonly channelVersion: number;
  /** Where to go on; undefined when all have been. */
  readonly cursor?: string | undefined;
}

export interface ReceiptSweepStore {
  getSweep(channelId: string): Promise<ReceiptSweep | undefined>;
  /** In place of the one before. */
  putSweep(sweep: ReceiptSweep): Promise<void>;
}
