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
};

/**
 * Writes one minified file with everything a function needs but the AWS clients, which the Lambda runtime has: with them
 * a bundle weighs 0.66 to 0.96 MB instead of 0.28 to 0.51.
 *
 * In process rather than through CDK's NodejsFunction, which starts npx once per function and writes a progress line
 * that cannot be silenced.
 * @param readsXml the function speaks with a partner in XML
 * @throws Error when a file does not compile or an import is not there.
 */
export function bundle(entryFile: string, outputFile: string, readsXml = false): void {
  const absent = readsXml ? DOCUMENT_READERS : [...DOCUMENT_READERS, XML_READER];
  buildSync({
    entryPoints: [entryFile],
    outfile: outputFile,
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
}
