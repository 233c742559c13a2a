import { writeFileSync } from 'node:fs';
import { issuerContract } from '../../shared/adapters/bitztobe/contract.ts';
import { openApiDocument } from './openapi.ts';

/** Documents that are made from the schemas that check the calls. */
const DOCUMENTS = {
  'docs/openapi.json': openApiDocument(),
  'docs/receipt-issuer.openapi.json': issuerContract(),
};
for (const [path, document] of Object.entries(DOCUMENTS)) {
  writeFileSync(new URL(`../../${path}`, import.meta.url), `${JSON.stringify(document, null, 2)}\n`);
  process.stdout.write(`${path}\n`);
}
