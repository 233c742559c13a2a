import { describe, expect, test } from 'vitest';
import { withNameForged, zipOf } from '../../../../tests/support/zip.ts';
import { HostilePackage, PACKAGE_BYTES_MAX, UnreadablePackage, unpack } from './unpack.ts';

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
const svg = (inside: string, attributes = '') =>
  `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inside}</svg>`;

async function namesKept(files: Record<string, string | Buffer>): Promise<string[]> {
  return (await unpack(await zipOf(files))).files.map(({ name }) => name);
}

describe('an honest package', () => {
  test('gives its files with what they are', async () => {
    const { files, leftOut } = await unpack(
      await zipOf({
        '123.json': '{}',
        'images/photo.jpg': JPEG,
        'logo.png': PNG,
        'side.svg': svg('<path d="M0 0"/>'),
        'print.xml': '<a b="c"/>',
      }),
    );
    expect(files.map(({ name, mediaType, sizeBytes }) => [name, mediaType, sizeBytes])).toEqual([
      ['123.json', 'application/json', 2],
      ['photo.jpg', 'image/jpeg', 7],
      ['logo.png', 'image/png', 9],
      ['side.svg', 'image/svg+xml', 84],
      ['print.xml', 'application/xml', 10],
    ]);
    expect(leftOut).toBe(0);
  });

  test('keeps an SVG that refers to itself, to bytes within and to a file beside it', async () => {
    const inside =
      '<image xlink:href="data:image/png;base64,AAAA"/><use href="#a"/><image href="photo.jpg"/><g fill="url(#b)"/>';
    expect(await namesKept({ 'a.svg': svg(inside, 'xmlns:xlink="http://www.w3.org/1999/xlink"') })).toEqual([
      'a.svg',
    ]);
  });
});

describe('a file that is not what it says is left out, and counted', () => {
  test.each([
    ['a script in an SVG', 'a.svg', svg('<script>alert(1)</script>')],
    ['a script under a prefix', 'a.svg', svg('<s:script xmlns:s="http://www.w3.org/2000/svg"/>')],
    ['a handler', 'a.svg', svg('', 'onload="alert(1)"')],
    ['a handler on an inner element', 'a.svg', svg('<g><rect OnClick="x"/></g>')],
    ['a script link', 'a.svg', svg('<a href=" java&#10;script:alert(1)"/>')],
    ['a script link behind an entity', 'a.svg', svg('<a href="&#106;avascript:alert(1)"/>')],
    ['a page inside', 'a.svg', svg('<foreignObject/>')],
    ['a picture from elsewhere', 'a.svg', svg('<image href="https://elsewhere.example/pixel"/>')],
    ['a picture from elsewhere without a scheme', 'a.svg', svg('<image href="//elsewhere.example/pixel"/>')],
    ['a filling from elsewhere', 'a.svg', svg('<rect style="fill:url(https://elsewhere.example)"/>')],
    ['an imported style', 'a.svg', svg('<style>@import "https://elsewhere.example"</style>')],
    ['an SVG within data', 'a.svg', svg('<image href="data:image/svg+xml;base64,AAAA"/>')],
    ['a document type with entities', 'a.svg', `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('&a;')}`],
    ['another document under the name of an SVG', 'a.svg', '<html/>'],
    ['no XML at all', 'a.svg', 'not xml <'],
    ['a stylesheet', 'a.xml', '<?xml-stylesheet href="x.xsl"?><a/>'],
    ['a page under the name of an image', 'a.jpg', '<html></html>'],
    ['an image of another kind', 'a.png', JPEG],
    ['a program', 'a.exe', 'MZ'],
    ['a package within', 'a.zip', 'PK'],
  ])('%s', async (_, name, contents) => {
    const { files, leftOut } = await unpack(await zipOf({ 'x.json': '{}', [name]: contents }));
    expect(files.map((file) => file.name)).toEqual(['x.json']);
    expect(leftOut).toBe(1);
  });
});

describe('a hostile package is refused whole', () => {
  test.each(['../../x.json', '/etc/x.jsonnn', 'aa\\..\\x.json'])('with the name %s', async (name) => {
    const honest = 'a'.repeat(name.length - 5);
    const zip = await zipOf({ [`${honest}.json`]: '{}' });
    await expect(unpack(withNameForged(zip, `${honest}.json`, name))).rejects.toThrow(HostilePackage);
  });

  test('with two files of one name in two folders', async () => {
    await expect(unpack(await zipOf({ 'a/x.json': '{}', 'b/x.json': '{}' }))).rejects.toThrow(HostilePackage);
  });

  test('with too many files', async () => {
    const files = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`${i}.json`, '{}']));
    await expect(unpack(await zipOf(files))).rejects.toThrow(HostilePackage);
  });

  test('that unpacks to far more than it weighs', async () => {
    const zip = await zipOf({ 'x.json': Buffer.alloc(41 * 1024 * 1024) });
    expect(zip.length).toBeLessThan(100_000);
    await expect(unpack(zip)).rejects.toThrow(HostilePackage);
  });

  test('whose size lies about what is inside', async () => {
    const zip = await zipOf({ 'x.json': Buffer.alloc(5_000) });
    // The uncompressed size stands as a 32-bit number in the local header's descriptor and in the directory.
    const lying = Buffer.from(zip);
    for (let at = zip.indexOf('PK\u0001\u0002'); at >= 0; at = zip.indexOf('PK\u0001\u0002', at + 4)) {
      lying.writeUInt32LE(10, at + 24);
    }
    await expect(unpack(lying)).rejects.toThrow(HostilePackage);
  });

  test('that is too large to look at', async () => {
    await expect(unpack(Buffer.alloc(PACKAGE_BYTES_MAX + 1))).rejects.toThrow(HostilePackage);
  });
});

describe('a broken package is refused as unreadable', () => {
  test('when it is no ZIP', async () => {
    await expect(unpack(Buffer.from('<html>not found</html>'))).rejects.toThrow(UnreadablePackage);
    await expect(unpack(Buffer.alloc(0))).rejects.toThrow(UnreadablePackage);
  });

  test('when it was cut off', async () => {
    const zip = await zipOf({ 'x.json': '{"a":1}', 'a.jpg': JPEG });
    await expect(unpack(zip.subarray(0, zip.length - 30))).rejects.toThrow(UnreadablePackage);
  });

  test('when bytes inside changed on the way', async () => {
    const zip = await zipOf({
      'x.json': Buffer.from(JSON.stringify(Array.from({ length: 500 }, (_, i) => i))),
    });
    zip.fill(0xff, 45, 120);
    await expect(unpack(zip)).rejects.toThrow(UnreadablePackage);
  });
});
