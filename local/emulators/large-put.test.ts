import { expect, it } from 'vitest';
import { contentOf, isLargePut } from './large-put.ts';

async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < text.length; start += size) yield Buffer.from(text.slice(start, start + size));
}

async function read(text: string, size: number): Promise<string> {
  return Buffer.concat(await Array.fromAsync(contentOf(pieces(text, size)))).toString();
}

const SIGNED =
  '5;chunk-signature=ab\r\nhello\r\n8;chunk-signature=cd\r\n\r\nworld!\r\n0;chunk-signature=ef\r\n\r\n';
const WITH_TRAILER = 'd\r\nhello\r\nworld!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';

it.each([1, 2, 3, 7, 1_000])(
  'the content of a chunked body is found, cut into pieces of %i bytes',
  async (size) => {
    expect(await read(SIGNED, size)).toBe('hello\r\nworld!');
    expect(await read(WITH_TRAILER, size)).toBe('hello\r\nworld!');
  },
);

it('only a put of a whole object beyond the limit counts as large', () => {
  const headers = { 'content-length': String(11 * 1024 * 1024 + 1) };
  expect(isLargePut('PUT', '/bucket/key', headers)).toBe(true);
  expect(isLargePut('PUT', '/bucket/key', { 'content-length': String(11 * 1024 * 1024) })).toBe(false);
  expect(isLargePut('PUT', '/bucket/key?partNumber=1&uploadId=u', headers)).toBe(false);
  expect(isLargePut('POST', '/bucket/key', headers)).toBe(false);
  expect(isLargePut('PUT', '/bucket', headers)).toBe(false);
});

it('a length that is only stated for the content counts, and one that is not stated may be any', () => {
  expect(isLargePut('PUT', '/bucket/key', { 'x-amz-decoded-content-length': '12000000' })).toBe(true);
  expect(isLargePut('PUT', '/bucket/key', { 'x-amz-decoded-content-length': '5' })).toBe(false);
  expect(isLargePut('PUT', '/bucket/key', {})).toBe(true);
});
