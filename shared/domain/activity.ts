/** One thing somebody did, kept for good: who, what, when, before and after. Never personal data or secrets. */
export interface Activity {
  readonly activityId: string;
  /** ISO instant. */
  readonly at: string;
  /** Subject of the person's sign-in, or `system` for a schedule, `cli` for a command. */
  readonly actor: string;
  /** A past fact: `channel-opened`, `order-sync-switched-on`. */
  readonly action: string;
  /** What it was done to: `channel/amazon-it`. */
  readonly subject: string;
  readonly before?: Readonly<Record<string, ActivityValue>> | undefined;
  readonly after?: Readonly<Record<string, ActivityValue>> | undefined;
}
export type ActivityValue = string | number | boolean | null | readonly string[];
