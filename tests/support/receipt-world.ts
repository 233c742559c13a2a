import { createBuiltInIssuer } from '../../shared/adapters/built-in-issuer/issuer.ts';
import type { Buyer } from '../../shared/domain/buyer.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { Receipt, ReceiptIssued } from '../../shared/domain/receipt.ts';
import type { ReceiptSettings } from '../../shared/domain/receipt-settings.ts';
import type { IssuerAnswer, ReceiptIssuer, ReceiptParties } from '../../shared/ports/receipt-issuer.ts';
import type { ReceiptPage, ReceiptRenderer } from '../../shared/ports/receipt-renderer.ts';
import type { IssueReceiptsDeps } from '../../shared/usecases/issue-receipts.ts';
import { MemoryBuyerStore } from './memory/buyer-store.ts';
import { MemoryChannelStore } from './memory/channel-store.ts';
import { MemoryJobQueue } from './memory/job-queue.ts';
import { MemoryOrderStore } from './memory/order-store.ts';
import { MemoryReceiptFiles } from './memory/receipt-files.ts';
import { MemoryReceiptSettingsStore, MemoryReceiptStore } from './memory/receipt-store.ts';
import { MemoryReceiptUploadStore } from './memory/receipt-upload-store.ts';
import { aBuyer, anOrder } from './orders.ts';
import { receiptSettings } from './receipts.ts';

/** Writes what it was given instead of drawing it: whoever reads the bytes sees what would be on the page. */
class TextRenderer implements ReceiptRenderer {
  readonly pages: ReceiptPage[] = [];
  /** For every page until it is changed. */
  failure: Error | undefined;

  async render(page: ReceiptPage): Promise<Uint8Array> {
    this.pages.push(page);
    if (this.failure !== undefined) throw this.failure;
    const { receipt, buyer } = page;
    return new TextEncoder().encode(
      `${receipt.kind} ${receipt.number?.text} ${receipt.totals.grossMinor} ${buyer?.name ?? 'nobody'}`,
    );
  }
}

/** An issuer that numbers, and answers as it is told; it keeps what it was asked. */
class ScriptedIssuer implements ReceiptIssuer {
  readonly name = 'bitztobe';
  readonly numbering = 'theirs';
  readonly makes = ['courtesy-receipt', 'courtesy-reversal', 'electronic-invoice', 'credit-note'] as const;
  readonly asked: { readonly receipt: Receipt; readonly parties: ReceiptParties }[] = [];
  /** One per call; the last one stays. */
  answers: (IssuerAnswer | Error)[] = [];

  async issue(receipt: Receipt, parties: ReceiptParties): Promise<IssuerAnswer> {
    this.asked.push({ receipt, parties });
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    if (answer === undefined) throw new Error('the issuer was asked and not told what to say');
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

export const REMOTE_ISSUED: IssuerAnswer = {
  outcome: 'issued',
  pdf: new TextEncoder().encode('%PDF of the issuer'),
  remote: {
    remoteId: 'rem-1',
    number: { text: 'A-7', series: 'A', year: 2026 },
    issueDate: '2026-11-23',
  },
};

export function receiptChannel(overrides: Partial<Channel> = {}): Channel {
  return {
    channelId: 'amazon-it',
    name: 'Amazon Italy',
    marketplace: 'amazon',
    accountId: 'A1EXAMPLE',
    siteIds: ['APJ6JRA9NG5V4'],
    country: 'IT',
    timeZone: 'Europe/Rome',
    ordersSync: true,
    receiptsSync: true,
    receipts: { issuer: 'built-in' },
    ordersFrom: '2026-11-01T00:00:00.000Z',
    ...overrides,
  };
}

/** A shop that can issue: settings, one channel, one order and its buyer unless told otherwise. */
export class ReceiptWorld {
  readonly orders = new MemoryOrderStore();
  readonly buyers = new MemoryBuyerStore();
  readonly receipts = new MemoryReceiptStore();
  readonly files = new MemoryReceiptFiles();
  readonly issued = new MemoryJobQueue<ReceiptIssued>();
  readonly renderer = new TextRenderer();
  readonly uploads = new MemoryReceiptUploadStore();
  readonly remote = new ScriptedIssuer();
  readonly settings: MemoryReceiptSettingsStore;
  readonly channels: MemoryChannelStore;
  nowMs = Date.parse('2026-11-23T10:00:00.000Z');
  readonly clock = { now: () => this.nowMs };

  constructor({
    settings = receiptSettings({
      bitztobe: { baseUrl: 'https://receipts.example', issuerAccountId: 'shop-1' },
    }),
    channels = [receiptChannel()],
  }: { readonly settings?: ReceiptSettings | undefined; readonly channels?: readonly Channel[] } = {}) {
    this.settings = new MemoryReceiptSettingsStore(settings);
    this.channels = new MemoryChannelStore(channels);
  }

  get deps(): IssueReceiptsDeps {
    const { orders, buyers, receipts, files, issued, settings, channels, clock, remote, renderer } = this;
    const issuers = { 'built-in': createBuiltInIssuer(renderer, files), bitztobe: remote };
    return { orders, buyers, receipts, files, issued, settings, channels, clock, issuers };
  }

  /** An order that is here, with its buyer; `buyer: undefined` for one that nobody was named for. */
  async sold(order: Partial<Order> = {}, buyer: Partial<Buyer> | undefined = {}): Promise<Order> {
    const whole = anOrder(order);
    await this.orders.putOrder(whole);
    if (buyer !== undefined) await this.buyers.putBuyer(aBuyer({ orderId: whole.orderId, ...buyer }));
    return whole;
  }
}

/** A process that ends at a write: nobody catches it but the test. */
export class Crash extends Error {}

/**
 * The same object, but at the named methods' `at`-th call (all counted together) the process ends, before or after the call
 * was done. `calls` tells how many there were.
 */
export function crashing<Target extends object>(
  target: Target,
  methods: readonly (keyof Target & string)[],
  plan: { at: number; when: 'before' | 'after'; calls: number },
): Target {
  return new Proxy(target, {
    get(object, name) {
      const value = Reflect.get(object, name, object);
      if (typeof value !== 'function') return value;
      if (!methods.some((method) => method === name)) return value.bind(object);
      return async (...args: unknown[]) => {
        plan.calls += 1;
        const ends = plan.calls === plan.at;
        if (ends && plan.when === 'before') throw new Crash();
        const answer: unknown = await value.apply(object, args);
        if (ends) throw new Crash();
        return answer;
      };
    },
  });
}
