import type { Column, LanguageHeaders } from './columns.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import { nl } from './nl.ts';
import { pl } from './pl.ts';
import { sv } from './sv.ts';

/** Headers per language, keyed by ISO 639-1. */
export const HEADERS: Readonly<Record<string, LanguageHeaders>> = { it, en, de, fr, es, nl, sv, pl };

/** One form for every way a header is printed: width, case, apostrophe, no-break spaces, final colon. */
export function normaliseHeader(cell: string): string {
  return cell
    .normalize('NFKC')
    .replace(/[’‘`´]/g, "'")
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/ ?:$/, '')
    .toLowerCase();
}

interface KnownHeader {
  readonly column: Column;
  readonly languages: readonly string[];
}

const BY_HEADER: ReadonlyMap<string, KnownHeader> = indexHeaders();

function indexHeaders(): Map<string, KnownHeader> {
  const index = new Map<string, { column: Column; languages: string[] }>();
  for (const [language, headers] of Object.entries(HEADERS)) {
    for (const [column, spellings] of Object.entries(headers) as [Column, readonly string[]][]) {
      for (const spelling of spellings) {
        const key = normaliseHeader(spelling);
        const known = index.get(key);
        if (!known) index.set(key, { column, languages: [language] });
        else if (known.column === column) known.languages.push(language);
        else throw new Error(`header ${JSON.stringify(spelling)} means both ${known.column} and ${column}`);
      }
    }
  }
  return index;
}

/**
 * The column a header names, whole headers only: "Andere" and "Andere Transaktionsgebühren" are different columns.
 * One index serves all languages because no header means two things, and older files mix languages in one row.
 */
export function knownHeader(cell: string): KnownHeader | undefined {
  return BY_HEADER.get(normaliseHeader(cell));
}

/**
 * A text with each run of accented (or broken) letters reduced to `*`. "Quantità", "QuantitÃ ", "Quantit?" and
 * "Quantit\uFFFD" have the same skeleton. Works on the raw text: Unicode normalisation would turn some broken
 * letters into plain ones.
 */
function skeleton(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+|\?+/g, '*')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/ ?:$/, '')
    .toLowerCase();
}

const ACCENTED_SKELETONS: ReadonlySet<string> = new Set(
  Object.values(HEADERS)
    .flatMap((headers) => Object.values(headers).flat())
    .map((spelling) => skeleton(spelling.replace(/[’‘`´]/g, "'")))
    .filter((text) => text.includes('*')),
);

/** True for a header that would be known if its accents had not been broken on the way. */
export function isBrokenHeader(cell: string): boolean {
  return knownHeader(cell) === undefined && ACCENTED_SKELETONS.has(skeleton(cell));
}
