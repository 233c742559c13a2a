import { minorDigits } from '../../../domain/money.ts';
import { RefusedReport } from '../../../domain/statement.ts';
import { type AmountProblem, type DecimalMark, decimalEvidence, readAmount } from './decimals.ts';

const SPACE = 0x20;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
/** More digits than this do not fit a safe integer of cents. */
const WHOLE_DIGITS_MAX = 13;

/**
 * Reads the amounts of one file straight from its bytes. The usual form, digits and at most two decimals, takes a
 * dozen operations; everything else goes through `decimals.ts`.
 */
export class AmountCells {
  /** The file's decimal mark once a cell has shown it. */
  mark: DecimalMark | undefined;
  /** The file's currency once known; hundredths until then. */
  currency = '';
  /** Why the last cell was no amount. `open`: it is one, but cannot be read before the mark is known. */
  problem: AmountProblem | 'open' | undefined;

  /** The cell in minor units; 0 with `problem` set when it is none. @throws RefusedReport when the marks contradict */
  read(bytes: Buffer, start: number, cellEnd: number): number {
    this.problem = undefined;
    let at = start;
    let end = cellEnd;
    while (at < end && (bytes[at] as number) <= SPACE) at++;
    while (end > at && (bytes[end - 1] as number) <= SPACE) end--;
    const from = at;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    let whole = 0;
    let digits = 0;
    for (; at < end; at++, digits++) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    if (digits === 0 || digits > WHOLE_DIGITS_MAX || !this.#hundredths)
      return this.#unusual(bytes, from, end);
    let minor = whole * 100;
    if (at < end) {
      const mark = bytes[at] as number;
      const decimals = end - at - 1;
      if ((mark !== COMMA && mark !== POINT) || decimals < 1 || decimals > 2)
        return this.#unusual(bytes, from, end);
      const tens = (bytes[at + 1] as number) - 0x30;
      const ones = decimals === 2 ? (bytes[at + 2] as number) - 0x30 : 0;
      if (tens < 0 || tens > 9 || ones < 0 || ones > 9) return this.#unusual(bytes, from, end);
      this.#decide(mark === COMMA ? ',' : '.');
      minor += tens * 10 + ones;
    }
    return negative && minor !== 0 ? -minor : minor;
  }

  get #hundredths(): boolean {
    return this.currency === '' || minorDigits(this.currency) === 2;
  }

  #unusual(bytes: Buffer, from: number, end: number): number {
    const text = bytes.toString('utf8', from, end);
    const evidence = decimalEvidence(text);
    if (evidence === ',' || evidence === '.') this.#decide(evidence);
    else if (evidence === 'ambiguous' && this.mark === undefined) {
      this.problem = 'open';
      return 0;
    }
    const minor = readAmount(text, this.mark ?? '.', this.currency || 'EUR');
    if (typeof minor === 'number') return minor;
    this.problem = minor;
    return 0;
  }

  #decide(mark: DecimalMark): void {
    if (this.mark === mark) return;
    if (this.mark !== undefined) throw new RefusedReport('mixed-decimals');
    this.mark = mark;
  }
}
