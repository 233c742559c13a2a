import { isUtf8 } from 'node:buffer';

/**
 * Bytes of a payment file to text. Amazon writes UTF-8, with or without BOM, and wrote Windows-1252 before; nothing
 * in the file says which, and the first accent may come megabytes in. So the choice is made per character: a valid
 * UTF-8 sequence is that character, any other byte is its Windows-1252 character. A file that is valid UTF-8 comes out as UTF-8
 * and a Windows-1252 file as Windows-1252, whatever the chunks, with no second pass and no guess to take back.
 * (Windows-1252 text that is also valid UTF-8 is a capital accented letter followed by a symbol: text broken already.)
 */

const WINDOWS_1252_HIGH: readonly string[] = Array.from({ length: 128 }, (_, i) =>
  new TextDecoder('windows-1252').decode(Uint8Array.of(128 + i)),
);

const BOM = '\uFEFF';

/** The longest UTF-8 sequence, in bytes. */
const SEQUENCE_BYTES_MAX = 4;

/** A whole text; a leading BOM is dropped. */
export function decodeText(bytes: Uint8Array): string {
  const text = decodeSpan(bytes);
  return text.startsWith(BOM) ? text.slice(1) : text;
}

/** The same text in pieces, whatever the chunking of the bytes. */
export async function* decodeStream(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Uint8Array = new Uint8Array(0);
  let first = true;
  for await (const chunk of source) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.length - openSequenceBytes(bytes);
    rest = bytes.slice(end);
    if (end === 0) continue;
    const text = bytes.subarray(0, end);
    yield first ? decodeText(text) : decodeSpan(text);
    first = false;
  }
  if (rest.length > 0) yield first ? decodeText(rest) : decodeSpan(rest);
}

function decodeSpan(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  let text = '';
  let spanStart = 0;
  let i = 0;
  while (i < buffer.length) {
    const byte = buffer[i] as number;
    const length = byte < 0x80 ? 1 : validSequenceLength(buffer, i);
    if (length === 0) {
      text += buffer.toString('utf8', spanStart, i) + WINDOWS_1252_HIGH[byte - 0x80];
      i += 1;
      spanStart = i;
    } else {
      i += length;
    }
  }
  return text + buffer.toString('utf8', spanStart);
}

/** Length a UTF-8 sequence starting with this byte has; 0 for a byte that starts none. */
function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

function validSequenceLength(buffer: Buffer, at: number): number {
  const length = sequenceLength(buffer[at] as number);
  if (length === 0 || at + length > buffer.length) return 0;
  return isUtf8(buffer.subarray(at, at + length)) ? length : 0;
}

/** How many bytes at the end may be the start of a sequence that goes on in the next chunk. */
function openSequenceBytes(bytes: Uint8Array): number {
  for (let back = 1; back < SEQUENCE_BYTES_MAX && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}
