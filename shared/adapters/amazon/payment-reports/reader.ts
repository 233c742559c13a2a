import type { PaymentReportReader } from '../../../ports/payment-report-reader.ts';
import { readDateRange } from './date-range.ts';
import { RECOGNISE_BYTES, recognise } from './recognise.ts';
import { redactDateRange } from './redact.ts';
import { readSettlement } from './settlement.ts';

/** Reads every kind of Amazon payment file that can be reconciled; what it is, its first bytes tell. */
export function createPaymentReportReader(): PaymentReportReader {
  return {
    async read(source, hints, sink) {
      const { file, bytes } = await recogniseStream(source);
      return file.kind === 'date-range'
        ? readDateRange(bytes, file, hints, sink)
        : readSettlement(bytes, hints, sink);
    },

    async *withoutPersonalData(source) {
      const { file, bytes } = await recogniseStream(source);
      // Settlement files hold no personal data: their copy is the file itself.
      yield* file.kind === 'date-range' ? redactDateRange(bytes, file) : bytes;
    },
  };
}

/** Looks at the head of a stream and gives the whole stream back. */
async function recogniseStream(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let size = 0;
  let complete = false;
  while (size < RECOGNISE_BYTES && !complete) {
    const next = await iterator.next();
    if (next.done) complete = true;
    else {
      head.push(next.value);
      size += next.value.length;
    }
  }
  try {
    const file = recognise(
      Buffer.concat(head).subarray(0, RECOGNISE_BYTES),
      complete && size <= RECOGNISE_BYTES,
    );
    return { file, bytes: chained(head, iterator) };
  } catch (error) {
    // A refused file is not read to its end: let its source close.
    await iterator.return?.();
    throw error;
  }
}

async function* chained(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
