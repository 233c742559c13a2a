import type { ShippingRates } from '../../../shared/domain/shipping-rates.ts';
import type {
  DeadlineWatch,
  DeadlineWatchStore,
  ShippingRatesStore,
} from '../../../shared/ports/deadline-store.ts';

/** The store of raised alerts without a database. */
export class MemoryDeadlineWatchStore implements DeadlineWatchStore {
  readonly #watches = new Map<string, DeadlineWatch>();

  async getMany(ids: Parameters<DeadlineWatchStore['getMany']>[0]): Promise<readonly DeadlineWatch[]> {
    const wanted = new Set(ids.map(keyOf));
    return structuredClone([...this.#watches].filter(([key]) => wanted.has(key)).map(([, watch]) => watch));
  }

  async change(watch: DeadlineWatch, expectedVersion: number): Promise<'changed' | 'conflict'> {
    const key = keyOf(watch);
    if ((this.#watches.get(key)?.version ?? 0) !== expectedVersion) return 'conflict';
    this.#watches.set(key, structuredClone({ ...watch, version: expectedVersion + 1 }));
    return 'changed';
  }
}

function keyOf({ orderId, clock }: Pick<DeadlineWatch, 'orderId' | 'clock'>): string {
  return `${clock} ${orderId}`;
}

/** The store of measured rates without a database. */
export class MemoryShippingRatesStore implements ShippingRatesStore {
  readonly #rates = new Map<string, ShippingRates>();

  async put(rates: ShippingRates): Promise<void> {
    this.#rates.set(`${rates.channelId} ${rates.measuredAt.slice(0, 10)}`, structuredClone(rates));
  }

  async list({ channelId, limit }: Parameters<ShippingRatesStore['list']>[0]) {
    return structuredClone(
      [...this.#rates.values()]
        .filter((rates) => rates.channelId === channelId)
        .sort((a, b) => (a.measuredAt < b.measuredAt ? 1 : -1))
        .slice(0, limit),
    );
  }
}
