import type { LogItemExtraInput, LogItemMessage } from '@aws-lambda-powertools/logger/types';
import { WatchedLogger } from '../observability.ts';
import type { Scheduler } from '../scheduler.ts';

/** What may be warned of, by the truth: says why not, or nothing. */
export type Warranted = (message: string, fields: Readonly<Record<string, unknown>>) => string | undefined;

/** Ends the run for a warning that nothing in the world is a reason for. */
export class WarrantedLogger extends WatchedLogger {
  readonly #scheduler: Scheduler;
  readonly #warranted: Warranted;

  constructor(scheduler: Scheduler, warranted: Warranted) {
    super(scheduler);
    this.#scheduler = scheduler;
    this.#warranted = warranted;
  }

  override warn(message: LogItemMessage, ...[fields]: LogItemExtraInput): void {
    const said = typeof fields === 'object' && !(fields instanceof Error) ? fields : {};
    const fault = this.#warranted(String(message), said as Readonly<Record<string, unknown>>);
    if (fault !== undefined) this.#scheduler.fail('people are warned of what is so', `${message}: ${fault}`);
  }
}
