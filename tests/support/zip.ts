import { ZipFile } from 'yazl';

/** A ZIP with these files, in this order. */
export async function zipOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, contents] of Object.entries(files)) zip.addBuffer(Buffer.from(contents), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** The same ZIP with one name spelled differently: as long as before, and not as a ZIP writer would let it be. */
export function withNameForged(zip: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new RangeError('a forged name keeps its length');
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
}
