import { formatMinor, type Money, parseDecimal } from '../domain/money.ts';
import type { Marketplace } from '../domain/order.ts';
import type {
  CancelReason,
  RefundReason,
  RemoteAction,
  RemoteActionWish,
  ShipWish,
} from '../domain/remote-action.ts';
import type { RemoteCapabilities, WishRefusal } from '../domain/remote-capabilities.ts';
import {
  remoteActionText,
  remoteEffectTexts,
  remoteRefusalText,
} from '../domain/texts/remote-actions/index.ts';
import type { PreviewedRemoteAction } from './request-remote-action.ts';

/** A wish as people write it: amounts as `19.90`, and no lines for all that the order still waits for. */
export type NamedWish =
  | { readonly kind: 'accept' | 'refuse' | 'approve-cancellation' | 'reject-cancellation' }
  | { readonly kind: 'cancel'; readonly reason: CancelReason }
  | (Omit<ShipWish, 'lines'> & { readonly lines?: ShipWish['lines'] | undefined })
  | {
      readonly kind: 'refund';
      readonly reason: RefundReason;
      readonly currency: string;
      readonly lines: readonly {
        readonly orderLineId: string;
        readonly goods?: string | undefined;
        readonly shipping?: string | undefined;
      }[];
    };

/** A wish in minor units; or which of its amounts cannot be read. */
export function wishOf(named: NamedWish): RemoteActionWish | WishRefusal {
  if (named.kind === 'ship') return { ...named, lines: named.lines ?? [] };
  if (named.kind !== 'refund') return named;
  const lines: { orderLineId: string; goodsMinor: number; shippingMinor: number }[] = [];
  for (const { orderLineId, goods = '0', shipping = '0' } of named.lines) {
    const [goodsMinor, shippingMinor] = [goods, shipping].map((text) => minorOf(text, named.currency));
    if (goodsMinor === undefined || shippingMinor === undefined) {
      return { code: 'amount-malformed', detail: orderLineId };
    }
    lines.push({ orderLineId, goodsMinor, shippingMinor });
  }
  return { ...named, lines };
}

function minorOf(text: string, currency: string): number | undefined {
  try {
    return parseDecimal(text, currency);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** An action as people see it. */
export function shownRemoteAction(action: RemoteAction) {
  const { actionId, state, reason, answer, wish, requestedBy, requestedAt, attempts, dueAt, endedAt } =
    action;
  return {
    actionId,
    wish: shownWish(wish),
    state,
    reason: reason ?? null,
    text: remoteActionText(action),
    requestedBy,
    requestedAt,
    answer: { remoteId: answer?.remoteId ?? null, code: answer?.code ?? null },
    attempts,
    nextLookAt: dueAt ?? null,
    endedAt: endedAt ?? null,
  };
}

function shownWish(wish: RemoteActionWish) {
  if (wish.kind !== 'refund') return wish;
  const text = (minor: number): string => formatMinor(minor, wish.currency);
  return {
    ...wish,
    lines: wish.lines.map(({ orderLineId, goodsMinor, shippingMinor }) => ({
      orderLineId,
      goods: text(goodsMinor),
      shipping: text(shippingMinor),
    })),
  };
}

/** What can be done to an order, as people see it: of what cannot be done, why not. */
export function shownCapabilities(
  marketplace: Marketplace,
  { kinds, lines, refundable }: RemoteCapabilities,
) {
  return {
    actions: kinds.map(({ kind, block, blockedBy, offer }) => ({
      kind,
      possible: block === undefined,
      why: block === undefined ? null : shownRefusal(marketplace, { code: block, detail: '', blockedBy }),
      reasons: [...(offer?.cancelReasons ?? offer?.refundReasons ?? [])],
      signed: offer?.signed ?? false,
    })),
    lines: lines.map((line) => ({ ...line, refundable: shownMoney(line.refundable) })),
    refundable: shownMoney(refundable),
  };
}

function shownMoney(money: Money | undefined) {
  if (money === undefined) return null;
  return { amount: formatMinor(money.amountMinor, money.currency), currency: money.currency };
}

function shownRefusal(marketplace: Marketplace, refusal: WishRefusal) {
  return { code: refusal.code, ...remoteRefusalText(marketplace, refusal) };
}

/** What would happen, as people see it. */
export function shownPreview(marketplace: Marketplace, { wish, refusal }: PreviewedRemoteAction) {
  return {
    possible: refusal === undefined,
    why: refusal === undefined ? null : shownRefusal(marketplace, refusal),
    wish: shownWish(wish),
    effects: refusal === undefined ? remoteEffectTexts(marketplace, wish) : [],
  };
}
