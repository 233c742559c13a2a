/**
 * One pull per account at a time. A partner's search quota is small: two pulls side by side would read the same
 * pages twice, and a long first pull would never end under the fresh ones the schedule adds.
 * Nothing depends on it for correctness: a lease that expires under a slow pull costs calls, not orders.
 */
export interface PullLease {
  /** Takes or renews the account's lease for this holder; false while another one holds it. */
  claim(account: string, holder: string, nowMs: number, durationMs: number): Promise<boolean>;
  /** Gives the lease back; nothing happens when another holder has it by now. */
  release(account: string, holder: string): Promise<void>;
}
