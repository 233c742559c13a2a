import type { ListingPlan, ListingRules, PlanLine, PlanLineState } from '../domain/listing-plan.ts';
import type { Marketplace } from '../domain/order.ts';

type PlanName = Pick<ListingPlan, 'channelId' | 'planId'>;

/** Dry runs with their lines, what became of them, and the rules they are made by. */
export interface ListingPlanStore {
  /** `exists` when there is one of this id. */
  create(plan: ListingPlan): Promise<'created' | 'exists'>;
  get(name: PlanName): Promise<ListingPlan | undefined>;
  /** Stores it when the stored version is `expectedVersion`. */
  change(plan: ListingPlan, expectedVersion: number): Promise<'changed' | 'conflict'>;
  /** Newest first. */
  list(query: {
    readonly channelId: string;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly plans: readonly ListingPlan[]; readonly cursor: string | undefined }>;
  /** Writes lines over those of the same listings. */
  putLines(name: PlanName, lines: readonly PlanLine[]): Promise<void>;
  /** By listing. */
  lines(
    query: PlanName & {
      readonly state?: PlanLineState | undefined;
      readonly limit: number;
      readonly cursor?: string | undefined;
    },
  ): Promise<{ readonly lines: readonly PlanLine[]; readonly cursor: string | undefined }>;
  /** Those of a marketplace whose `dueAt` has come, the longest due first. */
  listDue(query: {
    readonly marketplace: Marketplace;
    readonly until: string;
    readonly limit: number;
  }): Promise<readonly ListingPlan[]>;
  /** Undefined where nobody has set any. */
  getRules(channelId: string): Promise<ListingRules | undefined>;
  /** Stores rules when the stored ones are at `expectedVersion`; 0 when there are none. */
  changeRules(
    channelId: string,
    rules: ListingRules,
    expectedVersion: number,
  ): Promise<'changed' | 'conflict'>;
}
