import { Logger } from '@aws-lambda-powertools/logger';
import type { LogItemExtraInput, LogItemMessage } from '@aws-lambda-powertools/logger/types';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { PartnerError, ThrottledError } from '../../shared/domain/errors.ts';
import { DeadTokenError } from './amazon.ts';
import { namesAPerson } from './personal-data.ts';
import type { Scheduler } from './scheduler.ts';

/** Prints nothing; a line that names a person, or a job that failed for a reason of our own, ends the run. */
export class WatchedLogger extends Logger {
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    super({ serviceName: 'simulation', logLevel: 'SILENT' });
    this.#scheduler = scheduler;
  }

  override appendKeys(keys: Record<string, unknown>): void {
    this.#watch('appendKeys', keys);
  }
  override resetKeys(): void {}

  override info(message: LogItemMessage, ...extra: LogItemExtraInput): void {
    this.#watch(message, extra);
  }

  override warn(message: LogItemMessage): void {
    this.#scheduler.fail('nothing is there to be warned of', String(message));
  }

  override error(message: LogItemMessage, ...extra: LogItemExtraInput): void {
    this.#watch(message, extra);
    if (message !== 'job-failed') return;
    const [fields] = extra;
    const error = typeof fields === 'object' && 'error' in fields ? fields.error : undefined;
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (!(error instanceof PartnerError)) {
      this.#scheduler.fail('a job fails only because of a partner or a store', said);
    }
    if (error instanceof ThrottledError) {
      this.#scheduler.fail('a throttled job is put back, not failed', said);
    }
    if (error instanceof DeadTokenError) {
      this.#scheduler.fail('a dead page token begins the window again', said);
    }
    this.#scheduler.trace(`job failed: ${error instanceof Error ? error.message : said}`);
  }

  override debug(message: LogItemMessage): void {
    throw new Error(`nobody set up debug: ${String(message)}`);
  }

  #watch(message: LogItemMessage, fields: unknown): void {
    if (namesAPerson([message, fields])) {
      this.#scheduler.fail('no personal data in a log', String(message));
    }
  }
}

/** Keeps nothing: figures are not what is looked at here. */
export class SilentMetrics extends Metrics {
  override addMetric(): this {
    return this;
  }
  override addDimension(): this {
    return this;
  }
  override singleMetric(): Metrics {
    return this;
  }
}
