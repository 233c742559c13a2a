import { createBrtClients } from '../../shared/adapters/brt/client.ts';
import { createBrtTracker } from '../../shared/adapters/brt/tracker.ts';
import { createDhlTracker } from '../../shared/adapters/dhl/tracker.ts';
import { createGlsTracker } from '../../shared/adapters/gls/tracker.ts';
import { createPosteTracker } from '../../shared/adapters/poste/tracker.ts';
import type { createCredentialStore } from '../../shared/adapters/ssm/credential-store.ts';
import { createUpsTracker } from '../../shared/adapters/ups/tracker.ts';
import type { TrackShipmentsDeps } from '../../shared/usecases/track-shipments.ts';

/** Who is asked for each courier's shipments. */
export function createTrackers(
  credentials: ReturnType<typeof createCredentialStore>,
  clock: TrackShipmentsDeps['clock'],
): Required<TrackShipmentsDeps['trackers']> {
  return {
    brt: createBrtTracker(createBrtClients(credentials)),
    gls: createGlsTracker(credentials),
    dhl: createDhlTracker(credentials),
    poste: createPosteTracker(credentials, clock),
    ups: createUpsTracker(credentials, clock),
  };
}
