/**
 * Stands in a bundle for `iconv-lite`, `csvtojson` and `fast-xml-parser`, which `amazon-sp-api` loads to decode the
 * documents it downloads, and `ebay-api` for the calls that speak XML: 600 kB of character tables and parsers for
 * something their functions do not do with them. A function that reads XML says so (`readsXml`).
 */
function absent(): never {
  throw new Error(
    'Documents of partners cannot be decoded here: their readers are left out of the bundle (bundle.ts)',
  );
}

/** `iconv-lite` */
export const decode = absent;

/** `fast-xml-parser`; the client makes one whether it needs it or not. */
export class XMLParser {
  readonly parse = absent;
}

/** `fast-xml-parser` */
export class XMLBuilder {
  readonly build = absent;
}

/** `csvtojson` */
export default absent;
