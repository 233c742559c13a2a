import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** Loaded by amazon-sp-api for documents, which no function downloads through it. */
const DOCUMENT_READERS = ['iconv-lite', 'csvtojson'];
/** Loaded by amazon-sp-api and ebay-api too; BRT's adapter does read with it. */
const XML_READER = 'fast-xml-parser';
const ABSENT_DOCUMENT_READERS = fileURLToPath(new URL('absent-document-readers.ts', import.meta.url));

/**
 * Packages that weigh far more than what is used of them. `ebay-api` calls eBay with axios over fetch: the build without
 * axios' own way through node:http is 170 kB smaller. `qs` is no such package: Amazon's client writes its lists with it.
 */
const LIGHTER = {
  axios: 'axios/dist/browser/axios.cjs',
  'object-inspect': fileURLToPath(new URL('node-inspect.cjs', import.meta.url)),
  'is-unsafe': fileURLToPath(new URL('no-own-entities.cjs', import.meta.url)),
  debug: fileURLToPath(new URL('silent-debug.cjs', import.meta.url)),
  'brotli/decompress.js': fileURLToPath(new URL('no-web-fonts.cjs', import.meta.url)),
};

/** What pages are set in, found by the bundle where it finds packages: under `node_modules/` beside it. */
const FONTS = ['400Regular/NotoSans_400Regular.ttf', '700Bold/NotoSans_700Bold.ttf'].map(
  (file) => `node_modules/@expo-google-fonts/noto-sans/${file}`,
);
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** What a function needs that few do. */
export interface BundleNeeds {
  /** The function speaks with a partner in XML. */
  readonly readsXml?: boolean | undefined;
  /** It draws documents: the fonts come along, and what draws is in a file of its own, loaded with the first page. */
  readonly drawsPdf?: boolean | undefined;
}

/**
 * Writes one minified file with everything a function needs but the AWS clients, which the Lambda runtime has: with them
 * a bundle weighs 0.66 to 0.96 MB instead of 0.28 to 0.51.
 *
 * In process rather than through CDK's NodejsFunction, which starts npx once per function and writes a progress line
 * that cannot be silenced.
 * @throws Error when a file does not compile or an import is not there.
 */
export function bundle(
  entryFile: string,
  outputFile: string,
  { readsXml = false, drawsPdf = false }: BundleNeeds = {},
): void {
  const absent = readsXml ? DOCUMENT_READERS : [...DOCUMENT_READERS, XML_READER];
  buildSync({
    entryPoints: [entryFile],
    ...(drawsPdf
      ? {
          outdir: dirname(outputFile),
          entryNames: basename(outputFile, '.mjs'),
          outExtension: { '.js': '.mjs' },
          splitting: true,
        }
      : { outfile: outputFile }),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: ['@aws-sdk/client-*'],
    alias: {
      ...Object.fromEntries(absent.map((reader) => [reader, ABSENT_DOCUMENT_READERS])),
      ...LIGHTER,
    },
    minify: true,
    // Errors and log lines carry class names; minified ones would mean nothing to the reader.
    keepNames: true,
    // The CommonJS packages inside call require for Node's own modules; an ES module has none.
    banner: {
      js: `import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);`,
    },
    legalComments: 'none',
    // What is wrong stands in the error thrown.
    logLevel: 'silent',
  });
  if (!drawsPdf) return;
  for (const font of FONTS) {
    const copy = join(dirname(outputFile), font);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(REPOSITORY, font), copy);
  }
}
