import { describe, expect, test } from 'vitest';
import { aJpeg, aPng } from '../../../tests/support/pictures.ts';
import { aReceipt, receiptSettings } from '../../../tests/support/receipts.ts';
import { readFonts } from './fonts.ts';
import { checkLogo } from './logo.ts';
import { createReceiptRenderer } from './renderer.ts';

const renderer = createReceiptRenderer(readFonts());

describe('a logo', () => {
  test.each([
    ['PNG in colours', aPng(), 'image/png'],
    ['PNG in grey', aPng({ colour: 0 }), 'image/png'],
    ['PNG that lets the page through', aPng({ colour: 6 }), 'image/png'],
    ['JPEG', aJpeg(), 'image/jpeg'],
    ['JPEG in grey, progressive', aJpeg({ components: 1, marker: 0xc2 }), 'image/jpeg'],
  ])('that is taken is drawn: a %s', async (_, logo, mediaType) => {
    expect(checkLogo(logo)).toEqual({ mediaType });
    const { seller } = receiptSettings();
    const pdf = await renderer.render({
      receipt: aReceipt(),
      seller,
      buyer: undefined,
      logo,
      courtesyNotes: {},
    });
    expect(Buffer.from(pdf).includes('/Subtype /Image')).toBe(true);
  });

  test.each([
    ['text', Buffer.from('no picture at all, however long'), 'logo-no-picture'],
    ['a PNG that is cut', aPng().subarray(0, 60), 'logo-damaged'],
    ['a PNG with a wrong check sum', damaged(aPng()), 'logo-damaged'],
    ['a PNG that lacks rows', aPng({ rows: Buffer.alloc(10) }), 'logo-damaged'],
    ['a PNG that unpacks to more than it is', aPng({ rows: Buffer.alloc(1_000_000) }), 'logo-damaged'],
    ['a PNG with a filter that does not exist', aPng({ rows: Buffer.alloc(32 * 193, 9) }), 'logo-damaged'],
    ['a PNG of 16 bits', aPng({ bits: 16 }), 'logo-kind'],
    ['an interlaced PNG', aPng({ interlaced: 1 }), 'logo-kind'],
    ['a PNG too wide', aPng({ width: 2_001 }), 'logo-dimensions'],
    ['a PNG too small', aPng({ height: 15 }), 'logo-dimensions'],
    ['a JPEG that is cut', aJpeg().subarray(0, 20), 'logo-damaged'],
    ['a JPEG in four inks', aJpeg({ components: 4 }), 'logo-kind'],
    ['a JPEG too high', aJpeg({ height: 9_000 }), 'logo-dimensions'],
    [
      'a JPEG without a frame',
      Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xd9), Buffer.of(0xff, 0xd9)]),
      'logo-damaged',
    ],
  ])('is refused: %s', (_, logo, fault) => {
    expect(checkLogo(logo)).toBe(fault);
  });
});

function damaged(picture: Buffer): Buffer {
  const copy = Buffer.from(picture);
  copy[20] = 0xff;
  return copy;
}
