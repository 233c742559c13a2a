import { createHash } from 'node:crypto';
import { Problem } from '../../shared/runtime/http-problem.ts';

const SEAL_BYTES = 12;

/**
 * A place in a list as callers carry it: opaque, and good only for the list it was made for. The seal holds no secret: a
 * place gives nothing away that the list does not show. It keeps a cut, altered or borrowed cursor from reading nonsense.
 * @param list which list with which filters
 */
export function sealCursor(place: string | undefined, list: string): string | null {
  if (place === undefined) return null;
  return Buffer.concat([sealOf(place, list), Buffer.from(place)]).toString('base64url');
}

/** @throws Problem 400 when the cursor is none of this list's */
export function openCursor(cursor: string | undefined, list: string): string | undefined {
  if (cursor === undefined) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const place = bytes.subarray(SEAL_BYTES).toString();
  const sealed = bytes.subarray(0, SEAL_BYTES).equals(sealOf(place, list));
  if (!sealed || bytes.toString('base64url') !== cursor) throw new Problem('invalid-cursor');
  return place;
}

function sealOf(place: string, list: string): Buffer {
  return createHash('sha256').update(`${list}\n${place}`).digest().subarray(0, SEAL_BYTES);
}
