import { crc32, inflateSync } from 'node:zlib';

/** What is wrong with a picture. */
export type LogoFault = 'logo-no-picture' | 'logo-damaged' | 'logo-kind' | 'logo-dimensions';

const SIDE_MIN = 16;
const SIDE_MAX = 2_000;
const PNG_BEGINS = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Samples of a pixel by colour type (PNG specification, section 11.2.1). */
const PNG_SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Whether a picture can be drawn on a document, looked into to its last byte: one that fails only then would leave a void
 * number behind. Stricter than what draws it.
 */
export function checkLogo(bytes: Uint8Array): { readonly mediaType: 'image/png' | 'image/jpeg' } | LogoFault {
  const picture = Buffer.from(bytes);
  if (picture.subarray(0, PNG_BEGINS.length).equals(PNG_BEGINS)) {
    return pngFault(picture) ?? { mediaType: 'image/png' };
  }
  if (picture.readUInt16BE(0) === 0xffd8) return jpegFault(picture) ?? { mediaType: 'image/jpeg' };
  return 'logo-no-picture';
}

function pngFault(picture: Buffer): LogoFault | undefined {
  const chunks = pngChunks(picture);
  const [first] = chunks ?? [];
  if (chunks === undefined || first?.type !== 'IHDR' || first.data.length !== 13) return 'logo-damaged';
  const width = first.data.readUInt32BE(0);
  const height = first.data.readUInt32BE(4);
  const [bits, colour = -1, , , interlaced] = first.data.subarray(8);
  const samples = PNG_SAMPLES[colour];
  if (bits !== 8 || samples === undefined || interlaced !== 0) return 'logo-kind';
  if (!isSide(width) || !isSide(height)) return 'logo-dimensions';
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data;
  if (colour === 3 && (palette === undefined || palette.length % 3 !== 0)) return 'logo-damaged';
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  // Each row has its filter before it; more than that is no picture but a bomb.
  const expected = height * (1 + width * samples);
  try {
    const rows = inflateSync(Buffer.concat(packed), { maxOutputLength: expected });
    const filters = Array.from({ length: height }, (_, row) => rows[row * (1 + width * samples)] ?? 5);
    return rows.length === expected && filters.every((filter) => filter <= 4) ? undefined : 'logo-damaged';
  } catch {
    return 'logo-damaged';
  }
}

/** All chunks to the end of the picture; undefined when one is cut or its check sum wrong. */
function pngChunks(picture: Buffer): readonly { readonly type: string; readonly data: Buffer }[] | undefined {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = PNG_BEGINS.length; at + 12 <= picture.length; ) {
    const length = picture.readUInt32BE(at);
    const end = at + 8 + length;
    if (end + 4 > picture.length || crc32(picture.subarray(at + 4, end)) !== picture.readUInt32BE(end)) {
      return undefined;
    }
    const type = picture.toString('latin1', at + 4, at + 8);
    if (type === 'IEND') return chunks;
    chunks.push({ type, data: picture.subarray(at + 8, end) });
    at = end + 4;
  }
  return undefined;
}

/** A JPEG is drawn by whoever opens the document: here its frame must be one that all of them know. */
function jpegFault(picture: Buffer): LogoFault | undefined {
  if (picture.readUInt16BE(picture.length - 2) !== 0xffd9) return 'logo-damaged';
  for (let at = 2; at + 4 <= picture.length; ) {
    if (picture[at] !== 0xff) return 'logo-damaged';
    const marker = picture[at + 1] ?? 0;
    const length = picture.readUInt16BE(at + 2);
    if (length < 2) return 'logo-damaged';
    // Start of frame, whatever its coding, but for DHT, JPG and DAC which share the numbers.
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      if (at + 10 > picture.length) return 'logo-damaged';
      const height = picture.readUInt16BE(at + 5);
      const width = picture.readUInt16BE(at + 7);
      const isCommon = marker <= 0xc2 && picture[at + 4] === 8 && [1, 3].includes(picture[at + 9] ?? 0);
      if (!isCommon) return 'logo-kind';
      return isSide(width) && isSide(height) ? undefined : 'logo-dimensions';
    }
    // Start of scan before any frame.
    if (marker === 0xda) return 'logo-damaged';
    at += 2 + length;
  }
  return 'logo-damaged';
}

function isSide(pixels: number): boolean {
  return pixels >= SIDE_MIN && pixels <= SIDE_MAX;
}
