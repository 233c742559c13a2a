import type { PartnerCredentials } from './credentials.ts';

/** Tries credentials at a courier, and changes nothing there. */
export interface CourierProbe {
  /** @throws CourierRefusedError when the courier does not let them in, or they cannot be a courier's at all */
  probe(credentials: PartnerCredentials): Promise<void>;
}
