import type { Marketplace } from '../../order.ts';
import type { RemoteActionKind, RemoteActionReason, RemoteActionState } from '../../remote-action.ts';
import type { RemoteBlock, WishFault } from '../../remote-capabilities.ts';

/** What a sentence can be about. */
export interface RemoteWords {
  /** The marketplace's own pages: Seller Central, Seller Hub, Toolbox. */
  readonly pages: string;
  /** A line's id, an amount; empty where there is none. */
  readonly detail: string;
  /** What the other action is, in words; empty where there is none. */
  readonly otherKind: string;
  /** Who asked for it, and when. */
  readonly by: string;
  readonly at: string;
}
type Sentence = (words: RemoteWords) => string;

/** What the operator is told of actions at a marketplace, in one language. */
export interface RemoteActionTexts {
  readonly kinds: Readonly<Record<RemoteActionKind, string>>;
  readonly refusals: Readonly<Record<RemoteBlock | WishFault | 'action-of-another-wish', Sentence>>;
  readonly reasons: Readonly<Record<RemoteActionReason, Sentence>>;
  readonly states: Readonly<Record<RemoteActionState, Sentence>>;
  /** What will happen, by marketplace where it is not the same at all. */
  readonly effects: Readonly<Record<RemoteActionKind, Readonly<Record<Marketplace, Sentence>> | Sentence>>;
  /** What holds for every one of them. */
  readonly onlyThere: Sentence;
  readonly turnsRed: Sentence;
  /** What had better be done here. */
  readonly better: Readonly<Partial<Record<RemoteActionKind, Sentence>>>;
}
