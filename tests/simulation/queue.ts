import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Faults } from './faults.ts';
import { namesAPerson } from './personal-data.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** SQS's limit for the delay of one message. */
const DELAY_MAX_MS = 900_000;

export interface QueueSettings {
  readonly name: string;
  readonly visibilityMs: number;
  readonly receivesMax: number;
  readonly concurrencyMax: number;
  readonly batchMax: number;
  /** Whether a message comes twice. */
  readonly isDoubled: () => boolean;
}

interface Message {
  readonly id: string;
  readonly body: string;
  receives: number;
  hiddenUntilMs: number;
}

export type Consumer = (event: SQSEvent, done: (answer: SQSBatchResponse | undefined) => void) => void;

/** SQS with a function behind it: at least once, in no order, again after a failure, set aside after too many. */
export class SimulatedQueue {
  readonly name: string;
  readonly deadLetters: Message[] = [];
  readonly #settings: QueueSettings;
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  readonly #random: Random;
  readonly #messages = new Map<string, Message>();
  #sent = 0;
  #running = 0;
  #consumer: Consumer | undefined;

  constructor(settings: QueueSettings, scheduler: Scheduler, faults: Faults, random: Random) {
    this.name = settings.name;
    this.#settings = settings;
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#random = random.for(`queue/${settings.name}`);
  }

  /** The event source mapping. */
  connect(consumer: Consumer): void {
    this.#consumer = consumer;
  }

  get empty(): boolean {
    return this.#messages.size === 0 && this.#running === 0;
  }

  bodies(): string[] {
    return [...this.#messages.values()].map(({ body }) => body);
  }

  async send(job: unknown, { delayMs = 0 }: { readonly delayMs?: number } = {}): Promise<void> {
    if (delayMs < 0 || delayMs > DELAY_MAX_MS) throw new RangeError(`SQS takes no delay of ${delayMs} ms`);
    if (namesAPerson(job)) this.#scheduler.fail('no personal data in a message', this.name);
    const message: Message = {
      id: `${this.name}-${++this.#sent}`,
      body: JSON.stringify(job),
      receives: 0,
      hiddenUntilMs: this.#scheduler.nowMs + delayMs,
    };
    this.#messages.set(message.id, message);
    const pauseMs = this.#faults.happens('late') ? this.#random.int(0, 300_000) : this.#random.int(5, 2_000);
    this.#scheduler.after(delayMs + pauseMs, () => this.#offer(message));
  }

  #offer(message: Message): void {
    const now = this.#scheduler.nowMs;
    if (!this.#messages.has(message.id) || message.hiddenUntilMs > now) return;
    if (this.#running >= this.#settings.concurrencyMax) {
      this.#scheduler.after(this.#random.int(200, 5_000), () => this.#offer(message));
      return;
    }
    const others = [...this.#messages.values()].filter(
      (other) => other !== message && other.hiddenUntilMs <= now,
    );
    const batchSize = this.#random.int(1, this.#settings.batchMax);
    const batch = [message, ...this.#random.shuffle(others)].slice(0, batchSize);
    const received = batch.filter((one) => this.#receive(one));
    if (received.length > 0) this.#deliver(received);
    // A second server holds a copy of the message: it may come again at any time, even when it is done with.
    if (received.length > 0 && this.#settings.isDoubled()) {
      const late = this.#random.chance(0.7) ? this.#random.int(0, 3_000) : this.#random.int(3_000, 120_000);
      this.#scheduler.after(late, () => this.#deliver(received));
    }
  }

  #receive(message: Message): boolean {
    const { visibilityMs, receivesMax } = this.#settings;
    message.receives++;
    if (message.receives > receivesMax) {
      this.#scheduler.trace(`${message.id} is given up`);
      this.#messages.delete(message.id);
      this.deadLetters.push(message);
      return false;
    }
    message.hiddenUntilMs = this.#scheduler.nowMs + visibilityMs;
    this.#scheduler.after(visibilityMs + this.#random.int(0, 2_000), () => this.#offer(message));
    return true;
  }

  #deliver(messages: readonly Message[]): void {
    this.#running++;
    this.#scheduler.trace(
      `${messages.map(({ id, receives }) => `${id} (receive ${receives})`).join(', ')} delivered`,
    );
    this.#consumer?.(eventOf(messages), (answer) => {
      this.#running--;
      // No answer: the function died, and everything becomes visible again in its time.
      if (answer === undefined) return;
      const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const message of messages) if (!failed.has(message.id)) this.#messages.delete(message.id);
    });
  }
}

function eventOf(messages: readonly Message[]): SQSEvent {
  return {
    Records: messages.map(({ id, body, receives }) => ({
      messageId: id,
      receiptHandle: id,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        ApproximateFirstReceiveTimestamp: '0',
        SenderId: 'simulation',
        SentTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-south-1:000000000000:simulated',
      awsRegion: 'eu-south-1',
    })),
  };
}
