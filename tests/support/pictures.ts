import { crc32, deflateSync } from 'node:zlib';

/** A PNG of one colour; each part can be made wrong. */
export function aPng({
  width = 64,
  height = 32,
  bits = 8,
  colour = 2,
  interlaced = 0,
  rows,
}: {
  readonly width?: number;
  readonly height?: number;
  readonly bits?: number;
  readonly colour?: 0 | 2 | 6;
  readonly interlaced?: number;
  readonly rows?: Buffer;
} = {}): Buffer {
  const samples = { 0: 1, 2: 3, 6: 4 }[colour];
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([bits, colour, 0, 0, interlaced], 8);
  const pixels = rows ?? Buffer.concat(Array.from({ length: height }, () => row(width * samples)));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function row(bytes: number): Buffer {
  return Buffer.concat([Buffer.of(0), Buffer.alloc(bytes, 0x7f)]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(4);
  frame.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([frame, body, sum]);
}

/** The outside of a JPEG: its frame, and nothing in it. */
export function aJpeg({ width = 64, height = 32, marker = 0xc0, components = 3 } = {}): Buffer {
  const frame = Buffer.alloc(10 + components * 3);
  frame.set([0xff, marker]);
  frame.writeUInt16BE(8 + components * 3, 2);
  frame[4] = 8;
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  frame[9] = components;
  return Buffer.concat([Buffer.of(0xff, 0xd8), frame, Buffer.of(0xff, 0xd9)]);
}
