import type {
  IssuerName,
  Receipt,
  ReceiptKind,
  ReceiptLanguage,
  ReceiptNumber,
  ReceiptProblem,
} from '../domain/receipt.ts';
import type { ReceiptBuyer } from '../domain/receipt-buyer.ts';
import type { ReceiptSettings } from '../domain/receipt-settings.ts';

/** Who stands on a document. Personal data: on its way to the issuer and the PDF, and nowhere else. */
export interface ReceiptParties {
  readonly settings: ReceiptSettings;
  /** Undefined when nobody's name is known (any more). */
  readonly buyer: ReceiptBuyer | undefined;
}

/** How another issuer is reached. The key is a secret. */
export interface IssuerConnection {
  readonly baseUrl: string;
  readonly issuerAccountId: string;
  readonly apiKey: string;
}

/** The issuer's half of a channel's association. Repeating either changes nothing. */
export interface IssuerAssociations {
  associate(
    connection: IssuerConnection,
    association: {
      readonly channelId: string;
      readonly language: ReceiptLanguage;
      /** Documents of orders placed before are never issued by themselves; undefined: none is. ISO instant. */
      readonly automaticFrom: string | undefined;
    },
  ): Promise<void>;
  dissociate(connection: IssuerConnection, channelId: string): Promise<void>;
  /** Whether the issuer lets us in; changes nothing there. */
  check(connection: IssuerConnection): Promise<void>;
}

export type IssuerAnswer =
  | {
      readonly outcome: 'issued';
      readonly pdf: Uint8Array;
      /** What the issuer made of it; undefined where the number is ours. */
      readonly remote?:
        | { readonly remoteId: string; readonly number: ReceiptNumber; readonly issueDate: string }
        | undefined;
    }
  /** Not done yet; ask again. */
  | { readonly outcome: 'processing'; readonly remoteId: string; readonly retryAfterMs: number }
  /** It will never be: no document of this request exists. */
  | {
      readonly outcome: 'refused';
      readonly problem: ReceiptProblem;
      /** The issuer's codes and field names; never a person's words. */
      readonly details: readonly string[];
    };

/**
 * Makes documents. The same receipt again is the same document: after a call whose answer was lost (`attempts` above 1,
 * or a `remoteId`) an issuer asks what became of it before it does anything.
 *
 * Failures that may pass leave as `ThrottledError` or `UnavailableError`, an answer nobody understands as
 * `UnexpectedAnswerError`: then the document may or may not exist.
 */
export interface ReceiptIssuer {
  readonly name: IssuerName;
  /** Who gives the number. */
  readonly numbering: 'ours' | 'theirs';
  readonly makes: readonly ReceiptKind[];
  issue(receipt: Receipt, parties: ReceiptParties): Promise<IssuerAnswer>;
}
