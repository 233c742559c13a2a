/** The only way a use case learns the time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}
