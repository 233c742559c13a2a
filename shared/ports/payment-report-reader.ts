import type { ReadFacts, ReadHints, StatementSink } from '../domain/statement.ts';

/** Reads a payment file of whatever kind it is; recognition is by contents. */
export interface PaymentReportReader {
  /**
   * Pushes every row into the sink.
   * @throws RefusedReport when the file as a whole cannot be used
   */
  read(source: AsyncIterable<Uint8Array>, hints: ReadHints, sink: StatementSink): Promise<ReadFacts>;
  /** A date-range file without the columns that hold personal data; reads again to the same rows. */
  withoutPersonalData(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}
