import type { PartnerAnswer } from '../partner.ts';

/** A refusal with its code; answered as a problem document (RFC 7807). */
export class IssuerRefusal extends Error {
  readonly status: number;
  readonly code: string;
  /** What else stands in the document: `retryAfter` in seconds, `id`, `violations`. */
  readonly more: Readonly<Record<string, unknown>>;
  constructor(status: number, code: string, more: Readonly<Record<string, unknown>> = {}) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

export function jsonAnswer(
  operation: string,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): PartnerAnswer {
  return {
    operation,
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

export function emptyAnswer(
  operation: string,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): PartnerAnswer {
  return { operation, status, headers, body: '' };
}

export function pdfAnswer(operation: string, bytes: Buffer): PartnerAnswer {
  return { operation, status: 200, headers: { 'content-type': 'application/pdf' }, body: '', bytes };
}

export function problemAnswer(operation: string, { status, code, more }: IssuerRefusal): PartnerAnswer {
  const { retryAfter } = more;
  return {
    operation,
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify({
      type: 'about:blank',
      title: 'The call was not carried out',
      status,
      code,
      detail: `See the code ${code} in the contract.`,
      ...more,
    }),
  };
}

/** The smallest page that PDF readers open, with one line of text (PDF 1.4; offsets are exact). */
export function onePage(text: string): Buffer {
  const line = text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/[\\()]/g, '\\$&');
  const stream = `BT /F1 12 Tf 50 780 Td (${line}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}`;
  return Buffer.from(
    `${file}${table}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`,
  );
}
