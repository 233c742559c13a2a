/**
 * Stands in a bundle for `iconv-lite`, `csvtojson` and `fast-xml-parser`, which `amazon-sp-api` loads to decode the
 * documents it downloads: 600 kB of character tables and parsers for something no function does with it. The function
 * that first downloads a document takes its package off the list in node-function.ts.
 */
function absent(): never {
  throw new Error(
    'Amazon documents cannot be decoded here: their readers are left out of the bundle (node-function.ts)',
  );
}

/** `iconv-lite` */
export const decode = absent;

/** `fast-xml-parser`; the client makes one whether it needs it or not. */
export class XMLParser {
  readonly parse = absent;
}

/** `csvtojson` */
export default absent;
