import {
  COMPONENTS,
  type RejectReason,
  type RowClass,
  SIDES,
  type Statement,
  type StatementHandle,
  type StatementSink,
} from '../../shared/domain/statement.ts';

export interface RecordedRow {
  readonly line: number;
  readonly statement: Statement;
  readonly orderId: string;
  readonly label: string;
  /** Minor units by `component` on the sale side and `component-` on the reversal side. */
  readonly parts: Readonly<Record<string, number>>;
}

export interface RecordedReject {
  readonly line: number;
  readonly reason: RejectReason;
  readonly amountMinor: number | null;
}

/** A sink that writes down every call, in order, with the handles resolved. */
export class RecordingSink implements StatementSink {
  readonly calls: (RecordedRow | RecordedReject)[] = [];
  readonly #statements: Statement[] = [];

  get rows(): RecordedRow[] {
    return this.calls.filter((call): call is RecordedRow => 'parts' in call);
  }

  get rejects(): RecordedReject[] {
    return this.calls.filter((call): call is RecordedReject => 'reason' in call);
  }

  /** Sum of all rows' money, minor units. */
  get sum(): number {
    return this.rows.flatMap((row) => Object.values(row.parts)).reduce((a, b) => a + b, 0);
  }

  statement(statement: Statement): StatementHandle {
    const known = this.#statements.findIndex((other) => JSON.stringify(other) === JSON.stringify(statement));
    return known >= 0 ? known : this.#statements.push(statement) - 1;
  }

  row(
    handle: StatementHandle,
    cls: RowClass,
    orderId: string,
    amountMinor: number,
    line: number,
    label: string,
  ): void {
    this.rowParts(handle, [cls], [amountMinor], 1, orderId, line, label);
  }

  rowParts(
    handle: StatementHandle,
    classes: readonly RowClass[],
    amounts: readonly number[],
    count: number,
    orderId: string,
    line: number,
    label: string,
  ): void {
    const statement = this.#statements[handle];
    if (!statement) throw new Error(`no statement was asked for under handle ${handle}`);
    const parts: Record<string, number> = {};
    for (let i = 0; i < count; i += 1) {
      const cls = classes[i] ?? Number.NaN;
      const component = COMPONENTS[Math.floor(cls / SIDES.length)];
      const name = `${component}${SIDES[cls % SIDES.length] === 'reversal' ? '-' : ''}`;
      if (component === undefined || name in parts) throw new Error(`bad or repeated class ${cls}`);
      parts[name] = amounts[i] ?? Number.NaN;
    }
    this.calls.push({ line, statement, orderId, label, parts });
  }

  reject(line: number, reason: RejectReason, amountMinor: number | null): void {
    this.calls.push({ line, reason, amountMinor });
  }
}
