import { UnavailableError } from '../../shared/domain/errors.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** What can go wrong in this run, as probabilities. Each seed has its own mix: some have all of it, some hardly any. */
export interface FaultPlan {
  /** The call fails and has done nothing. */
  readonly failBefore: number;
  /** The call has done its work, and its answer is lost. */
  readonly failAfter: number;
  /** The answer was lost, the client called again by itself, and hears how the second call went. */
  readonly again: number;
  /** The function dies before or after the call. */
  readonly kill: number;
  /** The call takes seconds to a minute. */
  readonly slow: number;
  /** A conditional write takes up to 80 seconds: what it was decided from may be old by then. */
  readonly stall: number;
  /** A whole run is slow: others overtake it between any two of its calls. */
  readonly sluggish: number;
  /** A lease is given although another one holds it, as when it has run out under a slow holder. */
  readonly leaseLost: number;
  readonly throttle: number;
  readonly partnerDown: number;
  readonly dropEvent: number;
  readonly duplicate: number;
  readonly late: number;
}

export function drawFaultPlan(random: Random): FaultPlan {
  const perThousand = (most: number): number => (random.chance(0.6) ? random.int(1, most) / 1000 : 0);
  return {
    failBefore: perThousand(30),
    failAfter: perThousand(30),
    again: perThousand(60),
    kill: perThousand(15),
    slow: perThousand(80),
    stall: perThousand(300),
    sluggish: perThousand(500),
    leaseLost: perThousand(500),
    throttle: perThousand(200),
    partnerDown: perThousand(150),
    dropEvent: perThousand(400),
    duplicate: perThousand(500),
    late: perThousand(500),
  };
}

const NO_FAULTS: FaultPlan = {
  ...{ failBefore: 0, failAfter: 0, again: 0, kill: 0, slow: 0, stall: 0, sluggish: 0, leaseLost: 0 },
  ...{ throttle: 0, partnerDown: 0, dropEvent: 0, duplicate: 0, late: 0 },
};

/** How many pulls may become two in a run. */
const DOUBLINGS_MAX = 20;

/** The faults of a run while they last. */
export class Faults {
  readonly #random: Random;
  #plan: FaultPlan;
  #doublings = 0;

  constructor(random: Random, plan: FaultPlan) {
    this.#random = random;
    this.#plan = plan;
  }

  get over(): boolean {
    return this.#plan === NO_FAULTS;
  }

  happens(fault: keyof FaultPlan): boolean {
    const probability = this.#plan[fault];
    return probability > 0 && this.#random.chance(probability);
  }

  /**
   * Whether a pull becomes two, by whatever fault. Only so often in a run: a pull that is put back sends itself on, and
   * if each of its copies doubled again and again, no quota would be enough for them.
   */
  doublesPull(fault: 'duplicate' | 'again' | 'failAfter' | 'leaseLost'): boolean {
    if (this.#doublings >= DOUBLINGS_MAX || !this.happens(fault)) return false;
    this.#doublings++;
    return true;
  }

  stop(): void {
    this.#plan = NO_FAULTS;
  }
}

/** One run of a function, from its event to its answer or its death. */
export class Invocation {
  readonly name: string;
  readonly deadlineMs: number;
  dead = false;
  /** How many times as long as usual each of its calls takes. */
  readonly pace: number;
  /** Told when a write of it hangs: the moment for others to overtake. */
  onStall: () => void = () => {};
  readonly #onDeath: () => void;

  constructor(name: string, deadlineMs: number, pace: number, onDeath: () => void) {
    this.name = name;
    this.pace = pace;
    this.deadlineMs = deadlineMs;
    this.#onDeath = onDeath;
  }

  /** Nothing of it ever goes on; a call that is on its way may still arrive. */
  die(): void {
    if (this.dead) return;
    this.dead = true;
    this.#onDeath();
  }
}

/** Methods that only read: repeating them changes nothing and nothing has to be checked after them. */
const READS: ReadonlySet<string> = new Set([
  ...['getMany', 'getBuyer', 'getChannel', 'listChannels', 'getReport', 'getHeads', 'find'],
  ...['listOrders', 'listWaiting', 'listReports', 'fetchPage'],
  ...['get', 'listDue', 'packagesOf', 'left', 'track', 'getCourierAccount', 'listCourierAccounts'],
]);
/** Methods that answer with a stream: each piece is a call. */
const STREAMS: ReadonlySet<string> = new Set(['read', 'list', 'readEntries']);

/** Writes that stand on something read before. */
const DECIDED: ReadonlySet<string> = new Set([
  ...['orders.putOrder', 'orders.changeLedgers', 'buyers.putBuyer', 'channels.advanceOrdersWatermark'],
  ...['statements.replaceHead', 'reports.finishReport'],
  ...['shipments.create', 'shipments.change', 'confirmations.change'],
]);
/**
 * What no client sends again by itself: a stream is used up after the first time, and a marketplace takes a second
 * telling for a second parcel.
 */
const ONCE: ReadonlySet<string> = new Set(['files.keepCopy', 'files.keepEntries', 'confirmer.confirm']);
/** Takes its time whoever asks. */
const PARTNERS: ReadonlySet<string> = new Set([
  ...['source.fetchPage', 'tracker.track', 'confirmer.confirm', 'confirmer.find'],
]);

export type AfterWrite = (call: string, args: readonly unknown[]) => Promise<void>;

/**
 * Stands in front of every port of every invocation: a call waits for its turn, which the seed decides, and meets
 * its fault there. So two invocations interleave at every call, and each can end before and after every call.
 */
export class Gate {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #afterWrite: AfterWrite;

  constructor(scheduler: Scheduler, random: Random, faults: Faults, afterWrite: AfterWrite) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#faults = faults;
    this.#afterWrite = afterWrite;
  }

  /** The port as one invocation sees it. */
  guard<Port extends object>(invocation: Invocation, name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, method) => {
        const member: unknown = Reflect.get(target, method);
        if (typeof member !== 'function' || typeof method !== 'string') return member;
        const call = `${name}.${method}`;
        return (...args: unknown[]) => {
          const run = (): unknown => Reflect.apply(member, target, args);
          if (STREAMS.has(method)) return this.#stream(invocation, call, args, run);
          return this.call(invocation, call, args, run, READS.has(method) ? 'read' : 'write');
        };
      },
    });
  }

  call(
    invocation: Invocation,
    call: string,
    args: readonly unknown[],
    run: () => unknown,
    kind: 'read' | 'write',
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const line = `${invocation.name} ${call}(${summaryOf(args)})`;
      const lost = (): void => reject(new UnavailableError(partnerOf(call), `${call}: no answer`));
      const trace = (end: string): void => this.#scheduler.trace(`${line} ${end}`);
      const happens = (fault: 'again' | 'failAfter'): boolean =>
        call === 'pulls.send' ? this.#faults.doublesPull(fault) : this.#faults.happens(fault);
      const turn = async (): Promise<void> => {
        if (invocation.dead) {
          // It had left before its sender died; about half of such calls arrive.
          if (kind === 'read' || this.#random.chance(0.5)) return;
          trace('arrives from the dead');
          await run();
          await this.#afterWrite(call, args);
          return;
        }
        if (this.#faults.happens('kill')) {
          if (this.#random.chance(0.5)) {
            trace('dies before');
            return invocation.die();
          }
          trace('dies after');
          invocation.die();
          await run();
          return this.#afterWrite(call, args);
        }
        if (this.#faults.happens('failBefore')) {
          trace('fails before');
          return lost();
        }
        let answer = await run();
        if (kind === 'write') {
          await this.#afterWrite(call, args);
          if (!ONCE.has(call) && happens('again')) {
            trace(`-> ${shown(answer)}, answer lost, called again`);
            answer = await run();
            await this.#afterWrite(call, args);
          }
        }
        if (happens('failAfter')) {
          trace(`-> ${shown(answer)}, answer lost`);
          return lost();
        }
        if (!isPiece(answer)) trace(`-> ${shown(answer)}`);
        resolve(answer);
      };
      this.#scheduler.after(this.#latencyMs(call, invocation), () => {
        turn().catch((error: unknown) => {
          trace(`fails: ${error instanceof Error ? error.message : String(error)}`);
          reject(error);
        });
      });
    });
  }

  async *#stream(
    invocation: Invocation,
    call: string,
    args: readonly unknown[],
    run: () => unknown,
  ): AsyncGenerator<unknown> {
    const source = run();
    if (!isAsyncIterable(source)) throw new TypeError(`${call} answers with no stream`);
    const pieces = source[Symbol.asyncIterator]();
    for (;;) {
      const next = await this.call(invocation, call, args, () => pieces.next(), 'read');
      if (!isPiece(next) || next.done === true) return;
      yield next.value;
    }
  }

  #latencyMs(call: string, { pace, onStall }: Invocation): number {
    if (DECIDED.has(call) && this.#faults.happens('stall')) {
      onStall();
      return this.#random.int(5_000, 80_000);
    }
    if (this.#faults.happens('slow')) return this.#random.int(2_000, 60_000);
    if (PARTNERS.has(call)) return this.#random.int(200, 4_000);
    return pace * (this.#random.chance(0.1) ? this.#random.int(100, 3_000) : this.#random.int(1, 40));
  }
}

/** A courier's silence is told from our own stores' by its name. */
function partnerOf(call: string): string {
  return call.startsWith('tracker.') ? 'brt' : 'simulation';
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
function isPiece(value: unknown): value is IteratorResult<unknown, unknown> {
  return typeof value === 'object' && value !== null && 'done' in value;
}

/** What a call was about, for the trace: ids, never contents. */
function summaryOf(args: readonly unknown[]): string {
  return args
    .map(shown)
    .filter((text) => text !== '')
    .join(', ');
}

const NAMES = [
  ...(['orderId', 'shipmentKey', 'senderReference', 'reportId', 'unitKey', 'objectKey'] as const),
  ...(['correlationId', 'channelId', 'from'] as const),
];

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return 'nothing';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`;
  if (value instanceof Map) return `{${[...value.keys()].join(' ')}}`;
  const named = value as Readonly<Record<string, unknown>>;
  const text = (name: string): string => (name in named ? shown(named[name]) : '');
  const state = ['outcome', 'state', 'rank', 'until', 'updatedAt', 'granted']
    .map(text)
    .filter((t) => t !== '');
  const name = NAMES.map(text).find((t) => t !== '') ?? '';
  return [name, ...state].join(' ').trim();
}
