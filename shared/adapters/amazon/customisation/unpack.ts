import { basename } from 'node:path/posix';
import type { Readable } from 'node:stream';
import sax from 'sax';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import type { CustomisationFile } from '../../../domain/customisation.ts';

/** A package as it arrives. An honest one has a description and a handful of images. */
export const PACKAGE_BYTES_MAX = 50 * 1024 * 1024;
const ENTRIES_MAX = 100;
/** One file, unpacked: a photograph of a phone is below 20 MB. */
const FILE_BYTES_MAX = 40 * 1024 * 1024;
/** All files, unpacked: fits the function's memory beside the package. */
const UNPACKED_BYTES_MAX = 120 * 1024 * 1024;
const NAME_CHARS_MAX = 120;

/** A package nobody should open: too large, too many files, or names that lead elsewhere. */
export class HostilePackage extends Error {}
/** No ZIP, a broken one, or one without a description. */
export class UnreadablePackage extends Error {}

export interface UnpackedFile extends CustomisationFile {
  readonly bytes: Buffer;
}

/**
 * The files of an Amazon Custom package: one JSON description; images, SVG and XML where the buyer chose an image
 * (Seller Central help, "Fulfilling an order using Amazon Custom").
 *
 * Everything in it was made by strangers. Sizes are checked before and while a file is unpacked, names may lead nowhere,
 * and a file is kept only when its bytes are what its name says; SVG and XML only without scripts, entities and links.
 * Files of other kinds are left out, and named.
 * @throws HostilePackage or UnreadablePackage, whose messages never quote what is inside
 */
export async function unpack(
  packed: Buffer,
): Promise<{ readonly files: readonly UnpackedFile[]; readonly leftOut: number }> {
  if (packed.length > PACKAGE_BYTES_MAX) throw new HostilePackage('the package is too large');
  const zip = await open(packed);
  const files = new Map<string, UnpackedFile>();
  let entries = 0;
  let unpackedBytes = 0;
  let leftOut = 0;
  try {
    for await (const entry of entriesOf(zip)) {
      if (++entries > ENTRIES_MAX) throw new HostilePackage('the package has too many files');
      // The ZIP reader has refused absolute names, backslashes and `..` already.
      if (entry.fileName.endsWith('/')) continue;
      const name = basename(entry.fileName);
      if (name.length > NAME_CHARS_MAX) throw new HostilePackage('a file has too long a name');
      if (files.has(name)) throw new HostilePackage('two files have the same name');
      if (entry.uncompressedSize > FILE_BYTES_MAX) throw new HostilePackage('a file is too large');
      unpackedBytes += entry.uncompressedSize;
      if (unpackedBytes > UNPACKED_BYTES_MAX) throw new HostilePackage('the files are too large together');
      const bytes = await contentsOf(zip, entry);
      const mediaType = mediaTypeOf(name, bytes);
      if (mediaType === undefined) leftOut += 1;
      else files.set(name, { name, mediaType, sizeBytes: bytes.length, bytes });
    }
  } finally {
    zip.close();
  }
  return { files: [...files.values()], leftOut };
}

function open(packed: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(
      packed,
      { lazyEntries: true, strictFileNames: true, validateEntrySizes: true },
      (error, zip) => {
        if (error) reject(new UnreadablePackage('not a ZIP file'));
        else resolve(zip);
      },
    );
  });
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      const settle = (act: () => void) => {
        zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
        act();
      };
      zip.once('entry', (next: Entry) => settle(() => resolve(next)));
      zip.once('end', () => settle(() => resolve(undefined)));
      zip.once('error', (error: Error) => settle(() => reject(refusal(error))));
      zip.readEntry();
    });
    if (entry === undefined) return;
    yield entry;
  }
}

async function contentsOf(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error ? reject(refusal(error)) : resolve(opened)));
  });
  const chunks: Buffer[] = [];
  try {
    // The reader breaks off as soon as there is more than the entry said.
    for await (const chunk of stream) chunks.push(chunk as Buffer);
  } catch (error) {
    throw refusal(error);
  }
  return Buffer.concat(chunks);
}

/** The ZIP reader's objections: to names that lead elsewhere and sizes that lie, or to a broken file. */
function refusal(error: unknown): Error {
  const message = error instanceof Error ? error.message : '';
  return /absolute path|relative path|invalid characters in fileName|too many bytes in the stream/i.test(
    message,
  )
    ? new HostilePackage('a file has a name or a size that lies')
    : new UnreadablePackage('the package is broken');
}

const STARTS: readonly (readonly [RegExp, CustomisationFile['mediaType'], readonly number[]])[] = [
  [/\.jpe?g$/i, 'image/jpeg', [0xff, 0xd8, 0xff]],
  [/\.png$/i, 'image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
];

/** What a file is, by its name and its bytes together; undefined when they disagree or it is of no kind we keep. */
function mediaTypeOf(name: string, bytes: Buffer): CustomisationFile['mediaType'] | undefined {
  for (const [ending, mediaType, start] of STARTS) {
    if (ending.test(name)) return start.every((byte, i) => bytes[i] === byte) ? mediaType : undefined;
  }
  if (/\.json$/i.test(name)) return 'application/json';
  if (/\.svg$/i.test(name)) return isHarmlessXml(bytes, 'svg') ? 'image/svg+xml' : undefined;
  if (/\.xml$/i.test(name)) return isHarmlessXml(bytes, undefined) ? 'application/xml' : undefined;
  return undefined;
}

const ACTIVE_ELEMENTS = new Set([
  'script',
  'foreignobject',
  'iframe',
  'embed',
  'object',
  'handler',
  'set',
  'animate',
  'animatetransform',
]);

/**
 * XML that does nothing when it is opened: no scripts, no handlers, no document type, and no link but to itself, to
 * bytes within or to a file beside it.
 */
function isHarmlessXml(bytes: Buffer, root: string | undefined): boolean {
  const parser = sax.parser(true);
  const path: string[] = [];
  let rootSeen = false;
  let harmless = true;
  const refuse = () => {
    harmless = false;
  };
  parser.ondoctype = refuse;
  parser.onprocessinginstruction = ({ name }) => {
    if (name.toLowerCase() !== 'xml') refuse();
  };
  parser.onopentag = ({ name, attributes }) => {
    const element = localName(name);
    if (path.length === 0 && root !== undefined && element !== root) refuse();
    rootSeen = true;
    path.push(element);
    if (ACTIVE_ELEMENTS.has(element)) refuse();
    for (const [key, value] of Object.entries(attributes)) {
      if (!isHarmlessAttribute(key, String(value))) refuse();
    }
  };
  parser.onclosetag = () => path.pop();
  const look = (text: string) => {
    if (path.at(-1) === 'style' && (/@import/i.test(text) || LEADS_OUT.test(text))) refuse();
  };
  parser.ontext = look;
  parser.oncdata = look;
  try {
    parser.write(bytes.toString('utf8')).close();
  } catch {
    return false;
  }
  return harmless && rootSeen && parser.error === null;
}

/** A reference in a style or an attribute that is neither to the document itself nor to a picture within. */
const LEADS_OUT =
  /url\s*\((?!\s*['"]?(?:#|data:image\/(?:png|jpe?g)[;,]))|data:(?!image\/(?:png|jpe?g)[;,])|script:|\\/i;

function isHarmlessAttribute(key: string, text: string): boolean {
  const name = localName(key);
  if (name.startsWith('on')) return false;
  // A list of what is allowed: a link can be spelled in more ways than a list of the forbidden ones would hold.
  if (name === 'href' || name === 'src') {
    return /^(?:#[\w.:-]*|data:image\/(?:png|jpe?g);base64,[\w+/=\s]*|[\w][\w .-]*)$/.test(text);
  }
  return !LEADS_OUT.test(text);
}

function localName(name: string): string {
  return (name.split(':').at(-1) ?? name).toLowerCase();
}
