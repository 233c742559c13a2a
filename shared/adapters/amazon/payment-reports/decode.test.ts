import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeStream, decodeText } from './decode.ts';
import { encodeWindows1252 } from './fixtures/date-range/build.ts';

async function decodeChunks(bytes: Uint8Array, sizes: readonly number[]): Promise<string> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let start = 0;
    for (let i = 0; start < bytes.length; i += 1) {
      const size = sizes[i % sizes.length] ?? 1;
      yield bytes.subarray(start, start + size);
      start += size;
    }
  }
  let text = '';
  for await (const piece of decodeStream(chunks())) text += piece;
  return text;
}

const chunkSizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });

describe('decoding', () => {
  it('gives UTF-8 back as it was, in any chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), chunkSizes, async (text, sizes) => {
        fc.pre(!text.startsWith('\uFEFF'));
        expect(await decodeChunks(Buffer.from(text), sizes)).toBe(text);
        expect(await decodeChunks(Buffer.from(`\uFEFF${text}`), sizes)).toBe(text);
      }),
    );
  });

  it('gives the words of Windows-1252 files back, in any chunks', async () => {
    const text = 'Quantità;Città;d’expédition;août;Gebühren;Número;Övrigt;€ 5;10–20;50\u00a0000';
    await fc.assert(
      fc.asyncProperty(chunkSizes, async (sizes) => {
        expect(await decodeChunks(encodeWindows1252(text), sizes)).toBe(text);
      }),
    );
    expect(decodeText(encodeWindows1252('à'))).toBe('à');
  });

  it('reads a UTF-8 text with one broken character but for that character', () => {
    const bytes = Buffer.concat([Buffer.from('Città '), Buffer.of(0xc3), Buffer.from('" Umsätze')]);
    expect(decodeText(bytes)).toBe('Città Ã" Umsätze');
  });

  it('never reads overlong or surrogate sequences as UTF-8', () => {
    expect(decodeText(Buffer.of(0xc0, 0xaf))).toBe('À¯');
    expect(decodeText(Buffer.of(0xed, 0xa0, 0x80))).toBe('í\u00a0€');
  });

  it('ends with a sequence that is not finished', async () => {
    expect(await decodeChunks(Buffer.of(0x61, 0xe2, 0x82), [1])).toBe('aâ‚');
    expect(await decodeChunks(Buffer.of(), [1])).toBe('');
  });
});
