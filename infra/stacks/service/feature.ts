import type { Alarms } from '../../constructs/alarms.ts';
import type { StateStack } from '../state-stack.ts';

/** What a feature of the service stack is built from. */
export interface FeatureProps {
  readonly tenant: string;
  readonly alarms: Alarms;
  readonly state: StateStack;
}
