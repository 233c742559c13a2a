import type { RemoteActor } from '../../ports/remote-actor.ts';
import type { AmazonClient } from './client.ts';

/** Cancels orders and gives money back at Amazon, which takes both as feeds only. */
export function createAmazonActor(_clientOf: (accountId: string) => Promise<AmazonClient>): RemoteActor {
  return {
    async perform(_order, { wish }) {
      throw new RangeError(`Amazon has no call for ${wish.kind}`);
    },
    async find(_order, { wish }) {
      throw new RangeError(`Amazon has no call for ${wish.kind}`);
    },
  };
}
