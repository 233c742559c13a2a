import { formatMinor } from '../../money.ts';
import type { Marketplace } from '../../order.ts';
import type { RemoteAction, RemoteActionKind, RemoteActionWish } from '../../remote-action.ts';
import { amountOf, type WishRefusal } from '../../remote-capabilities.ts';
import type { Language } from '../index.ts';
import { en } from './en.ts';
import { it } from './it.ts';
import type { RemoteActionTexts, RemoteWords } from './texts.ts';

const TEXTS: Readonly<Record<Language, RemoteActionTexts>> = { it, en };
/** Where a seller does by hand what no program may. */
const PAGES: Readonly<Record<Marketplace, string>> = {
  amazon: 'Seller Central',
  ebay: 'Seller Hub',
  manomano: 'Toolbox',
};

/** The same in every language. */
export type Sentences = Readonly<Record<Language, string>>;

/** Why something is not possible, or a wish not granted. */
export function remoteRefusalText(
  marketplace: Marketplace,
  {
    code,
    detail,
    blockedBy,
  }: WishRefusal | { code: 'action-of-another-wish'; detail: ''; blockedBy?: never },
): Sentences {
  return sentences((texts) => texts.refusals[code](wordsOf(texts, marketplace, detail, blockedBy)));
}

/** Where an action stands, and why. */
export function remoteActionText({ marketplace, state, reason, answer }: RemoteAction): Sentences {
  return sentences((texts) => {
    const words = wordsOf(texts, marketplace, answer?.code ?? '');
    const why = reason === undefined ? '' : ` ${texts.reasons[reason](words)}`;
    return `${texts.states[state](words)}${why}`;
  });
}

/** What will happen when a wish is granted, and what had better be done otherwise. */
export function remoteEffectTexts(marketplace: Marketplace, wish: RemoteActionWish): readonly Sentences[] {
  const detail =
    wish.kind === 'refund' ? `${formatMinor(amountOf(wish), wish.currency)} ${wish.currency}` : '';
  const each = (
    choose: (texts: RemoteActionTexts) => ((words: RemoteWords) => string) | undefined,
  ): Sentences | undefined =>
    choose(it) && sentences((texts) => choose(texts)?.(wordsOf(texts, marketplace, detail)) ?? '');
  const effects = [
    each(({ effects }) => {
      const effect = effects[wish.kind];
      return typeof effect === 'function' ? effect : effect[marketplace];
    }),
    each(({ onlyThere }) => onlyThere),
    each(({ turnsRed }) => turnsRed),
    each(({ better }) => better[wish.kind]),
  ];
  return effects.filter((effect) => effect !== undefined);
}

function wordsOf(
  texts: RemoteActionTexts,
  marketplace: Marketplace,
  detail: string,
  other?: { readonly wish: { readonly kind: RemoteActionKind }; requestedBy: string; requestedAt: string },
): RemoteWords {
  return {
    pages: PAGES[marketplace],
    detail,
    otherKind: other === undefined ? '' : texts.kinds[other.wish.kind],
    by: other?.requestedBy ?? '',
    at: other?.requestedAt ?? '',
  };
}

function sentences(say: (texts: RemoteActionTexts) => string): Sentences {
  return { it: say(TEXTS.it), en: say(TEXTS.en) };
}
