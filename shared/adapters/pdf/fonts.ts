import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Noto Sans writes every language of the EU; it is embedded in each document, as few letters of it as are used. */
export interface Fonts {
  readonly regular: Buffer;
  readonly bold: Buffer;
}

/** Files that a bundle needs beside it, under `node_modules/` (infrastructure copies them). */
const FONT_FILES = {
  regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
} as const;

export function readFonts(): Fonts {
  const read = (file: string): Buffer => readFileSync(fileURLToPath(import.meta.resolve(file)));
  return { regular: read(FONT_FILES.regular), bold: read(FONT_FILES.bold) };
}
