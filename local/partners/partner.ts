/** A request to a partner as the intercepting proxy saw it: real host name, decrypted. */
export interface PartnerRequest {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The same as it came, for what is no text. */
  readonly bytes?: Buffer | undefined;
}

export interface PartnerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Sent instead of `body` where the answer is no text. */
  readonly bytes?: Buffer | undefined;
  /** Name of the operation, for the trace. */
  readonly operation: string;
}

/** The connection ends without an answer: the caller cannot know whether the request was carried out. */
export const CONNECTION_DROPPED = 'connection-dropped';

/** A stand-in for a partner: keeps its own truth and answers from it by the partner's published rules. */
export interface Partner {
  readonly name: string;
  readonly hosts: readonly string[];
  answer(request: PartnerRequest): PartnerAnswer | typeof CONNECTION_DROPPED;
}
